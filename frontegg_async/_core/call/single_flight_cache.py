"""`SingleFlightCache`: a cache with expiry whose entries are loaded once for all concurrent callers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

from frontegg_async._core.call.single_flight import SingleFlight
from frontegg_async.errors import FronteggError

V = TypeVar("V")


class _CacheEntry(Generic[V]):
    """A cache entry: the value, the time at which it expires, and the single flight that loads it."""

    def __init__(self, work: Callable[[_CacheEntry[V]], Awaitable[FronteggError | None]], name: str) -> None:
        self.value: V | None = None
        self.until = 0.0
        self.single_flight = SingleFlight(lambda: work(self), name)


class SingleFlightCache(Generic[V]):
    """A cache with a limited number of values, each with a separate time to live.

    Args:
        clock: The monotonic clock.
        size: The largest number of entries. If the cache is full, the oldest entry is dropped.
        name: The name of the owner, for messages.
    """

    def __init__(self, clock: Callable[[], float], size: int, name: str) -> None:
        self._clock = clock
        self._size = size
        self._name = name
        self._entries: dict[bytes, _CacheEntry[V]] = {}

    async def get(self, key: bytes, load: Callable[[], Awaitable[tuple[V, float]]]) -> V:
        """Return the value of a key. Load the value if it is missing or expired.

        Args:
            key: The key.
            load: Returns the value and its time to live in seconds. Failures are not cached.

        Raises:
            ClientClosedError: The cache was closed meanwhile.
            FronteggError: The error that ``load`` raised.
        """
        entry = self._entries.get(key)
        if entry is None:
            entry = self._add(key, load)
        if entry.value is None or self._clock() >= entry.until:
            await entry.single_flight.join()
        return cast("V", entry.value)

    def close(self) -> None:
        """Cancel loads in progress and drop all entries."""
        entries, self._entries = self._entries, {}
        for entry in entries.values():
            entry.single_flight.close()

    def _add(self, key: bytes, load: Callable[[], Awaitable[tuple[V, float]]]) -> _CacheEntry[V]:
        async def work(entry: _CacheEntry[V]) -> FronteggError | None:
            try:
                entry.value, seconds = await load()
            except FronteggError as error:
                entry.value = None
                return error.fresh()
            entry.until = self._clock() + seconds
            return None

        if len(self._entries) >= self._size:
            del self._entries[next(iter(self._entries))]
        entry = self._entries[key] = _CacheEntry(work, self._name)
        return entry
