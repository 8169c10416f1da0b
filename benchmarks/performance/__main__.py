"""Measure the goals, each in its own process, in an environment that also has the peer libraries."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

import attrs

from benchmarks.performance.measures import Goal, Measure, RunSettings, figure_text, goal_text

ROOT: Final = Path(__file__).resolve().parents[2]
ROUNDS: Final = 30
_TAIL: Final = 12
"""Lines of a goal's output that are shown when it failed."""
_MARK: Final = "measures: "
_NAMED: Final = (
    *("aiohttp", "anyio", "attrs", "cattrs", "msgspec", "orjson", "uvloop", "httpx", "requests", "urllib3", "niquests"),
    *("pyreqwest", "frontegg", "openai", "stripe", "workos", "auth0-python"),
)


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
        """Return the goal with one line per measure."""
        head = (
            f"{self.goal.name:<4}{'pass' if self.passed else 'FALLS SHORT':<12} {self.goal.work}; {self.seconds:.0f} s"
        )
        return "\n".join([head, *map(_as_text, self.measures), *(f"    | {line}" for line in self.failure)])

    def as_markdown(self) -> str:
        """Return a table row with the measures that have a goal."""
        found = [
            f"{figure_text(measure.median)} {measure.unit} {measure.name} ({goal_text(measure)})".replace("  ", " ")
            for measure in self.measures
            if measure.passed is not None
        ]
        return f"| {self.goal.name} | {self.goal.work} | {'<br>'.join([*found, *self.failure])} |"

    def as_json(self) -> dict[str, object]:
        """Return the result as a JSON object."""
        return {
            "goal": self.goal.name,
            "work": self.goal.work,
            "passed": self.passed,
            "measures": [{**attrs.asdict(measure), "passed": measure.passed} for measure in self.measures],
            "failure": list(self.failure),
            "seconds": round(self.seconds, 1),
        }


def _as_text(measure: Measure) -> str:
    verdict = {True: "", False: "  falls short", None: ""}[measure.passed]
    spread = "" if measure.low == measure.high else f"{figure_text(measure.low)} to {figure_text(measure.high)}"
    found = f"{figure_text(measure.median):>9} {measure.unit:<6}{goal_text(measure):<9}{spread:<20}"
    return f"      {found} {measure.name}{verdict}".rstrip()


def peers() -> str:
    """Return the Python of the environment with the peers, creating it if needed."""
    subprocess.run((sys.executable, "-m", "nox", "-s", "peers"), cwd=ROOT, check=True, stdout=sys.stderr)
    return str(ROOT / ".nox" / "peers" / "bin" / "python")


def replaced() -> str:
    """Return an error message if another package has replaced urllib3, which requests uses; otherwise ``""``.

    The wheel of urllib3-future does so, and then requests takes a quarter more processor time.
    """
    found, wanted = import_module("urllib3").__version__, version("urllib3")
    return "" if found == wanted else f"urllib3 {wanted} is {found} of another package here: use the environment of nox"


def take_here(goal: Goal, settings: RunSettings) -> int:
    """Measure a goal in this process and print the result on the last line."""
    if wrong := replaced():
        print("WARNING:", wrong, file=sys.stderr)
    try:
        measures = goal.take(settings)
    except Exception:  # noqa: BLE001 - a goal that fails is a finding
        traceback.print_exc(file=sys.stdout)
        return 1
    print(_MARK + json.dumps([attrs.asdict(measure) for measure in measures]))
    return 0


def take_apart(python: str, goal: Goal, settings: RunSettings) -> GoalReport:
    """Measure a goal in a process of its own."""
    argv = [python, "-m", "benchmarks.performance", "--here", goal.name]
    argv += [f"--rounds={settings.rounds}", f"--seed={settings.seed}"]
    started = time.monotonic()
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=goal.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with its children: they hold the pipe as well
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


def describe(python: str) -> dict[str, object]:
    """Return the versions of the measured packages and a description of the machine."""
    code = (
        "import importlib.metadata as m, json, sys; print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"
    )
    found = subprocess.run([python, "-c", code, *_NAMED], capture_output=True, text=True, check=True)
    system = f"{platform.system()} {platform.machine()}"
    return {"python": platform.python_version(), "cores": os.cpu_count(), "system": system, **json.loads(found.stdout)}


def choose(names: Sequence[str]) -> list[Goal]:
    """Return the goals with the given names; all goals without names."""
    # The goals import the peers, which are installed only in their environment.
    from benchmarks.performance.goals import GOALS  # noqa: PLC0415

    known = {goal.name: goal for goal in GOALS}
    if unknown := sorted({name.upper() for name in names} - set(known)):
        raise SystemExit(f"no goal {', '.join(unknown)}; the goals are {', '.join(known)}")
    return [known[name.upper()] for name in names] or list(GOALS)


def main() -> int:
    """Measure the goals and print the table; return 1 when one is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help="names of goals, such as P1")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of each comparison (default: {ROUNDS})")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the order within the rounds (default: 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--markdown", action="store_true", help="print the rows of the table in benchmarks/performance/RESULTS.md"
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    settings = RunSettings(rounds=options.rounds, seed=options.seed)
    goals = choose(options.goals)
    if options.here:
        return max(take_here(goal, settings) for goal in goals)
    python = peers()
    about = describe(python)
    started = time.monotonic()
    if not options.json:
        print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    lines: list[GoalReport] = []
    for goal in goals:
        lines.append(take_apart(python, goal, settings))
        if not options.json:
            print(lines[-1].as_markdown() if options.markdown else lines[-1].as_text(), flush=True)
    passed = sum(line.passed for line in lines)
    seconds = time.monotonic() - started
    if options.json:
        report = {**about, "rounds": settings.rounds, "seconds": round(seconds, 1)}
        print(json.dumps({**report, "goals": [line.as_json() for line in lines]}, indent=2))
    else:
        print(f"performance: {passed} of {len(lines)} goals reached, {settings.rounds} rounds, {seconds:.0f} s")
    return int(passed < len(lines))


if __name__ == "__main__":
    sys.exit(main())
