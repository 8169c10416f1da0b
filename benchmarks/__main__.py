"""Measure the goals, each in its own process, on the newest installed Python."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs

from benchmarks import awaited, blocking, listings, processes, token_look
from benchmarks.measures import Goal, Measure, RunSettings, figure_text, goal_text

ROOT: Final = Path(__file__).resolve().parents[1]
PEERS: Final = ROOT / ".nox" / "peers" / "bin" / "python"
ROUNDS: Final = 30
GOALS: Final = (*awaited.GOALS, *blocking.GOALS, *token_look.GOALS, *processes.GOALS, *listings.GOALS)
_TAIL: Final = 12
"""The number of output lines that are shown for a failed goal."""
_MARK: Final = "measures: "
_VERSIONS: Final = """\
import platform
from importlib.metadata import version
names = "aiohttp", "anyio", "msgspec", "orjson", "requests", "frontegg"
print(f"Python {platform.python_version()},", ", ".join(f"{name} {version(name)}" for name in names))
"""


@attrs.frozen(kw_only=True)
class GoalReport:
    """The result of a goal."""

    goal: Goal
    measures: Sequence[Measure]
    failure: Sequence[str]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether all measures reach their goals."""
        return not self.failure and all(measure.passed is not False for measure in self.measures)

    def as_text(self) -> str:
        """Return the goal with a line for each measure."""
        verdict = "pass" if self.passed else "FALLS SHORT"
        head = f"{self.goal.name:<4}{verdict:<12} {self.goal.work}; {self.seconds:.0f} s"
        return "\n".join([head, *map(_as_text, self.measures), *(f"    | {line}" for line in self.failure)])

    def as_markdown(self) -> str:
        """Return a row of the table in ``RESULTS.md`` for each measure. A figure that missed its goal is bold."""
        rows = []
        for measure in self.measures:
            found = f"{figure_text(measure.median)} {measure.unit}".removesuffix(" x")
            bold = "**" if measure.passed is False else ""
            rows.append(f"| {self.goal.name} | {measure.name} | {goal_text(measure)} | {bold}{found}{bold} |")
        return "\n".join([*rows, *(f"| {self.goal.name} | {line} | | |" for line in self.failure)])


def _as_text(measure: Measure) -> str:
    spread = "" if measure.low == measure.high else f"{figure_text(measure.low)} to {figure_text(measure.high)}"
    found = f"{figure_text(measure.median):>9} {measure.unit:<6}{goal_text(measure):<9}{spread:<20}"
    return f"      {found} {measure.name}{'  falls short' if measure.passed is False else ''}".rstrip()


def take_here(goal: Goal, settings: RunSettings) -> int:
    """Measure a goal in this process and print the result on the last line."""
    try:
        measures = goal.take(settings)
    except Exception:  # noqa: BLE001 - a failed goal is a result
        traceback.print_exc(file=sys.stdout)
        return 1
    print(_MARK + json.dumps([attrs.asdict(measure) for measure in measures]))
    return 0


def take_apart(python: str, goal: Goal, settings: RunSettings) -> GoalReport:
    """Measure a goal in another process."""
    argv = [python, "-m", "benchmarks", "--here", goal.name, f"--rounds={settings.rounds}", f"--seed={settings.seed}"]
    started = time.monotonic()
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=goal.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # including its children, which also hold the pipe
            process.communicate()
            output = f"it took longer than {goal.seconds:.0f} s and was killed"
    *lines, last = output.splitlines() or [""]
    found = json.loads(last.removeprefix(_MARK)) if last.startswith(_MARK) else []
    return GoalReport(
        goal=goal,
        measures=[Measure(**measure) for measure in found],
        failure=[] if found else [*lines, last][-_TAIL:],
        seconds=time.monotonic() - started,
    )


def choose(names: Sequence[str]) -> list[Goal]:
    """Return the goals with the given names, or all goals without names."""
    known = {goal.name: goal for goal in GOALS}
    if unknown := sorted({name.upper() for name in names} - set(known)):
        raise SystemExit(f"no goal {', '.join(unknown)}; the goals are {', '.join(known)}")
    return [known[name.upper()] for name in names] or list(GOALS)


def main() -> int:
    """Measure the goals and print the table; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help="names of goals, such as P1")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of each comparison (default: {ROUNDS})")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the order within the rounds (default: 1)")
    parser.add_argument("--markdown", action="store_true", help="print the rows of the table in benchmarks/RESULTS.md")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    settings = RunSettings(rounds=options.rounds, seed=options.seed)
    goals = choose(options.goals)
    if options.here:
        return max(take_here(goal, settings) for goal in goals)
    subprocess.run((sys.executable, "-m", "nox", "-s", "peers"), cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run((PEERS, "-c", _VERSIONS), check=True)
    started = time.monotonic()
    reports: list[GoalReport] = []
    for goal in goals:
        reports.append(take_apart(str(PEERS), goal, settings))
        print(reports[-1].as_markdown() if options.markdown else reports[-1].as_text(), flush=True)
    passed = sum(report.passed for report in reports)
    seconds = time.monotonic() - started
    print(f"performance: {passed} of {len(reports)} goals reached, {settings.rounds} rounds, {seconds:.0f} s")
    return int(passed < len(reports))


if __name__ == "__main__":
    sys.exit(main())
