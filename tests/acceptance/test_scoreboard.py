"""The scoreboard: measures every promise on reliability and security, and fails if a target is missed.

One row: ``pytest -m acceptance tests/acceptance -k row_33``; ``--full`` runs rows in their long form. The table of what
was found is printed at the end.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.acceptance.conftest import REPORT
from tests.acceptance.scoreboard.all_rows import ROWS
from tests.acceptance.scoreboard.report import Report
from tests.acceptance.scoreboard.row import Row, Setting
from tests.acceptance.scoreboard.runner import Runner, in_order_of_start

pytestmark = pytest.mark.acceptance


def _parameter(row: Row) -> object:
    return pytest.param(row, id=row.test_id, marks=() if row.starred else pytest.mark.extended)


@pytest.fixture(scope="session")
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Run the rows that are selected, beside each other as far as they allow it."""
    if hasattr(request.config, "workerinput"):
        raise pytest.UsageError("the rows of the scoreboard run beside each other by themselves: run them with -n 0")
    ids = {item.name.rpartition("[")[2].removesuffix("]") for item in request.session.items}
    setting = Setting(seed=request.config.getoption("seed"), full=request.config.getoption("full"))
    report = request.config.stash[REPORT] = Report(setting)
    started = time.monotonic()
    with Runner([row for row in ROWS if row.test_id in ids], setting) as runner:
        yield runner
        report.seconds = time.monotonic() - started


@pytest.mark.parametrize("row", [_parameter(row) for row in in_order_of_start(ROWS)])
def test_row(row: Row, runner: Runner, request: pytest.FixtureRequest) -> None:
    """What the row finds reaches its target."""
    found = runner.report(row)
    request.config.stash[REPORT].rows.append(found)
    if not found.finding.passed:
        pytest.fail(found.as_text(), pytrace=False)
