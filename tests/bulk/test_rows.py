"""Rows of bulk work: what is read from files and iterables, and what is told of input that cannot be used."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import os
import sys
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import UNSET, AsyncFrontegg, Tenant
from frontegg_async._formats.csv_cells import guarded
from frontegg_async._values.json_values import JsonValue, RawText
from frontegg_async.bulk.chosen_columns import parse_columns
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.row_files import MAX_ROW
from frontegg_async.bulk.rows import BadRow, BulkSource, Row, read_chunks
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, UnusableRowsError
from frontegg_sync import Frontegg
from tests.core.rows import JSON, TEXTS


def _read(source: BulkSource, operation: str = "create", columns: Sequence[str] | None = None) -> list[Row | BadRow]:
    chosen = parse_columns(OPERATIONS[operation], columns)

    async def read() -> list[Row | BadRow]:
        return [row async for chunk in read_chunks(source, OPERATIONS[operation], chosen) for row in chunk]

    return asyncio.run(read())


def _values(source: BulkSource, operation: str = "create") -> list[Mapping[str, JsonValue]]:
    rows = _read(source, operation)
    assert [row for row in rows if isinstance(row, BadRow)] == []
    return [row.values for row in rows]


@pytest.fixture
def csv_path(tmp_path: Path) -> Path:
    """The path of a CSV file that is not there yet."""
    return tmp_path / "accounts.csv"


@pytest.fixture
def jsonl_path(tmp_path: Path) -> Path:
    """The path of a JSON Lines file that is not there yet."""
    return tmp_path / "accounts.jsonl"


def test_csv(csv_path: Path) -> None:
    """Names of parameters and of the wire, flags, metadata; empty cells and lines are nothing; lines are told."""
    csv_path.write_bytes(
        b"\xef\xbb\xbftenantId, name ,isReseller,metadata,_error\r\n"
        b'a,Acme,TRUE,"{""plan"": ""pro""}",ConflictError\r\n'
        b"\r\n"
        b'b,"Two\r\nlines",,,\r\n'
        b",M\xc3\xbcller,false,3,"
    )

    assert _read(csv_path) == [
        Row(1, 2, {"tenant_id": "a", "name": "Acme", "is_reseller": True, "metadata": {"plan": "pro"}}),
        Row(2, 4, {"tenant_id": "b", "name": "Two\r\nlines"}),
        Row(3, 6, {"name": "Müller", "is_reseller": False, "metadata": 3}),
    ]
    assert _read(str(csv_path)) == _read(csv_path)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("pro", "pro"),
        ("3", 3),
        ("true", True),
        ("null", None),
        ('{"a": 1}', {"a": 1}),
        ('"3"', "3"),
        ("007", "007"),
        ("NaN", "NaN"),
        ("-", "-"),
        ("3 rooms", "3 rooms"),
    ],
)
def test_a_cell_of_a_dotted_column_is_text_unless_it_is_json(csv_path: Path, cell: str, value: JsonValue) -> None:
    """So numbers need no quotes, and text does not either."""
    with csv_path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["name", "metadata.plan", "metadata.a.b"], ["A", cell, cell]])

    assert _values(csv_path) == [{"name": "A", "metadata": {"plan": value, "a": {"b": value}}}]


_REFUSED_CELLS: Final = {
    "1e400": "must be a finite number",
    "-1e999": "must be a finite number",
    "9" * 30: "must be a whole number of at most 64 bits",
    "9" * 5_000: "cannot be read as JSON: a number has too many digits",
    '{"a": 1, "a": 2}': "cannot be read as JSON: an object has a name twice",
    '[{"b": {"a": 1, "a": 2}}]': "cannot be read as JSON: an object has a name twice",
    '{"a": 1e400}': "['a'] must be a finite number",
    '{"a": [' + "9" * 5_000 + "]}": "cannot be read as JSON: a number has too many digits",
    "[" * 3_000 + "]" * 3_000: "is nested deeper than 128 levels",
    "[" * 130 + "]" * 130: "is nested deeper than 128 levels",
    r'"\ud800"': "has a lone surrogate",
}


@pytest.mark.parametrize(
    ("operation", "bad"),
    [
        ("create", "metadata.limit"),
        ("create", "metadata.a.b"),
        ("update", "metadata.limit"),
        ("add_metadata", "metadata.limit"),
    ],
)
@pytest.mark.parametrize(("cell", "message"), _REFUSED_CELLS.items(), ids=[cell[:12] for cell in _REFUSED_CELLS])
def test_a_cell_that_looks_like_json_and_cannot_be_sent(
    csv_path: Path, operation: str, bad: str, cell: str, message: str
) -> None:
    """It is not taken for text, and the message has the name of its own column, not that of another key."""
    cells = {"tenant_id": "t", "metadata.plan": "gold", bad: cell}
    cells |= {"name": "N", "metadata.a.c": "1"} if operation == "create" else {}
    with csv_path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([cells.keys(), cells.values()])

    (row,) = _read(csv_path, operation)

    assert isinstance(row, BadRow)
    assert row.column == bad
    assert row.message.startswith(bad)
    assert message in row.message


def test_a_cell_may_be_as_long_as_a_row(csv_path: Path) -> None:
    """As that of a logo."""
    csv_path.write_text(f"name,logo\nA,{'x' * 1_000_000}\n", encoding="utf-8")

    assert _values(csv_path) == [{"name": "A", "logo": "x" * 1_000_000}]


def test_json_lines(jsonl_path: Path) -> None:
    """Values are taken as they are, also those of dotted names; null is not given where it cannot clear a field."""
    jsonl_path.write_bytes(
        b'\xef\xbb\xbf{"name": "A", "metadata.plan": "3", "status": null}\r\n'
        b"\n"
        b'{"name": "B", "metadata": {"a": [1, null]}, "parentTenantId": "a", "status": ""}'
    )

    assert _read(jsonl_path) == [
        Row(1, 1, {"name": "A", "metadata": {"plan": "3"}}),
        Row(2, 3, {"name": "B", "metadata": {"a": [1, None]}, "parent_tenant_id": "a", "status": ""}),
    ]


def test_null_clears_what_can_be_cleared(jsonl_path: Path) -> None:
    """In changes; an export says nothing with the null of a field that cannot be cleared, also where it is named."""
    jsonl_path.write_text(
        '{"tenant_id": "a", "status": null}\n'
        '{"tenant_id": "a", "is_reseller": null}\n'
        '{"format": "frontegg-accounts/1", "tenant_id": "a", "is_reseller": null, "status": null}\n',
        encoding="utf-8",
    )

    rows = _read(jsonl_path, "update", ["status", "is_reseller"])
    assert [row.values for row in rows[::2]] == [{"tenant_id": "a", "status": None}] * 2
    assert isinstance(rows[1], BadRow)
    assert rows[1].column == "is_reseller"


_EXPORTED: Final = {
    "format": "frontegg-accounts/1",
    "tenant_id": "a",
    "name": "'=A",
    "parent_tenant_id": None,
    "is_reseller": True,
    "metadata": {"plan": "pro"},
    "status": "on",
    "created_at": "2026-05-04T09:30:00Z",
    "settings": {"timezone": "UTC"},
}


def test_an_export_is_input_of_every_operation(tmp_path: Path) -> None:
    """What an operation does not take is ignored, and text that looks guarded stays as it is."""
    lines, table = tmp_path / "export.ndjson", tmp_path / "export.CSV"
    lines.write_text(json.dumps(_EXPORTED), encoding="utf-8")
    with table.open("w", newline="", encoding="utf-8") as file:
        cells = [json.dumps(value) if isinstance(value, dict | bool) else value for value in _EXPORTED.values()]
        csv.writer(file).writerows([_EXPORTED, [cell and guarded(cell) for cell in cells]])

    for path in (lines, table):
        assert _values(path, "lock") == [{"tenant_id": "a"}]
        assert _values(path) == [
            {"tenant_id": "a", "name": "'=A", "is_reseller": True, "metadata": {"plan": "pro"}, "status": "on"}
        ]


@attrs.frozen
class _Account:
    """A class of an application."""

    tenant_id: str
    name: str
    shoe_size: int | None = None


def test_iterables() -> None:
    """Mappings, models and classes of attrs, from lists, generators and async generators, whatever changes later."""
    shared: dict[str, list[JsonValue]] = {"tags": []}

    async def rows() -> AsyncIterator[dict[str, object]]:
        for number in range(2):
            shared["tags"].append(number)
            yield {"tenant_id": f"t{number}", "name": "A", "metadata": shared}

    moment = datetime(2026, 5, 4, tzinfo=UTC)
    tenant = Tenant(tenant_id="a", name="A", created_at=moment, metadata={"x": (1,)}, is_locked=True)
    assert [row.values["metadata"] for row in _read(rows())] == [{"tags": [0]}, {"tags": [0, 1]}]
    assert _read(iter([tenant])) == [
        Row(1, None, {"tenant_id": "a", "name": "A", "metadata": {"x": [1]}}),
    ]
    assert _values([tenant], "delete") == [{"tenant_id": "a"}]
    assert _values([{"tenant_id": "a", "parentTenantId": "b"}], "assign") == [
        {"child_id": "a", "parent_id": "b"},
    ]
    assert _values([{"name": "A", "status": UNSET}]) == [{"name": "A"}]
    [bad] = _read([_Account("a", "A")])
    assert isinstance(bad, BadRow)
    assert bad.column == "shoe_size"


_HEADERS: Final = {
    "": "accounts.csv is empty: its first line must contain the column names",
    "\n\n": "accounts.csv is empty: its first line must contain the column names",
    "tenant_id,status\n": "accounts.csv, line 1: there is no column 'name', which create needs",
    "\nname,naem\n": "accounts.csv, line 2: create has no column 'naem' (did you mean 'name'?): it takes tenant_id",
    "name,metdata.plan\n": "(did you mean 'metadata'?)",
    "name,status.x\n": "create has no column 'status.x'",
    "name,metadata.\n": "create has no column 'metadata.'",
    "name,name\n": "accounts.csv, line 1: column 'name' occurs twice",
    "name,tenantId,tenant_id\n": "columns 'tenantId' and 'tenant_id' set the same value: leave one out",
    "name,metadata.a,metadata\n": "columns 'metadata.a' and 'metadata' set the same value: leave one out",
    ",name\n0,A\n": "column 1 has no name (if pandas wrote its index, write the file again with index=False)",
    "tenant_id;name\na;A\n": "columns must be separated by commas, not by ';'",
    "tenant_id\tname\n": "columns must be separated by commas, not by '\\t'",
    '"name\nA\n': "line 1: the names of the columns cannot be read: the row is not CSV",
    "," * 1_000: "line 1: there are 1,001 columns, and at most 1,000 are allowed",
    "x," * 1_000_000: "line 1: the names of the columns cannot be read: the row has more than 1,048,576 bytes",
    'name\nA\n"B\nC\n': "accounts.csv, line 3: a quote is opened in this row and never closed",
    'name\nA\n"' + "B\n" * (MAX_ROW // 2): "accounts.csv, line 3: a quote is opened in this row and never closed",
}


@pytest.mark.slow
@pytest.mark.parametrize(("text", "message"), _HEADERS.items(), ids=[text[:20] for text in _HEADERS])
def test_a_csv_file_that_cannot_be_used(csv_path: Path, text: str, message: str) -> None:
    """The message names file, line and column, and what is allowed."""
    csv_path.write_text(text, encoding="utf-8", newline="")

    with pytest.raises(UnusableRowsError) as caught:
        _read(csv_path)
    assert message in caught.value.message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It is none, is not there, is in UTF-16, is empty, or has another suffix."""
    messages: list[str] = []
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "utf16.csv").write_text("name\n", encoding="utf-16")
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    for name in ("folder.csv", "missing.csv", "utf16.csv", "empty.jsonl", "accounts.xlsx"):
        with pytest.raises(UnusableRowsError) as caught:
            _read(tmp_path / name)
        messages.append(caught.value.message.removeprefix(str(tmp_path))[1:])

    assert messages[0] == "folder.csv is a directory"
    assert messages[1] == "missing.csv cannot be read: No such file or directory"
    assert messages[2] == "utf16.csv is UTF-16: save it as UTF-8"
    assert messages[3] == "empty.jsonl is empty: each line must have a JSON object"
    assert messages[4] == "accounts.xlsx must be a file whose name ends in .csv, .jsonl, .ndjson"


