"""`Exchange`: a request under way on its connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
from aiohttp import web

from frontegg_async.emulator.answers import Refusal
from frontegg_async.emulator.calls import Grant
from frontegg_async.emulator.connections import Connection
from frontegg_async.emulator.environment import Environment
from frontegg_async.emulator.faults import Fault, FaultBook
from frontegg_async.emulator.faultspec import Stage
from frontegg_async.emulator.journal import Entry
from frontegg_async.emulator.routes import Route


@attrs.define(eq=False)
class Exchange:
    """A request, as far as it is understood."""

    request: web.BaseRequest
    connection: Connection
    method: str
    raw_path: str
    path: str
    query: str
    prefixed: bool
    trace_id: str
    route: Route | None
    fields: Mapping[str, str]
    entry: Entry
    body: bytes | None = None
    refusal: Refusal | None = None
    """Why the body, which was read ahead, is refused."""
    token: str | None = None
    grant: Grant | None = None
    environment: Environment | None = None
    books: tuple[FaultBook, ...] = ()

    def due(self, stage: Stage) -> Iterator[Fault]:
        """Yield the faults that act on this request at a stage, and write them into the journal."""
        for book in self.books:
            if book:
                for fault in book.due(stage, self.method, self.path):
                    self.entry.faults = (*self.entry.faults, fault.id)
                    yield fault
