"""Row 49: 2xx answers of proxies to every write: none is recorded as done that was not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Final

from frontegg_async import FronteggError, Options, Outcome
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground
from tests.acceptance.scoreboard.rows.writes.judge import Traces, Trial
from tests.acceptance.scoreboard.rows.writes.runs import (
    LONG,
    PLANS,
    Batch,
    mark_of,
    outcome_of,
    plan_batches,
    run_batches,
)
from tests.support.faults.spoiling_proxy import MARK, PROXY_ANSWERS

_ALWAYS: Final = range(100)
_ROUNDS: Final = 3
"""Writes of each kind in the short form, each with another answer."""
_ROUNDS_IN_FULL: Final = 36


def _trial(rng: random.Random, ground: Ground, number: int, batch: Batch) -> Trial:
    """Return a trial whose writes a proxy answers: all of them, or the first one alone."""
    del batch
    write = PLANS[number % len(PLANS)](ground, f"w{number}")
    round_number = number // len(PLANS)
    answer = PROXY_ANSWERS[(number % len(PLANS) + round_number) % len(PROXY_ANSWERS)]
    # In the first rounds, the proxy sends this answer to every request, so that no write can be done.
    is_for_ever = round_number < len(PROXY_ANSWERS) or rng.random() < 0.5
    options = Options(headers={MARK: (mark := mark_of(number))}, timeout=LONG, max_retries=1)
    return Trial(
        mark, number, write, dict.fromkeys(_ALWAYS if is_for_ever else range(1), answer), "writes", None, options, True
    )


def _recorded(traces: Traces) -> Iterator[str]:
    """Tell what was recorded as done though no request of it acted."""
    trial, error = traces.trial, traces.trial.error
    has_read = any(exchange.method == "GET" and exchange.delivered == "all" for exchange in traces.exchanges)
    if error is None and not traces.acted and not (has_read and trial.write.shown(traces.after)):
        yield "it succeeded, and nothing was done"
    if isinstance(error, FronteggError) and error.outcome is Outcome.DONE and not traces.acted:
        yield f"done, and nothing was done: {error!r}"
    if trial.ended is None or (error is not None and not isinstance(error, FronteggError)):
        yield f"foreign exception {error!r}"
    if isinstance(error, FronteggError) and error.outcome in (Outcome.NOT_SENT, Outcome.REFUSED) and traces.acted:
        yield f"{error.outcome}, and it was done: {error!r}"


async def measure_proxies(setting: Setting) -> Finding:
    """Answer every write of the SDK with a page of HTML, an error and another object, before and after it acted."""
    count = len(PLANS) * (_ROUNDS_IN_FULL if setting.full else _ROUNDS)
    run, traces = await run_batches(setting, plan_batches(setting, count, _trial, is_rough=False), revokes=False)
    recorded = [f"{each.trial.name}: {problem}; {each.story()}" for each in traces for problem in _recorded(each)]
    doubled = [f"{each.trial.name}: {problem}; {each.story()}" for each in traces for problem in each.doubled()]
    answered = Counter(str(exchange.spoiling) for exchange in run.exchanges if exchange.spoiling is not None)
    outcomes = Counter(outcome_of(each.trial) for each in traces)
    return Finding(
        figure=(
            f"{len(traces):,} writes, {answered.total():,} of their requests answered by a proxy: "
            f"{len(recorded)} recorded as done, {len(doubled)} done twice"
        ),
        passed=not recorded and not doubled and len(answered) == len(PROXY_ANSWERS),
        details=(*recorded[:30], *doubled[:10], f"{outcomes} {answered}"),
    )


ROWS: Final = (
    Row(
        number=49,
        name="answers-of-proxies",
        title="2xx answers of proxies (HTML, errors, other objects) to every write, before and after it acted",
        target="recorded as done 0; done twice 0",
        measure=measure_proxies,
        starred=True,
    ),
)
