"""What each kind of toxic does to the bytes of one connection."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import attrs

from tests.support.faults.toxics import Decision, Kind, Toxic

_MILLI: Final = 1e-3
_MICRO: Final = 1e-6
_KILO: Final = 1024.0

Piece: TypeAlias = tuple[bytes, float]
"""Data to send, and the seconds to wait after it."""


class SpoiltError(Exception):
    """A toxic ends the connection.

    Args:
        toxic: Its name.
        last: What is sent before.
        resets: Whether it ends by a reset.
    """

    def __init__(self, toxic: str, last: bytes, *, resets: bool) -> None:
        super().__init__(toxic)
        self.toxic = toxic
        self.last = last
        self.resets = resets


@attrs.define(eq=False)
class Dose:
    """A toxic on one connection.

    Args:
        toxic: The toxic.
        decision: What was decided.
        rng: For what is drawn while it lasts.
        removed: Set when the toxic is removed.
        seen: The bytes of the stream that came so far.
    """

    toxic: Toxic
    decision: Decision
    rng: random.Random = attrs.field(repr=False)
    removed: asyncio.Event = attrs.field(repr=False)
    seen: int = 0

    def amount(self, name: str) -> float:
        """Return a drawn attribute."""
        return self.decision.amounts[name]

    async def spoil(self, data: bytes) -> list[Piece]:
        """Return what becomes of data.

        Raises:
            SpoiltError: The connection ends.
        """
        passing = max(0, int(self.amount("after")) - self.seen)
        self.seen += len(data)
        effect = _EFFECTS.get(self.toxic.kind)
        if effect is None or not self.decision.acts or self.removed.is_set() or len(data) <= passing:
            return [(data, 0.0)]
        before = [(data[:passing], 0.0)] if passing else []
        try:
            return before + await effect(self, data[passing:])
        except SpoiltError as spoilt:
            spoilt.last = data[:passing] + spoilt.last
            raise

    async def delay_end(self) -> None:
        """Wait before the end of the stream is handed on, if this toxic is for that."""
        if self.toxic.kind == "slow_close" and self.decision.acts:
            await asyncio.sleep(self.amount("delay") * _MILLI)


def _draw(rng: random.Random, middle: float, spread: float) -> float:
    return max(0.0, rng.uniform(middle - spread, middle + spread))


async def _latency(dose: Dose, data: bytes) -> list[Piece]:
    await asyncio.sleep(_draw(dose.rng, dose.amount("latency"), dose.amount("jitter")) * _MILLI)
    return [(data, 0.0)]


async def _bandwidth(dose: Dose, data: bytes) -> list[Piece]:
    rate = dose.amount("rate") * _KILO
    return [(data, len(data) / rate if rate else 0.0)]


async def _timeout(dose: Dose, data: bytes) -> list[Piece]:
    """Swallow data until the time is over or the toxic is gone; what came meanwhile is lost."""
    del data
    seconds = dose.amount("timeout") * _MILLI
    try:
        async with asyncio.timeout(seconds or None):
            await dose.removed.wait()
    except TimeoutError:
        pass
    else:
        return []
    raise SpoiltError(dose.toxic.name, b"", resets=False)


async def _reset_peer(dose: Dose, data: bytes) -> list[Piece]:
    del data
    await asyncio.sleep(dose.amount("timeout") * _MILLI)
    raise SpoiltError(dose.toxic.name, b"", resets=True)


async def _slicer(dose: Dose, data: bytes) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    while start < len(data):
        size = max(1, int(_draw(dose.rng, dose.amount("average_size"), dose.amount("size_variation"))))
        pieces.append((data[start : start + size], dose.amount("delay") * _MICRO))
        start += size
    return pieces


async def _limit_data(dose: Dose, data: bytes) -> list[Piece]:
    before = max(0, dose.seen - len(data) - int(dose.amount("after")))
    left = int(dose.amount("bytes")) - before
    if len(data) < left:
        return [(data, 0.0)]
    raise SpoiltError(dose.toxic.name, data[: max(0, left)], resets=False)


_EFFECTS: Final[Mapping[Kind, Callable[[Dose, bytes], Awaitable[list[Piece]]]]] = {
    "latency": _latency,
    "bandwidth": _bandwidth,
    "timeout": _timeout,
    "reset_peer": _reset_peer,
    "slicer": _slicer,
    "limit_data": _limit_data,
}
