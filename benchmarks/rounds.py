"""Measure candidates in turns: in each round, every candidate makes a block of calls, in random order."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

_CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(number: int | None) -> None:
    """Pin this process and its children to a core, if the system supports it.

    Args:
        number: The number of the core, from 0, modulo the number of cores; ``None`` for all cores.
    """
    if _CORES:
        os.sched_setaffinity(0, _CORES if number is None else {_CORES[number % len(_CORES)]})


Turns = Mapping[str, Sequence[float]]
"""The processor time of a call in all threads of this process, in seconds, averaged over each block of calls."""


def take_turns(candidates: Mapping[str, Callable[[], object]], *, rounds: int, calls: int, seed: int = 1) -> Turns:
    """Measure blocking candidates.

    Args:
        candidates: The functions to call, by name. Each is called a few times before the measurement.
        rounds: The number of turns of each candidate.
        calls: The calls of a turn.
        seed: The seed of the order within the rounds.
    """
    rng = random.Random(seed)
    turns: dict[str, list[float]] = {name: [] for name in candidates}
    for candidate in candidates.values():
        for _ in range(min(calls, 5)):
            candidate()
    for _ in range(rounds):
        for name in rng.sample(list(candidates), len(candidates)):
            candidate = candidates[name]
            spent = time.process_time()
            for _ in range(calls):
                candidate()
            turns[name].append((time.process_time() - spent) / calls)
    return turns


async def take_turns_awaiting(
    candidates: Mapping[str, Callable[[], Awaitable[object]]],
    *,
    rounds: int,
    calls: int,
    at_once: int = 1,
    warm_up: int = 5,
    collect: bool = False,
    seed: int = 1,
) -> Turns:
    """Measure asynchronous candidates.

    Args:
        candidates: The functions to call and await, by name.
        rounds: The number of turns of each candidate.
        calls: The calls of a turn.
        at_once: The number of concurrent calls. They start together, each in its own task.
        warm_up: The number of calls of each candidate before the measurement.
        collect: Whether the garbage collector runs before each turn, outside the measured time, so that no turn pays
            for another turn.
        seed: The seed of the order within the rounds.
    """
    rng = random.Random(seed)
    turns: dict[str, list[float]] = {name: [] for name in candidates}
    for candidate in candidates.values():
        await _make_calls(candidate, max(at_once, warm_up), at_once)
    for _ in range(rounds):
        for name in rng.sample(list(candidates), len(candidates)):
            if collect:
                gc.collect()
            spent = time.process_time()
            await _make_calls(candidates[name], calls, at_once)
            turns[name].append((time.process_time() - spent) / calls)
    return turns


async def _make_calls(candidate: Callable[[], Awaitable[object]], calls: int, at_once: int) -> None:
    if at_once == 1:
        for _ in range(calls):
            await candidate()
        return
    for _ in range(0, calls, at_once):
        await asyncio.gather(*(candidate() for _ in range(at_once)))
