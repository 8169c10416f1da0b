"""`frontegg.undo`: restores the values from before a job, unless others have changed them since."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.bulk import BulkReport
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import UnusableLedgerError
from frontegg_async.testing import EmulatorFaults, parts

pytestmark = pytest.mark.anyio

Rows = list[dict[str, object]]

_VOLATILE = ("updated_at",)


@pytest.fixture
def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with five accounts, one of them locked."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "south", "name": "South", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north", "metadata": {"plan": "free", "seats": 1}},
            {"tenantId": "shop", "name": "Shop", "isLocked": True},
            {"tenantId": "stand", "name": "Stand"},
        ]
    )
    return frontegg_client


async def _accounts(client: AsyncFrontegg, path: Path) -> dict[str, dict[str, object]]:
    """Return all accounts as an export has them, without what each write changes."""
    await client.export(path, include=("settings", "applications"))
    return _read(path)


def _read(path: Path) -> dict[str, dict[str, object]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["tenant_id"]: {name: row[name] for name in row if name not in _VOLATILE} for row in rows}


async def _undone(client: AsyncFrontegg, ledger: Path) -> tuple[Plan, BulkReport]:
    plan = await client.undo(ledger)
    return plan, await client.apply(plan, ledger=ledger.with_suffix(".undone"))


async def test_an_applied_plan_is_undone(client: AsyncFrontegg, tmp_path: Path) -> None:
    """All values are as before, and the account that it created is gone."""
    before = await _accounts(client, tmp_path / "before.jsonl")
    rows: Rows = [
        {"tenant_id": "north", "name": "N2", "status": "vip", "settings": {"date_format": "DD"}},
        {"tenant_id": "kiosk", "metadata": {"plan": "pro", "seats": None, "more": [1]}, "parent_tenant_id": "south"},
        {"tenant_id": "stand", "is_locked": True},
        {"tenant_id": "shop", "is_locked": False},
        {"tenant_id": "new", "name": "New", "parent_tenant_id": "north"},
    ]
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    plan, report = await _undone(client, tmp_path / "ledger")
    assert (report.succeeded, plan.not_planned) == (report.total, 0), report.summary()
    assert await _accounts(client, tmp_path / "after.jsonl") == before
    assert not (await client.undo(tmp_path / "ledger")).writes


@pytest.mark.slow
async def test_jobs_of_each_operation_are_undone(client: AsyncFrontegg, tmp_path: Path) -> None:
    """If they have kept the values from before."""
    before = await _accounts(client, tmp_path / "before.jsonl")
    jobs: list[tuple[str, Rows]] = [
        ("update", [{"tenant_id": "kiosk", "name": "K2", "metadata.plan": "pro"}]),
        ("update", [{"tenant_id": "stand", "metadata": {"a": 1}}]),
        ("add_metadata", [{"tenant_id": "kiosk", "metadata": {"seats": 2, "x": None}}]),
        ("delete_metadata", [{"tenant_id": "kiosk", "key": "plan"}]),
        ("update_account_settings", [{"tenant_id": "stand", "timezone": "UTC"}]),
        ("lock", [{"tenant_id": "stand"}, {"tenant_id": "shop"}]),
        ("assign", [{"child_id": "stand", "parent_id": "north"}]),
    ]
    for number, (name, rows) in enumerate(jobs):
        ledger = tmp_path / f"{number}"
        report = await getattr(client.bulk, name)(rows, ledger=ledger, keep_before=True)
        assert report.succeeded == len(rows), report.summary()
        _, report = await _undone(client, ledger)
        assert report.succeeded == report.total, report.summary()
    after = await _accounts(client, tmp_path / "after.jsonl")
    assert after == before
    assert after["shop"]["is_locked"] is True  # the lock stood before the job


async def test_several_rows_of_an_account_are_undone_to_the_first(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The value before the job, and not that before its last row."""
    rows: Rows = [{"tenant_id": "stand", "name": "S2"}, {"tenant_id": "stand", "name": "S3"}]
    await client.bulk.update(rows, ledger=tmp_path / "ledger", keep_before=True)
    [change] = await client.undo(tmp_path / "ledger")
    assert (change.before, change.after) == ("S3", "Stand")


