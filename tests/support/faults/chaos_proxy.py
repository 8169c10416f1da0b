"""A TCP proxy that applies toxics to connections, by a schedule that a seed repeats.

Clients talk to ``proxy.url``. Toxics come and go by ``add()`` and ``remove()``, and ``proxy.schedule`` tells what was
decided for each connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

import attrs

from tests.support.faults.doses import Dose, Piece, SpoiltError
from tests.support.faults.http import LOOPBACK, reset, serving
from tests.support.faults.toxics import Decision, Stream, Toxic, decide, generator

_PIECE: Final = 65_536


@attrs.define(eq=False)
class ChaosProxy:
    """A proxy, its toxics, and what it decided.

    Args:
        target: The port of the server on loopback.
        seed: Of all decisions.
        schedule: Each decision, in the order in which they were made.
        fired: The names of the toxics that ended connections, one for each that was.
        connections: How many there were.
    """

    target: int
    seed: int
    port: int = attrs.field(default=0, init=False)
    schedule: list[Decision] = attrs.field(factory=list[Decision], init=False)
    fired: list[str] = attrs.field(factory=list[str], init=False)
    connections: int = attrs.field(default=0, init=False)
    _toxics: dict[str, tuple[Toxic, asyncio.Event]] = attrs.field(
        factory=dict[str, tuple[Toxic, asyncio.Event]], init=False
    )

    @property
    def url(self) -> str:
        """The address."""
        return f"http://{LOOPBACK}:{self.port}"

    def add(self, toxic: Toxic) -> None:
        """Add a toxic; it is done to the connections that are open too.

        Raises:
            ValueError: There is one of this name.
        """
        if toxic.name in self._toxics:
            raise ValueError(f"there is a toxic {toxic.name!r} already")
        self._toxics[toxic.name] = (toxic, asyncio.Event())

    def remove(self, name: str) -> None:
        """Remove a toxic.

        Raises:
            KeyError: There is none of this name.
        """
        _, removed = self._toxics.pop(name)
        removed.set()

    def clear(self) -> None:
        """Remove all toxics."""
        for name in list(self._toxics):
            self.remove(name)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        self.connections += 1
        link = _Link(self, self.connections)
        # All decisions are made now, in the order of the connections, so that schedules can be compared.
        if any(dose.decision.acts for dose in list(link.doses()) if dose.toxic.kind == "down"):
            self.fired.append("down")
            reset(writer)
            return
        try:
            there = await asyncio.open_connection(LOOPBACK, self.target)
        except OSError:
            reset(writer)
            return
        await link.carry((reader, writer), there)

    def toxics(self, stream: Stream | None = None) -> list[tuple[Toxic, asyncio.Event]]:
        """Return the toxics of a direction, or of both, as they were added, with what is set when they are removed."""
        return [each for each in self._toxics.values() if stream in (None, each[0].stream)]


_End = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: ChaosProxy, number: int) -> None:
        self._proxy = proxy
        self._number = number
        self._doses: dict[str, Dose] = {}

    def doses(self, stream: Stream | None = None) -> Iterator[Dose]:
        """Give the doses of the toxics that are there now; decides on those that are new."""
        proxy = self._proxy
        for toxic, removed in proxy.toxics(stream):
            dose = self._doses.get(toxic.name)
            if dose is None or dose.removed is not removed:
                decision = decide(proxy.seed, self._number, toxic)
                proxy.schedule.append(decision)
                rng = generator(proxy.seed, self._number, toxic.name, "pieces")
                dose = self._doses[toxic.name] = Dose(toxic, decision, rng, removed)
            yield dose

    async def carry(self, near: _End, far: _End) -> None:
        """Carry both directions until both have ended, or one is spoilt."""
        pumps = [
            asyncio.ensure_future(self._pump("upstream", near[0], far[1])),
            asyncio.ensure_future(self._pump("downstream", far[0], near[1])),
        ]
        try:
            await asyncio.gather(*pumps)
        except SpoiltError as spoilt:
            if spoilt.resets:
                reset(near[1])
                reset(far[1])
        except ConnectionError:
            reset(near[1])
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            far[1].close()

    async def _pump(self, stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one direction to its end."""
        while data := await reader.read(_PIECE):
            await self._hand_on(stream, data, writer)
        for dose in list(self.doses(stream)):
            await dose.delay_end()
        if writer.can_write_eof():
            writer.write_eof()

    async def _hand_on(self, stream: Stream, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Do to data what the toxics do, and send what is left of it."""
        pieces: list[Piece] = [(data, 0.0)]
        for dose in list(self.doses(stream)):
            given, pieces = pieces, []
            try:
                for piece, wait in given:
                    pieces += await dose.spoil(piece)
                    if wait and pieces:
                        pieces[-1] = (pieces[-1][0], pieces[-1][1] + wait)
            except SpoiltError as spoilt:
                self._proxy.fired.append(spoilt.toxic)
                await _send(writer, [*pieces, (spoilt.last, 0.0)])
                raise
        await _send(writer, pieces)


async def _send(writer: asyncio.StreamWriter, pieces: list[Piece]) -> None:
    for piece, wait in pieces:
        writer.write(piece)
        await writer.drain()
        if wait:
            await asyncio.sleep(wait)


@contextlib.asynccontextmanager
async def chaos_proxy(target: int, *, seed: int, toxics: tuple[Toxic, ...] = ()) -> AsyncIterator[ChaosProxy]:
    """Run a proxy on loopback.

    Args:
        target: The port of the server on loopback.
        seed: Of all decisions.
        toxics: The toxics to begin with.
    """
    proxy = ChaosProxy(target, seed)
    for toxic in toxics:
        proxy.add(toxic)
    async with serving(proxy.handle) as proxy.port:
        yield proxy
