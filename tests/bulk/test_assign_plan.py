"""Jobs that assign plans: to tenants and to users there, by names of plans, once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import UnusableRowsError

pytestmark = pytest.mark.anyio

TABLES: Final[Any] = {
    "plans": [
        {"id": "pro", "name": "Pro"},
        {"id": "free", "name": "Free"},
        {"id": "old", "name": "Old"},
        {"id": "older", "name": "old"},
        {"id": "oldest", "name": "old"},
        {"id": "yearly", "name": "Pro, yearly"},
    ]
}
USERS: Final = [{"id": "ann", "email": "ann@t0.example", "tenantId": "t0"}]
ASSIGN: Final = "plan_assignments.assign"
_END: Final = datetime(2030, 1, 31, tzinfo=UTC)


def seed(emulator: EmulatorHandle, count: int) -> list[str]:
    """Seed tenants and plans; return the ids of the tenants."""
    ids = [f"t{n}" for n in range(count)]
    emulator.seed({"tenants": [{"tenantId": each, "name": each} for each in ids], "users": USERS, "tables": TABLES})
    return ids


def requests(emulator: EmulatorHandle) -> int:
    """Return how many requests assigned plans."""
    return sum(entry.route == ASSIGN for entry in emulator.journal())


async def held(client: AsyncFrontegg) -> Counter[tuple[str, str, str | None, datetime | None]]:
    """Return all assignments, each with how often there is one."""
    listed = client.plan_assignments.list()
    return Counter([(each.plan_id, each.tenant_id, each.user_id, each.expires_at) async for each in listed])


@pytest.mark.slow
async def test_fifty_go_in_a_request(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Each tenant gets the plan once, also if the job is begun again."""
    ids = seed(frontegg_emulator, 120)
    rows = [{"tenant_id": each, "plan": "pro"} for each in ids]
    for ledger in ("a", "b"):
        report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / ledger)
        assert (report.succeeded, report.total) == (120, 120)
        assert requests(frontegg_emulator) == 3
        assert await held(frontegg_client) == Counter({("pro", each, None, None): 1 for each in ids})


