"""Row 47: lost creations where something alike was there before: none is reported that did not create anything."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from typing import Any, Final

import attrs

from frontegg_async import ConflictError, FronteggError, Options, Outcome, ResultLostError
from frontegg_async.endpoints import Retry, all_endpoints
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Sides, Write
from tests.acceptance.scoreboard.rows.writes.judge import Spoils, Traces, Trial
from tests.acceptance.scoreboard.rows.writes.runs import (
    LONG,
    PLANS,
    Batch,
    mark_of,
    outcome_of,
    plan_batches,
    run_batches,
)
from tests.support.faults.spoiling_proxy import MARK, Spoiling

_NAMED_BY_CALLER: Final = {
    "tenants.create": "the caller chooses the id: what has it and agrees is the one",
    "sub_tenants.create": "the caller chooses the id: what has it and agrees is the one",
    "hierarchy.assign": "it makes a state and no object: as asked is done",
    "hierarchy.unassign": "it makes a state and no object: as asked is done",
    "user_sources.assign_applications": "it makes a state and no object: as asked is done",
    "user_sources.unassign_applications": "it makes a state and no object: as asked is done",
    **dict.fromkeys(
        (
            "me.change_email",
            "me.confirm_email",
            "me.emails.set_primary",
            "me.emails.verify",
            "me.phone_numbers.confirm_removal",
            "me.phone_numbers.send_code",
            "me.phone_numbers.verify",
            "feature_flags.update",
            "features.update",
            "me.username.create",
            "plans.link_features",
            "plans.unlink_features",
            "plans.update",
            "users.emails.set_primary",
            "users.phone_numbers.add",
        ),
        "it makes a state, or sends a code, and no object: as asked is done",
    ),
    "security.lockout.create": "it follows a read that found no policy",
    "security.password_history.create": "it follows a read that found no policy",
}
"""Writes that are read back after a lost response and need not tell what is new, with the reasons."""

_ROUNDS: Final = 4
"""Creations of each kind in the short form, each with another fault."""
_ROUNDS_IN_FULL: Final = 40

_FAULTS: Final[tuple[tuple[Spoils, dict[int, Spoiling]], ...]] = (
    ("writes", {0: "reset_before"}),
    ("writes", {0: "close_before", 1: "half_request"}),
    ("writes", {0: "reset_before", 1: "reset_after"}),
    ("writes", {0: "bad_gateway"}),
    ("writes", {0: "no_body"}),
    ("writes", {0: "broken_body"}),
    ("all", {0: "reset_before", 1: "reset_before"}),
    ("all", {0: "bad_gateway", 1: "close_before", 2: "reset_before"}),
)
"""Which requests are counted, and what is done to them: a lost first attempt, also after a lost read before it."""


def _is_creation(plan: Plan) -> bool:
    write = plan(Ground("emu_plan", "emu_plan", {}, random.Random(0), home="home"), "w")
    (endpoint, *more) = write.endpoints
    may_be_found = endpoint.retry in (Retry.RECONCILE, Retry.NEVER)
    return not more and may_be_found and endpoint.method == "POST" and endpoint.name not in _NAMED_BY_CALLER


_CREATIONS: Final = tuple(plan for plan in PLANS if _is_creation(plan))


def _trial(rng: random.Random, ground: Ground, number: int, batch: Batch) -> Trial:
    """Return a trial that makes a creation twice: the first time undisturbed, and then with faults."""
    del rng, batch
    kind, round_number = number % len(_CREATIONS), number // len(_CREATIONS)
    write = _CREATIONS[kind](ground, f"w{number}")
    spoils, spoilings = _FAULTS[(kind + round_number) % len(_FAULTS)]
    options = Options(headers={MARK: (mark := mark_of(number))}, timeout=LONG, max_retries=2)
    return Trial(mark, number, _twice(write), spoilings, spoils, None, options, True)


def _twice(write: Write) -> Write:
    firsts: list[Any] = []

    async def call(sides: Sides, options: Options) -> object:
        similar = write.call if write.similar is None else write.similar
        # If the response has no body, the result may be lost, but the object exists.
        with contextlib.suppress(ResultLostError):
            firsts.append(await similar(sides, Options()))
        return await write.call(sides, options)

    def is_another(made: Any, _: object) -> bool:
        ids = [getattr(each, "id", None) or getattr(each, "client_id", None) for each in (*firsts, made)]
        return None in ids or len(set(ids)) == len(ids)

    return attrs.evolve(write, call=call, returned=is_another)


def _false(traces: Traces) -> Iterator[str]:
    """Tell what was reported falsely."""
    trial, error = traces.trial, traces.trial.error
    if error is None and not traces.acted:
        yield "it succeeded, and nothing was done"
    is_of_user = trial.write.endpoints[0].name in ("users.invite", "users.add_to_tenant", "user_invitations.create")
    if error is None and not is_of_user and not trial.write.returned(trial.value, traces.after):
        yield "it returned what was there before"
    if isinstance(error, FronteggError) and error.outcome is Outcome.DONE and not traces.acted:
        yield f"done, and nothing was done: {error!r}"
    if isinstance(error, ConflictError) and traces.acted:
        yield f"a conflict, and it was done: {error!r}"
    if trial.ended is None or (error is not None and not isinstance(error, FronteggError)):
        yield f"foreign exception {error!r}"


def _missing() -> list[str]:
    """Return the writes that are read back and of which there is neither a plan nor a reason."""
    ground = Ground("emu_plan", "emu_plan", {}, random.Random(0), home="home")
    covered = {each.name for plan in _CREATIONS for each in plan(ground, "w").endpoints} | set(_NAMED_BY_CALLER)
    return [
        each.name
        for each in all_endpoints()
        if each.client and each.retry is Retry.RECONCILE and each.name not in covered
    ]


async def measure_look_alikes(setting: Setting) -> Finding:
    """Lose creations of which a like one was made before."""
    count = len(_CREATIONS) * (_ROUNDS_IN_FULL if setting.full else _ROUNDS)
    _, traces = await run_batches(setting, plan_batches(setting, count, _trial, is_rough=False), revokes=False)
    false = [f"{each.trial.name}: {problem}; {each.story()}" for each in traces for problem in _false(each)]
    missing = _missing()
    outcomes: dict[str, int] = {}
    for each in traces:
        outcomes[outcome_of(each.trial)] = outcomes.get(outcome_of(each.trial), 0) + 1
    return Finding(
        figure=f"{len(traces):,} creations beside a like one, {len(_CREATIONS)} kinds: {len(false)} reported falsely",
        passed=not false and not missing,
        details=(*false[:30], *(f"neither a plan nor a reason for {each}" for each in missing), f"{outcomes}"),
    )


ROWS: Final = (
    Row(
        number=47,
        name="look-alikes",
        title="lost creations where a similar object was there before (users, webhooks, roles, groups, templates ...)",
        target="success reported although nothing was done 0; every write that is read back has a plan or a reason",
        measure=measure_look_alikes,
        starred=True,
    ),
)
