"""Row 33: every write under every fault: none is done twice, and each reported outcome is true."""

from __future__ import annotations

import random
from collections import Counter
from typing import Final

from frontegg_async import Options
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground
from tests.acceptance.scoreboard.rows.writes.judge import Spoils, Trial
from tests.acceptance.scoreboard.rows.writes.runs import (
    LONG,
    PLANS,
    Batch,
    mark_of,
    not_covered,
    outcome_of,
    plan_batches,
    run_batches,
)
from tests.support.faults.spoiling_proxy import MARK, REFUSALS, SPOILINGS, STALLS, Spoiling

_ROUNDS: Final = 6
"""Writes of each kind in the short form, each with another fault."""
_WRITES_IN_FULL: Final = 24_000


_SPOILT_AGAIN: Final = 0.15
_FOR_EVER: Final = 0.06
"""The share of writes all of whose requests are spoilt."""
_MOST_REQUESTS: Final = 100
_SPOILS: Final[tuple[Spoils, ...]] = ("writes", "reads", "all")
_SHARES: Final = (0.75, 0.05, 0.2)
_CANCELLED: Final = 0.12
_SHORT: Final = 0.35
"""Seconds that an attempt has whose answer is held back."""
_DEADLINES: Final = 0.1
"""The share of writes with a deadline of at most a second."""
_REFUSED: Final = 0.05

_SILENT: Final = 0.5
"""The share of writes with which nothing goes wrong, where the service answers without a body."""


def _draw(rng: random.Random, number: int, *, is_calm: bool) -> tuple[dict[int, Spoiling], Spoils]:
    """Return the faults of a write, and which of its requests they hit."""
    if is_calm:
        return {}, "all"
    faults = [each for each in SPOILINGS if each not in REFUSALS]
    first = faults[(number + number // len(PLANS)) % len(faults)]
    if rng.random() < _REFUSED:
        first = rng.choice(sorted(REFUSALS))
    (spoils,) = rng.choices(_SPOILS, _SHARES)
    if rng.random() < _FOR_EVER:
        return dict.fromkeys(range(_MOST_REQUESTS), first), spoils
    spoilings = {rng.randrange(3) if spoils == "all" else 0: first}
    return spoilings | {place: rng.choice(SPOILINGS) for place in range(1, 6) if rng.random() < _SPOILT_AGAIN}, spoils


def _trial(rng: random.Random, ground: Ground, number: int, batch: Batch) -> Trial:
    write = PLANS[number % len(PLANS)](ground, f"w{number}")
    is_undisturbed = not batch.is_flapping and not batch.is_closed
    spoilings, spoils = _draw(rng, number, is_calm=bool(ground.switches) and rng.random() < _SILENT)
    is_calm = not spoilings
    cancelled = None if is_calm or rng.random() > _CANCELLED else rng.choice((0.02, 0.5)) * rng.random()
    options = Options(
        headers={MARK: (mark := mark_of(number))},
        timeout=_SHORT if any(each in STALLS for each in spoilings.values()) else LONG,
        max_retries=2 if is_calm else rng.choice((0, 1, 2, 2, 2, 4)),
        deadline=None if is_calm or rng.random() > _DEADLINES else rng.random(),
        strict_delete=rng.random() < 0.2,
    )
    return Trial(mark, number, write, spoilings, spoils, cancelled, options, is_undisturbed)


async def measure_spoilt_writes(setting: Setting) -> Finding:
    """Make every write of the SDK while exchanges are broken, calls are cancelled and tokens are revoked."""
    count = _WRITES_IN_FULL if setting.full else _ROUNDS * len(PLANS)
    batches = plan_batches(setting, count, _trial)
    run, traces = await run_batches(setting, batches)
    trials = [trace.trial for trace in traces]
    doubled = [f"{each.trial.name}: {problem}; {each.story()}" for each in traces for problem in each.doubled()]
    wrong = [f"{each.trial.name}: {problem}; {each.story()}" for each in traces for problem in each.wrong()]
    missing = not_covered()
    outcomes = Counter(outcome_of(trial) for trial in trials)
    faults = Counter(str(exchange.spoiling) for exchange in run.exchanges if exchange.spoiling is not None)
    return Finding(
        figure=(
            f"{len(trials):,} writes in {len(run.exchanges):,} requests, {faults.total():,} of them broken, "
            f"{run.revocations} revocations: {len(doubled)} done twice, {len(wrong)} wrong outcomes"
        ),
        passed=not doubled and not wrong and not missing and len(faults) == len(SPOILINGS),
        details=(*doubled[:10], *wrong[:20], *(f"no plan for {each}" for each in missing), f"{outcomes} {faults}"),
    )


ROWS: Final = (
    Row(
        number=33,
        name="writes-under-faults",
        title="writes of every kind under 13 faults of a TCP proxy, random cancellations and revoked tokens",
        target="done twice 0; wrong outcomes 0; a 2xx without a body never has an unknown outcome",
        measure=measure_spoilt_writes,
        starred=True,
    ),
)
