"""The connections to Redis: for each event loop its own, and none while nobody uses them."""

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

# asyncio would load it when it looks up the first host, and hang a child that is forked meanwhile.
importlib.import_module("concurrent.futures.thread")

__all__ = ["IDLE", "Client", "Links", "Redis", "RedisError", "Subscription", "check_prefix", "open_links"]

IDLE: Final = 30.0
"""Seconds after which connections that nobody uses are closed."""

_PATIENCE: Final = 0.8
"""Seconds that Redis may take to connect and to answer: a little less than a call waits for it."""

_MOST_CONNECTIONS: Final = 16
_PREFIX: Final = re.compile(r"[!-z|~]{1,100}", re.ASCII)
_DATABASE: Final = re.compile(r"/?|/[0-9]{1,9}", re.ASCII)

T = TypeVar("T")


class Subscription(Protocol):
    """What is used of a subscription of redis-py."""

    async def subscribe(self, channel: str, /) -> object:
        """Subscribe to a channel."""
        ...

    async def get_message(self, *, timeout: float) -> object:  # noqa: ASYNC109 - redis-py calls it so
        """Wait for the next message."""
        ...

    async def aclose(self) -> None:
        """End it."""
        ...


class Client(Protocol):
    """What is used of a client of redis-py."""

    async def execute_command(self, *words: str | bytes | int) -> object:
        """Send a command, and return the answer."""
        ...

    def pubsub(self) -> Subscription:
        """Return a subscription to nothing yet."""
        ...


class _Pools(Protocol):
    """What is used of a class of pools, whose options redis-py leaves untyped."""

    def from_url(self, url: str, **options: object) -> BlockingConnectionPool: ...


class Links(ABC):
    """The connections of a store."""

    async def run(self, step: Callable[[Client], Awaitable[T]]) -> T:
        """Take a step with a client of the running loop.

        Args:
            step: Gets the client, and is awaited.

        Raises:
            RedisError: It failed. The type says why; there is no text, and no frame, that may hold a password.
            OSError: Likewise.
            WrongLoopError: The client that was given is in use in another loop, or in the parent of this process.
        """
        try:
            return await self._run(step)
        except (RedisError, OSError) as error:
            # redis-py wraps what happens while it connects.
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
        """Close the connections of the running loop that are not borrowed."""

    def __reduce__(self) -> NoReturn:
        refuse_copies("what is connected to Redis")


def open_links(redis: Secret | object) -> Links:
    """Return the connections of a store.

    Args:
        redis: A URL, or a client to borrow.

    Raises:
        ConfigurationError: It is neither, or the URL is malformed.
    """
    if isinstance(redis, Redis):
        return _Borrowed(redis)
    if isinstance(redis, Secret):
        return _Own(redis)
    raise ConfigurationError(
        f"redis must be a URL, as redis://localhost:6379/0, or a client of redis.asyncio, not {type(redis).__name__}"
    )


def check_prefix(prefix: object) -> str:
    """Return what the names of keys begin with.

    Raises:
        ConfigurationError: It is not allowed.
    """
    if isinstance(prefix, str) and _PREFIX.fullmatch(prefix):
        return prefix
    raise ConfigurationError("prefix must be 1 to 100 visible ASCII characters without braces")


class _Borrowed(Links):
    """A client of the user's, which is never closed; it stays in the loop in which it is first used."""

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


class _Own(Links):
    """Connections to a URL."""

    def __init__(self, url: Secret) -> None:
        self._place = _check_url(url)
        self._url = url
        self._by_loop: dict[asyncio.AbstractEventLoop, _Link] = {}
        renew_after_fork(self)

    async def _run(self, step: Callable[[Client], Awaitable[T]]) -> T:
        loop = asyncio.get_running_loop()
        notice_fork()
        link = self._by_loop.get(loop)
        if link is None:
            self._leave(lambda other: other.is_closed())
            link = self._by_loop[loop] = _Link(_connect(self._url), loop, self._by_loop)
        return await link.run(step)

    async def aclose(self) -> None:
        link = self._by_loop.get(asyncio.get_running_loop())
        if link is not None:
            await link.close()

    def after_fork(self) -> None:
        """Leave all connections to the parent of this process."""
        self._leave(lambda _: True)

    def _leave(self, is_left: Callable[[asyncio.AbstractEventLoop], bool]) -> None:
        for loop, link in list(self._by_loop.items()):
            if is_left(loop):
                self._by_loop.pop(loop, None)
                link.set_aside()

    def __repr__(self) -> str:
        return self._place


class _Link:
    """The connections of one loop. They are closed with it, or when nobody has used them for a while."""

    def __init__(
        self, client: Redis, loop: asyncio.AbstractEventLoop, by_loop: dict[asyncio.AbstractEventLoop, _Link]
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

    def set_aside(self) -> None:
        """Leave the connections to a loop that is gone, or to the parent of this process.

        To close or to finalise them here would reach the parent's sockets and print warnings, so they are made
        immortal.
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


def _connect(url: Secret) -> Redis:
    """Return a client without connections.

    It does not try again by itself: calls go on without Redis, and come back to it later. The older protocol is spoken
    by each server, in fewer exchanges.
    """
    pool = cast("_Pools", BlockingConnectionPool).from_url(
        url.reveal(),
        max_connections=_MOST_CONNECTIONS,
        timeout=_PATIENCE,
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return Redis(connection_pool=pool)


def _check_url(url: Secret) -> str:
    """Return where a URL leads, without what is secret in it.

    Raises:
        ConfigurationError: It is none, or has what redis-py does not know.
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
    """Make a connection that connects to nothing, and throw it away: options are looked at no sooner."""
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
        # There is nothing left to be kept: a program may run any number of loops.
        forget()
        with contextlib.suppress(RedisError, OSError):
            await client.connection_pool.disconnect()


def _start(generator: AsyncGenerator[None, None]) -> None:
    """Run a generator to its ``yield``, which it reaches without waiting."""
    with contextlib.suppress(StopIteration):
        generator.__anext__().__await__().send(None)
