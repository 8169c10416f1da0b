"""Reports of bulk work: counts, reasons, texts for people, and files that the next run takes."""

from __future__ import annotations

import asyncio
import csv
import json
import tracemalloc
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import LedgerRow, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.rows import BadRow, Row, read_chunks
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Commit, NewRow, RowOutcome
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError
from tests.core.rows import JSON, TEXTS
from tests.support.html import NASTY, elements

_CONFLICT: Final = "A tenant with this id exists already, and it is not the one that was sent"


_WIDE: Final = """\
create: 2,000 rows in 1 h 2 min, 7 requests
  succeeded  1,499   75.0 %
  failed        10    0.5 %
  unknown        1   <0.1 %
  skipped        1   <0.1 %
  pending      489   24.4 %

  10  ConflictError 409
      line 1501, t1500: A tenant with this id exists already, and it is not the
      one that was sent

   1  RequestTimeoutError (unknown)
      line 1511, t1510: no response within 30 s

   1  ParentFailed (skipped)
      line 1512, t1511: the tenant t1500 was not created

490 rows without a final outcome: resume the job.
"""


def _report(
    inputs: Iterable[Mapping[str, JsonValue]], finished: Iterable[RowOutcome] = (), operation: str = "create"
) -> BulkReport:
    """Return the report of a ledger with these rows, which has no file."""

    async def make() -> BulkReport:
        ledger = await SqliteStore.begin(None, operation=operation, environment="e", settings={})
        key = OPERATIONS[operation].key
        await ledger.add(
            [
                NewRow(number, number + 1, str(values.get(key, f"id{number}")), None, msgspec.json.encode(values))
                for number, values in enumerate(inputs, 1)
            ]
        )
        await ledger.seal()
        await ledger.commit(Commit(outcomes=tuple(finished), requests=7, elapsed=3_725.0))
        reader = ledger.reader()
        await ledger.close()
        return BulkReport(reader)

    return asyncio.run(make())


def _failed(
    number: int, message: str = _CONFLICT, *, error: str = "ConflictError", trace_id: str | None = None
) -> RowOutcome:
    return RowOutcome(number, RowState.FAILED, 1, error, 409, trace_id, message)


def _read(path: Path, operation: str = "create") -> list[Row | BadRow]:
    async def read() -> list[Row | BadRow]:
        return [row async for chunk in read_chunks(path, OPERATIONS[operation]) for row in chunk]

    return asyncio.run(read())


def _mixed() -> BulkReport:
    """Return a report with rows in each state."""
    return _report(
        [{"tenant_id": f"t{number}", "name": f"T {number}"} for number in range(1, 2_001)],
        [
            *(RowOutcome(number, RowState.DONE, 1) for number in range(1, 1_500)),
            *(_failed(number, trace_id=f"trace-{number}") for number in range(1_500, 1_510)),
            RowOutcome(1_510, RowState.UNKNOWN, 2, error="RequestTimeoutError", message="no response within 30 s"),
            RowOutcome(1_511, RowState.SKIPPED, 0, error="ParentFailed", message="the tenant t1500 was not created"),
        ],
    )


def test_counts() -> None:
    """By the names that are promised."""
    report = _mixed()

    assert (report.total, report.succeeded, report.failed, report.unknown, report.skipped, report.pending) == (
        *(2_000, 1_499, 10, 1, 1, 489),
    )
    assert (report.operation, report.requests, report.elapsed, report.guard) == ("create", 7, 3_725.0, None)
    assert not report.is_dry_run
    assert repr(report) == (
        "BulkReport(operation='create', total=2000, succeeded=1499, failed=10, unknown=1, in_flight=0, skipped=1,"
        " stale=0, pending=489)"
    )


def test_failures() -> None:
    """The rows that failed, in order, with what is known of each."""
    failures = list(_mixed().failures())

    assert [failure.row for failure in failures] == [*range(1_500, 1_510)]
    first = failures[0]
    assert isinstance(first, LedgerRow)
    assert (first.tenant_id, first.error, first.status, first.trace_id, first.message) == (
        *("t1500", "ConflictError", 409, "trace-1500", _CONFLICT),
    )


