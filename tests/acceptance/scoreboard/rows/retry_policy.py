"""Row 8: the retry policy: faults, methods, fresh and pooled connections; each combination is held against a table."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import NoneType
from typing import Any, Final

import attrs

from frontegg_async import AsyncFrontegg, Endpoint, FronteggError, Options
from frontegg_async.endpoints import Retry, access_tokens, api_tokens, hierarchy, migrations, sso, sub_tenants, tenants
from frontegg_async.models import SsoType
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.retry_policy_table import (
    DONE,
    FAULTS,
    MAY_HAVE_ACTED,
    NOTHING_TO_READ,
    RESULT_LOST,
    TABLE,
    UNKNOWN,
    Class,
    Expected,
    Fault,
)
from tests.acceptance.scoreboard.support import tenant_answers
from tests.support.faults.http import RawRequest, answer_bytes
from tests.support.faults.scripted_server import Close, ScriptedServer, Send, Serve, Step, scripted_server

_OPTIONS: Final = Options(timeout=2.0, deadline=30.0)
_WATCHDOG: Final = 25.0
_AT_ONCE: Final = 60
_CELLS: Final = 240


@attrs.frozen
class Operation:
    """An operation and a call of it."""

    endpoint: Endpoint[Any]
    call: Callable[[AsyncFrontegg], Awaitable[object]] = attrs.field(repr=False)


METHODS: Final = (
    Operation(tenants.GET, lambda it: it.tenants.get("a")),
    Operation(tenants.UPDATE, lambda it: it.tenants.update("a", name="n")),
    Operation(tenants.DELETE, lambda it: it.tenants.delete("a")),
    Operation(tenants.ADD_METADATA, lambda it: it.tenants.add_metadata("a", {"key": 1})),
    Operation(sso.UPDATE, lambda it: it.sso.update("a", "a-sso", enabled=True)),
)
"""One operation of each method: GET, PUT, DELETE, POST, PATCH."""

SPECIAL: Final = (
    Operation(tenants.CREATE, lambda it: it.tenants.create(name="n")),
    Operation(sub_tenants.CREATE, lambda it: it.sub_tenants.create(name="n", parent_tenant_id="b")),
    Operation(hierarchy.ASSIGN, lambda it: it.hierarchy.assign("a", "b")),
    Operation(migrations.START, lambda it: it.migrations.start(["a"])),
    Operation(sso.CREATE, lambda it: it.sso.create("a", type=SsoType.SAML)),
    Operation(api_tokens.CREATE, lambda it: it.api_tokens.create("a")),
    Operation(access_tokens.CREATE, lambda it: it.access_tokens.create("a")),
)
"""Writes that must never be sent again without a read that found nothing."""


_NOT_READABLE: Final = (migrations.START, api_tokens.CREATE, access_tokens.CREATE)
"""Writes whose result no read has: the id of a migration, and the secret of a token."""
_DO_NOT_READ: Final = (NOTHING_TO_READ, RESULT_LOST, UNKNOWN)


@attrs.frozen
class Cell:
    """A fault and an operation; whether the connection was used before, and whether the service acts on the request."""

    fault: Fault
    operation: Operation
    pooled: bool
    acts: bool = False

    def __str__(self) -> str:
        return (
            f"{self.operation.endpoint.name}, {self.fault.name}, {'pooled' if self.pooled else 'fresh'}"
            f"{', done' if self.acts else ''}"
        )

    @property
    def expected(self) -> Expected:
        """What must come of it."""
        endpoint = self.operation.endpoint
        if self.fault.class_ is Class.ACKNOWLEDGED and endpoint.retry is not Retry.SAFE:
            if endpoint.returns is NoneType:
                return NOTHING_TO_READ
            if endpoint in _NOT_READABLE:
                return RESULT_LOST
        if self.fault.class_ is Class.UNPROVEN and endpoint in _NOT_READABLE:
            return UNKNOWN
        if self.acts:
            return DONE
        return TABLE[self.fault.class_][endpoint.retry]


class _Service:
    """Responds correctly except to the first request of the operation; records whether it acted."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._exists = False
        self._warm = True
        self.log: list[RawRequest] = []
        self.warm_connection = 0

    def is_own(self, request: RawRequest) -> bool:
        """Whether a request is one of the operation itself."""
        return request.method == self._cell.operation.endpoint.method

    def choose(self, request: RawRequest) -> Sequence[Step]:
        """Return what is done with a request."""
        if request.path.endswith("/warm"):
            self.warm_connection = request.connection
        if request.path.endswith("/warm") or tenant_answers.is_authentication(request):
            last = () if self._cell.pooled else (Close(),)
            return (Send(tenant_answers.answer(request)), *last)
        self.log.append(request)
        if self.is_own(request):
            if sum(map(self.is_own, self.log)) == 1:
                self._exists = self._cell.acts
                return self._cell.fault.steps
            self._exists = True
        return (Send(tenant_answers.answer(request) if self.is_own(request) else self._read(request)),)

    def _read(self, request: RawRequest) -> bytes:
        """Answer a read of what became of a write."""
        if not request.path.endswith("/parents"):
            return answer_bytes(200, _state(request) if self._exists else [])
        is_child = request.headers["frontegg-tenant-id"] != "b"
        return answer_bytes(200, [{"tenantId": "b", "level": 1}] if self._exists and is_child else [])


