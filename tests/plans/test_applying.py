"""`frontegg.apply`: sends a plan and nothing else, and leaves what others have changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import GuardShutError, InvalidArgumentError, ReadOnlyError, UnusableLedgerError
from frontegg_async.testing import EmulatorFaults, parts

pytestmark = pytest.mark.anyio

Rows = list[dict[str, object]]


@pytest.fixture
def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with three accounts."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north", "metadata": {"plan": "free"}},
            {"tenantId": "shop", "name": "Shop"},
        ]
    )
    return frontegg_client


def _writes(emulator: EmulatorHandle) -> list[str]:
    return [each.path for each in emulator.journal() if each.method != "GET" and each.path != "/auth/vendor"]


_MIXED: Rows = [
    {"tenant_id": "north", "name": "N2", "settings": {"date_format": "DD"}},
    {"tenant_id": "kiosk", "metadata": {"plan": "pro"}, "is_locked": True, "parent_tenant_id": None},
    {
        "tenant_id": "new",
        "name": "New",
        "parent_tenant_id": "north",
        "is_locked": True,
        "settings": {"time_format": "24h"},
    },
    {"tenant_id": "shop", "absent": True},
]


async def test_a_plan_is_applied_and_the_next_one_is_empty(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Also settings and a lock of an account that the plan creates."""
    plan = await client.plan(_MIXED)
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.succeeded, report.total) == (len(plan.writes), len(plan.writes)), report.summary()
    assert not await client.plan(_MIXED)


async def test_the_ledger_stands_beside_the_plan_and_is_continued(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """The same call a second time sends nothing."""
    plan = await client.plan(_MIXED)
    plan.save(tmp_path / "plan.jsonl")
    await client.apply(tmp_path / "plan.jsonl", digest=plan.digest[:32].upper())
    assert (tmp_path / "plan.jsonl.ledger.sqlite3").exists()
    before = len(_writes(frontegg_emulator))
    report = await client.apply(tmp_path / "plan.jsonl")
    assert report.succeeded == report.total
    assert len(_writes(frontegg_emulator)) == before


async def test_what_others_changed_is_stale(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The other rows are applied."""
    plan = await client.plan(_MIXED)
    await client.tenants.add_metadata("kiosk", {"plan": "team"})
    await client.tenants.create(tenant_id="new", name="By others")
    await client.users.invite("shop", email="eve@shop.example")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    stale = {row.tenant_id: row.message for row in report.rows(only="stale")}
    assert stale.keys() == {"kiosk", "new", "shop"}
    assert stale["kiosk"] == 'metadata.plan is "team" now, and the plan expects "free"'
    skipped = {row.operation: row.message for row in report.rows(only="skipped")}
    assert skipped.keys() == {"lock", "update_account_settings"}
    assert report.failed == 0
    kiosk = await client.tenants.get("kiosk")
    assert (kiosk.metadata, kiosk.is_locked) == ({"plan": "team"}, True)
    assert (await client.tenants.get("new")).name == "By others"
    assert (await client.tenants.get("shop")).name == "Shop"


async def test_values_that_are_there_already_are_done_without_a_write(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """Somebody else may have made the same change."""
    plan = await client.plan([{"tenant_id": "kiosk", "name": "K2"}, {"tenant_id": "shop", "absent": True}])
    await client.tenants.update("kiosk", name="K2")
    await client.tenants.delete("shop")
    before = len(_writes(frontegg_emulator))
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.succeeded, report.stale) == (2, 0)
    assert len(_writes(frontegg_emulator)) == before


async def test_with_the_original_the_changes_of_others_are_stale(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Also those from before the plan."""
    await client.export(tmp_path / "original.jsonl")
    await client.tenants.update("kiosk", name="By others")
    plan = await client.plan([{"tenant_id": "kiosk", "name": "Mine"}], base=tmp_path / "original.jsonl")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.succeeded, report.stale) == (0, 1)
    assert (await client.tenants.get("kiosk")).name == "By others"


async def test_a_gone_account_of_the_original_is_not_made_again(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Its change is stale."""
    await client.export(tmp_path / "original.jsonl")
    await client.tenants.delete("kiosk")
    plan = await client.plan([{"tenant_id": "kiosk", "name": "Mine"}], base=tmp_path / "original.jsonl")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert (report.total, report.stale) == (1, 1)


@pytest.mark.parametrize(
    ("digest", "message"),
    [
        ("0" * 64, "digest belongs to another plan"),
        ("abc", "digest must be the 64 hexadecimal digits of a plan"),
        ("g" * 64, "digest must be the 64 hexadecimal digits of a plan"),
        ("0" * 65, "digest must be the 64 hexadecimal digits of a plan"),
    ],
)
async def test_another_digest_sends_nothing(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, digest: str, message: str, tmp_path: Path
) -> None:
    """The plan is not the one that was reviewed."""
    plan = await client.plan(_MIXED)
    with pytest.raises(InvalidArgumentError, match=message):
        await client.apply(plan, ledger=tmp_path / "ledger", digest=digest)
    assert not _writes(frontegg_emulator)
    assert not (tmp_path / "ledger").exists()


async def test_a_shut_guard_sends_nothing(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """The error names the guard and the number."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{n}", "name": "T"} for n in range(4)])
    rows: Rows = [{"tenant_id": f"t{n}", "is_locked": True} for n in range(4)]
    plan = await client.plan(rows)
    with pytest.raises(
        GuardShutError, match="the guard lock refuses the plan: the plan has 4 of these changes"
    ) as caught:
        await client.apply(plan, ledger=tmp_path / "ledger")
    assert caught.value.guard == "lock"
    assert not _writes(frontegg_emulator)
    allowed = await client.plan(rows, allow={"lock": 4})
    assert (await client.apply(allowed, ledger=tmp_path / "ledger")).succeeded == 4


