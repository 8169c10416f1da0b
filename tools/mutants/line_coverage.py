"""Record which tests run which lines of the policies, and how long each test takes, by a run under coverage."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import coverage
import pytest
from policies import MODULES, PACKAGE, ROOT, TESTS

OPTIONS: Final = (
    "-q",
    "-s",
    "-x",
    "--assert=plain",
    "-p",
    "no:randomly",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "--no-header",
)


@dataclass(frozen=True)
class LineCoverage:
    """The tests of each line, the lines that ran before any test, and the seconds of each test."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def ran_early(self, module: str, lines: Sequence[int]) -> bool:
        """Return whether one of some lines ran before the first test, so that its results may be cached."""
        return any("" in self.lines.get(module, {}).get(line, ()) for line in lines)

    def tests_of(self, module: str, lines: Sequence[int]) -> set[str]:
        """Return the tests that run one of some lines of a file."""
        known = self.lines.get(module, {})
        return {test for line in lines for test in known.get(line, ()) if test}


class Recorder:
    """A pytest plugin that tells coverage which test runs."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self._measured = measured

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure a test."""
        self._measured.switch_context(item.nodeid)
        started = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - started

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a test that fails."""
        if report.failed:
            self.failed.append(report.nodeid)


def record(files: Sequence[str], target: Path) -> int:
    """Run test files in this process and write their coverage."""
    included = [str(ROOT / PACKAGE / module) for module in MODULES]
    measured = coverage.Coverage(data_file=None, include=included, config_file=False)
    measured.start()
    recorder = Recorder(measured)
    try:
        code = pytest.main([*OPTIONS, "--maxfail=5", *files], plugins=[recorder])
        unsteady = recorder.failed[:]
        if unsteady:
            code = pytest.main([*OPTIONS, *unsteady], plugins=[recorder])
    finally:
        measured.stop()
    if unsteady and not code:
        print(f"mutants: ignored, because they failed once and not twice: {', '.join(unsteady)}")
    data = measured.get_data()
    lines = {
        module: {
            line: [test for test in tests if test not in unsteady]
            for line, tests in data.contexts_by_lineno(str(ROOT / PACKAGE / module)).items()
        }
        for module in MODULES
    }
    target.write_text(json.dumps({"lines": lines, "seconds": recorder.seconds}), encoding="utf-8")
    return code


def cover(program: str, kept: Path | None) -> LineCoverage:
    """Run the tests in two processes and return their coverage.

    Args:
        program: The program that calls `record` for ``--record TARGET FILE...``.
        kept: A file to read the coverage of an earlier run from, or else to write it to.
    """
    if kept is not None and kept.exists():
        return _joined(json.loads(kept.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as directory:
        targets = [Path(directory) / name for name in ("even", "odd")]
        processes = [
            subprocess.Popen([sys.executable, program, "--record", str(target), *TESTS[start::2]], cwd=ROOT)
            for start, target in enumerate(targets)
        ]
        codes = [process.wait() for process in processes]
        if any(codes):
            raise SystemExit("the tests fail without any mutation: mutants would show nothing")
        parts = [json.loads(target.read_text(encoding="utf-8")) for target in targets]
    if kept is not None:
        kept.write_text(json.dumps(parts), encoding="utf-8")
    return _joined(parts)


def _joined(parts: Sequence[dict[str, dict[str, dict[str, list[str]]]]]) -> LineCoverage:
    lines: dict[str, dict[int, list[str]]] = {}
    seconds: dict[str, float] = {}
    for part in parts:
        seconds |= part["seconds"]  # type: ignore[arg-type]  # JSON of two shapes
        for module, tests in part["lines"].items():
            for line, names in tests.items():
                lines.setdefault(module, {}).setdefault(int(line), []).extend(names)
    return LineCoverage(lines, seconds)
