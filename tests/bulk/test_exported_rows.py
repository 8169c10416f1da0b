"""Rows of an export as the input of bulk work: what is refused, what is sent, and what is left behind."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import LeftOutWarning, UnusableRowsError
from frontegg_sync import Frontegg

pytestmark = pytest.mark.anyio


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def _exported(client: AsyncFrontegg, path: Path) -> list[dict[str, Any]]:
    await client.export(path)
    return [] if path.suffix == ".csv" else _rows(path)


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """A client of an environment with two accounts."""
    metadata = '{"plan": "free", "seats": 3}'
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "a", "name": "A", "metadata": metadata, "isLocked": True},
            {"tenantId": "b", "name": "B", "metadata": metadata},
        ]
    )
    return frontegg_client


@pytest.mark.parametrize("operation", ["update", "add_metadata", "update_account_settings"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
async def test_fields_of_an_export_are_not_sent_unless_they_are_named(
    operation: str, suffix: str, client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """All of them would be set back; the message says which operations apply parents and locks."""
    path = tmp_path / f"accounts{suffix}"
    rows = await _exported(client, path)
    frontegg_emulator.clear_journal()
    sources: Sequence[Any] = [path, *([rows] if rows else [])]
    for source in sources:
        with pytest.raises(
            UnusableRowsError, match=r"columns=.*--columns.*assign applies parents, lock and unlock apply"
        ):
            await getattr(client.bulk, operation)(source, ledger=tmp_path / "ledger")
    assert all(entry.method == "GET" or entry.route == "auth.authenticate" for entry in frontegg_emulator.journal())
    assert not (tmp_path / "ledger").exists()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
async def test_named_columns_alone_are_sent(suffix: str, client: AsyncFrontegg, tmp_path: Path) -> None:
    """What changed since the export stays: other fields, and other keys of the metadata."""
    path = tmp_path / f"accounts{suffix}"
    await client.export(path)
    path.write_text(path.read_text(encoding="utf-8").replace("free", "pro"), encoding="utf-8")
    await client.tenants.update("a", website="https://new.example", status="trial")
    await client.tenants.add_metadata("a", {"seats": 9, "owner": "ann"})
    report = await client.bulk.update(path, columns=["metadata.plan", "name"], ledger=tmp_path / "ledger")
    assert (report.succeeded, report.total) == (2, 2)
    found = await client.tenants.get("a")
    assert (found.website, found.status, found.is_locked) == ("https://new.example", "trial", True)
    assert found.metadata == {"plan": "pro", "seats": 9, "owner": "ann"}
    report.to_csv(tmp_path / "again.csv")
    report.to_json(tmp_path / "again.jsonl")
    for number, name in enumerate(("again.csv", "again.jsonl")):
        again = await client.bulk.update(tmp_path / name, ledger=tmp_path / f"again{number}")
        assert [row.input for row in again.rows()] == [
            {"tenant_id": each, "name": each.upper(), "metadata.plan": "pro"} for each in "ab"
        ]
    assert (await client.tenants.get("a")).metadata == {"plan": "pro", "seats": 9, "owner": "ann"}


async def test_keys_of_metadata_are_merged_by_an_update(client: AsyncFrontegg, tmp_path: Path) -> None:
    """A column with a key of its own changes that key; one with the whole value replaces it."""
    rows: list[dict[str, object]] = [
        {"tenant_id": "a", "metadata.plan": "3", "metadata.limits": {"users": 5}, "metadata.gone": None},
        {"tenant_id": "b", "metadata": {"new": True}, "name": "New"},
    ]
    report = await client.bulk.update(rows, ledger=tmp_path / "ledger")
    assert report.succeeded == 2
    assert (await client.tenants.get("a")).metadata == {"plan": "3", "seats": 3, "limits": {"users": 5}, "gone": None}
    assert (await client.tenants.get("b")).metadata == {"new": True}
    with pytest.raises(InvalidArgumentError, match="which one CSV file cannot express: write JSON Lines"):
        report.to_csv(tmp_path / "rows.csv")
    keys = await client.bulk.update(rows[:1], ledger=tmp_path / "keys")
    keys.to_csv(tmp_path / "rows.csv")
    report.to_json(tmp_path / "rows.jsonl")
    for path, job in ((tmp_path / "rows.csv", keys), (tmp_path / "rows.jsonl", report)):
        again = await client.bulk.update(path, ledger=tmp_path / f"again{path.suffix}")
        assert [row.input for row in again.rows()] == [row.input for row in job.rows()]


@pytest.mark.parametrize("fault", ["before_commit", "after_commit"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_a_lost_response_of_either_request_is_settled(
    fault: str, method: str, client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    paths = {"PUT": "/tenants/resources/tenants/v2/a", "POST": "/tenants/resources/tenants/v1/a/metadata"}
    frontegg_emulator.add_fault(
        match={"method": method, "path": paths[method], "times": 1}, stage=fault, action={"type": "close"}
    )
    row = {"tenant_id": "a", "name": "New", "metadata.plan": "pro"}
    report = await client.bulk.update([row], ledger=tmp_path / "ledger")
    if report.unknown:
        report = await client.bulk.resume(tmp_path / "ledger")
    assert (report.succeeded, report.failed, report.unknown) == (1, 0, 0)
    found = await client.tenants.get("a")
    assert (found.name, found.metadata) == ("New", {"plan": "pro", "seats": 3})


async def test_columns_of_other_operations(client: AsyncFrontegg, tmp_path: Path) -> None:
    rows = await _exported(client, tmp_path / "accounts.jsonl")
    added = await client.bulk.add_metadata(rows, columns=("metadata.plan",), ledger=tmp_path / "a")
    assert [row.input["metadata"] for row in added.rows()] == [{"plan": "free"}] * 2
    settings = await client.bulk.update_account_settings(rows, columns=["name"], ledger=tmp_path / "b")
    assert [row.input for row in settings.rows()] == [{"tenant_id": each, "name": each.upper()} for each in "ab"]
    plain = [{"tenant_id": "a", "name": "N", "status": "on"}]
    named = await client.bulk.update(plain, columns=["status"], ledger=tmp_path / "c")
    assert [row.input for row in named.rows()] == [{"tenant_id": "a", "status": "on"}]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("name", "columns must be a list of names"),
        ([], "columns must name at least one column besides tenant_id"),
        (["tenant_id"], "columns must name at least one column besides tenant_id"),
        (["nmae"], "columns must be names among tenant_id, name"),
        (["name.first"], "columns must be names among"),
        (["metadata."], "columns must be names among"),
        ([3], "columns must be names among"),
        (["parent_tenant_id"], "columns must be names among"),
        (["is_locked"], "columns must be names among"),
        (["name", "name"], "columns must not name name twice"),
        (["metadata", "metadata.plan"], "columns must not name metadata twice"),
        (["metadata.limits.seats"], "the whole value of a key, so name metadata.limits"),
    ],
)
async def test_columns_that_cannot_be(columns: Any, says: str, frontegg_client: AsyncFrontegg) -> None:
    with pytest.raises(InvalidArgumentError, match=says):
        await frontegg_client.bulk.update([{"tenant_id": "a", "name": "A"}], columns=columns, dry_run=True)


async def test_a_named_column_that_a_file_lacks(client: AsyncFrontegg, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("tenant_id,name\na,A\n", encoding="utf-8")
    with pytest.raises(UnusableRowsError, match="there is no column 'status'"):
        await client.bulk.update(tmp_path / "rows.csv", columns=["status"], ledger=tmp_path / "ledger")


async def test_a_creation_counts_what_it_does_not_carry(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """Before it sends anything; as an error it sends nothing, and leaves no ledger."""
    await client.account_settings.update("b", date_format="DD/MM/YYYY")
    path = tmp_path / "accounts.jsonl"
    await client.export(path, include=["settings"])
    rows = _rows(path)
    copies = [{**row, "tenant_id": f"copy-{row['tenant_id']}"} for row in rows]
    frontegg_emulator.clear_journal()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(LeftOutWarning, match=r"is_locked \(accounts: 1\), settings \(accounts: 2\); lock"):
            await client.bulk.create(copies, ledger=tmp_path / "ledger")
    assert not (tmp_path / "ledger").exists()
    assert [entry.route for entry in frontegg_emulator.journal() if entry.route == "tenants.create"] == []
    with pytest.warns(LeftOutWarning) as warned:
        assert (await client.bulk.create(copies, ledger=tmp_path / "ledger")).succeeded == 2
    assert warned[0].filename == __file__


def test_the_blocking_client_refuses_too(frontegg_sync_client: Frontegg, tmp_path: Path) -> None:
    frontegg_sync_client.tenants.create(tenant_id="a", name="A", status="on")
    path = tmp_path / "accounts.jsonl"
    frontegg_sync_client.export(path)
    with pytest.raises(UnusableRowsError, match="columns="):
        frontegg_sync_client.bulk.update(path, ledger=tmp_path / "ledger")
    report = frontegg_sync_client.bulk.update(path, columns=["status"], ledger=tmp_path / "ledger")
    assert [row.input for row in report.rows()] == [{"tenant_id": "a", "status": "on"}]
