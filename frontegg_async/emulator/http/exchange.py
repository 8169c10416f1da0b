"""`Exchange`: a request under way on its connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs
from aiohttp import web

from frontegg_async.emulator.faults.ledger import Fault, FaultLedger
from frontegg_async.emulator.faults.spec import Stage
from frontegg_async.emulator.http.routes import Route
from frontegg_async.emulator.rules.emulated_response import NO_HEADERS, RequestRefusedError
from frontegg_async.emulator.world.connections import Connection
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.journal import JournalEntry


@attrs.define(eq=False)
class Exchange:
    """A request, as far as it is understood."""

    request: web.BaseRequest
    connection: Connection
    method: str
    target: str
    raw_path: str
    path: str
    query: str
    prefixed: bool
    trace_id: str
    route: Route | None
    fields: Mapping[str, str]
    entry: JournalEntry
    body: bytes | None = None
    refusal: RequestRefusedError | None = None
    """Why the body, which was read ahead, is refused."""
    token: str | None = None
    grant: Grant | None = None
    environment: EmulatedEnvironment | None = None
    told: Mapping[str, str] = NO_HEADERS
    """What the answer tells of the limit of its route."""
    spoils: Fault | None = None
    """What the answer is sent wrong by, if a fault of an earlier stage says so."""
    books: tuple[tuple[FaultLedger, Mapping[str, int]], ...] = ()
    """The faults that may act on it; mostly there are none."""

    def arrive(self, books: Iterable[FaultLedger]) -> None:
        """Count the request for the faults that may act on it."""
        counted = [(book, book.arrive(self.method, self.path)) for book in books if book]
        self.books = tuple((book, numbers) for book, numbers in counted if numbers)

    def due(self, stage: Stage) -> Iterator[Fault]:
        """Yield the faults that act on this request at a stage, and write them into the journal."""
        for book, numbers in self.books:
            for fault in book.due(stage, numbers):
                self.entry.faults = (*self.entry.faults, fault.id)
                yield fault
