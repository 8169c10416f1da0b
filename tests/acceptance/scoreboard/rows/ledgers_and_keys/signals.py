"""The part of row 50 about signals whose handlers use a blocking client during its first call, also after a fork.

``python -m tests.acceptance.scoreboard.rows.ledgers_and_keys.signals URL ID SECRET COUNT SEED`` measures it and prints
what it found as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from pathlib import Path
from typing import Final

import attrs

from frontegg_sync import Frontegg, FronteggError
from tests.acceptance.scoreboard.row import Setting
from tests.acceptance.scoreboard.support.emulator_process import emulator_apart

_ROOT: Final = Path(__file__).resolve().parents[5]
_COUNT: Final = 100
_COUNT_IN_FULL: Final = 1_000
_FORKED: Final = 5
"""One child for so many clients."""

_LONGEST: Final = 0.004
"""Seconds; about those of a first call."""


@attrs.frozen
class SignalCounts:
    """What was counted."""

    clients: int
    broken: int
    details: list[str]


def _works(client: Frontegg, errors: list[str], place: str) -> bool:
    try:
        client.tenants.get("t")
    except FronteggError as error:
        errors.append(f"{place}: {type(error).__name__}: {error}")
        return False
    return True


def _survives(client: Frontegg, delay: float, errors: list[str]) -> bool:
    """Make the first call while a signal comes whose handler makes another; return whether the client works later."""
    handled: list[bool] = []
    signal.signal(signal.SIGALRM, lambda *_: handled.append(_works(client, errors, "in the handler")))
    signal.setitimer(signal.ITIMER_REAL, delay)
    outcomes = [_works(client, errors, "the first call")]
    while not handled:  # for some milliseconds; a pause could begin after the signal came
        pass
    return all([*outcomes, *handled, *(_works(client, errors, "a later call") for _ in range(2))])


def run(url: str, client_id: str, secret: str, count: int, seed: int) -> SignalCounts:
    """Interrupt the first calls of clients, and those of children."""
    rng = random.Random(seed)
    errors: list[str] = []
    broken = children = 0
    for number in range(count):
        with Frontegg(client_id, secret, base_url=url) as client:
            broken += not _survives(client, rng.uniform(1e-5, _LONGEST), errors)
            if number % _FORKED == 0:
                children += 1
                broken += _child_is_broken(client, rng.uniform(1e-5, _LONGEST))
    return SignalCounts(count + children, broken, errors)


def _child_is_broken(client: Frontegg, delay: float) -> bool:
    child = os.fork()
    if not child:
        os._exit(not _survives(client, delay, []))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


async def measure_signals(setting: Setting) -> SignalCounts:
    """Measure it in a process of its own, in whose main thread signals are handled."""
    count = _COUNT_IN_FULL if setting.full else _COUNT
    seed = setting.rng("signals").getrandbits(32)
    with emulator_apart(tenants=[{"tenantId": "t", "name": "n"}]) as emulator:
        ready = emulator.process.ready
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "ignore:This process:DeprecationWarning", "-m", f"{__package__}.signals"),
            *(emulator.url, ready["client_id"], ready["secret"], str(count), str(seed)),
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
    return SignalCounts(**json.loads(output))


if __name__ == "__main__":
    print(json.dumps(attrs.asdict(run(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))))
