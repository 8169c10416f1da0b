"""Streams of rows are compared as they come: from files, from the service, from a database."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from frontegg_async import UNSET, AsyncFrontegg, InvalidArgumentError
from frontegg_async._formats.json_text import sorted_json
from frontegg_async.changes.comparing import compare, compare_rows
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.snapshots.files import read_sorted
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.rows import Row, SortedRow
from frontegg_async.snapshots.sorted_spool import SortedSpool
from tests.changes.test_differences import compared, exports


def _sorted(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[SortedRow]:
    return ((key, sorted_json({"tenant_id": key, **rows[key]})) for key in sorted(rows))


@given(old=exports, new=exports)
def test_streams_differ_as_files_do(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, Any], new: dict[str, Any]
) -> None:
    """Streams may be generators; each is read once."""
    directory = str(tmp_path_factory.mktemp("files"))
    assert [*compare(_sorted(old), _sorted(new))] == compared(directory, "jsonl", old, new)


def test_no_more_than_a_row_of_each_is_in_memory() -> None:
    """Differences come while the streams do."""
    ids = (f"{number:012}" for number in itertools.count())
    endless = ((tenant_id, sorted_json({"tenant_id": tenant_id})) for tenant_id in ids)
    found = compare(endless, iter([("000000000001", sorted_json({"tenant_id": "000000000001"}))]))
    assert [each.tenant_id for each in itertools.islice(found, 2)] == ["000000000000", "000000000002"]


def test_the_fields_of_two_rows() -> None:
    """Those that both rows have, in the order of their names; parts of objects one by one."""
    before: Row = {"tenant_id": "a", "vendor_id": "x", "name": "A", "metadata": {"b": {"c": 1}, "d": 2}, "status": "s"}
    after: Row = {"tenant_id": "a", "vendor_id": "y", "name": 1, "metadata": {"b": {"c": True}, "e": None}}

    assert [(each.field, each.before, each.after) for each in compare_rows(before, after)] == [
        ("metadata.b.c", 1, True),
        ("metadata.d", 2, UNSET),
        ("metadata.e", UNSET, None),
        ("name", "A", 1),
    ]
    assert [*compare_rows({"name": None}, {"name": ""}, has_cells=True)] == []
    assert [each.field for each in compare_rows({"name": None}, {"name": ""})] == ["name"]


@pytest.mark.parametrize("argument", ["first", "second"])
@pytest.mark.parametrize("ids", [["b", "a"], ["a", "a"], ["a", "c", "b"]])
def test_a_stream_that_is_not_sorted_is_refused(argument: str, ids: list[str]) -> None:
    """Its accounts would look created and deleted."""
    rows = [(each, sorted_json({"tenant_id": each})) for each in ids]
    streams = (rows, []) if argument == "first" else ([], rows)
    with pytest.raises(InvalidArgumentError, match=f"{argument} must be sorted by tenant_id, without a repeated "):
        [*compare(*streams)]


@pytest.mark.anyio
async def test_a_file_and_the_service(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The rows of both are the same bytes, so that only what changed is parsed."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "é", "name": "'=x", "metadata": {"z": 1.50, "a": "\n"}},
            {"tenantId": "b", "name": "B", "isReseller": True},
            {"tenantId": "a", "name": "A", "parentTenantId": "b", "metadata": "no JSON"},
        ]
    )
    reader = SnapshotReader(frontegg_client._caller)

    async def live() -> list[SortedRow]:
        async with aclosing(reader.portions()) as portions:
            return [row async for portion in portions for row in portion.rows()]

    rows = await live()
    assert [tenant_id for tenant_id, _ in rows] == ["a", "b", "é"]
    await frontegg_client.export(tmp_path / "accounts.jsonl")
    await frontegg_client.tenants.add_metadata("é", {"a": 2})
    with SortedSpool() as spool:
        assert [*read_sorted(tmp_path / "accounts.jsonl", spool)] == rows
    for suffix in ("jsonl", "yml"):
        await frontegg_client.export(tmp_path / f"now.{suffix}")
        with SortedSpool() as spool:
            assert [*compare(read_sorted(tmp_path / f"now.{suffix}", spool), await live())] == []
    [difference] = compare(rows, await live())
    assert [(field.path, field.before, field.after) for field in difference.fields] == [(("metadata", "a"), "\n", 2)]
