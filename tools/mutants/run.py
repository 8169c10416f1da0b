"""A run: the tests once under coverage, then each mutant in a running process, and in a fresh one if it survives."""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, settings
from policies import MODULES, ROOT, TESTS

from mutants import cold
from mutants.covering import OPTIONS, Covering, cover
from mutants.pool import Job, run_jobs
from mutants.report import Report
from mutants.selection import tests_of
from mutants.sites import Mutant, mutants_of
from mutants.trial import Verdict, end_with_parent, run_items, take_in

_LIBRARIES: Final = ("aiohttp", "anyio", "attrs", "cattrs", "msgspec", "jwt", "cryptography.hazmat.primitives.hashes")


@dataclass(frozen=True)
class Settings:
    """What is run.

    Args:
        sample: How many mutants; all by default.
        seed: What the sample is drawn by.
        only: What the description of a mutant must have in it.
        covering: A file for what covers what, if it is to be kept.
        as_json: Whether the last line is JSON.
    """

    sample: int | None
    seed: int
    only: str
    covering: Path | None
    as_json: bool


def chosen(everything: Sequence[Mutant], wanted: Settings) -> list[Mutant]:
    """Return the mutants of a run."""
    found = [mutant for mutant in everything if wanted.only in str(mutant)]
    if wanted.sample is None or wanted.sample >= len(found):
        return found
    return random.Random(wanted.seed).sample(found, wanted.sample)  # noqa: S311 - no secret


def run(wanted: Settings) -> int:
    """Run mutants and report; return 1 when the tests fall short."""
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
    again = [mutant for mutant in covered if _is_open(mutant, verdicts[mutant], covering)]
    print(f"mutants: {len(again)} are tried in fresh processes, {time.monotonic() - started:.0f} s", flush=True)
    for library in _LIBRARIES:
        importlib.import_module(library)
    for mutant, verdict in run_jobs(_cold_job(mutant, tests[mutant], covering) for mutant in again):
        verdicts[mutant] = verdict
        if verdict is not Verdict.KILLED:
            print(f"{verdict.value} in a fresh process: {mutant}", flush=True)
    return _tell(Report(verdicts, everything, time.monotonic() - started), as_json=wanted.as_json)


_PHASES: Final = (Phase.explicit, Phase.generate)


def _is_open(mutant: Mutant, verdict: Verdict, covering: Covering) -> bool:
    """Whether a fresh process could tell more: what ran before the first test may have left what it made."""
    if verdict is Verdict.SURVIVED:
        return covering.ran_early(mutant.module, mutant.lines)
    return verdict in (Verdict.UNCOVERED, Verdict.UNFIT)


def _tell(report: Report, *, as_json: bool) -> int:
    problems = report.problems()
    for problem in problems:
        print(problem)
    print(report.line())
    if as_json:
        print(report.as_json())
    return int(bool(problems))


def _cold_job(mutant: Mutant, tests: Sequence[str], covering: Covering) -> Job:
    return mutant, lambda: cold.survives(mutant, tests, covering.seconds)


def _in_warm_process(
    mutants: Sequence[Mutant], tests: dict[Mutant, list[str]], covering: Covering
) -> dict[Mutant, Verdict]:
    """Try mutants in children of a process that has collected the tests; this one must stay without the package."""
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / "verdicts.json"
        pid = os.fork()
        if not pid:
            try:
                end_with_parent()
                trials = _Trials(mutants, tests, covering)
                files = list(dict.fromkeys(test.partition("::")[0] for mutant in mutants for test in tests[mutant]))
                ordered = [file for file in TESTS if file in files]
                pytest.main([*OPTIONS, "--hypothesis-profile=mutants", *ordered], plugins=[trials])
                target.write_text(json.dumps(trials.verdicts), encoding="utf-8")
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        found: list[str] = json.loads(target.read_text(encoding="utf-8"))
    return {mutant: Verdict(verdict) for mutant, verdict in zip(mutants, found, strict=True)}


class _Trials:
    """A plugin of pytest that tries mutants where it would run the tests."""

    def __init__(self, mutants: Sequence[Mutant], tests: dict[Mutant, list[str]], covering: Covering) -> None:
        self._mutants = mutants
        self._tests = tests
        self._covering = covering
        self.verdicts: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try them."""
        # What the collector never looks at is not copied for every child.
        gc.collect()
        gc.freeze()
        items = {item.nodeid: item for item in session.items}
        found: dict[Mutant, Verdict] = {}
        for mutant, verdict in run_jobs(self._job(mutant, items) for mutant in self._mutants):
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
            take_in(mutant)
            return run_items(chosen_items, self._covering.seconds)

        return mutant, work
