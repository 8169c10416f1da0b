"""`frontegg.plan`: what is read, planned, ordered and refused, on the emulator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FilesError, InvalidArgumentError, PermissionDeniedError
from frontegg_async.testing import EmulatorClock, EmulatorFaults

pytestmark = pytest.mark.anyio

Rows = list[dict[str, object]]


@pytest.fixture
def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with a small hierarchy."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "south", "name": "South", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north", "metadata": {"plan": "free"}},
            {"tenantId": "shop", "name": "Shop", "parentTenantId": "north"},
            {"tenantId": "plain", "name": "Plain"},
        ]
    )
    return frontegg_client


def _steps(plan: Plan) -> list[tuple[str, str]]:
    return [(write.operation, write.key) for write in plan.writes]


async def test_the_plan_of_an_export_is_empty(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Also in the other formats, and with settings and applications."""
    for name in ("a.jsonl", "a.yml", "a.csv"):
        await client.export(tmp_path / name, include=("settings", "applications"))
        plan = await client.plan(tmp_path / name)
        assert [*plan] == []
        assert plan.not_planned == 0
        assert not plan


async def test_writes_come_in_an_order_in_which_each_can_be_sent(client: AsyncFrontegg) -> None:
    """Parents before children, accounts before their parts, and deletions last with children first."""
    rows: Rows = [
        {"tenant_id": "a-new", "name": "A", "parent_tenant_id": "b-new", "is_locked": True, "is_reseller": True},
        {"tenant_id": "b-new", "name": "B", "parent_tenant_id": "plain", "is_reseller": True},
        {"tenant_id": "plain", "is_reseller": True},
        {"tenant_id": "kiosk", "metadata": {"seats": 3, "plan": None}, "parent_tenant_id": "a-new"},
        {"tenant_id": "shop", "absent": True},
    ]
    plan = await client.plan(rows)
    assert _steps(plan) == [
        ("update", "plain"),
        ("create", "b-new"),
        ("create", "a-new"),
        ("add_metadata", "kiosk"),
        ("delete_metadata", "kiosk"),
        ("move", "kiosk"),
        ("lock", "a-new"),
        ("delete", "shop"),
    ]
    assert [write.depends_on for write in plan.writes] == [None, None, "b-new", None, None, "a-new", "a-new", None]
    assert plan.counts == {"created": 2, "changed": 3, "moved": 1, "locked": 1, "unlocked": 0, "deleted": 1}
    assert (plan.requests, plan.emails) == (9, 0)


async def test_accounts_that_change_places_are_moved_from_the_top(client: AsyncFrontegg) -> None:
    """So none is under itself in between."""
    await client.tenants.update("kiosk", is_reseller=True)
    plan = await client.plan(
        [{"tenant_id": "kiosk", "parent_tenant_id": None}, {"tenant_id": "north", "parent_tenant_id": "kiosk"}]
    )
    assert _steps(plan) == [("move", "kiosk"), ("move", "north")]
    assert [change.note for change in plan] == [None, "moves 2 accounts below it"]


async def test_a_deletion_says_what_happens_to_accounts_below(client: AsyncFrontegg) -> None:
    """The service puts them under the parent of the deleted account."""
    [change] = await client.plan([{"tenant_id": "north", "absent": True}])
    assert change.note == "2 accounts below it will be under its parent"
    plan = await client.plan([{"tenant_id": each, "absent": True} for each in ("north", "kiosk", "shop")])
    assert [(change.key, change.note) for change in plan] == [("kiosk", None), ("shop", None), ("north", None)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"tenant_id": "new"}], "there is no account 'new': to create the account, the row must have a name"),
        (
            [{"tenant_id": "KIOSK", "name": "K"}],
            "there is an account 'kiosk', whose id differs only in upper and lower case",
        ),
        ([{"tenant_id": "kiosk", "name": None}], "name must not be null or empty: the service cannot clear it"),
        (
            [{"tenant_id": "kiosk", "parent_tenant_id": "east"}],
            "there is no account 'east' in the environment or in the files",
        ),
        (
            [{"tenant_id": "kiosk", "parent_tenant_id": "plain"}],
            "the account 'plain' may not have accounts under it: give its row is_reseller: true",
        ),
        (
            [{"tenant_id": "kiosk", "parent_tenant_id": "south"}, {"tenant_id": "south", "absent": True}],
            "the files delete the account 'south' (absent: true), so no account can be under it",
        ),
        (
            [{"tenant_id": "north", "parent_tenant_id": "kiosk"}, {"tenant_id": "kiosk", "is_reseller": True}],
            "the account would be under itself, in this circle: north > kiosk > north",
        ),
        (
            [{"tenant_id": "kiosk", "timezone": "UTC", "settings": {"timezone": "Europe/Paris"}}],
            "settings.timezone and timezone are one value, but the row has two values",
        ),
        ([{"tenant_id": "kiosk", "applications": ["Desk"]}], "there is no application 'Desk'"),
    ],
)
async def test_faults_that_only_the_environment_shows_name_their_place(
    client: AsyncFrontegg, rows: Rows, message: str
) -> None:
    """All of them at once, before anything is planned."""
    with pytest.raises(FilesError) as caught:
        await client.plan(rows)
    [fault] = caught.value.faults
    assert fault.message == message
    assert str(fault.place) == "rows[0]"