@pytest.mark.skipif(sys.platform == "win32", reason="it has no named pipes in its file system")
def test_a_pipe(tmp_path: Path) -> None:
    """What another program writes is read as it comes."""
    pipe = tmp_path / "rows.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"\xef\xbb\xbfname\nA\n",))
    writer.start()

    assert _values(pipe) == [{"name": "A"}]
    writer.join()


def test_a_file_with_only_a_header_has_no_rows(csv_path: Path) -> None:
    """As a report of failures has it when nothing failed."""
    csv_path.write_text("name\n", encoding="utf-8")

    assert _read(csv_path) == []


_BAD_CELLS: Final = [
    (b"M\xfcller,,,", "name", "name has a lone surrogate, which is not valid Unicode text (is the file UTF-8?)"),
    (b"A,,yes,", "isReseller", "isReseller must be true or false, not 'yes'"),
    (b"A,,,{'a': 1}", "metadata", 'metadata must be JSON, such as {"plan": "gold"}: '),
    (b"A,,,NaN", "metadata", "NaN is no JSON number"),
    (b"A,,,1e999", "metadata", "metadata must be a finite number"),
    (b"A,,," + b"[" * 100_000, "metadata", "it is nested deeper than 128 levels"),
    (b"A,a/../b\x01,,", "tenant_id", "tenant_id must not have control characters"),
    (b",a,,", "name", "create needs name, which is not given"),
    (b"A,a,true", None, "the row has 3 cells and the header has 4"),
    (b"A,a,true,,", None, "the row has 5 cells and the header has 4"),
    (b"name,tenant_id,isReseller,metadata", None, "the row repeats the names of the columns"),
    (b'"A"x,,,', None, "the row is not CSV: "),
    (b"A\rB,,,", None, "a line ends with CR alone: end lines with LF or CRLF"),
    (b"A,,," + b"1" * 10_000_000, None, "the row has more than 1,048,576 bytes"),
    (b'A,,,"' + b"1\n" * 600_000 + b'"', None, "the row has more than 1,048,576 bytes"),
    (b"A,,," + b'"1\n",' * 300_000, None, "the row has more than 1,048,576 bytes"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("line", "column", "message"), _BAD_CELLS, ids=[str(row[2])[:40] for row in _BAD_CELLS])
def test_a_row_of_csv_that_cannot_be_used(csv_path: Path, line: bytes, column: str | None, message: str) -> None:
    """The message has its place, and the rows around it are read."""
    csv_path.write_bytes(b"name,tenant_id,isReseller,metadata\nA,,,\n" + line + b"\nB,,,\n")

    before, bad, after = _read(csv_path)
    assert (before, after.values) == (Row(1, 2, {"name": "A"}), {"name": "B"})
    assert isinstance(bad, BadRow)
    assert (bad.number, bad.line, bad.column) == (2, 3, column)
    assert str(bad) == f"{csv_path}, line 3{f', column {column!r}' if column else ''}: {bad.message}"
    assert message in bad.message
    assert after.line == 4 + line.count(b"\n")


_BAD_LINES: Final = [
    (b'{"name": "B"', None, "the row is not JSON: Expecting ',' delimiter"),
    (b'{"name": NaN}', None, "the row is not JSON: NaN is no JSON number"),
    (b'{"name": "B", "name": "C"}', None, "the row is not JSON: an object has a name twice"),
    (b'[{"name": "B"}]', None, "each line must be a JSON object, without an array around the objects"),
    (b'{"a":' * 50_000, None, "the row is not JSON: it is nested deeper than 128 levels"),
    (b'{"name": "' + b"B" * 10_000_000 + b'"}', None, "the row has more than 1,048,576 bytes"),
    (b'{"name": "M\xfcller"}', "name", "(is the file UTF-8?)"),
    (b'{"name": 3}', "name", "name must be text, not int"),
    (b'{"name": "B", "is_reseller": "true"}', "is_reseller", "is_reseller must be True or False"),
    (
        b'{"name": "B", "tenantId": "a", "tenant_id": "a"}',
        "tenant_id",
        "columns 'tenantId' and 'tenant_id' set the same",
    ),
    (b'{"name": "B", "metadata.a": 1, "metadata.a.b": 2}', "metadata.a.b", "is within the value of another column"),
    (
        b"{" + b",".join(b'"%d": 1' % n for n in range(90_000)) + b"}",
        None,
        "the row has 90,000 columns, and at most 1,000",
    ),
    (b'{"name": "B", "metadata": ' + b"9" * 5_000 + b"}", None, "the row is not JSON: a number has too many digits"),
    (
        b'{"name": "B", "metadata' + b".a" * 5_000 + b'": 1}',
        "metadata" + ".a" * 5_000,
        "is nested deeper than 128 levels",
    ),
    (b'{"naem": "B"}', "naem", "create has no column 'naem' (did you mean 'name'?): it takes tenant_id, name, "),
]


@pytest.mark.parametrize(("line", "column", "message"), _BAD_LINES, ids=[str(row[2])[:40] for row in _BAD_LINES])
def test_a_json_line_that_cannot_be_used(jsonl_path: Path, line: bytes, column: str | None, message: str) -> None:
    """The message has its place, and the rows around it are read."""
    jsonl_path.write_bytes(b'{"name": "A"}\n' + line + b'\n{"name": "B"}\n')

    before, bad, after = _read(jsonl_path)
    assert (before, after) == (Row(1, 1, {"name": "A"}), Row(3, 3, {"name": "B"}))
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.column) == (2, column)
    assert message in bad.message


