"""Rows that expect values: they are sent, done already, or stale."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async._core.call.context import Waits
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.mixed import MixedRow, run_mixed
from frontegg_async.bulk.operation import Shown
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.settings import settings_of
from frontegg_async.bulk.store import Item
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import GuardShutError, LedgerError, NotFoundError, PermissionDeniedError
from tests.bulk.each_store import new_address
from tests.bulk.guarded_rows import CHANGES, SEED, apply, deletions, row, states, writes
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    return new_address(request, tmp_path)


async def app_of(client: AsyncFrontegg) -> str:
    app = await client.applications.create(
        name="Desk", app_url="https://a", login_url="https://b", access_type="managed_access"
    )
    return app.id


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, change: str
) -> None:
    """It is sent once; where another program changed the same, it is stale, and the change of the other stays."""
    operation, values, before, method, others = CHANGES[change]
    frontegg_emulator.seed(tenants=SEED)
    rows = [row(operation, before, tenant_id="acme", **values)]

    assert states(await apply(frontegg_client, rows, str(tmp_path / "first"))) == ["done"]
    frontegg_emulator.clear_journal()
    report = await apply(frontegg_client, rows, str(tmp_path / "again"))
    [done] = report.rows()
    assert (done.state.value, done.attempts, done.has_before, done.before) == ("done", 0, True, before)
    assert writes(frontegg_emulator) == []

    frontegg_emulator.reset()
    frontegg_emulator.seed(tenants=SEED)
    kind, name = method.split(".")
    await getattr(getattr(frontegg_client, kind), name)("acme", **others)
    frontegg_emulator.clear_journal()
    report = await apply(frontegg_client, rows, str(tmp_path / "late"))
    assert (report.stale, writes(frontegg_emulator)) == (1, [])
    [stale] = report.rows(only="stale")
    assert " now, and the plan expects " in str(stale.message)
    assert (stale.error, stale.attempts, stale.before) == ("ValuesChanged", 0, before)


@pytest.mark.parametrize(("operation", "before"), [("lock", False), ("unlock", True)])
async def test_locks(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, operation: str, *, before: bool
) -> None:
    """They are sent together; a lock that is there already is none of the plan's."""
    frontegg_emulator.seed(tenants=[{**each, "isLocked": before} for each in SEED])
    await getattr(frontegg_client.tenants, operation)(["south"])
    rows = [row(operation, {"is_locked": before}, tenant_id=each["tenantId"]) for each in SEED]
    frontegg_emulator.clear_journal()

    report = await apply(frontegg_client, rows, str(tmp_path / "l"))

    assert [(each.state.value, each.attempts) for each in report.rows()] == [("done", 1), ("done", 0), ("done", 1)]
    assert (len(writes(frontegg_emulator)), report.requests) == (1, 2)


