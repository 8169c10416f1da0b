"""Options and the report of the acceptance tests."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.acceptance.scoreboard.report import Report
from tests.acceptance.scoreboard.row import Row

REPORT: Final = pytest.StashKey[Report]()
"""The results of the rows of the scoreboard, after a row has run."""

SCENARIO_OUTPUT: Final = pytest.StashKey[list[str]]()
"""The output of the scenarios."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the scoreboard and the scenarios."""
    group = parser.getgroup("acceptance", "acceptance tests")
    group.addoption("--full", action="store_true", help="take each row of the scoreboard in its long form")
    group.addoption("--seed", type=int, default=1, help="of every random choice of rows and scenarios (default: 1)")
    group.addoption("--rows-json", type=Path, metavar="FILE", help="write what the rows found as JSON")


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Ignore these modules if their tests are not selected, since their imports are slow."""
    return True if "not acceptance" in config.option.markexpr else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the rows last, since they use all cores, in about the order in which they end."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, bool, bool, int]:
    call = getattr(item, "callspec", None)
    row = call.params.get("row") if call else None
    return (True, row.alone, not row.early, row.number) if isinstance(row, Row) else (False, False, False, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the results, and write them as JSON on request."""
    if texts := config.stash.get(SCENARIO_OUTPUT, []):
        terminalreporter.section("scenarios")
        terminalreporter.write_line("\n".join(texts))
    report = config.stash.get(REPORT, None)
    if report is None:
        return
    terminalreporter.section("scoreboard")
    terminalreporter.write_line(report.as_text())
    path: Path | None = config.getoption("rows_json")
    if path is not None:
        path.write_text(report.as_json(), encoding="utf-8")