def test_a_file_that_is_cut_off(jsonl_path: Path) -> None:
    """The broken last line is told as such."""
    jsonl_path.write_text('{"name": "A"}\n{"name": "B', encoding="utf-8")

    _, bad = _read(jsonl_path)
    assert isinstance(bad, BadRow)
    assert bad.message.endswith("; this is the last line, so the file may be incomplete")


def test_a_mapping_that_cannot_be_used() -> None:
    """What it had is in the bad row as JSON can hold it, for the report."""
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    given: list[Any] = [  # wrong on purpose
        {"name": float("nan")},
        {"name": "A", 1: 2},
        {"name": "A", "metadata": {"at": datetime(2026, 5, 4, tzinfo=UTC)}, "status": "\ud800"},
        {"name": "A", "isReseller": 2, "metadata": RawText("pro")},
        "A",
        {"name": 10**5_000, "status": deep},
        {"name": "A", "metadata.a": 1, "metadata": {"b": 2}},
    ]
    rows = _read(given)

    assert [(row.column, str(row), row.values) for row in rows if isinstance(row, BadRow)] == [
        ("name", "row 1, column 'name': name is NaN: give None where there is no value", {"name": None}),
        (None, "row 2: the name of a column is of type int: names must be text", {"name": "A", "1": 2}),
        (
            "metadata",
            "row 3, column 'metadata': metadata['at'] is of type datetime, which JSON cannot hold",
            {"name": "A", "metadata": {"at": "2026-05-04T00:00:00Z"}, "status": "?"},
        ),
        (
            "isReseller",
            "row 4, column 'isReseller': is_reseller must be True or False, not int",
            {"name": "A", "is_reseller": 2, "metadata": "pro"},
        ),
        (None, "row 5: the row must be a mapping or a model, not str", {}),
        ("name", "row 6, column 'name': name must be text, not int", {"name": "int", "status": "list"}),
        (
            "metadata",
            "row 7, column 'metadata': columns 'metadata.a' and 'metadata' set the same value: leave one out",
            {"name": "A", "metadata.a": 1, "metadata": {"b": 2}},
        ),
    ]