async def test_applications(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    frontegg_emulator.seed(tenants=SEED)
    app_id = await app_of(frontegg_client)

    def rows(operation: str, *, before: bool) -> list[MixedRow]:
        expects = {"is_assigned": before}
        return [row(operation, expects, tenant_id=each, app_id=app_id) for each in ("north", "south", "none")]

    report = await apply(frontegg_client, rows("assign_application", before=False), str(tmp_path / "a"))
    assert states(report) == ["done", "done", "stale"]
    assert [each.app_id for each in await frontegg_client.applications.list_assigned("south")] == [app_id]
    await frontegg_client.applications.unassign("north", app_id)
    report = await apply(frontegg_client, rows("unassign_application", before=True), str(tmp_path / "b"))
    assert [(each.state.value, each.attempts) for each in report.rows()] == [("done", 0), ("done", 1), ("stale", 0)]
    assert await frontegg_client.applications.list_assigned("south") == ()


async def test_creations(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """A tenant that is there already is done if it has the values of the row, and stale otherwise."""
    frontegg_emulator.seed(tenants=SEED)
    given: list[dict[str, Any]] = [
        {"tenant_id": "new", "name": "New", "parent_tenant_id": "north", "metadata": {"a": 1}},
        {"tenant_id": "acme", "name": "Acme", "parent_tenant_id": "north", "website": None},
        {"tenant_id": "north", "name": "North", "is_reseller": True},
        {"tenant_id": "south", "name": "South", "parent_tenant_id": "north"},
    ]

    report = await apply(frontegg_client, [row("create", None, **each) for each in given], str(tmp_path / "l"))

    assert states(report) == ["done", "done", "done", "stale"]
    assert [each.attempts for each in report.rows()] == [1, 0, 0, 0]
    assert {(each.before, each.has_before) for each in report.rows()} == {(None, True)}
    [stale] = report.rows(only="stale")
    assert stale.message == (
        'the tenant exists now, and the plan expects that it does not; parent_tenant_id is null, not "north"'
    )


async def test_deletions(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str) -> None:
    """Sub-accounts that are deleted before are no change; a tenant that is gone is done."""
    frontegg_emulator.seed(tenants=SEED)
    rows = await deletions(frontegg_client, "north", "acme", "south")
    await frontegg_client.tenants.delete("south")
    frontegg_emulator.clear_journal()

    report = await apply(frontegg_client, rows, address)

    assert [(each.state.value, each.attempts) for each in report.rows()] == [("done", 1), ("done", 1), ("done", 0)]
    assert len(writes(frontegg_emulator)) == 2


async def test_a_deletion_of_a_tenant_that_has_changed(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """It is stale, and so is that of the tenant above, which would keep the one below it."""
    frontegg_emulator.seed(tenants=SEED)
    rows = await deletions(frontegg_client, "north", "acme")
    await frontegg_client.tenants.update("acme", status="important")
    frontegg_emulator.clear_journal()

    report = await apply(frontegg_client, rows, address)

    assert (states(report), writes(frontegg_emulator)) == (["stale", "stale"], [])


async def test_rows_below_a_stale_creation(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """All rows that depend on it are skipped, and say why; others are sent."""
    frontegg_emulator.seed(tenants=[*SEED, {"tenantId": "new", "name": "Of others"}])
    frontegg_emulator.clear_journal()
    rows = [
        row("create", None, tenant_id="new", name="New", is_reseller=True),
        row("create", None, 1, tenant_id="below", name="Below", parent_tenant_id="new"),
        row("lock", {"is_locked": False}, 2, tenant_id="below", depends_on="below"),
        row("add_metadata", {"metadata": {}}, 1, tenant_id="new", metadata={"a": 1}, depends_on="new"),
        row("move", {"parent_tenant_id": "north"}, 1, tenant_id="acme", parent_tenant_id="new"),
        row("update", {"name": "South"}, 1, tenant_id="south", name="South 2"),
    ]

    report = await apply(frontegg_client, rows, address)

    assert states(report) == ["stale", "skipped", "skipped", "skipped", "skipped", "done"]
    assert writes(frontegg_emulator) == ["tenants.update"]
    first, second, *_ = report.rows(only="skipped")
    assert first.message == (
        "the tenant new was not created: the tenant exists now, and the plan expects that it does not;"
        ' name is "Of others", not "New"; is_reseller is false, not true'
    )
    assert second.message == f"the tenant below was not created: {first.message}"
    assert {reason.state.value: reason.count for reason in report.reasons()} == {"stale": 1, "skipped": 4}


async def test_rows_of_a_tenant_that_the_job_creates(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """They are compared when the tenant is there."""
    frontegg_emulator.seed(tenants=SEED)
    app_id = await app_of(frontegg_client)
    rows = [
        row("create", None, tenant_id="new", name="New", metadata={"a": 1}),
        row("add_metadata", {"metadata": {"a": 1}}, 1, tenant_id="new", metadata={"a": 2}, depends_on="new"),
        row("assign_application", {"is_assigned": False}, 2, tenant_id="new", app_id=app_id, depends_on="new"),
        row("lock", {"is_locked": False}, 3, tenant_id="new", depends_on="new"),
    ]

    report = await apply(frontegg_client, rows, address)

    assert states(report) == ["done"] * 4, [each.message for each in report.rows()]


@pytest.mark.slow
async def test_many_rows_are_read_together(frontegg_emulator: EmulatorHandle, address: str) -> None:
    """A page of rows takes a request for each operation, also if their rows are mixed; no more than a page is ahead."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{n}", "name": "A", "metadata": {}} for n in range(300)])
    rows = [
        row("update", {"name": "A"}, tenant_id=f"t{n}", name="B")
        if n % 2
        else row("add_metadata", {"metadata": {}}, tenant_id=f"t{n}", metadata={"a": n})
        for n in range(300)
    ]

    # This clock stands still, so no reading is old, however slow the machine is.
    async with make_client(
        frontegg_emulator.url, client_id=frontegg_emulator.client_id, secret=frontegg_emulator.secret
    ) as client:
        client._caller._context.waits = Waits()
        report = await apply(client, rows, address)

    assert report.succeeded == 300
    routes = [entry.route for entry in frontegg_emulator.journal()]
    assert len(writes(frontegg_emulator)) == 300
    # A page is filled up when half of its rows are sent, or after a moment: on a slow machine, more pages are smaller.
    assert routes.count("tenants.list") <= 300 / 5
    reads = [place for place, route in enumerate(routes) if route == "tenants.list"]
    assert max(later - earlier for earlier, later in pairwise(reads)) <= 110


async def test_stale_rows_shut_no_guard(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """Any number of them is reported; nothing is overwritten."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{n}", "name": "Of others"} for n in range(150)])
    frontegg_emulator.clear_journal()
    rows = [row("update", {"name": "A"}, tenant_id=f"t{n}", name="B") for n in range(150)]
    report = await run_mixed(
        frontegg_client._caller,
        frontegg_client._environment.name,
        rows,
        address,
        identity="plan",
        settings=settings_of(4, None, 0.0, 0),
    )
    assert (report.stale, report.guard, writes(frontegg_emulator)) == (150, None, [])
    assert "ValuesChanged (stale)" in report.summary()


async def test_a_row_whose_values_cannot_be_read(frontegg_emulator: EmulatorHandle, address: str) -> None:
    """It is not sent, and a later run compares and sends it."""
    frontegg_emulator.seed(tenants=SEED)
    rows = [row("update", {"name": "Acme"}, tenant_id="acme", name="B")]
    once = Options(max_retries=0)
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=once
    ) as client:
        frontegg_emulator.add_fault(
            match={"method": "GET"}, stage="before_commit", action={"type": "status", "status": 503}
        )
        report = await apply(client, rows, address)
        assert (states(report), writes(frontegg_emulator)) == (["failed"], [])
        frontegg_emulator.delete_faults()
        assert states(await apply(client, rows, address)) == ["done"]


async def test_a_lost_response(frontegg_emulator: EmulatorHandle, address: str) -> None:
    """The row is read back, and not taken for a change of others."""
    frontegg_emulator.seed(tenants=SEED)
    rows = [
        row(
            "update", {"name": "Acme", "metadata": {"seats": 30}}, tenant_id="acme", name="B", **{"metadata.seats": 40}
        ),
        row("move", {"parent_tenant_id": "north"}, 1, tenant_id="acme", parent_tenant_id="south"),
    ]
    once = Options(max_retries=0)
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=once
    ) as client:
        for method, path in (("POST", "*/metadata"), ("POST", "*/hierarchy/v1")):
            frontegg_emulator.add_fault(
                match={"method": method, "path": path}, stage="before_commit", action={"type": "close"}
            )
        report = await apply(client, rows, address)
        assert report.unknown > 0
        assert (await client.tenants.get("acme")).name == "B"
        frontegg_emulator.delete_faults()
        report = await apply(client, rows, address)
        assert states(report) == ["done", "done"], [each.message for each in report.rows()]
        [parent] = await client.hierarchy.list_parents("acme")
        assert parent.tenant_id == "south"


