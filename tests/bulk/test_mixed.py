"""Jobs whose rows have operations of their own, and values that rows replace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async.bulk import stores
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.settings import settings_of
from frontegg_async.bulk.store import NewRow
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ReadOnlyError, UnusableLedgerError, UnusableRowsError
from tests.bulk.each_store import new_address
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

SETTINGS = settings_of(4, None, 0.0, None)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    return new_address(request, tmp_path)


def row(operation: str, generation: int, created_at: float | None = None, **values: Any) -> MixedRow:
    return MixedRow(operation=operation, values=values, generation=generation, created_at=created_at)


async def made(client: AsyncFrontegg, *names: str) -> Mapping[str, float]:
    """Create tenants, and return when the service says that they were created."""
    times: dict[str, float] = {}
    for name in names:
        tenant = await client.tenants.create(tenant_id=name, name=name, is_reseller=True)
        assert tenant.created_at is not None
        times[name] = tenant.created_at.timestamp()
    return times


async def test_one_job_with_each_operation(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """Each row is sent by its own operation, generation after generation."""
    times = await made(frontegg_client, "old", "moved", "kept")
    frontegg_emulator.clear_journal()
    rows = [
        row("lock", 2, tenant_id="new"),
        row("create", 0, tenant_id="new", name="New", is_reseller=True),
        row("create", 1, tenant_id="below", name="Below", parent_tenant_id="new"),
        row("assign", 1, child_id="moved", parent_id="new"),
        row("update", 0, tenant_id="kept", name="Renamed"),
        row("add_metadata", 1, tenant_id="kept", metadata={"plan": "pro"}),
        row("delete", 3, times["old"], tenant_id="old"),
    ]
    report = await run_mixed(
        frontegg_client._caller, frontegg_client._environment.name, rows, address, identity="abc", settings=SETTINGS
    )
    assert (report.succeeded, report.total) == (7, 7), [failed.message for failed in report.failures()]
    assert report.operation == "add_metadata,assign,create,delete,lock,update"
    assert [each.operation for each in report.rows()] == [each.operation for each in rows]
    routes = [entry.route for entry in frontegg_emulator.journal() if entry.effect]
    assert routes.index("tenants.lock") == 5
    assert routes[-1] == "tenants.delete"
    tenants = {tenant.tenant_id: tenant async for tenant in frontegg_client.tenants.list()}
    assert (sorted(tenants), tenants["kept"].name) == (["below", "kept", "moved", "new"], "Renamed")
    assert tenants["kept"].metadata == {"plan": "pro"}
    assert tenants["new"].is_locked
    above = {name: await frontegg_client.hierarchy.list_parents(name) for name in ("moved", "below")}
    assert {name: parent.tenant_id for name, [parent] in above.items()} == {"moved": "new", "below": "new"}


async def test_a_job_without_rows(frontegg_client: AsyncFrontegg, address: str) -> None:
    """Its report has no rows, and nothing is sent."""
    report = await run_mixed(
        frontegg_client._caller, frontegg_client._environment.name, [], address, identity="abc", settings=SETTINGS
    )
    assert (report.total, report.requests) == (0, 0)


async def test_an_operation_that_does_not_exist(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is refused with the names of the others."""
    with pytest.raises(
        UnusableRowsError, match="row 1: there is no operation 'drop'; the operations are create, update"
    ):
        await run_mixed(
            frontegg_client._caller,
            "here",
            [row("drop", 0, tenant_id="a")],
            tmp_path / "l",
            identity="abc",
            settings=SETTINGS,
        )


async def test_rows_below_a_row_that_failed(frontegg_client: AsyncFrontegg, address: str) -> None:
    """They are skipped, and other rows of the tenant above do not hold them up."""
    await made(frontegg_client, "taken")
    rows = [
        row("create", 0, tenant_id="taken", name="Of others"),
        row("create", 1, tenant_id="below", name="Below", parent_tenant_id="taken"),
        row("create", 0, tenant_id="top", name="Top", is_reseller=True),
        row("create", 1, tenant_id="under", name="Under", parent_tenant_id="top"),
        row("lock", 2, tenant_id="top"),
    ]
    report = await run_mixed(
        frontegg_client._caller, frontegg_client._environment.name, rows, address, identity="abc", settings=SETTINGS
    )
    assert [each.state.value for each in report.rows()] == ["failed", "skipped", "done", "done", "done"]