async def test_a_plan_of_another_environment_is_refused(
    client: AsyncFrontegg, frontegg_emulator_server: EmulatorHandle, tmp_path: Path
) -> None:
    """By the id that the service shows."""
    plan = await client.plan(_MIXED)
    async with parts.client(frontegg_emulator_server.create_environment()) as other:
        with pytest.raises(InvalidArgumentError, match="plan belongs to another environment"):
            await other.apply(plan, ledger=tmp_path / "ledger")


async def test_a_ledger_of_another_plan_is_refused(client: AsyncFrontegg, tmp_path: Path) -> None:
    """It says what was done about other rows."""
    await client.apply(await client.plan([{"tenant_id": "kiosk", "name": "A"}]), ledger=tmp_path / "ledger")
    plan = await client.plan([{"tenant_id": "kiosk", "name": "B"}])
    with pytest.raises(UnusableLedgerError):
        await client.apply(plan, ledger=tmp_path / "ledger")
    assert (await client.tenants.get("kiosk")).name == "A"


async def test_a_client_that_may_only_read_plans_and_does_not_apply(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The refusal comes before anything is read."""
    reader = client.with_options(read_only=True)
    plan = await reader.plan(_MIXED)
    assert plan
    with pytest.raises(ReadOnlyError):
        await reader.apply(plan, ledger=tmp_path / "ledger")


async def test_an_interrupted_plan_is_continued_by_bulk_resume(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """Its ledger is one of bulk work."""
    plan = await client.plan(_MIXED)
    frontegg_faults.status(403, path="/tenants/resources/tenants/v1/lock")
    report = await client.apply(plan, ledger=tmp_path / "ledger")
    assert report.failed == 2
    frontegg_faults.clear()
    assert (await client.bulk.report(tmp_path / "ledger")).total == report.total
    assert (await client.bulk.resume(tmp_path / "ledger")).total == report.total


async def test_a_plan_in_memory_needs_a_ledger(client: AsyncFrontegg) -> None:
    """There is no file beside which it could stand."""
    plan = await client.plan(_MIXED)
    with pytest.raises(InvalidArgumentError, match="ledger must be given, since the plan is not a file"):
        await client.apply(plan)


@pytest.mark.parametrize("plan", [None, 3, {"writes": []}])
async def test_a_plan_must_be_one(client: AsyncFrontegg, plan: str) -> None:
    """Also for programs without a type checker."""
    with pytest.raises(InvalidArgumentError, match="plan must be a Plan or the path of a plan's file"):
        await client.apply(plan)


async def test_a_plan_that_was_applied_before_is_not_reported_as_done(client: AsyncFrontegg, tmp_path: Path) -> None:
    """The same files and the same environment give the same plan, and its ledger is there already."""
    rows: Rows = [{"tenant_id": "kiosk", "name": "K2"}]
    plan = await client.plan(rows)
    await client.apply(plan, ledger=tmp_path / "ledger")
    assert (await client.apply(plan, ledger=tmp_path / "ledger")).succeeded == 1
    await client.tenants.update("kiosk", name="Kiosk")
    again = await client.plan(rows)
    assert again.digest == plan.digest
    with pytest.raises(UnusableLedgerError, match="'kiosk' has other values now"):
        await client.apply(again, ledger=tmp_path / "ledger")
    assert (await client.apply(again, ledger=tmp_path / "another")).succeeded == 1
    assert (await client.tenants.get("kiosk")).name == "K2"


async def test_keys_are_added_to_an_account_without_metadata(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Null has no keys, as an empty object."""
    rows: Rows = [{"tenant_id": "shop", "metadata": {"a": 1, "b": None}}]
    report = await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    assert (report.succeeded, report.stale) == (1, 0)
    assert not await client.plan(rows)


@pytest.mark.parametrize("metadata", ["", "text", '{"a": 1}', "null", "12", [1, {"a": None}], 7, False])
async def test_metadata_of_any_kind_are_planned_applied_and_undone(
    client: AsyncFrontegg, metadata: object, tmp_path: Path
) -> None:
    """Text stays text, also if it looks like JSON."""
    rows: Rows = [
        {"tenant_id": "kiosk", "metadata": metadata},
        {"tenant_id": "fresh", "name": "F", "metadata": metadata},
    ]
    report = await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    assert (report.succeeded, report.total) == (2, 2), report.summary()
    assert not await client.plan(rows)
    back: Rows = [{"tenant_id": "kiosk", "metadata": {"plan": "free"}}]
    report = await client.apply(await client.plan(back), ledger=tmp_path / "back")
    assert report.succeeded == 1, report.summary()
    report = await client.apply(await client.undo(tmp_path / "back"), ledger=tmp_path / "undone")
    assert report.succeeded == 1, report.summary()
    assert not await client.plan(rows)


async def test_addresses_that_the_service_writes_in_lower_case_are_no_changes(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """Neither for the next plan nor for the undoing."""
    frontegg_emulator.set_switch("tenant_addresses", "lower_case")
    rows: Rows = [{"tenant_id": "kiosk", "website": "https://Kiosk.example/", "creator_email": "Eve@Kiosk.example"}]
    await client.apply(await client.plan(rows), ledger=tmp_path / "ledger")
    assert not await client.plan(rows)
    assert (await client.apply(await client.plan(rows), ledger=tmp_path / "again")).total == 0
    undone = await client.undo(tmp_path / "ledger")
    assert [(change.path, change.after) for change in undone] == [("creator_email", None), ("website", None)]
    assert undone.not_planned == 0
