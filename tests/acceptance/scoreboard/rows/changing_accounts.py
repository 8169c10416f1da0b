"""Row 42: exports and complete listings while accounts are created, deleted and moved between any two requests."""

from __future__ import annotations

import http.client
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Protocol

import attrs

from frontegg_async import AsyncFrontegg, PaginationError
from frontegg_async.backward_reader import BackwardReader
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.support.changing_accounts import CHANGES, TOTALS, Account, Change, ChangingAccounts
from tests.support.clients import make_client
from tests.support.emulators import emulator_in_thread
from tests.support.raw_server import Answer, RawRequest, raw_server
from tests.support.raw_server import http as answer_with

_RUNS: Final = 2_000
_STARRED: Final = 40
_EMULATED: Final = 20
"""One run in so many is made against the emulator too."""

_FULL_PAGE: Final = 5
_RATES: Final = (0.05, 0.2, 1.0)


class _Accounts(Protocol):
    """Accounts that change before each answer."""

    alive: set[str]
    parents: dict[str, set[str | None]]

    def begin(self) -> None: ...

    def __call__(self, request: RawRequest) -> Answer: ...


@attrs.define
class _Count:
    """What came of the runs."""

    runs: int = 0
    refused: int = 0
    lost: list[str] = attrs.field(factory=list[str])
    false_moves: list[str] = attrs.field(factory=list[str])

    def check(self, where: str, accounts: _Accounts, parents: dict[str, str | None]) -> None:
        """Compare what was read with what was true meanwhile."""
        self.lost += [f"{where}: {each}" for each in sorted(accounts.alive - parents.keys())]
        wrong = [each for each, parent in parents.items() if parent not in accounts.parents[each]]
        self.false_moves += [f"{where}: {each}, {parents[each]}" for each in wrong]


async def measure(setting: Setting) -> Finding:
    """Read accounts, export them and compare the export with them, while they change in ways chosen at random."""
    count = _Count()
    runs = _RUNS if setting.full else _STARRED
    accounts: _Accounts = ChangingAccounts(setting.rng("none"), 0, kinds=())

    def answer(request: RawRequest) -> Answer:
        return accounts(request)

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "accounts.jsonl")
        async with raw_server(answer) as server, make_client(server.url) as client:
            for number in range(runs):
                simulated = _simulated(setting.rng(f"listing {number}"))
                await _read(f"listing {number}", simulated, count)
                accounts = _simulated(setting.rng(f"export {number}"))
                await _export(f"export {number}", client, accounts, path, count)
        async with (
            emulator_in_thread() as emulator,
            raw_server(answer) as server,
            make_client(server.url) as client,
        ):
            for number in range(0, runs, _EMULATED):
                accounts = _Emulated(emulator.create_environment(), setting.rng(f"emulator {number}"))
                await _export(f"emulator {number}", client, accounts, path, count)
                accounts.close()
    return Finding(
        figure=f"{count.runs:,} runs: {len(count.lost)} living accounts missing, {len(count.false_moves)} false moves, "
        f"{count.refused} refused as not complete",
        passed=not count.lost and not count.false_moves and 3 * count.refused < count.runs,
        details=(*count.lost[:6], *count.false_moves[:6]),
    )


def _simulated(rng: random.Random) -> ChangingAccounts:
    kinds = tuple[Change, ...](kind for kind in CHANGES if rng.random() < 0.5)
    return ChangingAccounts(
        rng,
        rng.randrange(40),
        rate=rng.choice(_RATES),
        most=rng.randint(0, 3),
        kinds=kinds,
        totals=rng.choice(TOTALS),
        full_page=_FULL_PAGE,
    )


async def _read(where: str, accounts: ChangingAccounts, count: _Count) -> None:
    """Read a listing as whatever promises all accounts does, without a client."""
    found: set[str] = set()

    async def take(rows: Sequence[Account]) -> None:
        found.update(row.tenant_id for row in rows)

    count.runs += 1
    try:
        await BackwardReader(accounts, attrgetter("tenant_id"), attrgetter("created_at")).read(take, found.clear)
    except PaginationError:
        count.refused += 1
    else:
        count.lost += [f"{where}: {each}" for each in sorted(accounts.alive - found)]


