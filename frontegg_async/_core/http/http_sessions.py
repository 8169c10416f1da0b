"""The HTTP session of a client: it opens with the first call, belongs to one event loop, and closes silently."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import importlib
import os
import sys
import weakref
from collections.abc import AsyncGenerator, Callable, Iterable
from http.cookies import BaseCookie, SimpleCookie
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Final, NoReturn

import aiohttp
from aiohttp import hdrs
from yarl import URL

from frontegg_async._core.http.connection_slots import ConnectionSlots
from frontegg_async._core.http.connector import CheckedConnector
from frontegg_async._core.http.decompression import MAX_BODY
from frontegg_async._core.http.secret_headers import SecretHeaders
from frontegg_async._core.http.timeouts import AttemptTimeouts
from frontegg_async._core.runtime.forks import notice_fork, renew_after_fork
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async._core.runtime.loops import end_connections, run_without_loop, running_loop
from frontegg_async._values.not_copyable import PARTS, refuse_copies
from frontegg_async._values.secret import HiddenFields, Secret
from frontegg_async._values.wrong_statements import CLOSED
from frontegg_async.errors import ClientClosedError, WrongLoopError

# asyncio imports these modules during the first DNS lookup, which would block the event loop. A child that is forked
# during this import would inherit a locked import lock, which no thread of the child releases.
for _module in ("concurrent.futures.thread", "encodings.idna"):
    importlib.import_module(_module)

BUFFER: Final = 256 * 1024
"""The size of the buffer for a body, in bytes. A page of tenants takes half of it."""

_IDLE: Final = 15.0
"""The seconds after which an idle connection is closed."""

_IDLE_BEFORE_WRITES: Final = 1.0
"""The seconds after which an idle connection is closed, if it is for writes that are never retried."""


class SessionSettings(HiddenFields, kw_only=True, eq=False):
    """The settings of an HTTP session.

    Args:
        user_agent: The ``User-Agent`` of every request.
        connector: A connector of the application. The client never closes it.
        proxy: The address of a proxy.
        ssl: A TLS context in place of the default TLS context.
        trust_env: Whether the proxy variables of the environment and ``.netrc`` are used.
        max_connections: The largest number of connections. Has no effect if ``connector`` is given.
        max_body: The largest body that is read, in bytes, before and after decompression.
    """

    user_agent: str
    connector: aiohttp.BaseConnector | None = None
    proxy: Secret | None = None
    ssl: SSLContext | None = None
    trust_env: bool = False
    max_connections: int = 100
    max_body: int = MAX_BODY


def _logs_keys() -> bool:
    return bool(os.environ.get("SSLKEYLOGFILE"))


# aiohttp creates its own context at import.
_MAY_LOG_KEYS: Final = _logs_keys()


def _default_tls() -> SSLContext | bool:
    """Return a TLS setting that verifies hosts and never writes session keys to a file.

    The context of aiohttp obeys the variable ``SSLKEYLOGFILE``. The client obeys it only with ``trust_env``.
    """
    return _silent_context() if _MAY_LOG_KEYS or _logs_keys() else True


@functools.cache
def _silent_context() -> SSLContext:
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    context.set_alpn_protocols(("http/1.1",))
    return context


@functools.cache
def _keep_freed_memory() -> None:
    """Make the C library reuse freed memory for received data.

    asyncio receives into buffers of 256 KiB. glibc maps and unmaps each buffer (three system calls, and a page fault
    for each received 4 KiB) until the program has freed a larger block once.
    """
    bytes(2 * BUFFER)


class NoCookies(aiohttp.DummyCookieJar):
    """A cookie jar that stores and sends no cookies."""

    _none: Final = SimpleCookie()

    def filter_cookies(self, request_url: URL) -> BaseCookie[str]:
        """Return no cookies, without creating an object."""
        del request_url
        return self._none


class Pool:
    """A connection pool: an HTTP session, its slots and timeouts, and the number of calls in flight.

    Args:
        session: The session.
        open_fresh: Opens the session for writes that are never retried. ``None`` if these writes use ``session``.
        loop: The event loop of both sessions.
        size: The largest number of calls that use the pool at the same time.
        max_body: The largest body that is read, in bytes.
    """

    __slots__ = (
        "_closer",
        "_fresh",
        "_is_closing",
        "_open_fresh",
        "_sessions",
        "credentials",
        "in_flight",
        "is_retired",
        "loop",
        "max_body",
        "own",
        "pid",
        "session",
        "slots",
        "timeouts",
    )

    def __init__(
        self,
        session: aiohttp.ClientSession,
        open_fresh: Callable[[], aiohttp.ClientSession] | None,
        loop: asyncio.AbstractEventLoop,
        size: int,
        max_body: int,
    ) -> None:
        self.session: aiohttp.ClientSession = session
        self._sessions = [session]
        self._open_fresh = open_fresh
        self._fresh: aiohttp.ClientSession | None = None if open_fresh else session
        self.loop: asyncio.AbstractEventLoop = loop
        self.pid: int = os.getpid()
        self.slots: ConnectionSlots = ConnectionSlots(size)
        self.max_body: int = max_body
        self.credentials: SecretHeaders = SecretHeaders()
        self.timeouts: AttemptTimeouts = AttemptTimeouts(loop)
        self.in_flight: int = 0
        self.is_retired: bool = False
        self._is_closing = False
        connector = session.connector if session.connector_owner else None
        self.own: CheckedConnector | None = connector if isinstance(connector, CheckedConnector) else None
        # `asyncio.run` closes started async generators before it closes the loop.
        self._closer = _close_with_loop(self._sessions)
        _start(self._closer)

    def fresh_session(self) -> aiohttp.ClientSession:
        """Return the session for writes that are never retried. Its connections are new, or were used a moment ago.

        The longer a connection is idle, the likelier it is that the server has closed the connection. The client would
        notice this only after the write is lost.
        """
        fresh = self._fresh
        if fresh is None:
            assert self._open_fresh is not None  # noqa: S101 - without it the common session is the fresh one
            fresh = self._fresh = self._open_fresh()
            self._sessions.append(fresh)
        return fresh

    @property
    def is_closed(self) -> bool:
        """Whether the session was closed, by this client or by other code."""
        return self.session.closed

    async def retire(self) -> None:
        """Close the session as soon as no call uses the session. Calls that wait for a slot move to another pool."""
        self.is_retired = True
        self.slots.dismiss()
        await self.close_if_unused()

    async def close_if_unused(self) -> None:
        """Close a retired session when its last call has ended."""
        if self.is_retired and not self.in_flight:
            await self.close()

    async def close(self) -> None:
        """Close the session now. Return at once if another task is closing it."""
        if not self._is_closing:
            self._is_closing = True
            self.timeouts.close()
            await self._closer.aclose()

    def set_aside(self) -> None:
        """Abandon the session without closing it.

        This is necessary if the session's event loop is closed or is not the running loop, and in a forked child.

        The sockets of a closed loop are freed. A forked child shares its sockets with the parent. Closing or finalising
        the shared sockets would send TLS alerts on the connections of the parent and print warnings. So these sockets
        are leaked on purpose. The sockets of a running loop are leaked too, because only that loop could close them.
        """
        if self.is_closed:
            return
        is_ours = self.pid == os.getpid()
        connectors = [each.connector for each in self._sessions if each.connector_owner]
        own = [each for each in connectors if isinstance(each, CheckedConnector)]
        protocols = [protocol for each in own for protocol in each.protocols()]
        if is_ours and self.loop.is_closed() and end_connections(protocols):
            run_without_loop(self._closer.aclose())
        else:
            leak_on_purpose(self._sessions, self._closer, self.loop)


class SessionHolder:
    """Keeps the connection pool of a client, and opens a new pool for a new event loop.

    Args:
        settings: The settings of the session.
    """

    def __init__(self, settings: SessionSettings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._retired: list[Pool] = []
        self.is_closed: bool = False
        self._after_fork: list[Callable[[], None]] = []
        _holders.add(self)
        renew_after_fork(self)

    def on_fork(self, forget: Callable[[], None]) -> None:
        """Register a function that a forked child calls."""
        self._after_fork.append(forget)

    def after_fork(self) -> None:
        """In a forked child, abandon all objects that belong to the parent process."""
        self.forget()
        for forget in self._after_fork:
            forget()

    def get(self) -> Pool:
        """Return the pool of the running loop. Open it if necessary.

        Raises:
            ClientClosedError: The client was closed.
            WrongLoopError: The session belongs to another event loop that is not closed, or no asyncio event loop is
                running.
        """
        loop = running_loop()
        pool = self._pool
        if pool is not None and pool.loop is loop:
            # Each call runs this line, so a plain attribute of our own connector is read.
            own = pool.own
            if not (pool.is_closed if own is None else own.was_closed):
                return pool
        # A forked child always gets here, because it runs another event loop or has no pool yet.
        notice_fork()
        pool = self._pool
        self.check_open()
        if pool is not None and pool.loop is not loop and not pool.loop.is_closed():
            raise WrongLoopError(
                "the client is open in another event loop; use one client for each loop, "
                "or close the client in that loop before you use it in this loop"
            )
        self._leave(loop)
        session = self._open(loop, _IDLE)
        open_fresh = None if self._settings.connector else functools.partial(self._open, loop, _IDLE_BEFORE_WRITES)
        limit = 0 if session.connector is None else session.connector.limit
        self._pool = Pool(session, open_fresh, loop, limit or sys.maxsize, self._settings.max_body)
        return self._pool

    def check_open(self) -> None:
        """Raise an error if the client was closed.

        Raises:
            ClientClosedError: The client was closed.
        """
        if self.is_closed:
            raise ClientClosedError(CLOSED)

    def _open(self, loop: asyncio.AbstractEventLoop, idle: float) -> aiohttp.ClientSession:
        """Open a session whose connections are closed after ``idle`` seconds without use."""
        _keep_freed_memory()
        settings = self._settings
        connector = settings.connector
        if connector is None:
            ssl = settings.ssl or (True if settings.trust_env else _default_tls())
            connector = CheckedConnector(limit=settings.max_connections, ssl=ssl, keepalive_timeout=idle)
        elif connector.closed:
            raise ClientClosedError("the connector that was given to the client is closed")
        # aiohttp would use the event loop of the connector, and fail later with a less helpful error.
        elif getattr(connector, "_loop", loop) is not loop:
            raise WrongLoopError(
                "the connector belongs to another event loop; create the connector in the loop of the client "
                "(for a blocking client: in the loop of its runner)"
            )
        session = aiohttp.ClientSession(
            connector=connector,
            connector_owner=settings.connector is None,
            cookie_jar=NoCookies(),
            auto_decompress=False,
            trust_env=settings.trust_env,
            proxy=None if settings.proxy is None else settings.proxy.reveal(),
            read_bufsize=BUFFER,
            headers={
                hdrs.USER_AGENT: settings.user_agent,
                hdrs.ACCEPT: "application/json",
                hdrs.ACCEPT_ENCODING: "gzip",
            },
        )
        # aiohttp resends a request with an idempotent method if a pooled connection breaks. Use the public switch
        # instead when aiohttp has one: https://github.com/aio-libs/aiohttp/issues/10790.
        session._retry_connection = False  # noqa: SLF001 - a test fails when the attribute is gone  # pyright: ignore[reportPrivateUsage]
        return session

    async def renew(self, pool: Pool) -> None:
        """Retire a pool whose connections cannot be trusted. The next call opens a new pool."""
        if self._pool is pool:
            self._pool = None
            self._retired.append(pool)
        await pool.retire()

    async def close(self) -> None:
        """Close all sessions. Calls in flight and later calls fail with `ClientClosedError`."""
        loop = running_loop()
        self.is_closed = True
        pools = self._leave(loop)
        self._pool, self._retired = None, []
        await _close_all(pools)

    def __reduce__(self) -> NoReturn:
        refuse_copies(PARTS)

    def forget(self) -> None:
        """Abandon all pools. In a forked child, these are the pools of the parent process."""
        self._leave(None)

    def at_exit(self) -> None:
        """Free the sockets of closed loops, so that no warning is printed when the interpreter exits."""
        for pool in (self._pool, *self._retired):
            if pool is not None and pool.loop.is_closed():
                pool.set_aside()

    def _leave(self, loop: asyncio.AbstractEventLoop | None) -> list[Pool]:
        """Abandon the pools of all loops except one. Return the open pools of this loop."""
        pools = [pool for pool in (self._pool, *self._retired) if pool is not None]
        ours = [pool for pool in pools if pool.loop is loop and not pool.is_closed]
        for pool in pools:
            if pool not in ours:
                pool.set_aside()
        self._retired = [pool for pool in self._retired if pool in ours]
        self._pool = self._pool if self._pool in ours else None
        return ours


_holders: weakref.WeakSet[SessionHolder] = weakref.WeakSet()


@atexit.register
def _at_exit() -> None:
    for holder in list(_holders):
        holder.at_exit()


async def _close_with_loop(sessions: list[aiohttp.ClientSession]) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await _close_all(sessions)


async def _close_all(items: Iterable[aiohttp.ClientSession | Pool]) -> None:
    """Close each item, even if closing another item fails or the task is cancelled."""
    async with contextlib.AsyncExitStack() as stack:
        for item in items:
            stack.push_async_callback(item.close)


def _start(generator: AsyncGenerator[None, None]) -> None:
    """Advance a generator to its ``yield``. The generator must get there without waiting."""
    try:
        generator.__anext__().__await__().send(None)
    except StopIteration:
        return
