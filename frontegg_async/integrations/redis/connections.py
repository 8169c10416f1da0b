"""Connections to Redis: one pool for each event loop, closed when idle."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import importlib
import os
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, NoReturn, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from frontegg_async._core.runtime.forks import notice_fork, renew_after_fork
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import Secret
from frontegg_async.errors import ConfigurationError, MissingExtraError, WrongLoopError

try:
    from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError
except ImportError:
    raise MissingExtraError("sharing by Redis needs redis-py: pip install 'frontegg-async[redis]'") from None

# asyncio imports this module at the first host lookup. A child process that is forked during the import would hang.
importlib.import_module("concurrent.futures.thread")

__all__ = ["IDLE", "Client", "Connections", "Redis", "RedisError", "Subscription", "check_prefix", "open_connections"]

IDLE: Final = 30.0
"""Seconds after which idle connections are closed."""

_PATIENCE: Final = 0.8
"""Seconds for a connection to Redis and for a response: slightly less than a call waits for Redis."""

_MOST_CONNECTIONS: Final = 16
_PREFIX: Final = re.compile(r"[!-z|~]{1,100}", re.ASCII)
_DATABASE: Final = re.compile(r"/?|/[0-9]{1,9}", re.ASCII)

T = TypeVar("T")


class Subscription(Protocol):
    """The part of redis-py's subscriptions that is used."""

    async def subscribe(self, channel: str, /) -> object:
        """Subscribe to a channel."""
        ...

    async def get_message(self, *, timeout: float) -> object:  # noqa: ASYNC109 - the name in redis-py
        """Wait for the next message."""
        ...

    async def aclose(self) -> None:
        """End the subscription."""
        ...


class Client(Protocol):
    """The part of redis-py's clients that is used."""

    async def execute_command(self, *words: str | bytes | int) -> object:
        """Send a command and return the response."""
        ...

    def pubsub(self) -> Subscription:
        """Return a subscription without channels."""
        ...


class _Pools(Protocol):
    """The part of a redis-py pool class that is used. The options have no types in redis-py."""

    def from_url(self, url: str, **options: object) -> BlockingConnectionPool: ...


class Connections(ABC):
    """The connections of a store."""

    async def run(self, step: Callable[[Client], Awaitable[T]]) -> T:
        """Run a step with the client of the running loop.

        Args:
            step: A coroutine function that receives the client.

        Raises:
            RedisError: The step failed. The type shows the reason. Text and frames are removed, since they may hold a
                password.
            OSError: The network failed during the step. Text and frames are removed, too.
            WrongLoopError: The given client is in use in another loop, or in the parent of this process.
        """
        try:
            return await self._run(step)
        except (RedisError, OSError) as error:
            # redis-py wraps errors that are raised while it connects.
            failure = error.__cause__ if isinstance(error.__cause__, RedisError) else error
        failure.args = ()
        failure.__cause__ = failure.__context__ = None
        try:
            raise failure.with_traceback(None)
        finally:
            del failure

    @abstractmethod
    async def _run(self, step: Callable[[Client], Awaitable[T]]) -> T: ...

    @abstractmethod
    async def aclose(self) -> None:
        """Close the connections of the running loop, unless they are borrowed."""

    def __reduce__(self) -> NoReturn:
        refuse_copies("what is connected to Redis")


@without_frames
def open_connections(redis: Secret | object, *, turn: float | None = None) -> Connections:
    """Return the connections of a store.

    Args:
        redis: A URL, or a client to borrow.
        turn: The seconds that a step waits for a free connection, unless the client is borrowed. The default is the
            timeout of a response.

    Raises:
        ConfigurationError: ``redis`` is neither a URL nor a client, or the URL is malformed.
    """
    if isinstance(redis, Redis):
        return _BorrowedClient(redis)
    if isinstance(redis, Secret):
        return _OwnConnections(redis, turn)
    raise ConfigurationError(
        "redis must be a URL, such as redis://localhost:6379/0, or a client of redis.asyncio, not "
        f"{type(redis).__name__}"
    )


def check_prefix(prefix: object) -> str:
    """Check the prefix of key names.

    Raises:
        ConfigurationError: The prefix is not allowed.
    """
    if isinstance(prefix, str) and _PREFIX.fullmatch(prefix):
        return prefix
    raise ConfigurationError("prefix must be 1 to 100 visible ASCII characters without braces")


