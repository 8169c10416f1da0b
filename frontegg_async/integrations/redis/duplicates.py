"""``RedisDuplicateGuard``: all processes of a fleet recognize webhooks that any of them received before."""

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
"""Seconds that a webhook waits for a free connection during a burst. The sender waits longer."""


class RedisDuplicateGuard:
    """A guard that stores the webhooks of all processes of a fleet in Redis, and recognizes duplicates.

    Pass the guard as ``guard`` to the integrations of asyncio frameworks. A webhook is a duplicate if its header and
    its body are equal to those of an earlier webhook, as in a `DuplicateGuard`. While Redis is unavailable, no webhook
    is treated as a duplicate. Each such outage is logged once.

    Args:
        redis: The URL, such as ``redis://user:password@host:6379/0``, or a client of ``redis.asyncio``. A client is
            used in only one event loop, and is never closed.
        ttl: The seconds that the guard remembers a webhook, up to a year.
        prefix: The prefix of all keys.

    Raises:
        ConfigurationError: A setting is malformed. The message names the setting.
    """

    def __init__(self, redis: str | Redis, *, ttl: float | timedelta = _DAY, prefix: str = "frontegg") -> None:
        # Keep a password in the URL out of this frame, which is part of an error's traceback.
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
        """Return whether any process has received a webhook before, and remember the webhook.

        Args:
            headers: The verified headers of the request.
            body: The unchanged body of the request.

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
        """Store a mark unless it exists, and return whether this call stored it.

        A borrowed client may send a command twice if the response is lost. The second command then finds its own mark.
        """
        if await client.execute_command("SET", key, mark, "NX", "PX", self._milliseconds):
            return True
        found = await client.execute_command("GET", key)
        return found in (mark, mark.encode())

    async def forget(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> None:
        """Forget a webhook that was not handled, so that its next delivery is handled.

        Args:
            headers: The headers of the request.
            body: The unchanged body of the request.

        Raises:
            InvalidArgumentError: An argument has another type.
        """
        key = self._key(headers, body)
        try:
            await self._connections.run(lambda client: client.execute_command("DEL", key))
        except (RedisError, OSError) as error:
            _logger.warning("a webhook cannot be forgotten: %s", type(error).__name__)

    async def aclose(self) -> None:
        """Close the connections of the running loop. Connections of other loops close with their loops."""
        await self._connections.aclose()

    def _key(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> str:
        return f"{self._prefix}:webhook:{key_of(headers, body).hex()}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({getattr(self, '_connections', None)!r})"