@pytest.mark.parametrize("operation", ["assign_application", "unassign_application", "move"])
async def test_rows_that_are_read_back(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, operation: str
) -> None:
    """A row is done if the service shows its values; while the service cannot be read, nothing is known."""
    frontegg_emulator.seed(tenants=SEED)
    app_id = await app_of(frontegg_client)
    await frontegg_client.applications.assign("north" if operation == "assign_application" else "south", app_id)
    values: dict[str, JsonValue] = {"parent_tenant_id": None} if operation == "move" else {"app_id": app_id}
    items = [Item(n, operation, key, {"tenant_id": key, **values}) for n, key in enumerate(("north", "acme", "none"))]
    read = partial(OPERATIONS[operation].read_back, frontegg_client._caller)

    if operation == "unassign_application":
        await frontegg_client.applications.assign("acme", app_id)
    assert await read(items) == [Shown.DONE, Shown.NOT_DONE, Shown.NOT_DONE]

    refuse = {"type": "status", "status": 403}
    frontegg_emulator.add_fault(match={"method": "GET"}, stage="before_commit", action=refuse)
    assert {type(shown) for shown in await read(items)} == {PermissionDeniedError}


@pytest.mark.parametrize("operation", ["move", "assign_application"])
async def test_a_proxy_that_knows_no_such_route(operation: str) -> None:
    """Its 404 does not say that there is no such tenant."""
    values: dict[str, JsonValue] = {"tenant_id": "a", "app_id": "b", "parent_tenant_id": "c"}
    async with raw_server(http(404, raw=b"<html>")) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await OPERATIONS[operation].read_now(client._caller, [Item(1, operation, "a", values)])