@pytest.mark.slow
async def test_users_and_ends(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """What differs by its user or its end is another assignment; what is there stays."""
    seed(frontegg_emulator, 2)
    await frontegg_client.plan_assignments.assign("pro", tenant_ids=["t0"])
    file = tmp_path / "rows.csv"
    file.write_text(
        "tenantId,plan,userId,expirationDate\n"
        "t0,Pro,,\nt0,Pro,ann,\nt0,Pro,,2030-01-31\nt1,Free,,2030-01-31T01:00+01:00\n",
        encoding="utf-8",
    )
    for ledger in ("a", "b"):
        report = await frontegg_client.bulk.assign_plan(file, ledger=tmp_path / ledger)
        assert report.succeeded == 4
        assert await held(frontegg_client) == Counter(
            {
                ("pro", "t0", None, None): 1,
                ("pro", "t0", "ann", None): 1,
                ("pro", "t0", None, _END): 1,
                ("free", "t1", None, _END): 1,
            }
        )


async def test_times(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """A time with a zone, or a text, which is in UTC without one."""
    ids = seed(frontegg_emulator, 4)
    ends = (_END, "2030-01-31", "2030-01-31T00:00:00", "2030-01-30T19:00-05:00")
    rows = [{"tenant_id": each, "plan": "pro", "expires_at": end} for each, end in zip(ids, ends, strict=True)]
    report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l")
    assert [row.input["expires_at"] for row in report.rows()] == ["2030-01-31T00:00:00.000Z"] * 4
    assert await held(frontegg_client) == Counter({("pro", each, None, _END): 1 for each in ids})


async def test_names_of_plans(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A name is found as people type it; the ledger has the id, which a later name does not change."""
    seed(frontegg_emulator, 4)
    rows = [{"tenant_id": f"t{n}", "plan": name} for n, name in enumerate(("Pro", "  pRO ", "Old", "pro,  yearly"))]
    report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l")
    assert [row.input["plan_id"] for row in report.rows()] == ["pro", "pro", "old", "yearly"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"plan": "Prro"}, "column 'plan_id': there is no plan with the id or name 'Prro'"),
        ({"plan": "OLD"}, "column 'plan_id': 3 plans have the name 'OLD': give the id of one"),
        ({"plan": "Pro", "expires_at": "soon"}, "expires_at must be a time in ISO 8601"),
        ({"plan": "Pro", "expires_at": _END.replace(tzinfo=None)}, "expires_at must be a datetime with a time zone"),
        ({"plan": "Pro", "user_id": ".."}, "user_id"),
        ({"user_id": "ann"}, "assign_plan needs plan_id, which is not given"),
    ],
)
async def test_rows_that_cannot_be_used(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    tmp_path: Path,
    row: dict[str, object],
    problem: str,
) -> None:
    """Nothing is sent, and the message says what is allowed."""
    seed(frontegg_emulator, 1)
    with pytest.raises(UnusableRowsError, match=problem):
        await frontegg_client.bulk.assign_plan([{"tenant_id": "t0", **row}], ledger=tmp_path / "l")
    assert requests(frontegg_emulator) == 0


@pytest.mark.slow
async def test_rows_that_are_refused_do_not_hold_others_up(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """A batch with an unknown tenant or user is sent again without it."""
    ids = seed(frontegg_emulator, 8)
    rows: list[dict[str, object]] = [{"tenant_id": each, "plan": "pro"} for each in ids]
    rows[3]["user_id"] = "ann"  # ann is not in t3
    rows.append({"tenant_id": "gone", "plan": "pro"})
    report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l")
    assert {(row.tenant_id, row.status) for row in report.failures()} == {("t3", 404), ("gone", 404)}
    assert await held(frontegg_client) == Counter({("pro", each, None, None): 1 for each in ids if each != "t3"})


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["before_commit", "after_commit"])
async def test_a_lost_response(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, stage: Any
) -> None:
    """The outcome is unknown, and the next run settles it: nothing is assigned twice, and nothing is missing."""
    ids = seed(frontegg_emulator, 20)
    match = {"method": "POST", "path": "/entitlements/resources/entitlements/v2/batch", "times": 1}
    frontegg_emulator.add_fault(match=match, stage=stage, action={"type": "close"})
    rows = [{"tenant_id": each, "plan": "pro", "expires_at": "2030-01-31"} for each in ids]
    report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l")
    assert report.unknown == 20
    report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, report.unknown) == (20, 0)
    assert await held(frontegg_client) == Counter({("pro", each, None, _END): 1 for each in ids})


@pytest.mark.slow
async def test_a_listing_that_fails(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Nothing was sent, so the next run sends the rows."""
    seed(frontegg_emulator, 3)
    match = {"method": "GET", "path": "/entitlements/resources/entitlements/v2"}
    fault = frontegg_emulator.add_fault(match=match, stage="before_commit", action={"type": "status", "status": 500})
    rows = [{"tenant_id": f"t{n}", "plan": "pro"} for n in range(3)]
    report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l")
    assert (report.failed, requests(frontegg_emulator)) == (3, 0)
    frontegg_emulator.delete_fault(fault)
    report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, requests(frontegg_emulator)) == (3, 1)


async def test_a_dry_run(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It reads the plans and the tenants only."""
    seed(frontegg_emulator, 1)
    rows = [{"tenant_id": each, "plan": "Pro"} for each in ("t0", "gone")]
    report = await frontegg_client.bulk.assign_plan(rows, dry_run=True)
    assert [(row.state.value, row.message) for row in report.rows()] == [
        ("pending", "would get the plan"),
        ("failed", "the tenant does not exist"),
    ]
    assert requests(frontegg_emulator) == 0


@pytest.mark.slow
async def test_undo(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """An assignment of a tenant without end is taken back, and another one is named."""
    seed(frontegg_emulator, 2)
    rows = [{"tenant_id": "t0", "plan": "pro"}, {"tenant_id": "t1", "plan": "pro", "expires_at": "2030-01-31"}]
    await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l", keep_before=True)
    plan = await frontegg_client.undo(tmp_path / "l")
    assert [(write.operation, write.key) for write in plan.writes] == [("unassign_plan", "t0")]
    assert any("with an end, is not undone" in note.text for note in plan.notes)


async def test_a_response_that_names_fewer_assignments(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """It proves nothing about any of the rows: the next run reads them back."""
    ids = seed(frontegg_emulator, 3)
    match = {"method": "POST", "path": "/entitlements/resources/entitlements/v2/batch", "times": 1}
    fewer: Any = {"type": "status", "status": 200, "body": {"entitlementIds": ["one"]}}
    frontegg_emulator.add_fault(match=match, stage="after_commit", action=fewer)
    rows = [{"tenant_id": each, "plan": "pro"} for each in ids]
    report = await frontegg_client.bulk.assign_plan(rows, ledger=tmp_path / "l")
    assert (report.unknown, report.total) == (3, 3)
    report = await frontegg_client.bulk.resume(tmp_path / "l")
    assert (report.succeeded, requests(frontegg_emulator)) == (3, 1)
