"""The command line of the scoreboard."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from benchmarks.reliability.row import Finding, Row, Setting
from benchmarks.reliability.rows import ROWS

_AT_ONCE: Final = 3
"""One more than the cores that are counted on: some rows wait more than they work."""

_AT_ONCE_IN_FULL: Final = 2
"""As many as the cores: long forms have less time to spare, and some start workers of their own."""

_TAIL: Final = 12
"""Lines of a row's own output that are shown when it failed."""


@attrs.frozen(kw_only=True)
class Line:
    """A row as it is reported."""

    row: Row
    finding: Finding
    seconds: float

    def as_text(self) -> str:
        """Return the line of the table, with details below it when the target is missed."""
        star = "★" if self.row.star else " "
        verdict = "pass" if self.finding.passed else "FALLS SHORT"
        text = (
            f"{self.row.number:>2}{star} {verdict:<11} {self.row.measure}\n"
            f"                target: {self.row.target}\n"
            f"                found:  {self.finding.figure}; {self.seconds:.1f} s"
        )
        if self.finding.passed:
            return text
        return "\n".join([text, *(f"                | {detail}" for detail in self.finding.details)])

    def as_json(self) -> dict[str, object]:
        """Return the line as an object."""
        return {
            "row": self.row.number,
            "star": self.row.star,
            "measure": self.row.measure,
            "target": self.row.target,
            "found": self.finding.figure,
            "passed": self.finding.passed,
            "details": list(self.finding.details),
            "seconds": round(self.seconds, 1),
        }


def take_here(row: Row, setting: Setting) -> None:
    """Take a row in this process and print what it found as JSON, in the last line."""
    try:
        finding = asyncio.run(_take(row, setting))
    except Exception:  # noqa: BLE001 - a row that fails is a finding
        lines = traceback.format_exc().splitlines()
        finding = Finding(figure=lines[-1], passed=False, details=tuple(lines[-_TAIL:]))
    print(json.dumps(attrs.asdict(finding)))


async def _take(row: Row, setting: Setting) -> Finding:
    return await row.take(setting)


def take_apart(row: Row, setting: Setting) -> Line:
    """Take a row in a process of its own."""
    argv = [sys.executable, "-m", "benchmarks.reliability", "--here", f"--seed={setting.seed}", str(row.number)]
    started = time.monotonic()
    with subprocess.Popen(
        [*argv, *(["--full"] if setting.full else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=row.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with what the row started: it has the pipe as well
            output, _ = process.communicate()
            finding = _failed(f"it took longer than {row.seconds:.0f} s and was ended", output)
        else:
            finding = _read(output) if process.returncode == 0 else _failed(f"status {process.returncode}", output)
    return Line(row=row, finding=finding, seconds=time.monotonic() - started)


def take_all(rows: Sequence[Row], setting: Setting) -> Iterator[Line]:
    """Take rows, some at a time, and after them those that measure time one by one."""
    together = sorted((row for row in rows if not row.alone), key=lambda row: not row.early)
    with ThreadPoolExecutor(max_workers=_AT_ONCE_IN_FULL if setting.full else _AT_ONCE) as pool:
        yield from pool.map(lambda row: take_apart(row, setting), together)
    for row in rows:
        if row.alone:
            yield take_apart(row, setting)


def _read(output: str) -> Finding:
    *_, last = output.splitlines() or [""]
    try:
        found = json.loads(last)
        return Finding(figure=found["figure"], passed=found["passed"], details=tuple(found["details"]))
    except (ValueError, KeyError, TypeError):
        return _failed("it printed no finding", output)


def _failed(figure: str, output: str) -> Finding:
    return Finding(figure=figure, passed=False, details=tuple(output.splitlines()[-_TAIL:]))


def choose(numbers: Sequence[int], *, full: bool) -> list[Row]:
    """Return the rows that were asked for by number; without numbers all or those with a star."""
    known = {row.number: row for row in ROWS}
    if unknown := sorted(set(numbers) - set(known)):
        raise SystemExit(f"no row {', '.join(map(str, unknown))}; the rows are {', '.join(map(str, known))}")
    return [row for row in ROWS if (row.number in numbers if numbers else full or row.star)]


def main() -> int:
    """Take the rows, print the table; return 1 when a row falls short."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, metavar="ROW", help="rows by number")
    parser.add_argument("--full", action="store_true", help="all rows, each in its long form")
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (default: 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    setting = Setting(seed=options.seed, full=options.full)
    rows = choose(options.rows, full=options.full)
    if options.here:
        for row in rows:
            take_here(row, setting)
        return 0
    started = time.monotonic()
    lines: list[Line] = []
    for line in take_all(rows, setting):
        lines.append(line)
        if not options.json:
            print(line.as_text(), flush=True)
    passed = sum(line.finding.passed for line in lines)
    seconds = time.monotonic() - started
    if options.json:
        rows_as_json = [line.as_json() for line in sorted(lines, key=lambda line: line.row.number)]
        print(json.dumps({"seed": setting.seed, "seconds": round(seconds, 1), "rows": rows_as_json}, indent=2))
    else:
        print(f"reliability: {passed} of {len(lines)} rows pass, seed {setting.seed}, {seconds:.0f} s")
    return int(passed < len(lines))


if __name__ == "__main__":
    sys.exit(main())
