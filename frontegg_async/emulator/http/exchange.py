"""`Exchange`: one HTTP request and its response, with what the pipeline has found out about it so far."""

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
    """One HTTP request and its response, while the pipeline works on them."""

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
    """Why the body is refused, if it had to be read before the request was checked."""
    token: str | None = None
    grant: Grant | None = None
    environment: EmulatedEnvironment | None = None
    limit_headers: Mapping[str, str] = NO_HEADERS
    """The rate-limit headers of the response."""
    response_fault: Fault | None = None
    """The fault of an earlier stage that spoils the response while it is sent."""
    ledgers: tuple[tuple[FaultLedger, Mapping[str, int]], ...] = ()
    """The ledgers that have a fault for this request, with the number that it has for each fault; mostly empty."""

    def count_for(self, ledgers: Iterable[FaultLedger]) -> None:
        """Count the request for every fault that matches it."""
        counted = [(ledger, ledger.count_request(self.method, self.path)) for ledger in ledgers if ledger]
        self.ledgers = tuple((ledger, numbers) for ledger, numbers in counted if numbers)

    def due(self, stage: Stage) -> Iterator[Fault]:
        """Yield the faults that act on this request at a stage, and note them in the journal."""
        for ledger, numbers in self.ledgers:
            for fault in ledger.due(stage, numbers):
                self.entry.faults = (*self.entry.faults, fault.id)
                yield fault
