"""Run the tests once under coverage, then each mutant in a warm process, and survivors again in a fresh one."""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.util
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

import pytest
from hypothesis import Phase, settings
from policies import MODULES, PACKAGE, ROOT, TESTS

from mutants.line_coverage import OPTIONS, LineCoverage, cover
from mutants.mutant import Mutant, mutants_of
from mutants.report import Report
from mutants.selection import tests_of
from mutants.trial import Child, Verdict, apply_mutant, end_with_parent, run_items, spawn

_LIBRARIES: Final = ("aiohttp", "anyio", "attrs", "cattrs", "msgspec", "jwt", "cryptography.hazmat.primitives.hashes")

Job = tuple[Mutant, Callable[[], bool]]

_MOST_CHILDREN: Final = 12
_IDLE_SECONDS: Final = 3.0
_POLL_PAUSE: Final = 0.01


@dataclass(frozen=True)
class Settings:
    """The settings of a run.

    Args:
        sample: The number of mutants; all by default.
        seed: The seed of the sample.
        only: A text that the descriptions of the mutants must contain.
        covering: A file for the coverage, to keep it between runs.
        as_json: Whether the last line is JSON.
    """

    sample: int | None
    seed: int
    only: str
    covering: Path | None
    as_json: bool


def chosen(everything: Sequence[Mutant], wanted: Settings) -> list[Mutant]:
    """Return the mutants to try."""
    found = [mutant for mutant in everything if wanted.only in str(mutant)]
    if wanted.sample is None or wanted.sample >= len(found):
        return found
    return random.Random(wanted.seed).sample(found, wanted.sample)  # noqa: S311 - no secret


def run(wanted: Settings) -> int:
    """Run mutants and report; return 1 when the tests detect too few."""
    started = time.monotonic()
    everything = [mutant for module in MODULES for mutant in mutants_of(module)]
    mutants = chosen(everything, wanted)
    covering = cover(str(ROOT / "tools" / "mutate.py"), wanted.covering)
    print(f"mutants: {len(covering.seconds)} tests cover them, {time.monotonic() - started:.0f} s", flush=True)
    settings.register_profile("mutants", derandomize=True, deadline=None, database=None, phases=_PHASES)
    tests = {mutant: tests_of(mutant, covering) for mutant in mutants}
    verdicts = dict.fromkeys(mutants, Verdict.UNCOVERED)
    covered = [mutant for mutant in mutants if tests[mutant]]
    verdicts |= _in_warm_process([mutant for mutant in covered if mutant.is_in_function], tests, covering)
    again = [mutant for mutant in covered if _needs_fresh_process(mutant, verdicts[mutant], covering)]
    print(f"mutants: {len(again)} run again in fresh processes, {time.monotonic() - started:.0f} s", flush=True)
    for library in _LIBRARIES:
        importlib.import_module(library)
    for mutant, verdict in _run_jobs(_fresh_job(mutant, tests[mutant], covering) for mutant in again):
        verdicts[mutant] = verdict
        if verdict is not Verdict.KILLED:
            print(f"{verdict.value} in a fresh process: {mutant}", flush=True)
    return _print_report(Report(verdicts, everything, time.monotonic() - started), as_json=wanted.as_json)


_PHASES: Final = (Phase.explicit, Phase.generate)


def _needs_fresh_process(mutant: Mutant, verdict: Verdict, covering: LineCoverage) -> bool:
    """Return whether a fresh process may detect it: code that ran before the first test may have cached results."""
    if verdict is Verdict.SURVIVED:
        return covering.ran_early(mutant.module, mutant.lines)
    return verdict in (Verdict.UNCOVERED, Verdict.UNFIT)


def _print_report(report: Report, *, as_json: bool) -> int:
    problems = report.problems()
    for problem in problems:
        print(problem)
    print(report.line())
    if as_json:
        print(report.as_json())
    return int(bool(problems))


def _fresh_job(mutant: Mutant, tests: Sequence[str], covering: LineCoverage) -> Job:
    return mutant, lambda: _survives_in_fresh_process(mutant, tests, covering.seconds)


