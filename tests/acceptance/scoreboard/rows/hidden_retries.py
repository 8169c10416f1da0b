"""Row 13: aiohttp sends no request by itself: the server receives one request for each attempt of the client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from frontegg_async import AsyncFrontegg, Endpoint, FronteggError, Options
from frontegg_async.endpoints import migrations, sso, tenants
from frontegg_async.models.migrations import MigrationStart
from frontegg_async.models.sso_writes import SsoConfigurationUpdate
from frontegg_async.models.tenant_writes import TenantUpdate
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support import tenant_answers
from tests.support.faults.http import RawRequest
from tests.support.faults.scripted_server import (
    Close,
    HalfClose,
    Reset,
    Send,
    Serve,
    Step,
    WaitForPeer,
    scripted_server,
)

_ROUNDS: Final = 10
_CALLS: Final = 8

ENDPOINTS: Final[Mapping[str, tuple[Endpoint[Any], dict[str, Any]]]] = {
    "GET": (tenants.GET, {"path": {"tenant_id": "a"}}),
    "PUT": (tenants.UPDATE, {"path": {"tenant_id": "a"}, "body": TenantUpdate(name="n")}),
    "DELETE": (tenants.DELETE, {"path": {"tenant_id": "a"}}),
    "POST": (migrations.START, {"body": MigrationStart(tenants=("a",))}),
    "PATCH": (
        sso.UPDATE,
        {"path": {"configuration_id": "a-sso"}, "body": SsoConfigurationUpdate(tenant_id="a", enabled=True)},
    ),
}
DEATHS: Final[Mapping[str, tuple[Step, ...]]] = {
    "close": (Close(),),
    "reset": (Reset(),),
    "half close": (HalfClose(), WaitForPeer()),
    "cut in the status line": (Send(b"HTTP/1."), Close()),
    "cut in the body": (Send(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), Close()),
}


class _Mortal:
    """Responds to the first requests on a connection, and closes it at a later one."""

    def __init__(self, death: Sequence[Step]) -> None:
        self._death = death
        self._lives: dict[int, int] = {}
        self.requests = 0
        self.deaths = 0

    def choose(self, request: RawRequest) -> Sequence[Step]:
        """Return an answer, or an end if the connection was used before."""
        if tenant_answers.is_authentication(request):
            return (Send(tenant_answers.answer(request)),)
        self.requests += 1
        served = self._lives[request.connection] = self._lives.get(request.connection, 0) + 1
        if served % 2:
            return (Send(tenant_answers.answer(request)),)
        self.deaths += 1
        return self._death


async def _take(method: str, death: str) -> tuple[int, int, int]:
    """Return attempts, requests at the server, and connections that died while they were used again."""
    endpoint, arguments = ENDPOINTS[method]
    mortal = _Mortal(DEATHS[death])
    attempts = 0
    async with (
        scripted_server([Serve(mortal.choose)]) as server,
        AsyncFrontegg("id", "secret", base_url=server.url, options=Options(max_retries=1, timeout=5.0)) as client,
    ):
        for _ in range(_CALLS):
            try:
                attempts += (await client.send(endpoint, **arguments)).attempts
            except FronteggError as error:
                attempts += error.attempts
    return attempts, mortal.requests, mortal.deaths


async def measure_hidden(setting: Setting) -> Finding:
    """Let connections die while they are used again, and count on both sides."""
    rng = setting.rng("hidden")
    cells = [(method, death) for method in ENDPOINTS for death in DEATHS]
    wrong: list[str] = []
    totals = [0, 0, 0]
    for _ in range(_ROUNDS if setting.full else 2):
        rng.shuffle(cells)
        for (method, death), counts in zip(cells, await asyncio.gather(*(_take(*cell) for cell in cells)), strict=True):
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
            attempts, requests, deaths = counts
            if attempts != requests or not deaths:
                wrong.append(f"{method}, {death}: {attempts} attempts, {requests} requests, {deaths} deaths")
    attempts, requests, deaths = totals
    return Finding(
        figure=f"{requests / attempts:.3f} requests per attempt: {attempts} attempts, {requests} requests, "
        f"{deaths} reused connections died",
        passed=not wrong,
        details=tuple(wrong[:10]),
    )


ROWS: Final = (
    Row(
        number=13,
        name="hidden-retry-of-aiohttp",
        title="connections that end while they are reused, which aiohttp by default retries by itself",
        target="requests at the server = attempts of the client",
        measure=measure_hidden,
        starred=True,
    ),
)