@pytest.mark.parametrize("source", [None, 3, b"accounts.csv", {"name": "A"}])
def test_what_has_no_rows(source: object) -> None:
    """The message says what is allowed."""
    with pytest.raises(InvalidArgumentError, match="rows must be the path of a file, or an iterable of mappings"):
        _read(source)  # type: ignore[arg-type]  # it is wrong on purpose


_NAMES: Final = TEXTS.filter(bool)
_GIVEN: Final = st.fixed_dictionaries(
    {"name": _NAMES},
    optional={
        "tenant_id": st.from_regex(r"[A-Za-z0-9_-]{1,10}", fullmatch=True),
        "status": _NAMES,
        "is_reseller": st.booleans(),
        "metadata": st.dictionaries(TEXTS, JSON, max_size=3),
    },
)


@given(st.lists(_GIVEN, min_size=1, max_size=5))
def test_rows_come_back_from_json_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    """Whatever is in them."""
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    assert _values(path) == rows


@given(st.lists(_GIVEN, min_size=1, max_size=5))
def test_rows_come_back_from_csv(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]) -> None:
    """Whatever is in them, from cells that are guarded against spreadsheets."""
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    columns = ["name", "tenant_id", "status", "is_reseller", "metadata"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            cells = [row.get(name, "") for name in columns]
            writer.writerow([guarded(each if isinstance(each, str) else json.dumps(each)) for each in cells])

    assert _values(path) == rows


@pytest.mark.slow
def test_memory_is_flat(csv_path: Path) -> None:
    """However many rows a file has."""
    with csv_path.open("w", encoding="utf-8") as file:
        file.write("name\n")
        file.writelines(f"Tenant {number}\n" for number in range(6_000))
    tracemalloc.start()
    try:

        async def count() -> int:
            return sum([len(chunk) async for chunk in read_chunks(csv_path, OPERATIONS["create"])])

        total = asyncio.run(count())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert total == 6_000
    assert most < 1_000_000


async def _endless() -> AsyncIterator[dict[str, object]]:
    for _ in range(5_000):
        yield {"name": "A"}


@pytest.mark.parametrize("make", [_endless, lambda: [{"name": "A"}] * 10_000], ids=["async generator", "list"])
def test_other_tasks_have_their_turn(make: Callable[[], BulkSource]) -> None:
    """Also while a source never waits."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def read() -> None:
        task = asyncio.create_task(count())
        async for _ in read_chunks(make(), OPERATIONS["create"]):
            pass
        task.cancel()

    asyncio.run(read())
    assert turns > 10


def test_an_iterable_may_make_blocking_calls(
    frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg, tmp_path: Path
) -> None:
    """As a listing of the blocking client does, and a generator over it."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "A"} for number in range(300)])
    tenants, bulk = frontegg_sync_client.tenants, frontegg_sync_client.bulk

    assert bulk.lock(tenants.list(), ledger=tmp_path / "listing").succeeded == 300
    assert bulk.unlock((tenant for tenant in tenants.list()), ledger=tmp_path / "generator").succeeded == 300


@pytest.mark.anyio
async def test_a_listing_is_a_source(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Of the awaited client."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "A"} for number in range(300)])
    report = await frontegg_client.bulk.lock(frontegg_client.tenants.list(), ledger=tmp_path / "listing")

    assert report.succeeded == 300


def test_the_file_is_closed(csv_path: Path) -> None:
    """When the reader ends early, and when it is cancelled; an open file would be a warning, which is an error."""
    csv_path.write_text("name\n" + "A\n" * 10_000, encoding="utf-8")

    async def end_early() -> None:
        async with contextlib.aclosing(read_chunks(csv_path, OPERATIONS["create"])) as chunks:
            assert (await anext(chunks))[0] == Row(1, 2, {"name": "A"})

    async def read() -> None:
        async for _ in read_chunks(csv_path, OPERATIONS["create"]):
            pass

    async def cancel() -> None:
        task = asyncio.create_task(read())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(end_early())
    asyncio.run(cancel())
