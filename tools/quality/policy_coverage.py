"""Measure the branch coverage of the policies by their own tests: ``python tools/quality/policy_coverage.py``.

The last line is JSON: the modules with missing lines or branches, and the percentage. The exit status is 1 if a line or
branch is missing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from quality.policies import MODULES, ROOT, TESTS

_WORKERS: Final = "2"


def coverage(*arguments: str, data: Path) -> int:
    """Run a command of coverage on a data file."""
    environment = {**os.environ, "COVERAGE_FILE": str(data), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "coverage", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False).returncode


def missing(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return the lines and branches that no test ran, by module. A branch has the form ``start->end``."""
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
    """Run the tests and report; return 1 if a branch is missing."""
    with tempfile.TemporaryDirectory() as directory:
        data, target = Path(directory) / "coverage", Path(directory) / "coverage.json"
        failed = coverage("run", "-m", "pytest", "-q", "-n", _WORKERS, "-p", "no:cacheprovider", *TESTS, data=data)
        coverage("combine", "--quiet", data=data)
        failed = failed or coverage("json", "--quiet", f"--include={','.join(MODULES)}", "-o", str(target), data=data)
        if failed:
            print("policies: the tests or the coverage report failed")
            return 1
        report = json.loads(target.read_text(encoding="utf-8"))
    totals, gaps = report["totals"], missing(report)
    figures = {
        "percent": totals["percent_covered"],
        "branches": totals["num_branches"],
        "modules": len(MODULES),
        "missing": gaps,
    }
    print(json.dumps(figures))
    return int(bool(gaps))


if __name__ == "__main__":
    sys.exit(main())
