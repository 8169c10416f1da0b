"""`SingleFlightCache`: what was found lately, each looked up once for all who ask at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

from frontegg_async._core.auth.single_flight import SingleFlight
from frontegg_async.errors import FronteggError

V = TypeVar("V")


class _Entry(Generic[V]):
    """One key: what was found, until when that counts, and the looking up."""

    def __init__(self, work: Callable[[_Entry[V]], Awaitable[FronteggError | None]], name: str) -> None:
        self.value: V | None = None
        self.until = 0.0
        self.single_flight = SingleFlight(lambda: work(self), name)


class SingleFlightCache(Generic[V]):
    """Remembers what was found, as long as each find says, and as many as there is room for.

    Args:
        clock: The monotonic clock.
        size: The most that is remembered; the oldest gives way.
        name: What is closed, for messages.
    """

    def __init__(self, clock: Callable[[], float], size: int, name: str) -> None:
        self._clock = clock
        self._size = size
        self._name = name
        self._entries: dict[bytes, _Entry[V]] = {}

    async def get(self, key: bytes, load: Callable[[], Awaitable[tuple[V, float]]]) -> V:
        """Return what belongs to a key.

        Args:
            key: Tells it from the others.
            load: Finds it, and says for how many seconds that counts. Its failures are not remembered.

        Raises:
            ClientClosedError: It was closed meanwhile.
            FronteggError: What the looking up raised.
        """
        entry = self._entries.get(key)
        if entry is None:
            entry = self._add(key, load)
        if entry.value is None or self._clock() >= entry.until:
            await entry.single_flight.join()
        return cast("V", entry.value)

    def close(self) -> None:
        """Stop what is under way, and forget everything."""
        entries, self._entries = self._entries, {}
        for entry in entries.values():
            entry.single_flight.close()

    def _add(self, key: bytes, load: Callable[[], Awaitable[tuple[V, float]]]) -> _Entry[V]:
        async def work(entry: _Entry[V]) -> FronteggError | None:
            try:
                entry.value, seconds = await load()
            except FronteggError as error:
                entry.value = None
                return error.fresh()
            entry.until = self._clock() + seconds
            return None

        if len(self._entries) >= self._size:
            del self._entries[next(iter(self._entries))]
        entry = self._entries[key] = _Entry(work, self._name)
        return entry
