"""How a run goes and ends: guards, rates, progress, lost responses, interruption, and ledgers that cannot be used."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from frontegg_async import (
    AsyncFrontegg,
    InvalidArgumentError,
    LedgerError,
    Options,
    Outcome,
    RequestTimeoutError,
    Tenant,
)
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.shared_rate_limits import RateTurn
from frontegg_async.bulk import BulkProgress, RowState, patience, planner
from frontegg_async.bulk.operations import tenants as tenant_operations
from frontegg_async.bulk.sqlite_reader import SqliteReader
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Commit, Committed, NewRow
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ErrorDetails, GuardShutError, LedgerInUseError, UnusableLedgerError
from frontegg_async.models.tenant_writes import TenantCreate
from frontegg_async.resources.support.created_tenants import create_checked
from frontegg_sync import Frontegg
from tests.bulk.test_create import created, rows
from tests.fleet.memory import MemoryGate

pytestmark = pytest.mark.anyio

CREATE = {"path": "/tenants/resources/tenants/v1", "method": "POST"}
FORBIDDEN = {"type": "status", "status": 403, "body": {"errors": ["no"]}}


async def test_most_rows_fail_for_one_reason(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The job stops, stays stopped, and continues when a resume overrides the guard."""
    fault = frontegg_emulator.add_fault(match=CREATE, stage="before_commit", action=FORBIDDEN)
    with pytest.raises(
        GuardShutError, match=r"51 of the last 51 rows failed for one reason, PermissionDeniedError 403.*override="
    ) as caught:
        await frontegg_client.bulk.create(rows(300), ledger=tmp_path / "l", concurrency=1)
    assert caught.value.guard == "max_failures"
    frontegg_emulator.delete_fault(fault)
    with pytest.raises(GuardShutError, match="51 of the last 51 rows failed"):
        await frontegg_client.bulk.resume(tmp_path / "l")
    report = await frontegg_client.bulk.resume(tmp_path / "l", override=True)
    assert (report.succeeded, report.failed) == (249, 51)
    assert SqliteReader(str(tmp_path / "l")).summary()[0].overridden == 51


