"""Bulk creation against the emulator: the rows, their order, and what the ledger says."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import LedgerExistsError, LedgerInUseError, UnusableRowsError

pytestmark = pytest.mark.anyio


def created(emulator: EmulatorHandle) -> list[str]:
    """Return the ids that were created, in order."""
    done = [entry.effect for entry in emulator.journal() if entry.route == "tenants.create" and entry.effect]
    return [tenant_id for effect in done for tenant_id in effect.created]


def rows(count: int) -> list[dict[str, Any]]:
    return [{"tenant_id": f"t{n}", "name": f"Tenant {n}", "metadata": {"n": n}} for n in range(1, count + 1)]


async def test_rows_are_created(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Each once, with its values."""
    ledger = tmp_path / "l.sqlite3"
    report = await frontegg_client.bulk.create(rows(250), ledger=ledger)
    assert (report.total, report.succeeded, report.failed, report.unknown, report.skipped) == (250, 250, 0, 0, 0)
    assert report.requests == 250
    assert {tenant.tenant_id async for tenant in frontegg_client.tenants.list()} == {f"t{n}" for n in range(1, 251)}
    again = await frontegg_client.bulk.resume(ledger)
    assert (again.succeeded, again.requests) == (250, 250)
    assert read_report(ledger).succeeded == 250
    assert ledger.stat().st_mode & 0o077 == 0


async def test_parents_come_first(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Also when they come later in the input, or are in the environment already."""
    frontegg_emulator.seed(tenants=[{"tenantId": "top", "name": "Top", "isReseller": True}])
    given: list[dict[str, Any]] = [
        {"tenant_id": "c", "name": "C", "parent_tenant_id": "b"},
        {"tenant_id": "b", "name": "B", "parent_tenant_id": "a", "is_reseller": True},
        {"tenant_id": "a", "name": "A", "is_reseller": True, "parent_tenant_id": "top"},
    ]
    report = await frontegg_client.bulk.create(given, ledger=tmp_path / "l")
    assert report.succeeded == 3
    assert [row.tenant_id for row in await frontegg_client.hierarchy.list_sub_accounts("top")] == ["a", "b", "c"]


async def test_children_of_a_failed_parent_are_skipped(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """With the reason."""
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "Here already", "isReseller": True}])
    given: list[dict[str, Any]] = [
        {"tenant_id": "b", "name": "B", "parent_tenant_id": "a", "is_reseller": True},
        {"tenant_id": "c", "name": "C", "parent_tenant_id": "b"},
        {"tenant_id": "a", "name": "A", "is_reseller": True},
    ]
    report = await frontegg_client.bulk.create(given, ledger=tmp_path / "l")
    assert (report.succeeded, report.failed, report.skipped) == (0, 1, 2)
    found = {row.tenant_id: (row.state, row.message) for row in report._reader.rows()}
    assert found["b"] == ("skipped", f"the tenant a was not created: {found['a'][1]}")
    assert found["c"] == ("skipped", f"the tenant b was not created: {found['b'][1]}")
    [failure] = report.failures()
    assert (failure.row, failure.tenant_id, failure.error, failure.status) == (3, "a", "ConflictError", 409)
    assert failure.trace_id


async def test_children_of_a_row_that_cannot_be_used_are_skipped(
    frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """As those of one that fails."""
    given: list[dict[str, Any]] = [
        {"tenant_id": "c", "name": "C", "parent_tenant_id": "b"},
        {"tenant_id": "b", "name": "B", "parent_tenant_id": "a"},
        {"tenant_id": "a"},
        {"tenant_id": None, "name": 3},
    ]
    report = await frontegg_client.bulk.create(given, ledger=tmp_path / "l", on_bad_row="report")
    assert (report.failed, report.skipped, report.requests) == (2, 2, 0)
    [skipped, *_] = report.rows(only="skipped")
    assert (
        skipped.message
        == "the tenant b was not created: the tenant a was not created: column 'name': create needs name, which is not"
        " given"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([{"tenant_id": "a"}], "row 1, column 'name': create needs name"),
        ([{"name": "a"}, {"name": 3}], "row 2, column 'name': name must be text"),
        ([{"tenant_id": "a", "name": "A"}] * 2, "row 2, column 'tenant_id': an earlier row has the same value"),
        (
            [
                {"tenant_id": "a", "name": "A", "parent_tenant_id": "b"},
                {"tenant_id": "b", "name": "B", "parent_tenant_id": "a"},
            ],
            "form a circle",
        ),
        ([{"name": "A", "parent_tenant_id": "x"}], "'x' is neither in the environment nor in a valid row"),
    ],
)
async def test_rows_that_cannot_be_used(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    tmp_path: Path,
    given: list[dict[str, Any]],
    said: str,
) -> None:
    """They are told before anything is sent, and no ledger is left; or the others are sent."""
    with pytest.raises(UnusableRowsError, match=said):
        await frontegg_client.bulk.create(given, ledger=tmp_path / "l")
    assert not (tmp_path / "l").exists()
    assert created(frontegg_emulator) == []
    report = await frontegg_client.bulk.create(
        [*given, {"tenant_id": "z", "name": "Z"}], ledger=tmp_path / "l", on_bad_row="report"
    )
    assert report.succeeded + report.failed == len(given) + 1
    assert "z" in created(frontegg_emulator)


async def test_ids_are_fixed_before_the_first_request(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """They come from the job and the row."""
    report = await frontegg_client.bulk.create(({"name": f"T{n}"} for n in range(5)), ledger=tmp_path / "l")
    assert sorted(created(frontegg_emulator)) == sorted(row.tenant_id or "" for row in report._reader.rows())
    assert max(Counter(created(frontegg_emulator)).values()) == 1


async def test_a_ledger_whose_tables_were_not_whole(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """SQLite takes back what a process wrote that was killed while it made them; the job begins again."""
    ledger = tmp_path / "l"
    await (await SqliteStore.begin(str(ledger), operation="create", environment="here", settings={})).close()
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    # The head of the journal of an empty file: SQLite empties the file when it finds this journal.
    head = struct.pack(">8sIIIII", bytes.fromhex("d9d505f920a163d7"), 0, 1, 0, 512, 4_096)
    Path(f"{ledger}-journal").write_bytes(head.ljust(512, b"\0"))  # noqa: ASYNC240 - a file of 512 bytes

    assert (await frontegg_client.bulk.create(rows(1), ledger=ledger)).succeeded == 1


async def test_a_ledger_that_is_there(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """It is not written to by a new job, nor while another run holds it."""
    ledger = tmp_path / "l"
    await frontegg_client.bulk.create(rows(1), ledger=ledger)
    with pytest.raises(LedgerExistsError, match="already exists: resume"):
        await frontegg_client.bulk.create(rows(1), ledger=ledger)
    held = await SqliteStore.resume(str(ledger))
    with pytest.raises(LedgerInUseError, match="another run uses the ledger"):
        await frontegg_client.bulk.resume(ledger)
    (tmp_path / "link").symlink_to(ledger)
    with pytest.raises(LedgerInUseError):
        await frontegg_client.bulk.resume(tmp_path / "link")
    await held.close()
    await frontegg_client.bulk.resume(ledger)
