"""Measures one row in this process: ``python -m tests.acceptance.scoreboard MODULE ROW [--full] [--seed N]``.

The module is that of the row below ``rows``, as in ``writes.proxies 49``: to import all of them takes seconds.

The last line is what it found, as JSON. The tests start this program; with a debugger or a profiler it is of use by
hand.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import traceback

import attrs

from tests.acceptance.scoreboard import rows
from tests.acceptance.scoreboard.row import TAIL, Finding, Row, Setting


async def _measure(row: Row, setting: Setting) -> Finding:
    return await row.measure(setting)


def main() -> None:
    """Measure the row; an exception is a finding too."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.scoreboard", description=__doc__)
    parser.add_argument("module", metavar="MODULE", help="its module below rows")
    parser.add_argument("row", type=int, metavar="ROW", help="its number")
    parser.add_argument("--full", action="store_true", help="in its long form")
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (default: 1)")
    options = parser.parse_args()
    module = importlib.import_module(f"{rows.__name__}.{options.module}")
    (row,) = (row for row in module.ROWS if row.number == options.row)
    try:
        finding = asyncio.run(_measure(row, Setting(seed=options.seed, full=options.full)))
    except Exception:  # noqa: BLE001 - a row that fails is a finding
        lines = traceback.format_exc().splitlines()
        finding = Finding(figure=lines[-1], passed=False, details=tuple(lines[-TAIL:]))
    print(json.dumps(attrs.asdict(finding)))


if __name__ == "__main__":
    main()