async def test_rows_below_a_tenant_that_was_there(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """Another change of the tenant above that failed does not keep it from having tenants below itself."""
    await made(frontegg_client, "top", "moved")
    frontegg_emulator.add_fault(
        match={"method": "PUT"}, stage="before_commit", action={"type": "status", "status": 403}
    )
    rows = [
        row("update", 0, tenant_id="top", name="Renamed"),
        row("create", 1, tenant_id="under", name="Under", parent_tenant_id="top"),
        row("assign", 1, child_id="moved", parent_id="top"),
    ]
    report = await run_mixed(
        frontegg_client._caller, frontegg_client._environment.name, rows, address, identity="abc", settings=SETTINGS
    )
    assert [each.state.value for each in report.rows()] == ["failed", "done", "done"]


async def test_a_mixed_job_is_resumed(frontegg_emulator: EmulatorHandle, address: str) -> None:
    """Rows whose responses were lost are read back by their own operations."""
    once = Options(max_retries=0)
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=once
    ) as client:
        await made(client, "a", "b")
        for method in ("PUT", "POST"):
            frontegg_emulator.add_fault(
                match={"method": method, "path": "/tenants/*", "times": 2},
                stage="after_commit",
                action={"type": "close"},
            )
        rows = [
            row("create", 0, tenant_id="c", name="C"),
            row("update", 0, tenant_id="a", name="A 2"),
            row("lock", 0, tenant_id="b"),
        ]
        report = await run_mixed(
            client._caller, client._environment.name, rows, address, identity="abc", settings=SETTINGS
        )
        assert report.unknown > 0
        frontegg_emulator.delete_faults()
        report = await client.bulk.resume(address)
    assert (report.succeeded, report.unknown) == (3, 0)
    assert [each.attempts for each in report.rows()] == [1, 1, 1]


async def test_a_job_that_has_ended(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """The same call returns its report, and sends nothing."""
    job = (
        frontegg_client._caller,
        frontegg_client._environment.name,
        [row("create", 0, tenant_id="a", name="A")],
        address,
    )
    await run_mixed(*job, identity="abc", settings=SETTINGS)
    frontegg_emulator.clear_journal()
    report = await run_mixed(*job, identity="abc", settings=SETTINGS)
    assert (report.succeeded, report.total, frontegg_emulator.journal()) == (1, 1, [])


@pytest.mark.slow
async def test_a_job_that_was_stopped(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """The same call continues it, with the settings that it has now."""
    frontegg_emulator.add_fault(
        match={"method": "POST", "times": 1}, stage="before_commit", action={"type": "delay", "seconds": 0.5}
    )
    rows = [row("create", 0, tenant_id=f"t{n}", name="A") for n in range(9)]
    job = frontegg_client._caller, frontegg_client._environment.name, rows, address
    first = asyncio.create_task(run_mixed(*job, identity="abc", settings=SETTINGS))
    await until(lambda: bool(frontegg_emulator.faults()[0]["fired"]))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    frontegg_emulator.delete_faults()
    report = await run_mixed(*job, identity="abc", settings=settings_of(2, "900/s", 0.0, None))
    assert (report.succeeded, report.total) == (9, 9)
    assert report._reader.summary()[0].settings["rate"] == "900/s"


async def test_a_job_whose_rows_were_not_all_read(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """It is begun anew: nothing was sent."""
    caller, environment = frontegg_client._caller, frontegg_client._environment.name
    opened = await stores.begin_ledger(address, operation="create", environment=environment, settings={})
    await opened.store.add([NewRow(1, None, "left", None, b"{}")])
    await opened.store.close()
    rows = [row("create", 0, tenant_id="a", name="A")]
    report = await run_mixed(caller, environment, rows, address, identity="abc", settings=SETTINGS)
    assert [each.tenant_id for each in report.rows()] == ["a"]
    assert [entry.route for entry in frontegg_emulator.journal() if entry.effect] == ["tenants.create"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"identity": "9c" * 32}, f"belongs to the plan {'7f' * 6}, not to the plan {'9c' * 6}: give another ledger"),
        ({"environment": "https://other as me"}, "belongs to another environment"),
    ],
)
async def test_a_ledger_of_another_job(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    address: str,
    changed: dict[str, Any],
    message: str,
) -> None:
    """It is refused with both names, and nothing is sent."""
    rows = [row("create", 0, tenant_id="a", name="A")]
    job: dict[str, Any] = {"environment": frontegg_client._environment.name, "identity": "7f" * 32}
    run = partial(run_mixed, frontegg_client._caller, rows=rows, ledger=address, settings=SETTINGS)
    await run(**job)
    frontegg_emulator.clear_journal()
    with pytest.raises(UnusableLedgerError, match=message):
        await run(**{**job, **changed})
    assert frontegg_emulator.journal() == []


