"""Rows 29 and 30: branch coverage and mutation score of the policy modules."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final

from tests.acceptance.scoreboard.row import Finding, Row, Setting

_ROOT: Final = Path(__file__).resolve().parents[4]
_TAIL: Final = 12
_SAMPLE: Final = 150
"""Of which the type checker refuses more than half."""
_WHOLE_FLOOR: Final = 95.0


async def _run(*argv: str) -> list[str]:
    """Run a program of this project; return its lines."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *argv, cwd=_ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return output.decode("utf-8", "replace").splitlines()


def _figures(lines: list[str]) -> dict[str, Any] | None:
    """Return the JSON of the last line; nox writes more."""
    found = [line for line in lines if line.startswith("{")]
    return json.loads(found[-1]) if found else None


async def measure_coverage(setting: Setting) -> Finding:
    """Run the tests of the policies, and all fast tests, and trace their branches."""
    del setting  # nothing in it is random
    lines = await _run("tools/quality/branch_coverage.py")
    lines_of_all = await _run("tools/quality/branch_coverage.py", "--all")
    figures, whole = _figures(lines), _figures(lines_of_all)
    if figures is None or whole is None:
        failed = lines if figures is None else lines_of_all
        return Finding(figure="the tests failed", passed=False, details=tuple(failed[-_TAIL:]))
    gaps = tuple(f"{module}: {', '.join(places)}" for module, places in figures["missing"].items())
    return Finding(
        figure=f"policies: {figures['percent']:.2f} % with {figures['branches']} branches; "
        f"all modules: {whole['percent']:.1f} % with {whole['branches']} branches",
        passed=not gaps and whole["percent"] >= _WHOLE_FLOOR,
        details=gaps,
    )


async def measure_mutants(setting: Setting) -> Finding:
    """Try a sample of the mutants, drawn by the seed; ``make mutants`` tries them all."""
    command = ("-m", "nox", "--non-interactive", "--session", "mutants", "--")
    lines = await _run(*command, f"--sample={_SAMPLE}", f"--seed={setting.seed}")
    figures = _figures(lines)
    if figures is None:
        return Finding(figure="the mutants could not be tried", passed=False, details=tuple(lines[-_TAIL:]))
    return Finding(
        figure=f"{figures['score']:.1f} % of {figures['mutants']} of {figures['known']:,} killed, "
        f"{len(figures['survivors'])} survivor(s)",
        passed=figures["score"] >= figures["floor"],
        details=tuple(figures["survivors"]),
    )


ROWS: Final = (
    Row(
        number=29,
        name="branch-coverage",
        title="branch coverage of the policy modules (tools/quality/policies.py), and of all modules",
        target="100 %; of all modules ≥ 95 %",
        measure=measure_coverage,
        time_limit=900.0,
    ),
    Row(
        number=30,
        name="mutation-score",
        title="mutation score of the policy modules, on a sample (all: make mutants)",
        target="killed ≥ 90 %, less two standard deviations of the sample",
        measure=measure_mutants,
        time_limit=900.0,
    ),
)