async def test_a_fault_has_the_line_and_the_column_of_the_value(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Of a file that people edit."""
    path = tmp_path / "a.yml"
    path.write_text("- tenant_id: kiosk\n  parent_tenant_id: east\n- tenant_id: shop\n  applications: [Desk]\n")
    with pytest.raises(FilesError) as caught:
        await client.plan(path)
    assert [str(fault.place) for fault in caught.value.faults] == [f"{path}:2:21", f"{path}:4:18"]


async def test_an_original_of_another_environment_is_refused(client: AsyncFrontegg, tmp_path: Path) -> None:
    """Its values say nothing about this one."""
    await client.export(tmp_path / "here.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "here.jsonl").read_text(encoding="utf-8").splitlines()]
    original = [{**row, "vendor_id": "another"} for row in rows]
    with pytest.raises(InvalidArgumentError, match="base belongs to another environment, another; this client uses"):
        await client.plan([{"tenant_id": "kiosk", "name": "Other"}], base=original)


async def test_with_the_original_only_edits_are_planned(client: AsyncFrontegg, tmp_path: Path) -> None:
    """What others changed meanwhile stays, and an edit of the same value expects the value of the original."""
    await client.export(tmp_path / "original.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "original.jsonl").read_text(encoding="utf-8").splitlines()]
    await client.tenants.update("shop", status="by others")
    await client.tenants.add_metadata("kiosk", {"plan": "by others"})
    for row in rows:
        if row["tenant_id"] == "kiosk":
            row["metadata"]["plan"] = "pro"
    [change] = await client.plan(rows, base=tmp_path / "original.jsonl")
    assert (change.key, change.path, change.before, change.after) == ("kiosk", "metadata.plan", "free", "pro")


async def test_only_get_requests_are_sent(client: AsyncFrontegg, frontegg_emulator: EmulatorHandle) -> None:
    """Also for deletions, of which the users are counted."""
    rows: Rows = [
        {"tenant_id": "kiosk", "absent": True},
        {"tenant_id": "shop", "settings": {"timezone": "UTC"}, "applications": []},
    ]
    await client.plan(rows)
    sent = {(each.method, each.path) for each in frontegg_emulator.journal()}
    assert {path for method, path in sent if method != "GET"} == {"/auth/vendor"}


async def test_what_the_credential_cannot_read_is_not_planned(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """It is reported, and the other values are planned."""
    frontegg_faults.status(403, path="/tenants/resources/account-settings/v1")
    plan = await client.plan([{"tenant_id": "kiosk", "name": "K2", "settings": {"timezone": "UTC"}}])
    assert [change.path for change in plan] == ["name"]
    assert [(note.key, note.path, note.text) for note in plan.notes] == [("kiosk", "settings", "not readable (403)")]


async def test_accounts_that_cannot_be_listed_are_an_error(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults
) -> None:
    """A part of the environment is never a plan."""
    frontegg_faults.status(403, path="/tenants/resources/tenants/v2")
    with pytest.raises(PermissionDeniedError):
        await client.plan([{"tenant_id": "kiosk", "name": "K2"}])


async def test_the_same_files_and_environment_give_the_same_bytes(client: AsyncFrontegg, tmp_path: Path) -> None:
    """No time and no directory is in a plan."""
    digests = set[str]()
    for name in ("one", "two"):
        path = tmp_path / name / "a.yml"
        path.parent.mkdir()
        path.write_text("- {tenant_id: kiosk, name: K2, is_locked: true}\n")
        digests.add((await client.plan(path)).digest)
    assert len(digests) == 1


async def test_a_shut_guard_is_in_the_plan(client: AsyncFrontegg) -> None:
    """The plan is made, so that it can be reviewed."""
    rows: Rows = [{"tenant_id": each, "is_locked": True} for each in ("north", "south", "kiosk", "shop")]
    plan = await client.plan(rows)
    assert [str(guard) for guard in plan.shut_guards] == ["lock: 4, and the limit is 3"]
    assert not (await client.plan(rows, allow={"lock": 4})).shut_guards


async def test_selected_accounts_are_planned_with_the_parents_that_they_need(client: AsyncFrontegg) -> None:
    """And others are not."""
    rows: Rows = [
        {"tenant_id": "east", "name": "East", "is_reseller": True},
        {"tenant_id": "kiosk", "name": "K2"},
        {"tenant_id": "stand", "name": "Stand", "parent_tenant_id": "east"},
        {"tenant_id": "south", "name": "S2"},
    ]
    plan = await client.plan(rows, only=["id:stand", "under:north"])
    assert _steps(plan) == [("update", "kiosk"), ("create", "east"), ("create", "stand")]
    assert [change.note for change in plan] == [None, "added, since a selected account is below it", None]


@pytest.mark.parametrize(
    ("rows", "is_whole"),
    [
        ([{"tenant_id": "kiosk", "metadata": {"plan": "pro"}}], False),
        ([{"tenant_id": "kiosk", "settings": {"timezone": "UTC"}}], False),
        ([{"tenant_id": "kiosk", "parent_tenant_id": "south"}], True),
        ([{"tenant_id": "kiosk", "absent": True}], True),
        ([{"tenant_id": "new", "name": "New"}], True),
    ],
)
async def test_the_hierarchy_is_read_only_if_it_matters(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, rows: Rows, is_whole: bool
) -> None:
    """A file of few accounts asks for these accounts, whatever the number of all; the guards know that number."""
    plan = await client.plan(rows)
    routes = [each.route for each in frontegg_emulator.journal()]
    assert ("hierarchy.tree" in routes) is is_whole
    assert plan.accounts == 5
    assert plan


async def test_a_part_alone_neither_deletes_nor_creates(client: AsyncFrontegg) -> None:
    """Only a selector of whole accounts does."""
    rows: Rows = [
        {"tenant_id": "kiosk", "metadata": {"plan": "pro"}, "name": "K2"},
        {"tenant_id": "shop", "absent": True},
        {"tenant_id": "new", "name": "New", "metadata": {"plan": "pro"}},
    ]
    assert _steps(await client.plan(rows, only=["part:metadata"])) == [("add_metadata", "kiosk")]
    assert len(await client.plan(rows, only=["part:metadata", "id:shop"])) == 2


async def test_a_selector_of_an_account_that_is_not_there_is_refused(client: AsyncFrontegg) -> None:
    """Its plan would be empty, as if all were done."""
    with pytest.raises(InvalidArgumentError, match="only contains under:nroth, but there is no account 'nroth'"):
        await client.plan([{"tenant_id": "kiosk", "name": "K2"}], only=["under:nroth"])


@pytest.mark.parametrize("change", ["metadata", "created anew", "moved", "not in the original"])
async def test_with_the_original_a_changed_account_is_not_deleted(
    client: AsyncFrontegg, frontegg_clock: EmulatorClock, change: str
) -> None:
    """Whatever others have changed of it."""
    original = [row.to_dict() for row in await client.tenants.list().all()]
    if change == "metadata":
        await client.tenants.add_metadata("plain", {"a": 1})
    elif change == "created anew":
        frontegg_clock.advance(60)
        await client.tenants.delete("plain")
        await client.tenants.create(tenant_id="plain", name="Plain")
    elif change == "moved":
        original = [{**row, "parent_tenant_id": None} for row in original]
        await client.hierarchy.assign("plain", parent_id="south")
    else:
        original = [row for row in original if row["tenant_id"] != "plain"]
    plan = await client.plan([{"tenant_id": "plain", "absent": True}], base=original)
    assert not plan
    [note] = plan.notes
    assert note.key == "plain"
    assert note.text.endswith("not deleted")


async def test_with_the_original_an_equal_account_is_deleted(client: AsyncFrontegg) -> None:
    """The edit of the file asks for it."""
    original = [row.to_dict() for row in await client.tenants.list().all()]
    [change] = await client.plan([{"tenant_id": "plain", "absent": True}], base=original)
    assert (change.kind, change.key) == ("deleted", "plain")


@pytest.mark.filterwarnings("ignore::frontegg_async.errors.UnknownValueWarning")
async def test_values_of_another_type_are_not_planned(client: AsyncFrontegg, frontegg_emulator: EmulatorHandle) -> None:
    """They are there, and nobody knows which."""
    frontegg_emulator.set_switch("tenant_fields", "other_types")
    rows: Rows = [{"tenant_id": "kiosk", "name": "K2", "status": "x"}, {"tenant_id": "shop", "absent": True}]
    plan = await client.plan(rows)
    assert not plan
    assert {note.key for note in plan.notes} == {"kiosk", "shop"}


@pytest.mark.parametrize("total", ["null", "no_metadata"])
async def test_all_accounts_are_read_where_the_service_gives_no_total(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, total: str
) -> None:
    """The limits of guards depend on the number of accounts."""
    frontegg_emulator.set_switch("total_items", total)
    plan = await client.plan([{"tenant_id": "kiosk", "name": "K2"}])
    assert (len(plan), plan.accounts) == (1, 5)


@pytest.mark.parametrize("key", ["", ".", ".."])
async def test_a_key_that_no_request_can_name_is_not_removed(client: AsyncFrontegg, key: str) -> None:
    """The removal of a key has it in the path of its request."""
    await client.tenants.add_metadata("kiosk", {key: 1})
    with pytest.raises(FilesError, match="so the service cannot remove it"):
        await client.plan([{"tenant_id": "kiosk", "metadata": {key: None}}])
