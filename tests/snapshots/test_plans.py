"""The feature plans of accounts in an export: by name, with one request for all assignments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import AsyncFrontegg, DecodeError
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.snapshots.plans import read_plans
from frontegg_async.testing import EmulatorFaults
from tests.snapshots.test_export import names_in
from tests.support.flavours import FLAVOURS, clients_of, do

pytestmark = pytest.mark.anyio

ASSIGNMENTS: Final = "/entitlements/api/v1/vendor-entitlements"
LATER: Final = datetime(2030, 1, 1, tzinfo=UTC)
BODIES: Final[list[JsonValue]] = [
    [],
    {},
    {"data": None},
    {"data": {}},
    {"data": {"entitlements": [{}]}},
    {"data": {"entitlements": [["p"]]}},
]


@pytest.fixture
async def ids(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> dict[str, str]:
    """The ids of four plans, of which two have one name, by the names and a mark of the second."""
    frontegg_emulator.seed(tenants=[{"tenantId": each, "name": each} for each in ("a", "b", "c", "d")])
    found: dict[str, str] = {}
    for key in ("Pro", "Seats", "Twin", "Twin 2"):
        found[key] = (await frontegg_client.plans.create(name=key.removesuffix(" 2"))).id
    user = await frontegg_client.users.invite("c", email="ann@c.example", send_email=False)
    assign = frontegg_client.plan_assignments.assign
    await assign(found["Pro"], tenant_ids=["a", "b"])
    await assign(found["Pro"], tenant_ids=["a"])
    await assign(found["Pro"], tenant_ids=["c"], user_id=user.id)
    await assign(found["Seats"], tenant_ids=["b", "d"], expires_at=LATER)
    await assign(found["Seats"], tenant_ids=["a"])
    await assign(found["Twin"], tenant_ids=["b"])
    return found


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_an_export_has_the_names(
    frontegg_emulator: EmulatorHandle, ids: dict[str, str], tmp_path: Path, flavour: str
) -> None:
    """Sorted and once; the id where two plans have a name. What ends is left out, and so is what is a user's."""
    expected = {"a": ["Pro", "Seats"], "b": sorted(["Pro", ids["Twin"]]), "c": [], "d": []}
    async with clients_of(frontegg_emulator, flavour) as clients:
        frontegg_emulator.clear_journal()
        await do(clients.manager.export, tmp_path / "accounts.jsonl", include=["plans"])
        routes = [entry.route for entry in frontegg_emulator.journal()]
        assert [each for each in routes if each and not each.startswith(("auth", "tenants", "hierarchy"))] == [
            "entitlements.snapshot",
            "plans.list",
        ]
        lines = (tmp_path / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert {row["tenant_id"]: row["plans"] for row in rows} == expected
        assert lines == [json.dumps(row, sort_keys=True, separators=(",", ":")) for row in rows]
        await do(clients.manager.export, tmp_path / "accounts.csv", include=["plans", "applications"])
        assert not await do(clients.manager.diff, tmp_path / "accounts.csv")
        await do(clients.manager.plan_assignments.assign, ids["Seats"], tenant_ids=["c"])
        (changed,) = await do(clients.manager.diff, tmp_path / "accounts.csv")

    assert [(field.field, field.before, field.after) for field in changed.fields] == [("plans", [], ["Seats"])]


async def test_assignments_of_a_plan_that_is_gone_by_the_listing_are_left_out(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, ids: dict[str, str]
) -> None:
    """The plan may be deleted between the two requests; a name that it shared is that of the other one alone."""
    others = [{"id": ids[each], "name": each.removesuffix(" 2")} for each in ("Pro", "Twin 2")]
    page = {"items": others, "hasNext": False}
    frontegg_faults.status(200, body=page, path="/entitlements/resources/plans/v1")

    found = await read_plans(frontegg_client._caller, None)

    assert (found.of("a"), found.of("b")) == (["Pro"], ["Pro"])
    assert found.ids == {"Pro": ids["Pro"], "Twin": ids["Twin 2"]}


@pytest.mark.parametrize("body", BODIES)
async def test_what_is_no_snapshot_is_refused(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path, body: JsonValue
) -> None:
    """Nothing is written: an account without plans would look as if it had none."""
    frontegg_faults.status(200, body=body, path=ASSIGNMENTS)
    with pytest.raises(DecodeError, match=r"data\.entitlements"):
        await frontegg_client.export(tmp_path / "accounts.jsonl", include=["plans"])
    assert names_in(tmp_path) == []


async def test_more_values_of_an_assignment_are_no_fault(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, ids: dict[str, str]
) -> None:
    """The service may add some, and may leave out those that are null."""
    entitlements = [[ids["Pro"], "a"], [ids["Pro"], "b", None, None, "more"], [ids["Pro"], "c", None, "soon"]]
    body = {"data": {"entitlements": entitlements, "features": []}, "snapshotOffset": 1}
    frontegg_faults.status(200, body=body, path=ASSIGNMENTS)

    found = await read_plans(frontegg_client._caller, None)

    assert [found.of(each) for each in ("a", "b", "c")] == [["Pro"], ["Pro"], []]
