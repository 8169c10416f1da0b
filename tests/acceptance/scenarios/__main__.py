"""The command line of the scenarios."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.scenarios.scenario import Report, Scenario, Setting
from tests.acceptance.scenarios.scenarios import SCENARIOS


def choose(names: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that were asked for by name, or all."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"no scenario {', '.join(unknown)}; the scenarios are {', '.join(known)}")
    return [scenario for scenario in SCENARIOS if not names or scenario.name in names]


async def play(scenario: Scenario, setting: Setting) -> Report:
    """Run a scenario, and end it when it takes longer than it may."""
    limit = setting.seconds + scenario.grace
    timer = asyncio.timeout(limit)
    try:
        async with timer:
            return await scenario.run(setting)
    except Exception:  # noqa: BLE001 - a scenario that fails is a finding
        if timer.expired():
            return Report(figures=(), failures=(f"it took longer than {limit:.0f} s and was ended",))
        return Report(figures=(), failures=tuple(traceback.format_exc().splitlines()))


def show(scenario: Scenario, report: Report, seconds: float) -> None:
    """Print what a scenario found."""
    print(f"{scenario.name}: {scenario.summary}")
    for figure in report.figures:
        print(f"    {figure}")
    for failure in report.failures:
        print(f"  ! {failure}")
    print(f"  {'pass' if report.passed else 'FALLS SHORT'}, {seconds:.0f} s", flush=True)


def main() -> int:
    """Run the scenarios; return 1 when one falls short."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.scenarios", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(each.name for each in SCENARIOS))
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (default: 1)")
    parser.add_argument("--seconds", type=float, help="how long the load lasts, where there is one")
    parser.add_argument("--rate", type=float, help="requests a second, however slow this machine is")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    started = time.monotonic()
    found: list[tuple[Scenario, Report]] = []
    for scenario in choose(options.names):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            setting = Setting(
                seed=options.seed,
                seconds=options.seconds or scenario.seconds,
                rate=options.rate or scenario.rate,
                is_rate_given=options.rate is not None,
                directory=Path(directory),
            )
            report = asyncio.run(play(scenario, setting))
        found.append((scenario, report))
        if not options.json:
            show(scenario, report, time.monotonic() - begun)
    seconds = time.monotonic() - started
    if options.json:
        entries = [
            {"scenario": each.name, "passed": report.passed, "figures": report.figures, "failures": report.failures}
            for each, report in found
        ]
        print(json.dumps({"seed": options.seed, "seconds": round(seconds, 1), "scenarios": entries}, indent=2))
    else:
        verdicts = ", ".join(f"{each.name} {'passes' if report.passed else 'FALLS SHORT'}" for each, report in found)
        print(f"scenarios: {verdicts}; seed {options.seed}, {seconds:.0f} s")
    return int(not all(report.passed for _, report in found))


if __name__ == "__main__":
    sys.exit(main())
