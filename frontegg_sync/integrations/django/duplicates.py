"""``CacheDuplicateGuard``: processes recognize duplicate webhooks with a cache of Django."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from django.core.cache import InvalidCacheBackendError, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import shown
from frontegg_async.errors import ConfigurationError
from frontegg_async.integrations.problems import logger
from frontegg_async.webhooks.duplicates import key_of

_DAY: Final = 86_400.0
_LONGEST: Final = 366 * _DAY


class CacheDuplicateGuard:
    """A guard that stores the webhooks of all processes in a cache of Django, and recognizes duplicates.

    A webhook is a duplicate if its header and its body are equal to those of an earlier webhook, as in a
    `DuplicateGuard`. The kind of cache matters if two processes receive a webhook at the same moment:

    - Caches in Redis, in Memcached and in a database recognize the duplicate. SQLite needs
      ``"transaction_mode": "IMMEDIATE"``.
    - With a cache in files, both processes may handle the webhook.
    - A cache in local memory only knows its own process. The guard logs a warning about this.

    The cache's ``MAX_ENTRIES``, 300 by default in a database, limits the number of stored webhooks. While the cache
    fails, no webhook is treated as a duplicate. The guard logs such failures.

    Args:
        cache: The name of the cache, in the setting ``CACHES``.
        ttl: The seconds that the guard remembers a webhook, up to a year.
        prefix: The prefix of all keys.

    Raises:
        ConfigurationError: The cache does not exist, or a setting is malformed. The message names the setting.
    """

    def __init__(self, cache: str = "default", *, ttl: float | timedelta = _DAY, prefix: str = "frontegg") -> None:
        ttl = in_seconds(ttl, "ttl", ConfigurationError)
        if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not 0 < ttl <= _LONGEST:
            raise ConfigurationError(f"ttl must be a positive number of seconds, up to a year, not {shown(ttl)}")
        if not isinstance(prefix, str) or not prefix.isascii() or not prefix.isprintable() or " " in prefix:
            raise ConfigurationError(f"prefix must be ASCII text without spaces, not {shown(prefix)}")
        self._name = cache
        self._seconds = math.ceil(ttl)
        self._prefix = prefix
        try:
            found = caches[cache]
        except (InvalidCacheBackendError, TypeError):
            found = None
        if found is None:
            raise ConfigurationError(f"cache must be the name of a cache in the setting CACHES, not {shown(cache)}")
        if isinstance(found, DummyCache | LocMemCache):
            logger.warning(
                "the cache %r is not shared: webhooks that other processes received are not recognized", cache
            )

    def is_duplicate(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> bool:
        """Return whether any process has received a webhook before, and remember the webhook.

        Args:
            headers: The verified headers of the request.
            body: The unchanged body of the request.

        Raises:
            InvalidArgumentError: An argument has another type.
        """
        key = self._key(headers, body)
        cache = caches[self._name]
        try:
            # If its server is unreachable, a cache may add nothing and raise no error. Then the key is missing.
            return not cache.add(key, 1, self._seconds) and cache.get(key) is not None
        except Exception as error:  # noqa: BLE001 - each cache has errors of its own
            logger.warning("duplicates of webhooks cannot be recognized: %s", type(error).__name__)
            return False

    def forget(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> None:
        """Forget a webhook that was not handled, so that its next delivery is handled.

        Args:
            headers: The headers of the request.
            body: The unchanged body of the request.

        Raises:
            InvalidArgumentError: An argument has another type.
        """
        key = self._key(headers, body)
        try:
            caches[self._name].delete(key)
        except Exception as error:  # noqa: BLE001 - as above
            logger.warning("a webhook cannot be forgotten: %s", type(error).__name__)

    def _key(self, headers: Mapping[str, str | Sequence[str]], body: bytes | str) -> str:
        return f"{self._prefix}:webhook:{key_of(headers, body).hex()}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({getattr(self, '_name', None)!r})"
