"""Questions about reads right after writes: whether a get and a listing show the new value."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterable, Mapping
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
_LATER: Final = (1, 5)
"""The seconds after a write at which a read is tried again if it did not show the write."""
_NEVER: Final = 30
_ANSWERS: Final[Mapping[Value, str]] = {
    0: "Yes.",
    1: "Not always, but within a second.",
    5: "Not always, but within five seconds.",
    _NEVER: "Not always, and not within five seconds either.",
}


class _Read(Protocol):
    """Reads the name of the account."""

    def __call__(self, probe: Probe, /) -> Awaitable[Json]: ...


@attrs.define
class _Seen:
    """The result of reads right after writes."""

    missed: int = 0
    lag: int = 0
    """The number of seconds until reads showed the first write that a read had missed."""


async def _got(probe: Probe, /) -> Json:
    """Return the name of the account as a get shows it."""
    answer = await probe.ask(operations.GET, {"tenant_id": await probe.account(_ACCOUNT)}, at_once=True)
    return _name(answer.body if isinstance(answer.body, dict) else answer.at(0))


async def _listed(probe: Probe, /) -> Json:
    """Return the name of the account as a listing shows it."""
    tenant_id = await probe.account(_ACCOUNT)
    answer = await probe.ask(operations.LIST, query={"_tenantIds": [tenant_id]}, at_once=True)
    return _name(at(answer.items, 0))


def _name(row: Json) -> Json:
    name = at(row, "name")
    if row is not None and not isinstance(name, str):
        raise NotTriedError("the name of an account cannot be read")
    return name


@once_a_run
async def _seen(probe: Probe) -> tuple[_Seen, _Seen]:
    """Return the results of gets, and of listings, right after writes."""
    fields = {"tenant_id": await probe.account(_ACCOUNT)}
    found: dict[_Read, _Seen] = {_got: _Seen(), _listed: _Seen()}
    for number in range(_ROUNDS):
        name, used = f"Conformance fresh {number}", probe.budget.used
        need(await probe.ask(operations.UPDATE, fields, body={"name": name}), "the account could not be changed")
        written = time.monotonic()
        missed = await _not_showing(probe, name, found)
        lags = await _lags(probe, name, written, [read for read in missed if not found[read].missed])
        await probe.budget.settle(used)
        for read in missed:
            found[read].missed += 1
        for read, lag in lags.items():
            found[read].lag = lag
    return found[_got], found[_listed]


async def _lags(probe: Probe, name: str, written: float, late: Iterable[_Read]) -> Mapping[_Read, int]:
    """Return, for each late read, the number of seconds between the write and the read that showed the write."""
    lags = dict.fromkeys(late, _NEVER)
    waiting = list(lags)
    for lag in _LATER if waiting else ():
        await asyncio.sleep(max(written + lag - time.monotonic(), 0))
        still = await _not_showing(probe, name, waiting)
        lags.update(dict.fromkeys((read for read in waiting if read not in still), lag))
        waiting = still
    return lags


async def _not_showing(probe: Probe, name: str, reads: Iterable[_Read]) -> list[_Read]:
    """Return the reads that do not show the name of the account."""
    return [read for read in reads if await read(probe) != name]


def _answer(seen: _Seen) -> Value | Found:
    if not seen.missed:
        return 0
    return Found(seen.lag, f"{_ANSWERS[seen.lag]} {seen.missed} of {_ROUNDS} reads did not show it.")


@TOPIC.ask("Does a get right after a write show the new value?", Evidence.ASSUMED, "get_lag", _ANSWERS, writes=True)
async def _asked_get(probe: Probe) -> Value | Found:
    got, _ = await _seen(probe)
    return _answer(got)


@TOPIC.ask(
    "Does a listing right after a write show the new value?",
    Evidence.ASSUMED,
    "listing_lag",
    _ANSWERS,
    writes=True,
)
async def _asked_listing(probe: Probe) -> Value | Found:
    _, listed = await _seen(probe)
    return _answer(listed)
