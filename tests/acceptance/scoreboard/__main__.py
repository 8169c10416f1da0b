"""Measures one row in this process: ``python -m tests.acceptance.scoreboard ROW [--full] [--seed N]``.

The last line is what it found, as JSON. The tests start this program; with a debugger or a profiler it is of use by
hand.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import traceback

import attrs

from tests.acceptance.scoreboard.all_rows import ROWS
from tests.acceptance.scoreboard.row import TAIL, Finding, Row, Setting


async def _measure(row: Row, setting: Setting) -> Finding:
    return await row.measure(setting)


def main() -> None:
    """Measure the row; an exception is a finding too."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.scoreboard", description=__doc__)
    rows = {row.number: row for row in ROWS}
    parser.add_argument("row", type=int, choices=list(rows), metavar="ROW", help="its number")
    parser.add_argument("--full", action="store_true", help="in its long form")
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (default: 1)")
    options = parser.parse_args()
    try:
        finding = asyncio.run(_measure(rows[options.row], Setting(seed=options.seed, full=options.full)))
    except Exception:  # noqa: BLE001 - a row that fails is a finding
        lines = traceback.format_exc().splitlines()
        finding = Finding(figure=lines[-1], passed=False, details=tuple(lines[-TAIL:]))
    print(json.dumps(attrs.asdict(finding)))


if __name__ == "__main__":
    main()