def test_rows_in_flight() -> None:
    """They are not unknown: no read has tried to settle them."""

    async def make() -> BulkReport:
        ledger = await SqliteStore.begin(None, operation="lock", environment="e", settings={})
        await ledger.add([NewRow(number, None, f"t{number}", None, b'{"tenant_id": "t"}') for number in (1, 2, 3)])
        await ledger.seal()
        await ledger.commit(Commit(most=2))
        reader = ledger.reader()
        await ledger.close()
        return BulkReport(reader)

    report = asyncio.run(make())
    assert (report.unknown, report.in_flight, report.pending) == (0, 2, 1)
    assert [row.state for row in report.rows(only="in_flight")] == [RowState.IN_FLIGHT] * 2


def test_a_wide_terminal() -> None:
    """Counts with shares, and the errors, most frequent first, with an example of each."""
    assert f"{_mixed().summary(80)}\n" == _WIDE


def test_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """`str()` has the columns of the terminal."""
    monkeypatch.setenv("COLUMNS", "40")
    lines = str(_mixed()).splitlines()

    assert lines[:3] == ["create: 2,000 rows in 1 h 2 min, 7", "requests", "  succeeded  1,499   75.0 %"]
    assert lines[8:12] == [
        "  10  ConflictError 409",
        "      line 1501, t1500: A tenant with",
        "      this id exists already, and it is",
        "      not the one that was sent",
    ]


@given(st.integers(36, 120), st.text(min_size=1))
def test_no_line_is_too_long(width: int, message: str) -> None:
    """Nor does a message change the screen."""
    text = _report([{"name": "A"}] * 3, [_failed(1, message, error="E" * 50)]).summary(width)

    assert max(map(len, text.splitlines())) <= width
    assert text.replace("\n", "").isprintable()


def test_a_shut_guard_is_told() -> None:
    """With the reason."""

    async def make() -> BulkReport:
        ledger = await SqliteStore.begin(None, operation="delete", environment="e", settings={})
        await ledger.add([NewRow(1, None, "t1", None, b'{"tenant_id": "t1"}')])
        await ledger.seal(("confirm", "delete affects 1 tenant"))
        reader = ledger.reader()
        await ledger.close()
        return BulkReport(reader)

    report = asyncio.run(make())
    assert report.guard == "confirm"
    assert report.summary(80).partition("\n\n")[2] == (
        "The guard confirm stopped the job: delete affects 1 tenant; resume(...,\noverride='confirm') continues anyway."
    )


def test_a_whole_job_has_no_notes() -> None:
    """Nothing is left to be told."""
    assert _report([{"name": "A"}], [RowOutcome(1, RowState.DONE, 1)]).summary(80) == (
        "create: 1 row in 1 h 2 min, 7 requests\n  succeeded  1  100.0 %"
    )


def test_the_width_is_checked() -> None:
    """So are the other arguments."""
    report = _report([])
    with pytest.raises(InvalidArgumentError, match="width must be a whole number from 36 to 10000, not 20"):
        report.summary(20)
    with pytest.raises(InvalidArgumentError, match="most must be"):
        report.reasons(0)
    with pytest.raises(InvalidArgumentError, match="only must be one of pending, in_flight, done, failed"):
        report.to_records(only="broken")  # type: ignore[arg-type]  # it is wrong on purpose


def test_html() -> None:
    """For notebooks, with everything escaped."""
    found, texts, _ = elements(_mixed()._repr_html_())
    assert len([name for name, _ in found if name == "tr"]) == 5 + 1 + 3 + 1
    assert "ConflictError 409" in texts
    for text in NASTY:
        nasty = _report([{"tenant_id": text, "name": "A"}], [_failed(1, text, error=text)])._repr_html_()
        assert {name for name, _ in elements(nasty)[0]} == {name for name, _ in found} - {"small"}


