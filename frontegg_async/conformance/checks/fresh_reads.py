"""Questions about reads right after writes: whether a get, and a listing, show what was just written."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Mapping
from typing import Final, Protocol

import attrs

from frontegg_async.conformance.answer import Json, at
from frontegg_async.conformance.check import Topic
from frontegg_async.conformance.checks.shared import need
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Found, Value
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("reads after writes")

_ACCOUNT: Final = "fresh"
_ROUNDS: Final = 5
_LATER: Final = 3
"""The most reads, at the usual rate, until one shows a write."""
_ANSWERS: Final[Mapping[Value, str]] = {
    0: "Yes.",
    1: "Not always, but within a second.",
    5: "Not always, but within five seconds.",
    30: "Not always, and later reads did not show it either.",
}
_LAGS: Final = (1, 5, 30)


class _Read(Protocol):
    """Reads the name of the account."""

    def __call__(self, probe: Probe, /, *, at_once: bool = False) -> Awaitable[Json]: ...


@attrs.define
class _Seen:
    """What reads right after writes showed."""

    missed: int = 0
    seconds: float = 0.0
    """The longest time after which a write was shown; infinite if it never was."""


async def _got(probe: Probe, /, *, at_once: bool = False) -> Json:
    """Return the name of the account as a get shows it."""
    answer = await probe.ask(operations.GET, {"tenant_id": await probe.account(_ACCOUNT)}, at_once=at_once)
    return _name(answer.body if isinstance(answer.body, dict) else answer.at(0))


async def _listed(probe: Probe, /, *, at_once: bool = False) -> Json:
    """Return the name of the account as a listing shows it."""
    tenant_id = await probe.account(_ACCOUNT)
    answer = await probe.ask(operations.LIST, query={"_tenantIds": [tenant_id]}, at_once=at_once)
    return _name(at(answer.items, 0))


def _name(row: Json) -> Json:
    name = at(row, "name")
    if row is not None and not isinstance(name, str):
        raise NotTriedError("the name of an account cannot be read")
    return name


@once_a_run
async def _seen(probe: Probe) -> tuple[_Seen, _Seen]:
    """Return what gets, and what listings, showed right after writes."""
    fields = {"tenant_id": await probe.account(_ACCOUNT)}
    found: dict[_Read, _Seen] = {_got: _Seen(), _listed: _Seen()}
    for number in range(_ROUNDS):
        name, used = f"Conformance fresh {number}", probe.budget.used
        need(await probe.ask(operations.UPDATE, fields, body={"name": name}), "the account could not be changed")
        written = time.monotonic()
        late = [read for read in found if await read(probe, at_once=True) != name]
        await probe.budget.settle(used)
        for read in late:
            found[read].missed += 1
            found[read].seconds = max(found[read].seconds, await _shown_after(probe, read, name, written))
    return found[_got], found[_listed]


async def _shown_after(probe: Probe, read: _Read, name: str, written: float) -> float:
    """Return the seconds until reads at the usual rate show a write; infinite if they do not."""
    for _ in range(_LATER):
        if await read(probe) == name:
            return time.monotonic() - written
    return math.inf


def lag_of(missed: int, seconds: float) -> Value | Found:
    """Return the lag of reads.

    Args:
        missed: How many reads right after a write did not show it.
        seconds: The longest time after which one did.
    """
    if not missed:
        return 0
    value = next((lag for lag in _LAGS if seconds <= lag), _LAGS[-1])
    return Found(value, f"{_ANSWERS[value]} {missed} of {_ROUNDS} did not.")


@TOPIC.ask("Does a get right after a write show it?", Evidence.ASSUMED, "get_lag", _ANSWERS, writes=True)
async def _asked_get(probe: Probe) -> Value | Found:
    got, _ = await _seen(probe)
    return lag_of(got.missed, got.seconds)


@TOPIC.ask("Does a listing right after a write show it?", Evidence.ASSUMED, "listing_lag", _ANSWERS, writes=True)
async def _asked_listing(probe: Probe) -> Value | Found:
    _, listed = await _seen(probe)
    return lag_of(listed.missed, listed.seconds)
