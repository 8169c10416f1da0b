"""``RedisTokenStore``: store the shared token of a fleet in Redis, encrypted."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import math
import secrets
import time
from collections.abc import Sequence
from typing import Final

import attrs

from frontegg_async._core.call.log import logger
from frontegg_async._values.secret import Hidden, hide
from frontegg_async.fleet.sealing import KeptToken, Seal
from frontegg_async.fleet.tokens import StoredToken
from frontegg_async.integrations.redis.connections import Client, Redis, RedisError, check_prefix, open_connections

SIGN_OF_LIFE: Final = 3.0
"""Seconds that a lease lasts without renewal. A killed process delays the others for this time."""

_READ: Final = """
local found = redis.call('GET', KEYS[1])
if found then return {found, redis.call('PTTL', KEYS[1])} end
"""

_ACQUIRE: Final = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('PTTL', KEYS[1]) == -1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
"""The script also repairs a lease without a time to live, which would never end."""

_RENEW: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
"""

_RELEASE: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('PUBLISH', ARGV[2], '1')
"""


@attrs.frozen(eq=False)
class _Lease:
    value: str
    renewal: asyncio.Task[None]


class RedisTokenStore:
    """A token store in Redis. It keeps the shared token of a fleet, encrypted, until the token expires.

    Pass it to each client as ``token_store``. One process fetches a token for all processes, and wakes the others when
    the token is stored. The clocks of the hosts do not matter. A process that stops while it fetches a token delays the
    others by 2.5 seconds. Then they fetch their own tokens.

    Args:
        redis: The URL, such as ``redis://user:password@host:6379/0``, or a client of ``redis.asyncio``. A client is
            used in only one event loop, and is never closed.
        encryption_key: One or more keys from ``cryptography.fernet.Fernet.generate_key()``. The first key encrypts, and
            all keys decrypt. Do not store keys in Redis.
        prefix: The prefix of all keys and channels.

    Raises:
        ConfigurationError: A setting is malformed. The message names the setting.
        MissingExtraError: The package ``cryptography`` is not installed.
    """

    def __init__(
        self, redis: str | Redis, *, encryption_key: str | bytes | Sequence[str | bytes], prefix: str = "frontegg"
    ) -> None:
        # Keep a password in the URL and the key out of this frame, which is part of an error's traceback.
        hidden = hide(redis)
        keys = Hidden(encryption_key)
        del redis, encryption_key
        self._prefix = check_prefix(prefix)
        self._seal = Seal(keys.reveal(), argument="encryption_key", extra="redis")
        self._connections = open_connections(hidden)
        self._is_warned = False

    async def get(self, name: str, /) -> StoredToken | None:
        """Return the stored token with its remaining lifetime, or ``None`` without a token."""
        key = self._key(name, "token")
        found = await self._connections.run(lambda client: client.execute_command("EVAL", _READ, 1, key))
        match found:
            case [bytes() | str() as sealed, int(left)] if left > 0:
                kept = self._seal.open(name, sealed.encode() if isinstance(sealed, str) else sealed)
            case _:
                return None
        if kept is None:
            self._warn()
            return None
        return StoredToken(kept.value, kept.life, left / 1_000)

    async def put(self, name: str, token: StoredToken, /) -> None:
        """Store a token for its remaining lifetime, and replace an earlier token."""
        left = math.floor(token.left * 1_000)
        if left > 0:
            sealed = self._seal.seal(name, KeptToken(token.value, token.life, time.time() + token.left))
            key = self._key(name, "token")
            await self._connections.run(lambda client: client.execute_command("SET", key, sealed, "PX", left))

    async def acquire(self, name: str, seconds: float, /) -> object | None:
        """Acquire the lease for fetching a token.

        Args:
            name: The name of the token.
            seconds: The longest lifetime of a renewed lease. Without renewal, a lease ends after `SIGN_OF_LIFE`.

        Returns:
            The lease; ``None`` if another process has it.
        """
        key, value = self._key(name, "lease"), secrets.token_hex(16)
        lasts = math.ceil(SIGN_OF_LIFE * 1_000)
        if not await self._connections.run(
            lambda client: client.execute_command("EVAL", _ACQUIRE, 1, key, value, lasts)
        ):
            return None
        loop = asyncio.get_running_loop()
        renewal = loop.create_task(self._renew(key, value, lasts, seconds), context=contextvars.Context())
        return _Lease(value, renewal)

    async def release(self, name: str, lease: object, /) -> None:
        """Release a lease, unless it has ended, and wake waiting processes."""
        if isinstance(lease, _Lease):
            lease.renewal.cancel()
            key, channel, value = self._key(name, "lease"), self._key(name, "free"), lease.value
            await self._connections.run(lambda client: client.execute_command("EVAL", _RELEASE, 1, key, value, channel))

    async def wait(self, name: str, seconds: float, /) -> None:
        """Wait until a lease is released, at most for some seconds."""
        key, channel = self._key(name, "lease"), self._key(name, "free")
        until = asyncio.get_running_loop().time() + seconds

        async def listen(client: Client) -> None:
            async with contextlib.aclosing(client.pubsub()) as subscription:
                await subscription.subscribe(channel)
                await subscription.get_message(timeout=seconds)
                # Messages arrive from here on. The lease may have been released just before.
                if await client.execute_command("EXISTS", key):
                    left = until - asyncio.get_running_loop().time()
                    await subscription.get_message(timeout=max(0.0, left))

        await self._connections.run(listen)

    async def aclose(self) -> None:
        """Close the connections of the running loop. Connections of other loops close with their loops."""
        await self._connections.aclose()

    async def _renew(self, key: str, value: str, lasts: int, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        with contextlib.suppress(RedisError, OSError):
            while loop.time() < until:
                await asyncio.sleep(lasts / 3_000)
                if not await self._connections.run(
                    lambda client: client.execute_command("EVAL", _RENEW, 1, key, value, lasts)
                ):
                    return

    def _warn(self) -> None:
        if not self._is_warned:
            self._is_warned = True
            logger.warning("a token in Redis cannot be decrypted with encryption_key: other processes use another key")

    def _key(self, name: str, kind: str) -> str:
        # The braces put all keys of a token on one node of a Redis cluster.
        return f"{self._prefix}:{{{name}}}:{kind}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({getattr(self, '_connections', None)!r})"