def test_json(tmp_path: Path) -> None:
    """The fields by their names; with a state, its rows."""
    report = _mixed()
    fields = json.loads(report.to_json())

    assert {name: fields[name] for name in ("total", "succeeded", "failed", "unknown", "skipped", "requests")} == {
        "total": 2_000,
        "succeeded": 1_499,
        "failed": 10,
        "unknown": 1,
        "skipped": 1,
        "requests": 7,
    }
    assert [reason["count"] for reason in fields["reasons"]] == [10, 1, 1]
    assert fields == report.to_dict()
    [row] = json.loads(report.to_json(only="skipped"))
    assert row == {
        "row": 1_511,
        "line": 1_512,
        "tenant_id": "t1511",
        "state": "skipped",
        "error": "ParentFailed",
        "status": None,
        "trace_id": None,
        "message": "the tenant t1500 was not created",
        "attempts": 0,
        "input": {"tenant_id": "t1511", "name": "T 1511"},
    }
    assert report.to_records(only=RowState.SKIPPED) == [row | {"input": '{"tenant_id":"t1511","name":"T 1511"}'}]
    assert json.loads(_report([]).to_json(only="failed")) == []
    report.to_json(tmp_path / "report.json")
    report.to_json(str(tmp_path / "failed.json"), only="failed")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == fields
    assert json.loads((tmp_path / "failed.json").read_text(encoding="utf-8")) == json.loads(
        report.to_json(only="failed")
    )


def test_a_file_is_the_input_of_the_next_run(tmp_path: Path) -> None:
    """Input first, then the outcome of the row; no cell is computed by a spreadsheet."""
    report = _report(
        [
            {"tenant_id": "a", "name": "=A", "metadata": {"plan": "pro"}},
            {"name": "-B", "is_reseller": True},
            {"tenant_id": "c", "name": "C"},
        ],
        [_failed(1, "@x"), _failed(2), RowOutcome(3, RowState.DONE, 1)],
    )
    report.to_csv(tmp_path / "failed.csv", only="failed")

    with (tmp_path / "failed.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            [
                *("tenant_id", "name", "is_reseller", "metadata", "_row", "_line", "_state", "_error", "_status"),
                *("_trace_id", "_message"),
            ],
            ["a", "'=A", "", '{"plan":"pro"}', "1", "2", "failed", "ConflictError", "409", "", "'@x"],
            ["id2", "'-B", "true", "", "2", "3", "failed", "ConflictError", "409", "", _CONFLICT],
        ]
    assert _read(tmp_path / "failed.csv") == [
        Row(1, 2, {"tenant_id": "a", "name": "=A", "metadata": {"plan": "pro"}}),
        Row(2, 3, {"tenant_id": "id2", "name": "-B", "is_reseller": True}),
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_report_without_rows_is_input_too(tmp_path: Path, operation: str) -> None:
    """It has no rows, and all columns that must be there."""
    _report([], operation=operation).to_csv(tmp_path / "failed.csv", only="failed")

    assert _read(tmp_path / "failed.csv", operation) == []


_IDS: Final = st.from_regex(r"[A-Za-z0-9_-]{1,10}", fullmatch=True)
_NAMES: Final = TEXTS.filter(bool)
_INPUT: Final = st.fixed_dictionaries(
    {"tenant_id": _IDS},
    optional={
        "name": _NAMES,
        "status": _NAMES,
        "is_reseller": st.booleans(),
        "metadata": st.dictionaries(TEXTS, JSON, max_size=3),
    },
).filter(lambda row: len(row) > 1)


@given(st.lists(_INPUT, max_size=4), st.sampled_from(["csv", "jsonl"]))
def test_input_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], suffix: str) -> None:
    """Whatever is in it, in both forms."""
    path = tmp_path_factory.mktemp("report") / f"rows.{suffix}"
    report = _report(rows, operation="update")
    if suffix == "csv":
        report.to_csv(path)
    else:
        report.to_json(path)

    if rows or suffix == "csv":
        assert [row.values for row in _read(path, "update")] == rows


