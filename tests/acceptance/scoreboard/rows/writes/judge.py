"""Judges a write by the service's state, its journal, and the bytes that the proxy delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import attrs

from frontegg_async import FronteggError, Options, Outcome
from frontegg_async.endpoints import Retry, all_endpoints
from frontegg_async.errors import MoveError
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Write
from tests.support.faults.spoiling_proxy import STALLS, Exchange, ProxyAnswer, Spoiling

_REFUSED: Final = (401, 429)
_SHOWN: Final = 6
_LATEST: Final = 5.0
"""Seconds after its call has ended in which a request may still come, on a machine that is busy."""
_READS: Final = frozenset(endpoint.name for endpoint in all_endpoints() if endpoint.retry is Retry.SAFE)
_NEVER_ACTED: Final = (Outcome.NOT_SENT, Outcome.REFUSED)

Entry: TypeAlias = Mapping[str, Any]
Spoils: TypeAlias = Literal["writes", "reads", "all"]


@attrs.define
class Trial:
    """A write that is made once, its fault, and its result.

    Args:
        mark: What its requests carry.
        number: Where its mark is from; also a part of what it writes.
        write: The write.
        spoilings: What is done to its requests, by the order in which they come.
        spoils: The requests that are counted and spoilt.
        cancelled_after: Seconds until its caller gives it up; ``None`` if the caller does not.
        options: How it is made.
        is_undisturbed: Whether its client stays open and its proxy stays up.
        value: What it returned.
        error: What it raised, if anything.
        ended: When it ended, on the monotonic clock.
        seen: How many of the requests that may be spoilt have come.
    """

    mark: str
    number: int
    write: Write
    spoilings: Mapping[int, Spoiling | ProxyAnswer]
    spoils: Spoils
    cancelled_after: float | None
    options: Options
    is_undisturbed: bool
    value: object = None
    error: BaseException | None = None
    ended: float | None = None
    seen: int = 0

    def is_about(self, method: str) -> bool:
        """Whether a request of a method is one of those that are spoilt."""
        return self.spoils == "all" or (self.spoils == "reads") is (method == "GET")

    @property
    def name(self) -> str:
        """A line that names it."""
        cancelled = "" if self.cancelled_after is None else f", cancelled after {self.cancelled_after:.3f} s"
        spoilings = {place: each for place, each in self.spoilings.items() if place < _SHOWN}
        return f"{self.write.name} {self.mark} {self.spoils} {spoilings} {self.options}{cancelled}"

    @property
    def may_time_out(self) -> bool:
        """Whether an attempt may end before its answer comes, on a machine that is busy."""
        return self.options.deadline is not None or any(each in STALLS for each in self.spoilings.values())

    @property
    def knows_answers(self) -> bool:
        """Whether the client has got what the proxy delivered."""
        return self.is_undisturbed and not self.may_time_out

    @property
    def was_cancelled(self) -> bool:
        """Whether its caller gave it up in time."""
        return isinstance(self.error, asyncio.CancelledError)


@attrs.frozen
class Traces:
    """The traces of a trial in the journal and the proxy.

    Args:
        trial: The trial.
        acted: The requests that changed something, as the journal has them.
        exchanges: Its exchanges, in order.
        after: The state after all of them.
    """

    trial: Trial
    acted: Sequence[Entry]
    exchanges: Sequence[Exchange]
    after: After

    @classmethod
    def of(cls, trial: Trial, entries: Sequence[Entry], exchanges: Sequence[Exchange], after: After) -> Traces:
        """Return the traces of a trial among its entries in the journal."""
        acted = [
            entry
            for entry in entries
            if entry["route"] not in _READS and entry["status"] is not None and 200 <= entry["status"] < 300
        ]
        return cls(trial, acted, exchanges, after)

    @property
    def sent(self) -> list[Exchange]:
        """The exchanges of requests that write."""
        return [exchange for exchange in self.exchanges if exchange.method != "GET"]

    def story(self) -> str:
        """Tell what was exchanged."""
        told = [f"{each.method} {each.spoiling or '-'} {each.status} {each.delivered}" for each in self.exchanges]
        return ", ".join(told[:_SHOWN])

    def doubled(self) -> Iterator[str]:
        """Tell what was done twice."""
        write = self.trial.write
        if write.made(self.after) > 1:
            yield f"it made {write.made(self.after)} objects"
        refused = sum(exchange.status in _REFUSED for exchange in self.sent)
        if write.is_never_repeated and len(self.sent) > 1 + refused:
            yield f"it was sent {len(self.sent)} times, and {refused} of these were refused"
        if write.is_never_repeated and len(self.acted) > 1:
            yield f"it was done {len(self.acted)} times"
        created = [tenant_id for entry in self.acted for tenant_id in (entry["effect"] or {}).get("created", ())]
        if len(created) > 1:
            yield f"it created {created}"
        ended = self.trial.ended or 0.0
        if any(exchange.begun > ended + _LATEST for exchange in self.exchanges):
            yield "it went on after it had ended"
        if self._was_resent_blindly():
            yield "it was sent again without a read that found nothing"

    def _was_resent_blindly(self) -> bool:
        endpoints = self.trial.write.endpoints
        if len(endpoints) > 1 or endpoints[0].retry is not Retry.RECONCILE:
            return False
        has_read = True
        for exchange in self.exchanges:
            if exchange.method == "GET":
                has_read = has_read or exchange.delivered == "all"
            elif not has_read:
                return True
            else:
                has_read = exchange.status in _REFUSED
        return False

    def wrong(self) -> Iterator[str]:
        """Tell what of the outcome is not so."""
        error = self.trial.error
        if self.trial.ended is None:
            yield "it did not end"
        elif error is None:
            yield from self._wrong_success()
        elif self.trial.was_cancelled:
            if self.trial.cancelled_after is None:
                yield "nobody cancelled it"
        elif not isinstance(error, FronteggError):
            yield f"foreign exception {error!r}"
        elif isinstance(error, MoveError):
            yield from self._wrong_move(error)
        else:
            yield from self._wrong_error(error)

    def _wrong_success(self) -> Iterator[str]:
        if not self.trial.write.shown(self.after):
            yield "it succeeded, and the state does not show it"
        if self.trial.write.has_to_act and not self.acted:
            yield "it succeeded, and nothing was done"
        if not self._is_as_returned():
            yield "it returned something else than it made"

    def _is_as_returned(self) -> bool:
        try:
            return self.trial.write.returned(self.trial.value, self.after)
        except (AttributeError, TypeError):
            return False

    def _wrong_move(self, error: MoveError) -> Iterator[str]:
        child = self.after.tenants[error.child_id]
        if error.outcome is not Outcome.UNKNOWN and child.get("parentTenantId") != error.parent_id:
            yield f"it is said to be under {error.parent_id}, and is under {child.get('parentTenantId')}"

    def _wrong_error(self, error: FronteggError) -> Iterator[str]:
        moves = len(self.trial.write.endpoints) > 1
        # A tenant that was put back has been moved twice.
        acted = self.trial.write.shown(self.after) or len(self.acted) % 2 if moves else bool(self.acted)
        if error.outcome is None:
            yield f"{error!r} tells no outcome"
        if error.outcome in _NEVER_ACTED and self.trial.write.has_to_act and acted:
            yield f"{error.outcome}, and it was done: {error!r}"
        if error.outcome is Outcome.NOT_SENT and any(exchange.status is None for exchange in self.sent):
            yield f"not sent, and a request of it was: {error!r}"
        if error.outcome is Outcome.DONE and not self.acted:
            yield f"done, and nothing was done: {error!r}"
        if error.outcome is Outcome.UNKNOWN:
            yield from self._wrong_doubt(error)

    def _wrong_doubt(self, error: FronteggError) -> Iterator[str]:
        if not self.trial.knows_answers:
            return
        if not self.sent:
            yield f"unknown, and nothing was sent: {error!r}"
        elif any(exchange.is_success for exchange in self.sent):
            yield f"unknown, and a 2xx was delivered: {error!r}"