def _in_warm_process(
    mutants: Sequence[Mutant], tests: dict[Mutant, list[str]], covering: LineCoverage
) -> dict[Mutant, Verdict]:
    """Try mutants in forks of a process that has collected the tests; this process must not import the package."""
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / "verdicts.json"
        pid = os.fork()
        if not pid:
            try:
                end_with_parent()
                trials = _TryMutants(mutants, tests, covering)
                files = list(dict.fromkeys(test.partition("::")[0] for mutant in mutants for test in tests[mutant]))
                ordered = [file for file in TESTS if file in files]
                pytest.main([*OPTIONS, "--hypothesis-profile=mutants", *ordered], plugins=[trials])
                target.write_text(json.dumps(trials.verdicts), encoding="utf-8")
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        found: list[str] = json.loads(target.read_text(encoding="utf-8"))
    return {mutant: Verdict(verdict) for mutant, verdict in zip(mutants, found, strict=True)}


class _TryMutants:
    """A pytest plugin that tries mutants instead of running the tests."""

    def __init__(self, mutants: Sequence[Mutant], tests: dict[Mutant, list[str]], covering: LineCoverage) -> None:
        self._mutants = mutants
        self._tests = tests
        self._covering = covering
        self.verdicts: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants."""
        # Objects that the garbage collector never visits are not copied into each fork.
        gc.collect()
        gc.freeze()
        items = {item.nodeid: item for item in session.items}
        found: dict[Mutant, Verdict] = {}
        for mutant, verdict in _run_jobs(self._job(mutant, items) for mutant in self._mutants):
            found[mutant] = verdict
            if verdict is not Verdict.KILLED:
                print(f"{verdict.value}: {mutant}", flush=True)
            if len(found) % 100 == 0:
                print(f"mutants: {len(found)} of {len(self._mutants)}", flush=True)
        self.verdicts = [found[mutant].value for mutant in self._mutants]
        return True

    def _job(self, mutant: Mutant, items: dict[str, pytest.Item]) -> Job:
        chosen_items = [items[test] for test in self._tests[mutant]]

        def work() -> bool:
            importlib.import_module(mutant.dotted)
            apply_mutant(mutant)
            return run_items(chosen_items, self._covering.seconds)

        return mutant, work


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.dotted, str(ROOT / PACKAGE / mutant.module))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self._mutant.compile()


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname != self._mutant.dotted:
            return None
        return importlib.util.spec_from_loader(fullname, _Loader(self._mutant))


class _RunSelected:
    """A pytest plugin that runs some tests in the given order, until one fails.

    Args:
        tests: The ids of the tests.
        seconds: How long each test takes.
    """

    def __init__(self, tests: Sequence[str], seconds: dict[str, float]) -> None:
        self._order: Final = {test: position for position, test in enumerate(tests)}
        self._seconds = seconds
        self.survived = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests."""
        chosen = [item for item in session.items if item.nodeid in self._order]
        chosen.sort(key=lambda item: self._order[item.nodeid])
        self.survived = bool(chosen) and not session.testsfailed and run_items(chosen, self._seconds)
        return True


def _survives_in_fresh_process(mutant: Mutant, tests: Sequence[str], seconds: dict[str, float]) -> bool:
    """Import the changed module in this process and run the tests; return whether all passed.

    The process must not have imported the package, so no results of the unchanged module are cached.
    """
    assert not any(name.partition(".")[0] == PACKAGE for name in sys.modules)  # noqa: S101 - an invariant
    sys.meta_path.insert(0, _Finder(mutant))
    selected = _RunSelected(tests, seconds)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    pytest.main([*OPTIONS, "--hypothesis-profile=mutants", *files], plugins=[selected])
    return selected.survived


def _run_jobs(jobs: Iterable[Job]) -> Iterator[tuple[Mutant, Verdict]]:
    """Run trials side by side; yield the verdicts as they come.

    As many trials work as there are processors; trials that wait for something use none.
    """
    waiting = iter(jobs)
    workers = len(os.sched_getaffinity(0))
    children: list[Child] = []
    exhausted = False
    while children or not exhausted:
        now = time.monotonic()
        while (
            not exhausted
            and len(children) < _MOST_CHILDREN
            and sum(child.works(now, _IDLE_SECONDS) for child in children) < workers
        ):
            job = next(waiting, None)
            if job is None:
                exhausted = True
            else:
                children.append(spawn(*job))
        for child in list(children):
            verdict = child.poll()
            if verdict is not None:
                children.remove(child)
                yield child.mutant, verdict
        time.sleep(_POLL_PAUSE)
