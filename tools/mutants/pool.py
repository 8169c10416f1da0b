"""Trials side by side: as many that work as there are processors, and some that wait for nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mutants.sites import Mutant
from mutants.trial import Child, Verdict, spawn

Job = tuple[Mutant, Callable[[], bool]]

_MOST: Final = 12
_IDLE: Final = 3.0
_PAUSE: Final = 0.01


def run_jobs(jobs: Iterable[Job]) -> Iterator[tuple[Mutant, Verdict]]:
    """Run trials; yield the verdicts as they come."""
    waiting = iter(jobs)
    workers = len(os.sched_getaffinity(0))
    children: list[Child] = []
    exhausted = False
    while children or not exhausted:
        now = time.monotonic()
        while not exhausted and len(children) < _MOST and sum(child.works(now, _IDLE) for child in children) < workers:
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
        time.sleep(_PAUSE)