def _state(request: RawRequest) -> object:
    """Return what a read shows after any of the operations."""
    if request.path.endswith("/configurations"):
        return [{"id": "a-sso", "tenantId": "a", "type": "saml", "enabled": True}]
    row = tenant_answers.tenant(tenant_answers.tenant_of(request), {"name": "n"})
    return {**row, "metadata": '{"key": 1}'}


@attrs.frozen
class Result:
    """The result of a cell."""

    cell: Cell
    error: FronteggError | BaseException | None
    log: Sequence[RawRequest]
    connection_was_right: bool

    def problem(self) -> str | None:
        """Return what does not match the table."""
        expected = self.cell.expected
        own = [place for place, request in enumerate(self.log) if self._is_own(request)]
        found = None if self.error is None else type(self.error)
        reads = len(own) > 0 and own[0] + 1 < (own[1] if len(own) > 1 else len(self.log))
        if (len(own), found, reads) != (expected.requests, expected.error, expected.reads):
            kind = "success" if found is None else found.__name__
            return f"{self.cell}: {len(own)} requests, {'a' if reads else 'no'} read, {kind}, not {expected}"
        return None if self.connection_was_right else f"{self.cell}: not the connection that it should be on"

    def _is_own(self, request: RawRequest) -> bool:
        return request.method == self.cell.operation.endpoint.method

    @property
    def blind(self) -> int:
        """How often the request was sent again with no read since the last, although it may have been done."""
        if self.cell.fault.class_ not in MAY_HAVE_ACTED:
            return 0
        own = [self._is_own(request) for request in self.log]
        return sum(first and second for first, second in itertools.pairwise(own))


@contextlib.asynccontextmanager
async def _served(cell: Cell, service: _Service) -> AsyncIterator[tuple[ScriptedServer, AsyncFrontegg]]:
    """Run the server of a cell and a client that has a token, and one idle connection if it is pooled."""
    async with contextlib.AsyncExitStack() as stack:
        serving = await stack.enter_async_context(contextlib.AsyncExitStack())
        server = await serving.enter_async_context(scripted_server([Serve(service.choose)]))
        client = AsyncFrontegg("id", "secret", base_url=server.url, options=_OPTIONS, max_connections=1)
        await stack.enter_async_context(client)
        await client.tenants.get("warm")
        if not cell.fault.steps:
            await serving.aclose()
        yield server, client


async def _take(cell: Cell) -> Result:
    service = _Service(cell)
    error: BaseException | None = None
    try:
        async with asyncio.timeout(_WATCHDOG), _served(cell, service) as (_, client):
            try:
                await cell.operation.call(client)
            except Exception as raised:  # noqa: BLE001 - the table says which is right
                error = raised.with_traceback(None)
    except TimeoutError as hang:
        error = hang
    first = service.log[0].connection if service.log else service.warm_connection
    # Requests that are never repeated use separate connections.
    is_on_pooled = cell.pooled and cell.operation.endpoint.retry is not Retry.NEVER
    right = not service.log or is_on_pooled is (first == service.warm_connection)
    return Result(cell, error, service.log, right)


def cells() -> tuple[list[Cell], list[Cell]]:
    """Return the cells of the methods, and those of the special writes, both with and without the service acting."""
    kinds = (False, True)
    plain = [Cell(fault, each, pooled) for fault in FAULTS for each in METHODS for pooled in kinds]
    special = [Cell(fault, each, pooled) for fault in FAULTS for each in SPECIAL for pooled in kinds]
    done = [
        attrs.evolve(cell, acts=True)
        for cell in (*plain, *special)
        if cell.expected not in _DO_NOT_READ
        and (
            (cell.operation.endpoint.retry is Retry.RECONCILE and cell.fault.class_ in MAY_HAVE_ACTED)
            or (cell.operation.endpoint.retry is not Retry.SAFE and cell.fault.class_ is Class.ACKNOWLEDGED)
        )
    ]
    return plain, special + done


async def _take_all(chosen: Sequence[Cell]) -> list[Result]:
    limit = asyncio.Semaphore(_AT_ONCE)

    async def take(cell: Cell) -> Result:
        async with limit:
            return await _take(cell)

    return list(await asyncio.gather(*map(take, chosen)))


async def measure_matrix(setting: Setting) -> Finding:
    """Take all cells."""
    plain, special = cells()
    order = [*plain, *special]
    setting.rng("matrix").shuffle(order)
    results = await _take_all(order)
    problems = {result.cell: problem for result in results if (problem := result.problem())}
    hangs = sum(
        isinstance(result.error, TimeoutError) and not isinstance(result.error, FronteggError) for result in results
    )
    blind = sum(result.blind for result in results if result.cell.operation in SPECIAL)
    matching = sum(cell not in problems for cell in plain)
    matching_special = sum(cell not in problems for cell in special)
    return Finding(
        figure=f"{matching} of {len(plain)} cells match the table, {matching_special} of {len(special)} of the writes "
        f"that must not be sent twice; {blind} of these sent again without a read, {hangs} hangs",
        passed=len(plain) == _CELLS and not problems and not blind and not hangs,
        details=tuple(problems.values())[:20],
    )


ROWS: Final = (
    Row(
        number=8,
        name="retry-policy-table",
        title="24 faults x 5 methods on fresh and pooled connections, and the writes that must not be sent twice",
        target="240 of 240 match the table; writes sent again without a read that found nothing 0; hangs 0",
        measure=measure_matrix,
        starred=True,
    ),
)
