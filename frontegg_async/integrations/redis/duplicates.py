"""``RedisDuplicateGuard``: processes tell webhooks that came before, to whichever of them."""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import shown
from frontegg_async._values.secret import hide
from frontegg_async.errors import ConfigurationError
from frontegg_async.integrations.redis.connections import Client, Redis, RedisError, check_prefix, open_connections
from frontegg_async.webhooks.duplicates import key_of

_logger: Final = logging.getLogger("frontegg_async.integrations")
_MILLISECONDS: Final = 1_000
_DAY: Final = 86_400.0
_LONGEST: Final = 366 * _DAY
_TURN: Final = 5.0
"""Seconds for which a webhook of a burst waits for a free connection: its sender waits longer."""


class RedisDuplicateGuard:
    """Remembers the webhooks of all processes of a fleet in Redis, to tell those that come again.

    Give it as ``guard`` to the integrations of asyncio frameworks. As in a `DuplicateGuard`, a webhook is the same if
    both its header and its body are. While Redis is unavailable, no webhook counts as a duplicate, which is logged
    once for each outage.

    Args:
        redis: The URL, as ``redis://user:password@host:6379/0``, or a client of ``redis.asyncio``, which is
            borrowed, used in one event loop and never closed.
        ttl: For how many seconds each webhook is remembered, up to a year.
        prefix: The prefix of all keys.

    Raises:
        ConfigurationError: A setting is malformed; the message names it.
    """

    def __init__(self, redis: str | Redis, *, ttl: float | timedelta = _DAY, prefix: str = "frontegg") -> None:
        # Error tracebacks include this frame, which must not hold a password.
        hidden = hide(redis)
        del redis
        ttl = in_seconds(ttl, "ttl", ConfigurationError)
        if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not 0 < ttl <= _LONGEST:
            raise ConfigurationError(f"ttl must be a positive number of seconds, up to a year, not {shown(ttl)}")
        self._milliseconds = math.ceil(ttl * _MILLISECONDS)
        self._prefix = check_prefix(prefix)
        self._connections = open_connections(hidden, turn=_TURN)
        self._is_away = False

    async def is_duplicate(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> bool:
        """Return whether a webhook came before, to any process, and remember it.

        Args:
            headers: The headers of the request, which are verified.
            body: The body of the request, as it came.

        Raises:
            InvalidArgumentError: An argument has another type.
        """
        key = self._key(headers, body)
        mark = secrets.token_hex(8)
        try:
            is_marked = await self._connections.run(lambda client: self._mark(client, key, mark))
        except (RedisError, OSError) as error:
            if not self._is_away:
                self._is_away = True
                _logger.warning("duplicates of webhooks cannot be recognized: %s", type(error).__name__)
            return False
        self._is_away = False
        return not is_marked

    async def _mark(self, client: Client, key: str, mark: str) -> bool:
        """Store a mark unless there is one, and return whether this call stored it.

        A borrowed client may send a command twice when the response is lost: the second one then finds the first mark.
        """
        if await client.execute_command("SET", key, mark, "NX", "PX", self._milliseconds):
            return True
        found = await client.execute_command("GET", key)
        return found in (mark, mark.encode())

    async def forget(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> None:
        """Forget a webhook that was not handled, so that it is handled when it comes again.

        Args:
            headers: The headers of the request.
            body: The body of the request, as it came.

        Raises:
            InvalidArgumentError: An argument has another type.
        """
        key = self._key(headers, body)
        try:
            await self._connections.run(lambda client: client.execute_command("DEL", key))
        except (RedisError, OSError) as error:
            _logger.warning("a webhook cannot be forgotten: %s", type(error).__name__)

    async def aclose(self) -> None:
        """Close the connections of the running loop; those of other loops are closed with their loops."""
        await self._connections.aclose()

    def _key(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> str:
        return f"{self._prefix}:webhook:{key_of(headers, body).hex()}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({getattr(self, '_connections', None)!r})"