async def test_settings_that_a_listing_leaves_out() -> None:
    """They are read for each tenant, and the others in one request."""
    listing = {"items": [tenant_row("a", timezone="UTC")], "_metadata": {"totalItems": 1, "totalPages": 1}}
    settings = {"tenantId": "a", "dateFormat": "DD/MM/YYYY"}
    values: dict[str, JsonValue] = {"tenant_id": "a", "timezone": "Europe/Berlin", "date_format": None}
    items = [Item(1, "update_account_settings", "a", values)]
    async with raw_server(http(200, listing), http(200, settings)) as server, make_client(server.url) as client:
        found = await OPERATIONS["update_account_settings"].read_now(client._caller, items)
    assert found == [{"timezone": "UTC", "date_format": "DD/MM/YYYY"}]


async def test_a_cancelled_comparison(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Its rows are pending again."""
    frontegg_emulator.seed(tenants=SEED)
    frontegg_emulator.add_fault(match={"method": "GET"}, stage="before_commit", action={"type": "delay", "seconds": 60})
    rows = [row("update", {"name": "Acme"}, tenant_id="acme", name="B")]
    job = asyncio.create_task(apply(frontegg_client, rows, str(tmp_path / "l")))
    await until(lambda: bool(frontegg_emulator.faults()[0]["fired"]))
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert read_report(tmp_path / "l").pending == 1


DAMAGES: Final = {
    "no values": "DELETE FROM replaced",
    "other values": "UPDATE replaced SET input = '[]'",
    "no row": """UPDATE item SET input = '{"tenant_id": "acme"}'""",
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_values_that_were_edited(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, damage: str
) -> None:
    """Nothing is sent: what the row expects is not known."""
    frontegg_emulator.seed(tenants=SEED)
    rows = [row("add_metadata", {"metadata": {"seats": 30}}, tenant_id="acme", metadata={"seats": 40})]
    fault = frontegg_emulator.add_fault(
        match={"method": "GET"}, stage="before_commit", action={"type": "status", "status": 403}
    )
    with_error = await apply(frontegg_client, rows, str(tmp_path / "l"))
    assert states(with_error) == ["failed"]
    frontegg_emulator.delete_fault(fault)
    with closing(sqlite3.connect(tmp_path / "l")) as ledger, ledger:
        ledger.execute(DAMAGES[damage])
    with pytest.raises(LedgerError, match="damaged"):
        await frontegg_client.bulk.resume(tmp_path / "l")
    assert writes(frontegg_emulator) == []


async def test_a_guard_stays_shut(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str
) -> None:
    """The same call raises until `resume` overrides it."""
    frontegg_emulator.seed(tenants=SEED)
    fault = frontegg_emulator.add_fault(
        match={"method": "PUT"}, stage="before_commit", action={"type": "status", "status": 403}
    )
    rows = [
        row("update", {"name": "Acme"}, tenant_id="acme", name="B"),
        row("update", {"name": "South"}, 1, tenant_id="south", name="S"),
    ]
    how = settings_of(1, None, 0.0, 0)
    client = frontegg_client
    begin = (client._caller, client._environment.name, rows, address)
    with pytest.raises(GuardShutError):
        await run_mixed(*begin, identity="plan", settings=how)
    frontegg_emulator.delete_fault(fault)
    with pytest.raises(GuardShutError):
        await run_mixed(*begin, identity="plan", settings=how)
    report = await client.bulk.resume(address, override=True)
    assert states(report) == ["failed", "done"]


def test_each_operation_says_what_it_sets() -> None:
    """In the shape of what it expects, so that a row can be undone."""
    values: dict[str, dict[str, JsonValue]] = {
        "create": {"tenant_id": "a", "name": "A", "status": None},
        "update": {"tenant_id": "a", "name": "A", "status": None, "metadata.a": 1},
        "add_metadata": {"tenant_id": "a", "metadata": {"a": 1}},
        "delete_metadata": {"tenant_id": "a", "key": "a"},
        "delete": {"tenant_id": "a"},
        "lock": {"tenant_id": "a"},
        "unlock": {"tenant_id": "a"},
        "assign": {"child_id": "a", "parent_id": "b"},
        "update_account_settings": {"tenant_id": "a", "timezone": None},
        "move": {"tenant_id": "a", "parent_tenant_id": None},
        "assign_application": {"tenant_id": "a", "app_id": "b"},
        "unassign_application": {"tenant_id": "a", "app_id": "b"},
        "assign_plan": {"tenant_id": "a", "plan_id": "b"},
        "unassign_plan": {"tenant_id": "a", "plan_id": "b"},
        "invite": {"tenant_id": "a", "email": "a@x.example"},
        "add_to_tenant": {"tenant_id": "a", "user_id": "b"},
        "remove_from_tenant": {"tenant_id": "a", "user_id": "b"},
        "assign_roles": {"tenant_id": "a", "user_id": "b", "role_ids": ["c"]},
        "unassign_roles": {"tenant_id": "a", "user_id": "b", "role_ids": ["c"]},
        "create_object": {"part": "roles", "object": "a", "values": {"name": "A", "permissions.b.c": True}},
        "update_object": {"part": "webhooks", "object": "a", "values": {"url": "https://a", "secret": "b"}},
        "delete_object": {"part": "roles", "object": "a", "id": "b"},
    }
    assert {name: OPERATIONS[name].after(values[name]) for name in OPERATIONS} == {
        "create": {"name": "A"},
        "update": {"name": "A", "status": None, "metadata": {"a": 1}},
        "add_metadata": {"metadata": {"a": 1}},
        "delete_metadata": {"metadata": {}},
        "delete": None,
        "lock": {"is_locked": True},
        "unlock": {"is_locked": False},
        "assign": {"parent_id": "b"},
        "update_account_settings": {"timezone": None},
        "move": {"parent_tenant_id": None},
        "assign_application": {"is_assigned": True},
        "unassign_application": {"is_assigned": False},
        "assign_plan": {"is_assigned": True},
        "unassign_plan": {"is_assigned": False},
        "invite": {"is_member": True, "is_elsewhere": True},
        "add_to_tenant": {"is_member": True, "is_elsewhere": True},
        "remove_from_tenant": {"is_member": False, "is_elsewhere": True},
        "assign_roles": {"role_ids": ["c"]},
        "unassign_roles": {"role_ids": []},
        "create_object": {"name": "A", "permissions.b.c": True},
        "update_object": {"url": "https://a"},
        "delete_object": None,
    }
