"""Feature plans of accounts in accounts files: what is planned, applied and undone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import AsyncFrontegg, Plan
from frontegg_async._values.unset import UNSET
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FilesError
from frontegg_async.testing import EmulatorFaults
from tests.support.flavours import FLAVOURS, clients_of, do

pytestmark = pytest.mark.anyio

Rows = list[dict[str, object]]

LATER: Final = datetime(2030, 1, 1, tzinfo=UTC)
FILE: Final = "- tenant_id: acme\n  plans: [Seats, Pro]\n- tenant_id: shop\n  plans: []\n"


@pytest.fixture
async def ids(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> dict[str, str]:
    """The ids of plans: acme has Pro until a date, a person of acme has Seats, and shop has both without end."""
    frontegg_emulator.seed(tenants=[{"tenantId": each, "name": each.title()} for each in ("acme", "shop", "stand")])
    found: dict[str, str] = {}
    for key in ("Pro", "Seats", "Twin", "Twin 2"):
        found[key] = (await frontegg_client.plans.create(name=key.removesuffix(" 2"))).id
    user = await frontegg_client.users.invite("acme", email="ann@acme.example", send_email=False)
    assign = frontegg_client.plan_assignments.assign
    await assign(found["Pro"], tenant_ids=["acme"], expires_at=LATER)
    await assign(found["Seats"], tenant_ids=["acme"], user_id=user.id)
    for name in ("Pro", "Seats"):
        await assign(found[name], tenant_ids=["shop"])
    return found


async def held(client: AsyncFrontegg) -> set[tuple[str, str]]:
    """Return the ids of all assignments, with their tenants."""
    return {(each.tenant_id, each.id) async for each in client.plan_assignments.list()}


def paths(plan: Plan) -> list[tuple[str, str]]:
    return [(change.key, change.path) for change in plan]


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_plans_that_a_file_names_are_assigned(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, ids: dict[str, str], tmp_path: Path, flavour: str
) -> None:
    """Without end, once; all other assignments stay. Undo takes away what the plan assigned, and nothing else."""
    del ids
    (tmp_path / "a.yml").write_text(FILE, encoding="utf-8")
    before = await held(frontegg_client)
    async with clients_of(frontegg_emulator, flavour) as clients:
        plan = await do(clients.manager.plan, tmp_path / "a.yml")
        assert paths(plan) == [("acme", "plans.Pro"), ("acme", "plans.Seats")]
        assert all((change.before, change.after, change.is_member) == (UNSET, True, True) for change in plan)
        assert [write.feature_plan for write in plan.writes] == ["Pro", "Seats"]
        assert [change.note for change in plan] == [
            "in addition to an assignment that ends 2030-01-01T00:00:00.000Z",
            None,
        ]
        report = await do(clients.manager.apply, plan, ledger=tmp_path / "ledger")
        assert (report.succeeded, report.total) == (2, 2), report.summary()
        assert not await do(clients.manager.plan, tmp_path / "a.yml")
        added = await held(frontegg_client) - before
        assert [tenant_id for tenant_id, _ in added] == ["acme", "acme"]
        assert before < await held(frontegg_client)

        undone = await do(clients.manager.undo, tmp_path / "ledger")
        assert [(change.before, change.after) for change in undone] == [(True, UNSET)] * 2
        report = await do(clients.manager.apply, undone, ledger=tmp_path / "undone")
        assert report.succeeded == 2, report.summary()
    assert await held(frontegg_client) == before


async def test_the_plan_of_an_export_is_empty(
    frontegg_client: AsyncFrontegg, ids: dict[str, str], tmp_path: Path
) -> None:
    """Also for names that several plans have, and in each format."""
    await frontegg_client.plan_assignments.assign(ids["Twin"], tenant_ids=["stand"])
    for name in ("a.jsonl", "a.yml", "a.csv"):
        await frontegg_client.export(tmp_path / name, include=["plans"])
        assert not await frontegg_client.plan(tmp_path / name)


async def test_plans_of_new_accounts(frontegg_client: AsyncFrontegg, ids: dict[str, str], tmp_path: Path) -> None:
    """They are assigned when the account is there; a plan whose name another has is named by its id."""
    rows: Rows = [{"tenant_id": "new", "name": "New", "plans": ["Pro", ids["Twin 2"]]}]
    plan = await frontegg_client.plan(rows)
    assert [write.operation for write in plan.writes] == ["create", "assign_plan", "assign_plan"]
    await frontegg_client.apply(plan, ledger=tmp_path / "ledger")
    found = {each.plan_id async for each in frontegg_client.plan_assignments.list(tenant_ids=["new"])}
    assert found == {ids["Pro"], ids["Twin 2"]}
    assert not await frontegg_client.plan(rows)


async def test_with_the_original_only_edits_are_planned(
    frontegg_client: AsyncFrontegg, ids: dict[str, str], tmp_path: Path
) -> None:
    """A plan that others took away since is no difference, and neither is one that the edit leaves out."""
    await frontegg_client.export(tmp_path / "original.jsonl", include=["plans"])
    assigned = frontegg_client.plan_assignments
    await assigned.remove([each.id async for each in assigned.list(plan_ids=[ids["Pro"]], tenant_ids=["shop"])])
    rows: Rows = [{"tenant_id": "shop", "plans": ["Pro"]}, {"tenant_id": "stand", "plans": ["Seats"]}]
    assert paths(await frontegg_client.plan(rows, base=tmp_path / "original.jsonl")) == [("stand", "plans.Seats")]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["Prp"], "there is no feature plan 'Prp'; did you mean 'Pro'?"),
        (["Twin"], "several feature plans have the name 'Twin': give one of the ids "),
    ],
)
async def test_plans_that_do_not_exist_are_faults(
    frontegg_client: AsyncFrontegg, ids: dict[str, str], names: list[str], message: str
) -> None:
    del ids
    with pytest.raises(FilesError) as caught:
        await frontegg_client.plan([{"tenant_id": "acme", "plans": names}])
    [fault] = caught.value.faults
    assert fault.message.startswith(message)


async def test_a_plan_that_was_assigned_since_is_done_already(
    frontegg_client: AsyncFrontegg, ids: dict[str, str], tmp_path: Path
) -> None:
    """It is not assigned twice, and undo leaves what others have assigned."""
    plan = await frontegg_client.plan([{"tenant_id": "stand", "plans": ["Pro"]}])
    await frontegg_client.plan_assignments.assign(ids["Pro"], tenant_ids=["stand"])
    before = await held(frontegg_client)
    report = await frontegg_client.apply(plan, ledger=tmp_path / "ledger")
    assert [(row.state.value, row.attempts) for row in report.rows()] == [("done", 0)]
    assert not await frontegg_client.undo(tmp_path / "ledger")
    assert await held(frontegg_client) == before


async def test_of_several_assignments_undo_takes_none_away(
    frontegg_client: AsyncFrontegg, ids: dict[str, str], tmp_path: Path
) -> None:
    """Others have assigned the plan once more since, and nobody knows which of the two is theirs."""
    plan = await frontegg_client.plan([{"tenant_id": "stand", "plans": ["Pro"]}])
    await frontegg_client.apply(plan, ledger=tmp_path / "ledger")
    await frontegg_client.plan_assignments.assign(ids["Pro"], tenant_ids=["stand"])
    before = await held(frontegg_client)
    report = await frontegg_client.apply(await frontegg_client.undo(tmp_path / "ledger"), ledger=tmp_path / "undone")
    assert (report.stale, report.total) == (1, 1)
    assert await held(frontegg_client) == before


@pytest.mark.parametrize("path", ["/entitlements/api/v1/vendor-entitlements", "/entitlements/resources/plans/v1"])
async def test_what_cannot_be_read_is_not_planned(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, ids: dict[str, str], tmp_path: Path, path: str
) -> None:
    """It is a note, also of an undoing, and the rest is planned."""
    del ids
    rows: Rows = [{"tenant_id": "stand", "name": "S", "plans": ["Pro"]}]
    await frontegg_client.apply(await frontegg_client.plan(rows), ledger=tmp_path / "ledger")
    rows = [{"tenant_id": "stand", "name": "S2", "plans": ["Seats"]}]
    with frontegg_faults.status(403, method="GET", path=path):
        plan, undone = await frontegg_client.plan(rows), await frontegg_client.undo(tmp_path / "ledger")
    assert paths(plan) == paths(undone) == [("stand", "name")]
    assert [(note.key, note.path, note.text) for note in plan.notes] == [("", "plans", "not readable (403)")]
    assert [(note.key, note.path, note.text) for note in undone.notes] == [("stand", "plans", "not readable (403)")]


async def test_a_selector_leaves_plans_out(frontegg_client: AsyncFrontegg, ids: dict[str, str]) -> None:
    """They are a part of their own."""
    del ids
    rows: Rows = [{"tenant_id": "stand", "status": "new", "plans": ["Pro"]}]
    assert paths(await frontegg_client.plan(rows, only=["part:plans"])) == [("stand", "plans.Pro")]
    assert paths(await frontegg_client.plan(rows, only=["part:fields"])) == [("stand", "status")]
