"""`SingleFlightCache`: what was found lately, each looked up once for all who ask at the same time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, cast

from frontegg_async._core.auth.single_flight import SingleFlight
from frontegg_async.errors import FronteggError

V = TypeVar("V")


class _Lookup(Generic[V]):
    """One key: what was found, until when that counts, and the looking up."""

    def __init__(self, work: Callable[[_Lookup[V]], Awaitable[FronteggError | None]], name: str) -> None:
        self.value: V | None = None
        self.until = 0.0
        self.flight = SingleFlight(lambda: work(self), name)


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
        self._lookups: dict[bytes, _Lookup[V]] = {}

    async def get(self, key: bytes, look: Callable[[], Awaitable[tuple[V, float]]]) -> V:
        """Return what belongs to a key.

        Args:
            key: Tells it from the others.
            look: Finds it, and says for how many seconds that counts. Its failures are not remembered.

        Raises:
            ClientClosedError: It was closed meanwhile.
            FronteggError: What the looking up raised.
        """
        lookup = self._lookups.get(key)
        if lookup is None:
            lookup = self._add(key, look)
        if lookup.value is None or self._clock() >= lookup.until:
            await lookup.flight.join()
        return cast("V", lookup.value)

    def close(self) -> None:
        """Stop what is under way, and forget everything."""
        lookups, self._lookups = self._lookups, {}
        for lookup in lookups.values():
            lookup.flight.close()

    def _add(self, key: bytes, look: Callable[[], Awaitable[tuple[V, float]]]) -> _Lookup[V]:
        async def work(lookup: _Lookup[V]) -> FronteggError | None:
            try:
                lookup.value, seconds = await look()
            except FronteggError as error:
                lookup.value = None
                return error.fresh()
            lookup.until = self._clock() + seconds
            return None

        if len(self._lookups) >= self._size:
            del self._lookups[next(iter(self._lookups))]
        lookup = self._lookups[key] = _Lookup(work, self._name)
        return lookup