async def test_a_ledger_of_a_job_of_one_operation(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    await frontegg_client.bulk.create([{"name": "A"}], ledger=tmp_path / "l")
    with pytest.raises(UnusableLedgerError, match="belongs to the job create, not to the plan 7f3a19c2d04e"):
        await run_mixed(
            frontegg_client._caller,
            frontegg_client._environment.name,
            [row("create", 0, tenant_id="a", name="A")],
            tmp_path / "l",
            identity="7f3a19c2d04e55",
            settings=SETTINGS,
        )


async def test_rows_of_which_some_expect_values(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """They are refused: whether a job compares is one decision."""
    rows = [row("lock", 0, tenant_id="a"), MixedRow(operation="lock", values={"tenant_id": "b"}, before=None)]
    with pytest.raises(UnusableRowsError, match="row 2: before must be given for all rows of a job, or for none"):
        await run_mixed(frontegg_client._caller, "here", rows, tmp_path / "l", identity="abc", settings=SETTINGS)
    assert not (tmp_path / "l").exists()


async def test_a_read_only_client(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    async with AsyncFrontegg(
        frontegg_emulator.client_id,
        frontegg_emulator.secret,
        base_url=frontegg_emulator.url,
        options=Options(read_only=True),
    ) as client:
        with pytest.raises(ReadOnlyError):
            await run_mixed(client._caller, "here", [], tmp_path / "l", identity="abc", settings=SETTINGS)
    assert not (tmp_path / "l").exists()


async def test_a_move_in_a_job_that_compares_nothing(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A tenant that goes to the top leaves the parent that it has; one that is there already stays."""
    tops: list[dict[str, Any]] = [{"tenantId": "top", "name": "Top", "isReseller": True}]
    frontegg_emulator.seed(tenants=[*tops, {"tenantId": "a", "name": "A", "parentTenantId": "top"}])
    rows = [row("move", 0, tenant_id=each, parent_tenant_id=None) for each in ("a", "top")]
    report = await run_mixed(
        frontegg_client._caller,
        frontegg_client._environment.name,
        rows,
        tmp_path / "l",
        identity="abc",
        settings=SETTINGS,
    )
    assert report.succeeded == 2
    assert await frontegg_client.hierarchy.list_parents("a") == ()


async def test_an_invalid_row_of_a_mixed_job(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is refused before anything is sent, and no ledger is left."""
    rows = [row("create", 0, tenant_id="a", name="A"), row("update", 0, tenant_id="a")]
    with pytest.raises(UnusableRowsError, match="row 2: update needs at least one field to change"):
        await run_mixed(
            frontegg_client._caller,
            frontegg_client._environment.name,
            rows,
            tmp_path / "l",
            identity="abc",
            settings=SETTINGS,
        )
    assert not (tmp_path / "l").exists()


async def test_a_creation_without_an_id(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is refused: another run of the same call would give it another id."""
    rows = [row("create", 0, name="A")]
    with pytest.raises(UnusableRowsError, match="row 1: create needs tenant_id, which is not given"):
        await run_mixed(frontegg_client._caller, "here", rows, tmp_path / "l", identity="abc", settings=SETTINGS)


async def test_a_row_before_the_first_generation(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is refused: no run would send it."""
    with pytest.raises(UnusableRowsError, match="row 1: generation must be 0 or more, not -1"):
        await run_mixed(
            frontegg_client._caller,
            frontegg_client._environment.name,
            [row("create", -1, tenant_id="a", name="A")],
            tmp_path / "l",
            identity="abc",
            settings=SETTINGS,
        )


BEFORE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "update": ({"tenant_id": "a", "name": "B", "metadata.seats": 3}, {"name": "A", "metadata": {}}),
    "add_metadata": ({"tenant_id": "a", "metadata": {"x": 1, "plan": "free"}}, {"metadata": {"plan": "pro"}}),
    "delete_metadata": ({"tenant_id": "a", "key": "plan"}, {"metadata": {"plan": "pro"}}),
    "lock": ({"tenant_id": "a"}, {"is_locked": False}),
    "unlock": ({"tenant_id": "a"}, {"is_locked": False}),
    "assign": ({"child_id": "a", "parent_id": "top"}, {"parent_id": None}),
    "update_account_settings": ({"tenant_id": "a", "timezone": "Europe/Berlin"}, {"timezone": None}),
}


@pytest.mark.parametrize("operation", BEFORE)
async def test_values_that_rows_replace_are_kept(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, operation: str
) -> None:
    """They are those of the moment before the row was sent, and a report has them."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "a", "name": "A", "metadata": {"plan": "pro"}},
            {"tenantId": "top", "name": "Top", "isReseller": True},
        ]
    )
    given, before = BEFORE[operation]
    begin = getattr(frontegg_client.bulk, operation)
    report = await begin([given], ledger=tmp_path / "l", keep_before=True)
    [kept] = report.rows()
    assert (kept.state.value, kept.before) == ("done", before)


async def test_a_deleted_tenant_is_kept_whole(frontegg_client: AsyncFrontegg, address: str) -> None:
    """A row of a tenant that does not exist keeps that."""
    await made(frontegg_client, "a", "b")
    ids = [{"tenant_id": "a"}, {"tenant_id": "none"}]
    report = await frontegg_client.bulk.delete(ids, ledger=address, confirm=2, keep_before=True)
    [kept, none] = report.rows()
    assert kept.before is not None
    assert (kept.before["name"], kept.before["is_reseller"]) == ("a", True)
    assert (none.before, none.has_before, kept.has_before) == (None, True, True)


async def test_values_that_cannot_be_read(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """The row is not sent, and a later run sends it; the values of the first run that kept them stay."""
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "A"}])
    async with AsyncFrontegg(
        frontegg_emulator.client_id,
        frontegg_emulator.secret,
        base_url=frontegg_emulator.url,
        options=Options(max_retries=0),
    ) as client:
        frontegg_emulator.add_fault(
            match={"method": "GET"}, stage="before_commit", action={"type": "status", "status": 503}
        )
        report = await client.bulk.update([{"tenant_id": "a", "name": "B"}], ledger=tmp_path / "l", keep_before=True)
        assert (report.failed, [entry for entry in frontegg_emulator.journal() if entry.effect]) == (1, [])
        frontegg_emulator.delete_faults()
        lose = frontegg_emulator.add_fault(match={"method": "PUT"}, stage="after_commit", action={"type": "close"})
        report = await client.bulk.resume(tmp_path / "l")
        assert report.unknown == 1
        frontegg_emulator.delete_fault(lose)
        report = await client.bulk.resume(tmp_path / "l")
    [kept] = report.rows()
    assert (kept.state.value, kept.before) == ("done", {"name": "A"})
    assert read_report(tmp_path / "l").succeeded == 1


async def test_a_cancelled_read_of_values(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Rows whose values were being read are pending again."""
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "A"}])
    frontegg_emulator.add_fault(match={"method": "GET"}, stage="before_commit", action={"type": "delay", "seconds": 60})
    update = frontegg_client.bulk.update([{"tenant_id": "a", "name": "B"}], ledger=tmp_path / "l", keep_before=True)
    job = asyncio.create_task(update)
    await until(lambda: bool(frontegg_emulator.faults()[0]["fired"]))
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert read_report(tmp_path / "l").pending == 1


async def test_reads_of_values_that_are_rate_limited(frontegg_emulator: EmulatorHandle, address: str) -> None:
    """Rows wait as they do for a permit, also longer than a call may wait: they do not fail."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{n}", "name": "A"} for n in range(60)])
    frontegg_emulator.add_fault(
        match={"method": "GET", "times": 1},
        stage="before_commit",
        action={"type": "status", "status": 429, "headers": {"Retry-After": "2"}},
    )
    rows = [{"tenant_id": f"t{n}", "name": "B"} for n in range(60)]
    async with AsyncFrontegg(
        frontegg_emulator.client_id,
        frontegg_emulator.secret,
        base_url=frontegg_emulator.url,
        options=Options(deadline=0.5),
    ) as client:
        report = await client.bulk.update(rows, ledger=address, keep_before=True)
    assert (report.succeeded, report.failed) == (60, 0), [failed.message for failed in report.failures()]
    assert [kept.before for kept in report.rows()] == [{"name": "A"}] * 60
