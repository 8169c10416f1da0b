"""Metadata on the command line: texts, keys that are not there, and columns with nothing to change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run


@pytest.mark.parametrize("text", ["text", "5", "null", "[1]", '"x"', ""])
def test_text_has_quotes(run: Run, emulator: EmulatorHandle, tmp_path: Path, text: str) -> None:
    """It stays a text, also if it would be JSON text, and a list of it is the input of bulk work."""
    emulator.seed(tenants=[{"tenantId": "t1", "name": "T"}])
    ran = run("tenants", "update", "t1", "--metadata", json.dumps(text))
    assert (ran.code, json.loads(ran.out)["metadata"]) == (0, text)
    listed = run("tenants", "list", "--output", "jsonl", "--fields", "tenant_id,metadata").out
    (tmp_path / "rows.jsonl").write_text(listed, encoding="utf-8")
    assert run("tenants", "update", "t1", "--metadata", "{}").code == 0
    assert run("bulk", "run", "update", str(tmp_path / "rows.jsonl"), "--ledger", str(tmp_path / "l")).code == 0
    assert json.loads(run("tenants", "get", "t1").out)["metadata"] == text


def test_text_without_quotes(run: Run) -> None:
    ran = run("tenants", "update", "t1", "--metadata", "text")
    assert ran.code == 2
    assert "a text needs quotes, such as '\"text\"'" in ran.err


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_key_that_an_account_lacks_is_not_written(
    run: Run, emulator: EmulatorHandle, tmp_path: Path, form: str
) -> None:
    """A list of a key is the input of bulk work; only a key whose value is null is null."""
    before = [{"plan": "pro"}, {"plan": None}, {"other": 1}, {}]
    emulator.seed(
        tenants=[{"tenantId": f"t{number}", "name": "T", "metadata": each} for number, each in enumerate(before)]
    )
    rows = tmp_path / f"rows.{form}"
    listed = run("tenants", "list", "--output", form, "--fields", "tenant_id,metadata.plan").out
    rows.write_text(listed, encoding="utf-8")
    ran = run("bulk", "run", "update", str(rows), "--columns", "metadata.plan", "--ledger", str(tmp_path / "l"))
    assert (ran.code, json.loads(ran.out)["total"]) == (0, 2)
    found = [json.loads(line) for line in run("tenants", "list", "--output", "jsonl").out.splitlines()]
    assert [each["metadata"] for each in found] == before


def test_an_export_of_which_some_rows_are_filled_in(run: Run, emulator: EmulatorHandle, tmp_path: Path) -> None:
    """The other rows have nothing to change."""
    emulator.seed(tenants=[{"tenantId": each, "name": each} for each in "abc"])
    path = tmp_path / "web.csv"
    assert run("export", str(path)).code == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("website")
    cells = lines[2].split(",")
    cells[place] = "https://b.example"
    path.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]), encoding="utf-8")
    ran = run("bulk", "run", "update", str(path), "--columns", "website", "--ledger", str(tmp_path / "l"))
    assert (ran.code, json.loads(ran.out)["succeeded"]) == (0, 1)
    found = [json.loads(line) for line in run("tenants", "list", "--output", "jsonl").out.splitlines()]
    assert [each["website"] for each in found] == [None, "https://b.example", None]
