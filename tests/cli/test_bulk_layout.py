"""``frontegg bulk run`` with files of spreadsheets, and ``frontegg bulk template``."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from frontegg_async.bulk.operations import JOB_OPERATIONS
from frontegg_async.bulk.rows import Row, read_chunks
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.nursery import forked

SHEET: Final = "Account ID;Name;Plan;Notes;;\r\nacme;Acme;pro;call back;;\r\n"
NAMED: Final = ("--map", "Account ID=tenant_id", "--map", "Name=name", "--map", "Plan=metadata.plan")


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file as a spreadsheet writes it, in the current directory."""
    monkeypatch.chdir(tmp_path)
    path = Path("sheet.csv")
    path.write_text(SHEET, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.usefixtures("sheet")
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_files_of_spreadsheets_are_read(
    first: str, sheet: Path, environ: Mapping[str, str], emulator: EmulatorHandle
) -> None:
    """Columns have the names of the file, and the last ones are empty; the first line may name the delimiter."""
    sheet.write_bytes((first + SHEET).encode())
    options = (*NAMED, "--ignore-column", "Notes", *(() if first else ("--delimiter", ";")))
    command = [*forked(), "bulk", "run", "create", str(sheet), "--ledger", "ledger", *options]
    ran = subprocess.run(command, capture_output=True, env=environ, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")

    with emulator.client() as client:
        tenant = client.tenants.get("acme")
    assert (tenant.name, tenant.metadata) == ("Acme", {"plan": "pro"})


def test_all_unknown_columns_are_reported(sheet: Path, run: Run) -> None:
    """Each has the column that was probably meant."""
    ran = run("bulk", "run", "create", str(sheet), "--dry-run", "--delimiter", ";")
    assert ran.code == 2
    meant = {"Account ID": "tenant_id", "Name": "name", "Plan": "metadata.plan", "Notes": "metadata.notes"}
    listed = ", ".join(f"{name!r} (did you mean {column!r}?)" for name, column in meant.items())
    assert f"sheet.csv, line 1: create has no columns {listed}: it takes tenant_id, name" in ran.err
    assert "--ignore-column NAME leaves a column out" in ran.err


def test_names_of_json_lines(sheet: Path, run: Run) -> None:
    """``--map`` renames them, unless two columns then have one name."""
    lines = sheet.with_suffix(".jsonl")
    lines.write_text('{"Firm": "Acme"}\n{"Firm": "A", "name": "B"}\n', encoding="utf-8")
    options = ("--map", "Firm=name", "--on-bad-row", "report", "--rows", "--fields", "input.name,message")
    ran = run("bulk", "run", "create", str(lines), "--dry-run", *options)
    first, second = map(json.loads, ran.out.splitlines())
    assert first["input.name"] == "Acme"
    assert second["message"] == "two columns are called name after --map"


_REFUSED: Final[dict[tuple[str, ...], str]] = {
    ("--map", "name"): "--map 'name' is not NAME=COLUMN, such as 'Plan=metadata.plan'",
    ("--map", "Name=nmae"): "--map 'Name=nmae': create has no column nmae, only tenant_id, name, ",
    ("--map", "Nome=name"): "sheet.csv, line 1: there is no column 'Nome': the columns are 'Account ID', 'Name'",
    ("--ignore-column", "Nope"): "there is no column 'Nope'",
    ("--map", "Name=name", "--ignore-column", "Name"): "--map and --ignore-column name the column 'Name' twice",
    ("--delimiter", ";;"): "it must be one ASCII character such as ';', or the word tab, and not ';;'",
    ("--delimiter", ","): "columns must be separated by commas, not by ';', unless --delimiter ';' is given",
}


@pytest.mark.parametrize("options", _REFUSED)
def test_refused_options(options: tuple[str, ...], sheet: Path, run: Run) -> None:
    """Each is refused with what is allowed."""
    if options == ("--delimiter", ","):
        sheet.write_text("tenant_id;name\na;A\n", encoding="utf-8")
    given = options if "--delimiter" in options else (*options, "--delimiter", ";")
    ran = run("bulk", "run", "create", str(sheet), "--dry-run", *given)
    assert ran.code == 2
    assert _REFUSED[options] in ran.err


def test_a_delimiter_is_for_csv(sheet: Path, run: Run) -> None:
    """JSON Lines has none."""
    lines = sheet.with_suffix(".jsonl")
    lines.write_text('{"name": "Acme"}\n', encoding="utf-8")
    ran = run("bulk", "run", "create", str(lines), "--dry-run", "--delimiter", ";")
    assert (ran.code, "--delimiter is for CSV files, and sheet.jsonl is JSON Lines" in ran.err) == (2, True)


def test_a_cell_below_no_column_is_refused(sheet: Path, run: Run) -> None:
    """Only empty cells are left out."""
    sheet.write_text("name,,\nAcme,,x\n", encoding="utf-8")
    ran = run("bulk", "run", "create", str(sheet), "--dry-run")
    assert "the row has 3 cells and the header has 1" in ran.err


@pytest.mark.parametrize("operation", JOB_OPERATIONS)
def test_templates_are_inputs(operation: str, sheet: Path, run: Run) -> None:
    """The file is read as it is, its types are on standard error, and other formats have them as records."""
    ran = run("bulk", "template", operation.replace("_", "-"))
    sheet.write_text(ran.out, encoding="utf-8")

    async def read() -> Sequence[object]:
        return [type(row) async for chunk in read_chunks(sheet, JOB_OPERATIONS[operation]) for row in chunk]

    assert asyncio.run(read()) == [Row]
    header = next(csv.reader(io.StringIO(ran.out)))
    assert [line.partition(":")[0] for line in ran.err.splitlines()] == header
    records = json.loads(run("bulk", "template", operation, "--output", "json").out)
    assert [each["column"] for each in records] == header
    assert {each["column"] for each in records if each["required"]} <= set(header)
