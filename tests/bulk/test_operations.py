"""The other operations against the emulator: what they change, in which order, and in how many requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle

pytestmark = pytest.mark.anyio


def seed(emulator: EmulatorHandle, count: int, **fields: Any) -> list[str]:
    """Seed tenants; return their ids."""
    ids = [f"t{n}" for n in range(count)]
    emulator.seed(tenants=[{"tenantId": tenant_id, "name": tenant_id, **fields} for tenant_id in ids])
    return ids


def routes(emulator: EmulatorHandle, route: str) -> list[tuple[str, ...]]:
    """Return the tenants that each request to a route changed or deleted, in order."""
    found = [entry for entry in emulator.journal() if entry.route == route]
    return [(*each.effect.changed, *each.effect.deleted) if each.effect else () for each in found]


async def test_update(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Fields are changed; the rows of one tenant are sent in the order of the input."""
    seed(frontegg_emulator, 3, website="https://old.example")
    rows: list[dict[str, Any]] = [{"tenantId": "t0", "name": f"Name {n}"} for n in range(8)]
    rows += [{"tenant_id": "t1", "website": None}, {"tenant_id": "gone", "name": "G"}]
    report = await frontegg_client.bulk.update(rows, ledger=tmp_path / "l")
    assert (report.succeeded, report.failed) == (9, 1)
    assert (await frontegg_client.tenants.get("t0")).name == "Name 7"
    assert (await frontegg_client.tenants.get("t1")).website is None
    [failure] = report.failures()
    assert (failure.tenant_id, failure.error, failure.status) == ("gone", "NotFoundError", 404)


