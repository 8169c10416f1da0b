"""Rows of mixed jobs that assign plans to tenants, and take them away."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.mixed import MixedRow
from frontegg_async.bulk.operation import Shown
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.store import Item
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import PermissionDeniedError
from tests.bulk.guarded_rows import SEED, apply, row, states

pytestmark = pytest.mark.anyio

LATER: Final = datetime(2030, 1, 1, tzinfo=UTC)
PATH: Final = "/entitlements/resources/entitlements/v2/batch"


@pytest.fixture
async def plan_id(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> str:
    """The id of a plan."""
    frontegg_emulator.seed(tenants=[*SEED, {"tenantId": "a,b", "name": "Comma"}])
    return (await frontegg_client.plans.create(name="Pro")).id


def rows(plan_id: str, operation: str, *tenant_ids: str) -> list[MixedRow]:
    expects = {"is_assigned": operation == "unassign_plan"}
    return [row(operation, expects, tenant_id=each, plan_id=plan_id) for each in tenant_ids]


async def held(client: AsyncFrontegg) -> list[tuple[str, bool, bool]]:
    """Return the tenants of all assignments, and whether each is a user's and whether each ends."""
    listed = client.plan_assignments.list()
    return sorted([(each.tenant_id, each.user_id is not None, each.expires_at is not None) async for each in listed])


async def test_plans(frontegg_client: AsyncFrontegg, plan_id: str, tmp_path: Path) -> None:
    """A plan that is there without end is done already; a tenant that is gone is stale."""
    await frontegg_client.plan_assignments.assign(plan_id, tenant_ids=["south"])
    tenants = ("north", "south", "a,b", "none")

    report = await apply(frontegg_client, rows(plan_id, "assign_plan", *tenants), str(tmp_path / "a"))
    assert [(each.state.value, each.attempts) for each in report.rows()] == [
        ("done", 1),
        ("done", 0),
        ("done", 1),
        ("stale", 0),
    ]
    assert await held(frontegg_client) == [(each, False, False) for each in ("a,b", "north", "south")]

    report = await apply(frontegg_client, rows(plan_id, "unassign_plan", *tenants), str(tmp_path / "b"))
    assert states(report) == ["done", "done", "done", "stale"]
    assert await held(frontegg_client) == []


async def test_other_assignments_of_the_plan_are_not_concerned(
    frontegg_client: AsyncFrontegg, plan_id: str, tmp_path: Path
) -> None:
    """Those that end, and those of users, neither count nor go."""
    user = await frontegg_client.users.invite("north", email="ann@a.example", send_email=False)
    assign = frontegg_client.plan_assignments.assign
    await assign(plan_id, tenant_ids=["north"], user_id=user.id)
    await assign(plan_id, tenant_ids=["north"], expires_at=LATER)
    others = await held(frontegg_client)

    for operation in ("assign_plan", "unassign_plan"):
        report = await apply(frontegg_client, rows(plan_id, operation, "north"), str(tmp_path / operation))
        assert states(report) == ["done"]
        assert (("north", False, False) in await held(frontegg_client)) is (operation == "assign_plan")
    assert await held(frontegg_client) == others


async def test_of_several_assignments_none_is_taken_away(
    frontegg_client: AsyncFrontegg, plan_id: str, tmp_path: Path
) -> None:
    """Nobody knows which of them is meant."""
    for _ in range(2):
        await frontegg_client.plan_assignments.assign(plan_id, tenant_ids=["north"])
    report = await apply(frontegg_client, rows(plan_id, "unassign_plan", "north"), str(tmp_path / "l"))
    [stale] = report.rows()
    assert (stale.state.value, stale.message) == ("stale", "is_assigned is 2 now, and the plan expects true")
    assert len(await held(frontegg_client)) == 2


async def test_a_lost_response(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, plan_id: str, tmp_path: Path
) -> None:
    """A plan is assigned once: the tenant is read before anything is sent again."""
    fault = frontegg_emulator.add_fault(
        match={"method": "POST", "path": PATH}, stage="before_commit", action={"type": "close"}
    )
    client = frontegg_client.with_options(max_retries=0)
    lost = await apply(client, rows(plan_id, "assign_plan", "north", "south"), str(tmp_path / "l"))
    assert lost.succeeded == 0 or await held(client)
    frontegg_emulator.delete_fault(fault)
    report = await apply(client, rows(plan_id, "assign_plan", "north", "south"), str(tmp_path / "l"))
    assert states(report) == ["done", "done"]
    assert await held(client) == [("north", False, False), ("south", False, False)]


async def test_a_response_that_is_lost_after_the_write(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, plan_id: str, tmp_path: Path
) -> None:
    """The assignment is there, and no second one is made."""
    frontegg_emulator.add_fault(match={"method": "POST", "path": PATH}, stage="after_commit", action={"type": "close"})
    report = await apply(frontegg_client, rows(plan_id, "assign_plan", "north"), str(tmp_path / "l"))
    if states(report) != ["done"]:
        report = await apply(frontegg_client, rows(plan_id, "assign_plan", "north"), str(tmp_path / "l"))
    assert states(report) == ["done"]
    assert await held(frontegg_client) == [("north", False, False)]


@pytest.mark.parametrize("operation", ["assign_plan", "unassign_plan"])
async def test_rows_that_are_read_back(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, plan_id: str, operation: str
) -> None:
    """A row is done if the service shows its values; while the service cannot be read, nothing is known."""
    holder = "north" if operation == "assign_plan" else "acme"
    await frontegg_client.plan_assignments.assign(plan_id, tenant_ids=[holder])
    values: dict[str, JsonValue] = {"plan_id": plan_id}
    items = [Item(n, operation, key, {"tenant_id": key, **values}) for n, key in enumerate(("north", "acme", "none"))]
    read = partial(OPERATIONS[operation].read_back, frontegg_client._caller)

    assert await read(items) == [Shown.DONE, Shown.NOT_DONE, Shown.NOT_DONE]

    refuse: dict[str, Any] = {"type": "status", "status": 403}
    frontegg_emulator.add_fault(match={"method": "GET"}, stage="before_commit", action=refuse)
    assert {type(shown) for shown in await read(items)} == {PermissionDeniedError}