async def _export(where: str, client: AsyncFrontegg, accounts: _Accounts, path: Path, count: _Count) -> None:
    """Export the accounts, and compare the export with them."""
    count.runs += 1
    try:
        await client.export(path)
        count.check(where, accounts, _parents_in(path))
        for difference in await client.diff(path):
            if difference.kind == "deleted" and difference.tenant_id in accounts.alive:
                count.lost.append(f"{where}: {difference.tenant_id} seems to be deleted")
            if difference.kind == "moved" and difference.fields[0].after not in accounts.parents[difference.tenant_id]:
                count.false_moves.append(f"{where}: {difference.tenant_id} seems to move")
    except PaginationError:
        count.refused += 1


def _parents_in(path: Path) -> dict[str, str | None]:
    """Return the parents of the accounts of an export by their ids."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["tenant_id"]: row["parent_tenant_id"] for row in rows}


class _Emulated:
    """The accounts of an emulator, in pages of a few, with changes before each request that is handed on.

    Args:
        emulator: An environment of its own.
        rng: The source of all choices.
    """

    def __init__(self, emulator: EmulatorHandle, rng: random.Random) -> None:
        self.alive: set[str] = set()
        self.parents: dict[str, set[str | None]] = defaultdict(set)
        self.client: Frontegg = emulator.client()
        self._emulator = emulator
        self._rng = rng
        self._rate = rng.choice(_RATES)
        self._made = 0
        self._connection = http.client.HTTPConnection(emulator.url.removeprefix("http://"))
        credential = json.dumps({"clientId": emulator.client_id, "secret": emulator.secret})
        _, body = self._ask("POST", "/auth/vendor", {"content-type": "application/json"}, credential)
        self._token: str = json.loads(body)["token"]
        emulator.clock(freeze=True)
        for _ in range(rng.randrange(30)):
            self._create()
        self.begin()

    def begin(self) -> None:
        """Remember what is true from now on."""
        rows = self._rows()
        self.alive = set(rows)
        self.parents.clear()
        self._remember(rows)

    def __call__(self, request: RawRequest) -> Answer:
        """Change something, and hand the request on with a smaller page."""
        if self._rng.random() < self._rate:
            self._rng.choice([self._create, self._delete, self._move])()
            rows = self._rows()
            self.alive &= rows.keys()
            self._remember(rows)
        headers = {"authorization": f"Bearer {self._token}"}
        if "frontegg-tenant-id" in request.headers:
            headers["frontegg-tenant-id"] = request.headers["frontegg-tenant-id"]
        target = request.target.replace("_limit=200", f"_limit={_FULL_PAGE}")
        status, body = self._ask(request.method, target, headers)
        return answer_with(status, raw=body)

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()
        self.client.close()

    def _ask(self, method: str, target: str, headers: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def _rows(self) -> dict[str, Any]:
        """Return the accounts as the emulator has them, by their ids."""
        tenants: Any = self._emulator.export_seed()["tenants"]
        return {row["tenantId"]: row for row in tenants}

    def _remember(self, rows: dict[str, Any]) -> None:
        for tenant_id, row in rows.items():
            self.parents[tenant_id].add(row.get("parentTenantId"))

    def _create(self) -> None:
        self._made += 1
        self._emulator.clock(advance=1.0)
        self.client.tenants.create(
            tenant_id=f"{self._rng.randrange(16):x}-{self._made}", name="Account", is_reseller=self._rng.random() < 0.25
        )

    def _delete(self) -> None:
        rows = self._rows()
        if rows:
            self.client.tenants.delete(self._rng.choice([*rows]))

    def _move(self) -> None:
        rows = self._rows()
        places = [each for each in rows if rows[each].get("isReseller")]
        if not places:
            return
        moved, parent = self._rng.choice([*rows]), self._rng.choice(places)
        above: str | None = parent
        while above is not None and above != moved:
            above = rows[above].get("parentTenantId")
        if above == moved:
            return
        self.client.hierarchy.move(moved, parent)


ROWS: Final = (
    Row(
        number=42,
        name="changing_accounts",
        title="exports and complete listings while accounts come, go and move",
        target="0 living accounts missing without an error, 0 false moves",
        measure=measure,
        starred=True,
    ),
)
