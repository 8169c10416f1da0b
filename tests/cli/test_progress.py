"""Progress: lines for programs, at most two a second, and the last one always."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from frontegg_async.cli.progress import Progress
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run


def test_lines_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    times: Iterator[float] = iter([10.0, 10.1, 10.2, 10.6])
    with Progress("jsonl", "accounts", clock=lambda: next(times)) as progress:
        for done in (1, 2, 3, 4):
            progress.update(done, 5, {"failed": 0})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        {"event": "progress", "what": "accounts", "done": done, "total": 5, "failed": 0} for done in (1, 4)
    ]


@pytest.mark.parametrize("mode", ["auto", "none"])
def test_nothing_in_a_pipe(mode: str, run: Run) -> None:
    assert run("tenants", "list", "--progress", mode).err == ""


def test_a_listing_ends_with_its_number(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "T"} for number in range(450)])
    last = json.loads(run("tenants", "list", "--progress", "jsonl").err.splitlines()[-1])
    assert last == {"event": "progress", "what": "rows", "done": 450, "total": None}


def test_quiet_leaves_errors(run: Run) -> None:
    assert run("tenants", "list", "--output", "table").err == "no rows\n"
    assert run("tenants", "list", "--output", "table", "--quiet").err == ""
    assert run("tenants", "get", "nobody", "--quiet").err.startswith("error: ")