async def test_metadata(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Keys are merged, and removed."""
    ids = seed(frontegg_emulator, 5)
    added = await frontegg_client.bulk.add_metadata(
        [{"tenant_id": each, "metadata": {"plan": "pro", "seats": 3}} for each in ids], ledger=tmp_path / "a"
    )
    removed = await frontegg_client.bulk.delete_metadata(
        [{"tenant_id": each, "key": "seats"} for each in ids], ledger=tmp_path / "b"
    )
    assert (added.succeeded, removed.succeeded) == (5, 5)
    assert [tenant.metadata async for tenant in frontegg_client.tenants.list()] == [{"plan": "pro"}] * 5


async def test_account_settings(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Settings are changed."""
    ids = seed(frontegg_emulator, 3)
    rows = [{"tenant_id": each, "date_format": "DD/MM/YYYY", "currency": "EUR"} for each in ids]
    report = await frontegg_client.bulk.update_account_settings(rows, ledger=tmp_path / "l")
    assert report.succeeded == 3
    assert (await frontegg_client.account_settings.get("t2")).date_format == "DD/MM/YYYY"


async def test_locks_go_together(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """100 ids go in a request."""
    ids = seed(frontegg_emulator, 250)
    report = await frontegg_client.bulk.lock([{"tenant_id": each} for each in ids], ledger=tmp_path / "a")
    assert (report.succeeded, report.requests) == (250, 3)
    assert sorted(map(len, routes(frontegg_emulator, "tenants.lock"))) == [50, 100, 100]
    report = await frontegg_client.bulk.unlock(({"tenant_id": each} for each in ids), ledger=tmp_path / "b")
    assert (report.succeeded, report.requests) == (250, 3)


@pytest.mark.parametrize(
    ("gone", "requests"), [({"t41"}, 3), ({"t1", "t41", "t99"}, 3), ({f"t{n}" for n in range(100)}, 2)]
)
async def test_a_batch_that_is_refused(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path, gone: set[str], requests: int
) -> None:
    """What is not there fails, and the others are sent again."""
    ids = seed(frontegg_emulator, 100)
    rows = [{"tenant_id": f"gone-{each}" if each in gone else each} for each in ids]
    report = await frontegg_client.bulk.lock(rows, ledger=tmp_path / "l", max_failures=100)
    assert (report.succeeded, report.failed, report.requests) == (100 - len(gone), len(gone), requests)
    assert {(failure.tenant_id, failure.status) for failure in report.failures()} == {
        (f"gone-{each}", 404) for each in gone
    }
    assert sorted(each for some in routes(frontegg_emulator, "tenants.lock") for each in some) == sorted({*ids} - gone)


async def test_a_batch_that_is_refused_for_no_visible_reason(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """It is split until only one row fails."""
    ids = seed(frontegg_emulator, 8)
    refusal = {"type": "status", "status": 400, "body": {"errors": ["no"]}}
    match = {"path": "/tenants/resources/tenants/v1/lock", "times": 4}
    frontegg_emulator.add_fault(match=match, stage="before_commit", action=refusal)
    report = await frontegg_client.bulk.lock([{"tenant_id": each} for each in ids], ledger=tmp_path / "l")
    assert (report.succeeded, report.failed) == (7, 1)


async def test_deletes_begin_with_the_leaves(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """So nothing is moved up before it is deleted."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "a", "name": "A", "isReseller": True},
            {"tenantId": "b", "name": "B", "isReseller": True, "parentTenantId": "a"},
            {"tenantId": "c", "name": "C", "parentTenantId": "b"},
            {"tenantId": "d", "name": "D", "parentTenantId": "b"},
        ]
    )
    rows = [{"tenant_id": each} for each in "abcd"]
    report = await frontegg_client.bulk.delete(rows, ledger=tmp_path / "l", confirm=4)
    assert report.succeeded == 4
    order = [each for some in routes(frontegg_emulator, "tenants.delete") for each in some if each in "abcd"]
    assert sorted(order[:2]) == ["c", "d"]
    assert order[2:] == ["b", "a"]


async def test_assign(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Tenants are put under others."""
    seed(frontegg_emulator, 4, isReseller=True)
    rows = [{"child_id": "t1", "parent_id": "t0"}, {"tenant_id": "t2", "parent_tenant_id": "t1"}]
    report = await frontegg_client.bulk.assign(rows, ledger=tmp_path / "l")
    assert report.succeeded == 2
    assert [row.tenant_id for row in await frontegg_client.hierarchy.list_parents("t2")] == ["t1", "t0"]


@pytest.mark.parametrize("operation", ["create", "update", "lock", "delete"])
async def test_a_dry_run(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, operation: str) -> None:
    """It only reads, and says what each row would do."""
    seed(frontegg_emulator, 2)
    frontegg_emulator.clear_journal()
    rows = [
        {"tenant_id": each, "name": "N"} if operation in {"create", "update"} else {"tenant_id": each}
        for each in ("t0", "new")
    ]
    report = await getattr(frontegg_client.bulk, operation)(rows, dry_run=True)
    assert (report.total, report.succeeded, report.failed, report.pending) == (2, 0, 1, 1)
    [failure] = report.failures()
    assert failure.tenant_id == ("t0" if operation == "create" else "new")
    assert {entry.method for entry in frontegg_emulator.journal() if entry.route != "auth.authenticate"} == {"GET"}
    assert report.guard is None


@pytest.mark.parametrize(
    ("operation", "key", "parent"), [("create", "tenant_id", "parent_tenant_id"), ("assign", "child_id", "parent_id")]
)
async def test_a_dry_run_looks_at_parents(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, operation: str, key: str, parent: str
) -> None:
    """They must be there, and may have sub-accounts."""
    there: list[dict[str, object]] = [
        {"tenantId": "top", "name": "Top", "isReseller": True},
        {"tenantId": "leaf", "name": "Leaf"},
    ]
    if operation == "assign":
        there += [{"tenantId": f"t{n}", "name": "T"} for n in range(3)]
    frontegg_emulator.seed(tenants=there)
    rows = [{key: f"t{n}", parent: each} for n, each in enumerate(("top", "leaf", "none"))]
    if operation == "create":
        rows = [{**row, "name": "N"} for row in rows]
    report = await getattr(frontegg_client.bulk, operation)(rows, dry_run=True, on_bad_row="report")
    assert [row.state for row in report.rows()] == ["pending", "failed", "failed"]
    leaf, none = report.failures()
    assert (leaf.error, leaf.status) == ("BadRequestError", 400)
    assert leaf.message == "the tenant 'leaf' may not have sub-accounts: it is not a reseller"
    assert none.message is not None
    assert "'none'" in none.message