class _BorrowedClient(Connections):
    """A client that the user owns and closes. It works only in the event loop of its first use."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0

    async def _run(self, step: Callable[[Client], Awaitable[T]]) -> T:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop, self._process = loop, os.getpid()
        if self._loop is not loop or self._process != os.getpid():
            raise WrongLoopError("the Redis client is in use in another event loop or process: give a URL instead")
        return await step(cast("Client", self._client))

    async def aclose(self) -> None:
        pass

    def __repr__(self) -> str:
        return "a client"


class _OwnConnections(Connections):
    """Connections to a URL."""

    def __init__(self, url: Secret, turn: float | None) -> None:
        self._place = _check_url(url)
        self._url = url
        self._turn = turn
        self._by_loop: dict[asyncio.AbstractEventLoop, _LoopConnections] = {}
        renew_after_fork(self)

    async def _run(self, step: Callable[[Client], Awaitable[T]]) -> T:
        loop = asyncio.get_running_loop()
        notice_fork()
        connections = self._by_loop.get(loop)
        if connections is None:
            self._abandon(lambda other: other.is_closed())
            connections = self._by_loop[loop] = _LoopConnections(_connect(self._url, self._turn), loop, self._by_loop)
        return await connections.run(step)

    async def aclose(self) -> None:
        connections = self._by_loop.get(asyncio.get_running_loop())
        if connections is not None:
            await connections.close()

    def after_fork(self) -> None:
        """Abandon all connections: they belong to the parent of this process."""
        self._abandon(lambda _: True)

    def _abandon(self, is_abandoned: Callable[[asyncio.AbstractEventLoop], bool]) -> None:
        for loop, connections in list(self._by_loop.items()):
            if is_abandoned(loop):
                self._by_loop.pop(loop, None)
                connections.abandon()

    def __repr__(self) -> str:
        return self._place


class _LoopConnections:
    """The connections of an event loop. They are closed with the loop, or after an idle period."""

    def __init__(
        self, client: Redis, loop: asyncio.AbstractEventLoop, by_loop: dict[asyncio.AbstractEventLoop, _LoopConnections]
    ) -> None:
        self._client = client
        self._loop = loop
        self._by_loop = by_loop
        self._under_way = 0
        self._used_at = loop.time()
        self._closing: asyncio.Task[None] | None = None
        self._closer = _close_with_loop(client, self._forget)
        _start(self._closer)
        self._look_after(IDLE)

    async def run(self, step: Callable[[Client], Awaitable[T]]) -> T:
        self._under_way += 1
        try:
            return await step(cast("Client", self._client))
        finally:
            self._under_way -= 1
            self._used_at = self._loop.time()

    async def close(self) -> None:
        self._forget()
        await self._closer.aclose()

    def _forget(self) -> None:
        if self._by_loop.get(self._loop) is self:
            del self._by_loop[self._loop]
        self._timer.cancel()

    def abandon(self) -> None:
        """Abandon the connections to a closed loop, or to the parent of this process.

        They are leaked on purpose: closing them here would affect the parent's sockets and print warnings.
        """
        leak_on_purpose(self._client, self._closer, self._loop)

    def _look_after(self, seconds: float) -> None:
        self._timer = self._loop.call_later(seconds, self._close_if_idle, context=contextvars.Context())

    def _close_if_idle(self) -> None:
        left = IDLE if self._under_way else self._used_at + IDLE - self._loop.time()
        if left > 0:
            self._look_after(left)
        else:
            self._closing = self._loop.create_task(self.close())


def _connect(url: Secret, turn: float | None = None) -> Redis:
    """Return a client without connections.

    Its retries are off: calls continue without Redis and use it again later. The client uses the older protocol, which
    every server knows and which needs fewer exchanges.
    """
    pool = cast("_Pools", BlockingConnectionPool).from_url(
        url.reveal(),
        max_connections=_MOST_CONNECTIONS,
        timeout=_PATIENCE if turn is None else turn,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return Redis(connection_pool=pool)


def _check_url(url: Secret) -> str:
    """Check a URL, and return its place without secrets.

    Raises:
        ConfigurationError: The URL is malformed, or has options that redis-py does not know.
    """
    reason = "it must begin with redis://, rediss:// or unix://"
    try:
        place = _place(url)
        if place:
            reason = "an option after the ? is unknown or malformed"
            _try_options(_connect(url).connection_pool)
            return place
    except (ValueError, TypeError, RedisError):
        pass
    raise ConfigurationError(f"redis is not a URL that can be used: {reason}")


def _try_options(pool: ConnectionPool) -> None:
    """Create a connection without connecting, because redis-py checks the options only then."""
    pool.connection_class(**pool.connection_kwargs)


def _place(url: Secret) -> str:
    parts = urlsplit(url.reveal())
    if parts.scheme == "unix":
        return f"unix://{parts.path}" if parts.path else ""
    if parts.scheme not in {"redis", "rediss"} or not _DATABASE.fullmatch(parts.path):
        return ""
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname or 'localhost'}{port}{parts.path}"


async def _close_with_loop(client: Redis, forget: Callable[[], None]) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        # Remove the entry, since a program may run any number of loops.
        forget()
        with contextlib.suppress(RedisError, OSError):
            await client.connection_pool.disconnect()


def _start(generator: AsyncGenerator[None, None]) -> None:
    """Run a generator to its ``yield``, which it reaches without suspending."""
    with contextlib.suppress(StopIteration):
        generator.__anext__().__await__().send(None)