async def test_what_others_changed_since_stays(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Each such value is a note of the plan."""
    rows: Rows = [
        {"tenant_id": "kiosk", "metadata": {"plan": "pro", "seats": 2}},
        {"tenant_id": "stand", "name": "S2"},
        {"tenant_id": "new", "name": "New"},
        {"tenant_id": "south", "name": "S9"},
    ]
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    await client.tenants.add_metadata("kiosk", {"plan": "team"})
    await client.tenants.update("stand", name="By others")
    await client.tenants.update("new", name="Kept")
    await client.tenants.delete("south")
    plan, report = await _undone(client, tmp_path / "ledger")
    assert [(change.key, change.path) for change in plan] == [("kiosk", "metadata.seats")]
    assert sorted((note.key, note.path, note.text) for note in plan.notes) == [
        ("kiosk", "metadata.plan", "is team now, so the value stays"),
        ("new", "name", "is Kept now, so the account stays"),
        ("south", "", "the account no longer exists"),
        ("stand", "name", "is By others now, so the value stays"),
    ]
    assert report.succeeded == 1


async def test_a_deletion_cannot_be_undone(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The plan says so, and has nothing else."""
    await client.apply(await client.plan([{"tenant_id": "stand", "absent": True}]), ledger=tmp_path / "ledger")
    plan = await client.undo(tmp_path / "ledger")
    assert not plan
    assert [(note.key, note.text) for note in plan.notes] == [("stand", "a deletion cannot be undone")]


async def test_a_job_that_kept_no_values_says_so(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Its rows are notes."""
    await client.bulk.update([{"tenant_id": "stand", "name": "S2"}], ledger=tmp_path / "ledger")
    plan = await client.undo(tmp_path / "ledger")
    assert [note.text for note in plan.notes] == ["the job did not store the values before its update"]


async def test_accounts_that_a_job_created_are_deleted_with_children_first(
    client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Guarded as all deletions are."""
    rows: Rows = [{"tenant_id": "a", "name": "A", "is_reseller": True}]
    rows += [{"tenant_id": f"a{n}", "name": "A", "parent_tenant_id": "a"} for n in range(3)]
    await client.bulk.create(rows, ledger=tmp_path / "ledger")
    plan = await client.undo(tmp_path / "ledger")
    assert [change.key for change in plan] == ["a0", "a1", "a2", "a"]
    assert [guard.name for guard in plan.shut_guards] == ["delete"]
    plan = await client.undo(tmp_path / "ledger", allow={"delete": 4})
    report = await client.apply(plan, ledger=tmp_path / "undone")
    assert report.succeeded == 4


async def test_values_that_were_there_before_the_job_are_left(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The job has not written them."""
    plan = await client.plan([{"tenant_id": "stand", "name": "S2"}])
    await client.tenants.update("stand", name="S2")
    await client.apply(plan, ledger=tmp_path / "ledger")
    assert not await client.undo(tmp_path / "ledger")


async def test_a_job_whose_outcome_is_not_known_is_resumed_first(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """Its rows may be done by now or later."""
    frontegg_faults.lost_response(path=None, method="PUT", times=None)
    report = await client.with_options(max_retries=0).bulk.update(
        [{"tenant_id": "stand", "name": "S2"}], ledger=tmp_path / "ledger"
    )
    assert report.unknown == 1
    frontegg_faults.clear()
    with pytest.raises(UnusableLedgerError, match=r"an unknown outcome \(1\): resume the job first"):
        await client.undo(tmp_path / "ledger")


async def test_a_job_of_another_environment_is_refused(
    client: AsyncFrontegg, frontegg_emulator_server: EmulatorHandle, tmp_path: Path
) -> None:
    """Its accounts are others, although their ids may be the same."""
    await client.bulk.update([{"tenant_id": "stand", "name": "S2"}], ledger=tmp_path / "ledger", keep_before=True)
    async with parts.client(frontegg_emulator_server.create_environment()) as other:
        with pytest.raises(UnusableLedgerError, match="belongs to another environment"):
            await other.undo(tmp_path / "ledger")


async def test_an_account_that_others_use_by_now_stays(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Although all values that the job set are still there."""
    rows: Rows = [{"tenant_id": f"n{n}", "name": "N", "is_reseller": True} for n in range(6)]
    await client.bulk.create(rows, ledger=tmp_path / "ledger")
    await client.users.invite("n1", email="eve@n1.example")
    await client.tenants.create(tenant_id="of-others", name="C", parent_tenant_id="n2")
    await client.tenants.add_metadata("n3", {"plan": "pro"})
    await client.hierarchy.assign("n4", parent_id="south")
    await client.tenants.lock(["n5"])
    plan = await client.undo(tmp_path / "ledger")
    assert [change.key for change in plan] == ["n0"]
    assert sorted((note.key, note.path, note.text) for note in plan.notes) == [
        ("n1", "", "has 1 user now, so the account stays"),
        ("n2", "", "has accounts below it that stay, so the account stays"),
        ("n3", "metadata", 'is {"plan":"pro"} now, so the account stays'),
        ("n4", "parent_tenant_id", "is south now, so the account stays"),
        ("n5", "is_locked", "is true now, so the account stays"),
    ]


async def test_a_move_that_was_half_done_is_undone(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """The job has taken the account from its parent, and could not put it anywhere."""
    plan = await client.plan([{"tenant_id": "kiosk", "parent_tenant_id": "south"}])
    frontegg_faults.status(403, path="/tenants/resources/hierarchy/v1", method="POST")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.failed == 1
    frontegg_faults.clear()
    [change] = await client.undo(tmp_path / "ledger")
    assert (change.kind, change.key, change.before, change.after) == ("moved", "kiosk", None, "north")


async def test_a_move_that_failed_without_an_effect_is_nothing(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """The account is where it was."""
    plan = await client.plan([{"tenant_id": "kiosk", "parent_tenant_id": "south"}])
    frontegg_faults.status(403, path="/tenants/resources/hierarchy/v1", method="DELETE")
    assert (await client.apply(plan, ledger=tmp_path / "ledger")).failed == 1
    frontegg_faults.clear()
    assert not await client.undo(tmp_path / "ledger")


async def test_a_created_account_that_the_job_gave_settings_is_deleted(client: AsyncFrontegg, tmp_path: Path) -> None:
    """A setting is a field of the account too, and has the value of the job."""
    rows: Rows = [{"tenant_id": "new", "name": "New", "settings": {"address": "Main Street"}}]
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    [change] = await client.undo(tmp_path / "ledger")
    assert (change.kind, change.key) == ("deleted", "new")


async def test_accounts_below_a_created_one_move_back_before_it_is_deleted(
    client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The account that the job has put there does not keep it."""
    before = await _accounts(client, tmp_path / "before.jsonl")
    reseller: dict[str, object] = {"tenant_id": "new", "name": "New", "is_reseller": True}
    rows: Rows = [reseller, {"tenant_id": "kiosk", "parent_tenant_id": "new"}]
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    plan, report = await _undone(client, tmp_path / "ledger")
    assert ([change.key for change in plan], report.succeeded) == (["kiosk", "new"], 2)
    assert await _accounts(client, tmp_path / "after.jsonl") == before


async def test_a_swap_below_an_account_that_is_gone_is_not_undone(client: AsyncFrontegg, tmp_path: Path) -> None:
    """One account cannot move back to the top, so the other cannot move back below it."""
    rows: Rows = [
        {"tenant_id": "south", "parent_tenant_id": "north"},
        {"tenant_id": "kiosk", "parent_tenant_id": "south"},
    ]
    await client.apply(await client.plan(rows), ledger=tmp_path / "tree")
    swap: Rows = [
        {"tenant_id": "north", "absent": True},
        {"tenant_id": "kiosk", "parent_tenant_id": None, "is_reseller": True},
        {"tenant_id": "south", "parent_tenant_id": "kiosk"},
    ]
    await client.apply(await client.plan(swap), ledger=tmp_path / "ledger")
    plan, report = await _undone(client, tmp_path / "ledger")
    assert {(note.key, note.path, note.text) for note in plan.notes} == {
        ("north", "", "a deletion cannot be undone"),
        ("south", "parent_tenant_id", "was under north, which no longer exists"),
        ("kiosk", "parent_tenant_id", "was under south, which is now below this account, so it stays"),
    }
    assert report.succeeded == report.total
