"""The runner and the report of the scoreboard, with rows that hang, fail or do not end."""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import CancelledError
from typing import Final

import attrs
import pytest

from tests.acceptance.scoreboard.report import Report, RowReport
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows import environments, loops, outage, soak
from tests.acceptance.scoreboard.runner import Runner, in_order_of_start

_SETTING: Final = Setting(seed=7)


async def _measure(_: Setting) -> Finding:
    raise AssertionError("rows are measured in processes of their own")


(_SOAK,) = (row.measure for row in soak.ROWS if row.number == 25)


def _row(number: int, *, alone: bool = False, early: bool = False, time_limit: float = 60.0) -> Row:
    return Row(
        number=number,
        name="one-two",
        title="title",
        target="target",
        # The processes can import this function. It takes minutes.
        measure=_SOAK,
        alone=alone,
        early=early,
        time_limit=time_limit,
    )


def _found(number: int, *, passed: bool) -> RowReport:
    finding = Finding(figure="figure", passed=passed, details=("detail",))
    return RowReport(row=attrs.evolve(_row(number), starred=passed), finding=finding, seconds=1.25)


def test_order_of_start() -> None:
    """Long rows are started first, and those that run alone last."""
    rows = [_row(1), _row(2, alone=True), _row(3, early=True)]
    assert [row.number for row in in_order_of_start(rows)] == [3, 1, 2]


def test_name_of_the_test() -> None:
    """Each number has two digits, so that ``-k row_03`` selects one row."""
    assert _row(3).test_id == "row_03-one-two"


def test_report() -> None:
    """The table is in the order of numbers, with details of rows that fall short; JSON has all of it."""
    report = Report(_SETTING, seconds=2.5, rows=[_found(2, passed=False), _found(1, passed=True)])
    assert report.as_text().splitlines() == [
        " 1★ pass        title",
        "                target: target",
        "                found:  figure; 1.2 s",
        " 2  FALLS SHORT title",
        "                target: target",
        "                found:  figure; 1.2 s",
        "                | detail",
        "reliability: 1 of 2 rows pass, seed 7, 2 s",
    ]
    parsed = json.loads(report.as_json())
    assert parsed["seed"] == 7
    assert [(row["row"], row["star"], row["passed"]) for row in parsed["rows"]] == [(1, True, True), (2, False, False)]


@pytest.mark.slow
@pytest.mark.parametrize("alone", [False, True])
def test_a_row_that_hangs_is_killed(*, alone: bool) -> None:
    """At its time limit a row is killed, and its report says so."""
    row = _row(25, alone=alone, time_limit=0.2)
    with Runner([row], _SETTING) as runner:
        report = runner.report(row)
    assert not report.finding.passed
    assert report.finding.figure == "it took longer than 0 s and was ended"


@pytest.mark.slow
def test_a_row_that_cannot_be_measured_fails() -> None:
    """A process that ends without a finding is a failure, with the end of what it printed."""
    row = attrs.evolve(_row(25), measure=_measure)
    with Runner([row], _SETTING) as runner:
        report = runner.report(row)
    assert report.finding.figure == "status 1"
    assert "No module named" in report.finding.details[-1]


@pytest.mark.slow
def test_leaving_early_kills_what_runs() -> None:
    """A run that is interrupted leaves no row behind, and starts none of those that wait."""
    found = [row for module in (outage, loops, environments, soak) for row in module.ROWS]
    rows = [attrs.evolve(row, alone=row is found[-1]) for row in found]
    with Runner(rows, _SETTING) as runner:
        pass
    for row in rows:
        with contextlib.suppress(CancelledError):  # it was not begun
            assert runner.report(row).finding.figure in {"status -9", "it could not be run"}
    with pytest.raises(CancelledError):
        runner.report(rows[-1])
