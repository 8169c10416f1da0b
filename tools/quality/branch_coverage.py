"""Measure the branch coverage of the policies by their own tests: ``python tools/quality/branch_coverage.py [--all]``.

With ``--all``, measure all modules by all fast tests. `make test` measures their lines, since to trace the branches
makes the tests half as slow again on a Python before 3.14.

The last line is JSON: the percentage, and of the policies the lines and branches that no test ran. The exit status is 1
if the percentage is below the floor: 100 for the policies, 95 for all modules.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import COVERED, FAST, omitted, pytest

from quality.policies import MODULES, ROOT, TESTS

FLOOR: Final = 95


def coverage(*arguments: str, data: Path) -> int:
    """Run a command of coverage on a data file."""
    environment = {**os.environ, "COVERAGE_FILE": str(data), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "coverage", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False).returncode


def measure(tests: Sequence[str], *chosen: str) -> dict[str, Any] | None:
    """Run tests, and return the report of the chosen modules; ``None`` if a test failed."""
    with tempfile.TemporaryDirectory() as directory:
        data, target = Path(directory) / "coverage", Path(directory) / "coverage.json"
        failed = coverage("run", "--branch", "-m", *tests, "-p", "no:cacheprovider", data=data)
        coverage("combine", "--quiet", data=data)
        if failed or coverage("json", "--quiet", *chosen, "-o", str(target), data=data):
            return None
        return json.loads(target.read_text(encoding="utf-8"))  # type: ignore[no-any-return]  # JSON


def missing(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return the lines and branches that no test ran, by policy. A branch has the form ``start->end``."""
    found: dict[str, list[str]] = {}
    files = report["files"]
    for module in MODULES:
        file = files.get(module)
        if file is None:
            found[module] = ["was not measured"]
            continue
        places = [str(line) for line in file["missing_lines"]]
        places += [f"{start}->{end}" for start, end in file["missing_branches"]]
        if places:
            found[module] = places
    return found


def main() -> int:
    """Run the tests and report; return 1 if the percentage is below the floor."""
    parser = argparse.ArgumentParser(description="Measure the branch coverage of the policies.")
    parser.add_argument("--all", action="store_true", help="measure all modules by all fast tests")
    is_whole: bool = parser.parse_args().all
    report = (
        measure(pytest(COVERED), *omitted())
        if is_whole
        else measure((*pytest(FAST, workers=0), *TESTS), f"--include={','.join(MODULES)}")
    )
    if report is None:
        print("the tests or the coverage report failed")
        return 1
    percent, gaps = report["totals"]["percent_covered"], missing(report)
    figures = {"percent": percent, "branches": report["totals"]["num_branches"], "missing": gaps}
    print(json.dumps(figures))
    return int(percent < FLOOR if is_whole else bool(gaps))


if __name__ == "__main__":
    sys.exit(main())