async def test_failures_of_others(
    frontegg_client: AsyncFrontegg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed in other processes counts, and a guard that has shut there ends the work here."""
    commit = SqliteStore.commit

    async def count_others(store: SqliteStore, given: Commit) -> Committed:
        return Committed((await commit(store, given)).items, failed=7)

    monkeypatch.setattr(SqliteStore, "commit", count_others)
    with pytest.raises(GuardShutError, match="7 rows failed, which is more than max_failures=5"):
        await frontegg_client.bulk.create(rows(20), ledger=tmp_path / "l", max_failures=5)

    async def shut_elsewhere(store: SqliteStore, given: Commit) -> Committed:
        committed = await commit(store, given)
        await commit(store, Commit(guard=("max_failures", "elsewhere")))
        return committed

    monkeypatch.setattr(SqliteStore, "commit", shut_elsewhere)
    report = await frontegg_client.bulk.create(rows(20), ledger=tmp_path / "m", max_failures=7)
    assert (report.pending, report.requests) == (20, 0)


async def test_rows_that_are_long(tmp_path: Path) -> None:
    """Those of a turn may be longer together than any text of SQLite."""
    ledger = await SqliteStore.begin(str(tmp_path / "l"), operation="create", environment="here", settings={})
    given = [{"name": f"{n}" * 300} for n in range(1, 7)]
    await ledger.add([NewRow(n, None, f"t{n}", None, msgspec.json.encode(row)) for n, row in enumerate(given, 1)])
    await ledger.seal()
    ledger._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1000)
    assert [item.values for item in (await ledger.commit(Commit(most=6))).items] == given
    await ledger.close()


class _LateGate(MemoryGate):
    """Has the second turn for creates, and the first one too late."""

    async def reserve(self, scope: str, route: str, most: float, /) -> RateTurn:
        await super().reserve(scope, route, most)
        creates = [each for each, _ in self.asked if each.startswith("POST /tenants")]
        return RateTurn(most + 1 if len(creates) == 1 else 0.0)


async def test_a_row_waits_for_a_turn_of_the_fleet(
    frontegg_emulator: EmulatorHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a call does, which may get no answer in time, or a turn that is too late."""
    monkeypatch.setattr(patience, "_PAUSE", 0.001)
    late = [RequestTimeoutError("x", ErrorDetails(outcome=Outcome.NOT_SENT, reason="turn"))]

    def create_late(caller: Caller, body: TenantCreate, *, own_id: bool) -> Awaitable[Tenant]:
        if late:
            raise late.pop()
        return create_checked(caller, body, own_id=own_id)

    monkeypatch.setattr(tenant_operations, "create_checked", create_late)
    settings = (frontegg_emulator.client_id, frontegg_emulator.secret)
    gate = _LateGate()
    async with AsyncFrontegg(*settings, base_url=frontegg_emulator.url, rate_gate=gate) as client:
        report = await client.bulk.create(rows(1), ledger=tmp_path / "l")
    assert (report.succeeded, report.requests, len(gate.asked), late) == (1, 1, 3, [])


async def test_an_outage(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """The job stops when nobody knows what becomes of its rows, however many may fail; later they are settled."""
    frontegg_emulator.add_fault(match=CREATE, stage="before_commit", action={**FORBIDDEN, "status": 503})
    once = Options(max_retries=0)
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=once
    ) as client:
        with pytest.raises(
            GuardShutError,
            match="rows have an unknown outcome for one reason, ServerOutcomeUnknownError 503",
        ):
            await client.bulk.create(rows(60), ledger=tmp_path / "l", concurrency=1, max_failures=5)
        frontegg_emulator.delete_faults()
        report = await client.bulk.resume(tmp_path / "l", override="max_failures")
    assert (report.succeeded, report.unknown) == (60, 0)


async def test_rows_that_did_not_reach_the_service(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A wrong secret stops the job, and with the right one all rows are done."""
    async with AsyncFrontegg(frontegg_emulator.client_id, "wrong", base_url=frontegg_emulator.url) as wrong:
        with pytest.raises(GuardShutError, match="AuthenticationError"):
            await wrong.bulk.create(rows(120), ledger=tmp_path / "l", concurrency=4)
    report = await frontegg_client.bulk.resume(tmp_path / "l", override="max_failures")
    assert (report.succeeded, report.failed) == (120, 0)


async def test_a_guard_does_not_wait_for_the_rate(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Rows that wait for their turn are not sent, and not waited for."""
    frontegg_emulator.add_fault(match=CREATE, stage="before_commit", action=FORBIDDEN)
    with pytest.raises(GuardShutError, match="more than max_failures=0"):
        await asyncio.wait_for(
            frontegg_client.bulk.create(rows(20), ledger=tmp_path / "l", rate="1/h", max_failures=0), 20
        )
    report = read_report(tmp_path / "l")
    assert (report.failed, report.pending) == (1, 19)


@pytest.mark.parametrize(("most", "failed"), [(0, 1), (3, 4), (0.05, 6)])
async def test_max_failures(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, most: float, failed: int
) -> None:
    """A number of rows, or a share of all."""
    frontegg_emulator.add_fault(match=CREATE, stage="before_commit", action=FORBIDDEN)
    with pytest.raises(GuardShutError, match="more than max_failures"):
        await frontegg_client.bulk.create(rows(100), ledger=tmp_path / "l", concurrency=1, max_failures=most)
    assert read_report(tmp_path / "l").failed == failed


async def test_deletes_are_confirmed(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Without the right number nothing is sent."""
    await frontegg_client.bulk.create(rows(3), ledger=tmp_path / "c")
    ids = [{"tenant_id": f"t{n}"} for n in (1, 2, 3)]
    with pytest.raises(GuardShutError, match="delete affects 3 tenants, and confirm is 2") as caught:
        await frontegg_client.bulk.delete(ids, ledger=tmp_path / "l", confirm=2)
    assert caught.value.guard == "confirm"
    assert await frontegg_client.tenants.list().count() == 3
    with pytest.raises(GuardShutError, match="confirm is 2"):
        await frontegg_client.bulk.resume(tmp_path / "l", override="max_failures")
    assert (await frontegg_client.bulk.resume(tmp_path / "l", override="confirm")).succeeded == 3


async def test_a_crash_confirms_nothing(
    frontegg_client: AsyncFrontegg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deletes wait for a confirmation, wherever the run that read the input ended."""
    await frontegg_client.bulk.create(rows(2), ledger=tmp_path / "c")
    ids = [{"tenant_id": f"t{n}"} for n in (1, 2)]

    seal = SqliteStore.seal

    async def crash(store: SqliteStore, guard: tuple[str, str] | None = None) -> None:
        await seal(store, guard)
        raise RuntimeError

    monkeypatch.setattr(SqliteStore, "seal", crash)
    with pytest.raises(RuntimeError):
        await frontegg_client.bulk.delete(ids, ledger=tmp_path / "l")
    monkeypatch.undo()
    with pytest.raises(GuardShutError, match="confirm is not given"):
        await frontegg_client.bulk.resume(tmp_path / "l")
    assert (await frontegg_client.bulk.delete(ids, ledger=tmp_path / "m", confirm=2)).succeeded == 2


@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
async def test_lost_responses(frontegg_emulator: EmulatorHandle, tmp_path: Path, stage: str) -> None:
    """Rows without a response are unknown, and are settled by reading."""
    once = Options(max_retries=0)
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=once
    ) as client:
        for nth in (2, 5):
            frontegg_emulator.add_fault(match={**CREATE, "nth": nth}, stage=stage, action={"type": "close"})
        report = await client.bulk.create(rows(10), ledger=tmp_path / "l", concurrency=2)
        assert (report.succeeded, report.unknown) == (8, 2)
        frontegg_emulator.delete_faults()
        report = await client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, report.unknown) == (10, 0)
    assert sorted(created(frontegg_emulator)) == sorted(row["tenant_id"] for row in rows(10))


async def test_what_differs_is_failed(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A tenant that was in flight and is not as asked for was made by somebody else."""
    ledger = tmp_path / "l"
    held = await SqliteStore.begin(
        str(ledger), operation="create", environment=frontegg_client._environment.name, settings=SETTINGS
    )
    await fill(held, rows(2))
    frontegg_emulator.seed(
        tenants=[{"tenantId": "t1", "name": "Tenant 1", "metadata": {"n": 1}}, {"tenantId": "t2", "name": "Else"}]
    )
    report = await frontegg_client.bulk.resume(ledger)
    assert (report.succeeded, report.failed, created(frontegg_emulator)) == (1, 1, [])
    [failure] = report.failures()
    assert (failure.tenant_id, failure.error) == ("t2", "ConflictError")


SETTINGS: dict[str, Any] = {"concurrency": 4, "rate": None, "reserve": 0.2, "max_failures": None}


async def fill(ledger: SqliteStore, given: list[dict[str, Any]]) -> None:
    """Put rows into a ledger, mark them as sent, and give it up, as a killed process does."""
    await ledger.add(
        [NewRow(n, None, row["tenant_id"], None, msgspec.json.encode(row)) for n, row in enumerate(given, 1)]
    )
    await ledger.seal()
    await ledger.commit(Commit(most=len(given)))
    await ledger.close()


@pytest.mark.slow
async def test_rows_that_are_marked_ahead(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """No more than the pace sends before the next commit: a kill leaves only these in flight, and none unknown."""
    marked: list[int] = []

    def look(_: BulkProgress) -> None:
        report = read_report(tmp_path / "l")
        marked.append(report.in_flight)
        assert report.unknown == 0
        if len(marked) == 5:
            job.cancel()

    job = asyncio.create_task(frontegg_client.bulk.create(rows(500), ledger=tmp_path / "l", rate=20, on_progress=look))
    with pytest.raises(asyncio.CancelledError):
        await job
    assert max(marked) < 100  # of 500


@pytest.mark.slow
async def test_interruption(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """What waits was not sent, and what was in flight is read back."""
    reached = asyncio.Event()
    shown: list[BulkProgress] = []

    def show(progress: BulkProgress) -> None:
        shown.append(progress)
        if progress.done > 20:
            reached.set()

    job = asyncio.create_task(
        frontegg_client.bulk.create(rows(2_000), ledger=tmp_path / "l", rate=400, on_progress=show)
    )
    await reached.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    report = read_report(tmp_path / "l")
    assert report.succeeded > 20
    assert report.pending > 1_000
    sent = sum(entry.route == "tenants.create" for entry in frontegg_emulator.journal())
    assert sent <= report.requests <= report.succeeded + report.in_flight
    assert 0 < shown[-1].rate < 450
    report = await frontegg_client.bulk.resume(tmp_path / "l", rate="9999/s")
    assert report.succeeded == 2_000
    assert len(created(frontegg_emulator)) == 2_000


@pytest.mark.slow
async def test_a_limit_of_the_service(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The rows wait until the route is open again; none fails."""
    frontegg_emulator.add_fault(
        match={**CREATE, "nth": 5},
        stage="accept",
        action={"type": "rate_limit", "reset_in": 0.2, "with_header": True},
    )
    report = await frontegg_client.bulk.create(rows(20), ledger=tmp_path / "l", concurrency=1)
    assert (report.succeeded, report.requests) == (20, 21)


async def test_async_rows_and_an_awaited_callback(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Rows may come from an async generator, and progress may be awaited."""
    shown: list[BulkProgress] = []

    async def given() -> AsyncIterator[dict[str, Any]]:
        for row in rows(5):
            yield row

    async def show(progress: BulkProgress) -> None:
        shown.append(progress)

    report = await frontegg_client.bulk.create(given(), ledger=tmp_path / "l", on_progress=show)
    assert report.succeeded == shown[-1].finished == shown[-1].total == 5


def test_blocking(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """The twin does the same."""
    with Frontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url) as client:
        report = client.bulk.create(rows(5), ledger=tmp_path / "l")
        assert (report.succeeded, client.bulk.resume(tmp_path / "l").succeeded) == (5, 5)
        assert client.bulk.report(tmp_path / "l").succeeded == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rate": "fast"}, "rate must be a number of requests per second above 0"),
        ({"rate": 0}, "rate must be"),
        ({"rate": "0/s"}, "rate must be"),
        ({"rate": True}, "rate must be"),
        ({"reserve": 1}, "reserve must be a share"),
        ({"concurrency": 0}, "concurrency must be a whole number from 1"),
        ({"max_failures": -1}, "max_failures must be"),
        ({"max_failures": 1.5}, "max_failures must be"),
        ({"on_bad_row": "skip"}, "on_bad_row must be"),
        ({"dry_run": 1}, "dry_run must be"),
        ({"ledger": None}, "ledger must be given"),
        ({"ledger": 3}, "ledger must be the path"),
        ({"ledger": "mysql://x"}, "ledger must be the path"),
        ({"ledger": "\ud800"}, "ledger must be the path"),
        ({"on_progress": 3}, "on_progress must be a function, not int"),
    ],
)
async def test_bad_arguments(frontegg_client: AsyncFrontegg, tmp_path: Path, given: dict[str, Any], said: str) -> None:
    """They are named, and no ledger is made."""
    with pytest.raises(InvalidArgumentError, match=said):
        await frontegg_client.bulk.create(rows(1), **{"ledger": tmp_path / "l", **given})
    assert not os.listdir(tmp_path)  # noqa: PTH208 - of a test


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def _cut_head(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def _unseal(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE job SET is_sealed = 0")


def _other(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE x (y)")
    connection.close()


def _text(path: Path) -> None:
    path.write_text("tenant_id,name\n")


def _garble(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE job SET settings = CAST('{' AS BLOB)")


def _edit(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def _misname(path: Path) -> None:
    _edit(path, "UPDATE job SET operation = 'burn'")


def _misplace(path: Path) -> None:
    _edit(path, "INSERT OR REPLACE INTO state (number, state, error) VALUES (2, 99, 'X')")
    _edit(path, "UPDATE job SET total = 'many'")


_EDITS = (
    "DELETE FROM item WHERE number = 7",
    "DELETE FROM item WHERE number = 100",
    "UPDATE item SET number = 700 WHERE number = 7",
    "UPDATE state SET state = 9 WHERE number = 7",
    "UPDATE state SET number = 700 WHERE number = 7",
    "UPDATE job SET total = -5",
    "UPDATE job SET total = 5",
    "UPDATE job SET elapsed = 9e999",
    "UPDATE job SET elapsed = -1",
)


async def test_a_ledger_that_was_edited(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Neither a report nor a run takes its rows for those of the job."""
    whole, edited = tmp_path / "whole", tmp_path / "edited"
    await frontegg_client.bulk.create(rows(100), ledger=whole)
    for change in _EDITS:
        edited.write_bytes(whole.read_bytes())
        _edit(edited, change)
        with pytest.raises(UnusableLedgerError, match="is damaged"):
            read_report(edited)
        with pytest.raises(UnusableLedgerError, match="is damaged"):
            await frontegg_client.bulk.resume(edited)


async def test_a_row_in_flight_that_was_edited(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """A run does not count with a number of attempts that is none."""
    ledger = tmp_path / "l"
    await frontegg_client.bulk.create(rows(3), ledger=ledger)
    _edit(ledger, "INSERT OR REPLACE INTO state (number, state, attempts) VALUES (2, 1, 'x')")
    with pytest.raises(LedgerError, match="is damaged"):
        await frontegg_client.bulk.resume(ledger)


async def test_a_ledger_whose_rows_are_in_no_generation(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """A run says so, instead of leaving them out."""
    ledger = tmp_path / "l"
    await frontegg_client.tenants.create(tenant_id="t", name="T")
    await frontegg_client.bulk.update([{"tenant_id": "t", "name": name} for name in "AB"], ledger=ledger)
    _edit(ledger, "UPDATE item SET generation = -3 WHERE number = 2")
    with pytest.raises(UnusableLedgerError, match="is damaged"):
        await frontegg_client.bulk.resume(ledger)


def _set_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def _newer(path: Path) -> None:
    _set_version(path, 9)


def _older(path: Path) -> None:
    _set_version(path, 1)


def _scramble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_truncate, "is incomplete"),
        (_cut_head, "is not a ledger: the file is incomplete"),
        (_other, "another program's SQLite database"),
        (_text, "is not a ledger: it is another file"),
        (_newer, "has version 9 of the format"),
        (_older, "has version 1 of the format"),
        (_scramble, "is damaged"),
        (_garble, "is damaged"),
        (_misname, "is damaged"),
        (_misplace, "is damaged"),
        (Path.unlink, "there is no ledger"),
        (_unseal, "l is incomplete: .* or it is a copy without the file that ends in -wal"),
    ],
)
async def test_a_ledger_that_cannot_be_used(
    frontegg_client: AsyncFrontegg, tmp_path: Path, spoil: Any, said: str
) -> None:
    """Each says what is wrong."""
    ledger = tmp_path / "l"
    await frontegg_client.bulk.create(rows(100), ledger=ledger)
    spoil(ledger)
    with pytest.raises(UnusableLedgerError, match=said):
        await frontegg_client.bulk.resume(ledger)
    if spoil is _unseal:
        return
    with pytest.raises(UnusableLedgerError, match=said):
        read_report(ledger)


async def test_a_ledger_of_another_environment(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """It is refused, and both are named."""
    await frontegg_client.bulk.create(rows(1), ledger=tmp_path / "l")
    other = frontegg_emulator.create_environment(client_id="emu_other", secret="emu_other_secret")
    async with AsyncFrontegg(other.client_id, other.secret, base_url=other.url) as client:
        with pytest.raises(
            UnusableLedgerError, match=r"another environment, emu_\w+ at .*; this client uses emu_other at"
        ):
            await client.bulk.resume(tmp_path / "l")
    assert frontegg_emulator.secret.encode() not in (tmp_path / "l").read_bytes()


@pytest.mark.slow
async def test_a_disk_that_is_full(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job ends with the reason, nothing is lost, and it continues when there is room."""
    whole = SqliteStore._seal

    def seal(self: SqliteStore, guard: tuple[str, str] | None) -> None:
        whole(self, guard)
        pages = self._connection.execute("PRAGMA page_count").fetchone()[0]
        self._connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    monkeypatch.setattr(SqliteStore, "_seal", seal)
    with pytest.raises(LedgerError, match="the disk is full"):
        await frontegg_client.bulk.create(rows(600), ledger=tmp_path / "l")
    monkeypatch.undo()
    report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert report.succeeded == 600
    assert len(created(frontegg_emulator)) == 600


async def test_a_disk_that_is_full_while_the_log_is_moved(tmp_path: Path) -> None:
    """The file is shorter than its head says, and the log has the rest."""
    held = await SqliteStore.begin(str(tmp_path / "l"), operation="create", environment="here", settings=SETTINGS)
    await held.add([NewRow(1, None, "t1", None, b"{}")])
    await held.plan(planner.index)
    await held.seal()
    content = bytearray((tmp_path / "l").read_bytes())
    content[28:32] = (1_000).to_bytes(4, "big")
    (tmp_path / "copy").write_bytes(content)
    shutil.copy(tmp_path / "l-wal", tmp_path / "copy-wal")
    await held.close()
    assert read_report(tmp_path / "copy").pending == 1
    resumed = await SqliteStore.resume(str(tmp_path / "copy"))
    assert resumed.job.is_sealed
    await resumed.close()


@pytest.mark.each_python
@pytest.mark.skipif(os.name != "posix", reason="other systems hold locks by file and not by process")
def test_locks_outlive_a_report(tmp_path: Path) -> None:
    """A report does not open and close the ledger that this process works on, which would end SQLite's locks."""
    held = SqliteStore._begin(str(tmp_path / "l"), "create", "here", {})
    assert read_report(tmp_path / "l").total == 0
    with pytest.raises(LedgerInUseError):
        SqliteStore._resume(str(tmp_path / "l"))
    # The bytes that hold SQLite's shared locks.
    lock = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)"
    tried = subprocess.run([sys.executable, "-c", lock, tmp_path / "l"], capture_output=True, text=True, check=False)
    assert "BlockingIOError" in tried.stderr
    held.close_now()


async def test_a_ledger_of_any_name(
    frontegg_client: AsyncFrontegg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that SQLite takes for something else are files, and a directory that is not there is told."""
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "file:l?mode=memory"):
        await frontegg_client.bulk.create([{"name": "A"}], ledger=name)
        assert read_report(tmp_path / name).succeeded == 1
    with pytest.raises(UnusableLedgerError, match="no such directory"):
        await frontegg_client.bulk.create(rows(1), ledger="none/l")


async def test_the_name_of_a_guard(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is checked although no guard is shut."""
    with pytest.raises(
        InvalidArgumentError, match="override must be True, False, 'max_failures' or 'confirm', not 'x'"
    ):
        await frontegg_client.bulk.resume(tmp_path / "l", override="x")


async def test_a_copy_of_a_ledger(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """What the original did meanwhile is not done again."""
    ledger = tmp_path / "l"
    held = await SqliteStore.begin(
        str(ledger), operation="create", environment=frontegg_client._environment.name, settings=SETTINGS
    )
    await fill(held, rows(20))
    shutil.copy(ledger, tmp_path / "copy")
    await frontegg_client.bulk.resume(ledger)
    report = await frontegg_client.bulk.resume(tmp_path / "copy")
    assert report.succeeded == 20
    assert len(created(frontegg_emulator)) == 20
    assert [(row.state, row.attempts) for row in report._reader.rows()] == [(RowState.DONE, 1)] * 20
    # One request lists the tenants. The copy also counts the requests for its rows, which the original has sent.
    assert report.requests == 21