@pytest.mark.parametrize("value", [None, ""])
def test_what_csv_cannot_say(tmp_path: Path, value: str | None) -> None:
    """An empty cell is not given: neither null nor an empty text. JSON Lines have both."""
    report = _report([{"tenant_id": "a", "status": value, "metadata": None}], operation="update")
    given = "null" if value is None else "an empty text"
    (tmp_path / "rows.csv").write_text("as it was")
    with pytest.raises(InvalidArgumentError, match=f"line 2 has {given} as status, which a CSV cell cannot express"):
        report.to_csv(tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text() == "as it was"
    report.to_json(tmp_path / "rows.jsonl")

    assert _read(tmp_path / "rows.jsonl", "update") == [
        Row(1, 1, {"tenant_id": "a", "status": value, "metadata": None}),
    ]


def test_null_metadata_are_said(tmp_path: Path) -> None:
    """Since their cells are JSON."""
    _report([{"tenant_id": "a", "metadata": None}], operation="update").to_csv(tmp_path / "rows.csv")

    assert _read(tmp_path / "rows.csv", "update") == [Row(1, 2, {"tenant_id": "a", "metadata": None})]


@pytest.mark.anyio
async def test_bad_rows_stay_as_they_were(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """So that they can be mended in the file of the report, and are not taken for others until they are."""
    given = tmp_path / "given.csv"
    given.write_text("name,isReseller,metadata.n\nA,yes,1\n,,2\nB,true,3\n", encoding="utf-8")
    report = await frontegg_client.bulk.create(given, ledger=tmp_path / "l", on_bad_row="report")
    report.to_csv(tmp_path / "failed.csv", only="failed")

    assert (report.failed, report.succeeded) == (2, 1)
    chunks = [chunk async for chunk in read_chunks(tmp_path / "failed.csv", OPERATIONS["create"])]
    again = [row for chunk in chunks for row in chunk]
    assert [(row.column, row.values) for row in again if isinstance(row, BadRow)] == [
        ("is_reseller", {"name": "A", "is_reseller": "yes", "metadata": {"n": 1}}),
        ("name", {"metadata": {"n": 2}}),
    ]


@pytest.mark.anyio
async def test_a_dry_run_says_so(frontegg_client: AsyncFrontegg) -> None:
    """There is nothing to resume."""
    report = await frontegg_client.bulk.create([{"name": "A"}], dry_run=True)

    assert report.is_dry_run
    assert report.summary(80).endswith("\n\nA dry run: nothing was sent, and a real run would send 1 row.")


@pytest.mark.anyio
async def test_the_failures_of_a_job_are_mended(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The file of those that failed is the input of a second job."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t2", "name": "Another"}])
    rows = [{"tenant_id": f"t{number}", "name": f"T{number}"} for number in (1, 2, 3)]
    report = await frontegg_client.bulk.create(rows, ledger=tmp_path / "first")
    assert [failure.tenant_id for failure in report.failures()] == ["t2"]
    report.to_csv(tmp_path / "failed.csv", only="failed")
    await frontegg_client.tenants.delete("t2")

    again = await frontegg_client.bulk.create(tmp_path / "failed.csv", ledger=tmp_path / "second")
    assert (again.total, again.succeeded) == (1, 1)


@pytest.mark.slow
def test_memory_is_flat(tmp_path: Path) -> None:
    """However many rows there are."""
    report = _report({"tenant_id": f"t{number}", "name": "A"} for number in range(6_000))
    tracemalloc.start()
    try:
        report.to_csv(tmp_path / "rows.csv")
        report.to_json(tmp_path / "rows.jsonl")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 2_500_000


@pytest.mark.parametrize(
    ("given", "read"), [('"3"', '"3"'), ("3", 3), ('{"a": 1}', {"a": 1}), ("null", None), ('"=x"', '"=x"')]
)
def test_metadata_that_is_given_as_json_text_is_the_same_json(tmp_path: Path, given: str, read: object) -> None:
    """A text keeps its quotes: without them, the next run would store a number."""
    path = tmp_path / "rows.csv"
    _report([{"tenant_id": "a", "metadata": given}], operation="update").to_csv(path)
    assert [row.values for row in _read(path, "update")] == [{"tenant_id": "a", "metadata": read}]
