"""The logical call: one operation, from its arguments to its value or its error, over as many attempts as it takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar, cast

import attrs
import msgspec

from frontegg_async.endpoints import TENANT_OF_CALL, Auth, Endpoint, Retry
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConflictError,
    DecodeError,
    ErrorDetails,
    FronteggError,
    Outcome,
    RateLimitError,
    RequestTimeoutError,
    ResponseMismatchError,
    WriteTimeoutError,
)
from frontegg_async.fleet.rates import SharedRates
from frontegg_async.options import MAX_RETRIES, Options
from frontegg_async.secret import Secret
from frontegg_async.wire import convert, large, log, replies, transport
from frontegg_async.wire.convert import Reader
from frontegg_async.wire.engine import Engine, TokenSource
from frontegg_async.wire.outcomes import Failure, Kind, Reply
from frontegg_async.wire.ratelimit import Gate, parse_wait, route_of
from frontegg_async.wire.retries import MAX_SERVER_WAIT, Action, Decision, Situation, classify, decide
from frontegg_async.wire.session import Pool
from frontegg_async.wire.transport import Request

T = TypeVar("T")
V = TypeVar("V")

FOREVER: Final = float("inf")


class Settled(msgspec.Struct, Generic[T], frozen=True):
    """The value of a call that ended in another way than by a success of its last attempt."""

    value: T


Reconcile = Callable[[Options], Awaitable[Settled[T] | None]]
"""Reads what became of a write: its result, or ``None`` if there is none; raises `ConflictError` if it is another's."""


class Call(msgspec.Struct, Generic[T], eq=False):
    """One logical call while it is under way. A struct of msgspec's is made fastest.

    Args:
        engine: What all calls share.
        tokens: Where its tokens come from, unless the operation takes none.
        endpoint: The operation.
        reader: Reads its answers.
        request: What is sent.
        asked: The ids that the answer may be about; none if it may be about any.
        options: How it is made.
        reconcile: Reads what became of it, if that can be read.
        is_free: Whether the budget of retries is not charged for its failures.
        started: When it began, on the monotonic clock.
        deadline: When it must have ended.
        attempts: The attempts that were made.
        ambiguous: How many of them may have acted.
        reauthenticated: Whether a refused token was replaced.
        reply: The last answer.
        pool: The connections of the last attempt.
        turn: What is awaited before an answer is read, if anything: bytes take less room than what is read of them.
        is_escorted: Whether others have a say in when it is sent, or watch it.
    """

    engine: Engine
    tokens: TokenSource | None
    endpoint: Endpoint[T]
    reader: Reader[T]
    request: Request
    asked: tuple[str, ...]
    options: Options
    reconcile: Reconcile[T] | None
    is_free: bool
    started: float
    deadline: float
    attempts: int = 0
    ambiguous: int = 0
    reauthenticated: bool = False
    reply: Reply | None = None
    pool: Pool | None = None
    turn: Awaitable[None] | None = None
    is_escorted: bool = False

    def __repr__(self) -> str:
        return f"Call({self.endpoint.name})"

    async def run(self) -> T:
        """Make attempts until one ends the call."""
        engine, tokens = self.engine, self.tokens
        closed: ClientClosedError | None = None
        try:
            while True:
                pool = engine.sessions.get()
                token = None if tokens is None else tokens.current()
                if (
                    (token is None and tokens is not None)
                    or engine.gates.by_route
                    or not pool.slots.free
                    or self.is_escorted
                ):
                    pool, token = await self._admission()
                else:
                    pool.slots.free -= 1
                self.pool = pool
                begun = engine.clocks.monotonic()
                seconds = self.options.timeout
                if seconds is None or seconds > self.deadline - begun:
                    seconds = self._time_left(begun, pool)
                outcome = await transport.attempt(pool, self.request, token, seconds)
                kind = self._take_down(outcome, begun)
                unreadable: DecodeError | None = None
                if kind is None:
                    assert isinstance(outcome, Reply)  # noqa: S101 - only a reply is a success
                    at_once = self.turn is None and len(outcome.body) <= large.SIZE
                    value = self._read(outcome) if at_once else await self._read_later(outcome)
                    if not isinstance(value, FronteggError):
                        engine.budget.earn()
                        return value
                    if not isinstance(value, DecodeError):
                        raise await self._final(value)
                    kind, unreadable = Kind.AMBIGUOUS, value
                settled = await self._settle_refusal(kind, outcome)
                settled = settled or await self._go_on(kind, outcome, token, unreadable)
                if settled is not None:
                    return settled.value
        except ClientClosedError as error:
            closed = error
        known = Outcome.UNKNOWN if self._may_have_acted else closed.outcome or Outcome.NOT_SENT
        raise closed.with_details(attrs.evolve(self._details(), outcome=known))

    async def _go_on(
        self, kind: Kind, outcome: Reply | Failure, token: Secret | None, unreadable: DecodeError | None
    ) -> Settled[T] | None:
        """Wait until another attempt may be made; or find that the last one did it, or raise."""
        if token is None and kind is Kind.UNAUTHENTICATED:
            kind = Kind.DEFINITE
        decision = self._decide(kind, outcome)
        if decision.action is Action.RAISE:
            raise self._error(outcome, unreadable)
        if decision.action is Action.REAUTHENTICATE:
            self.reauthenticated = True
            replaced = cast("TokenSource", self.tokens).replace(cast("Secret", token))
            if not await self._within_deadline(replaced):
                raise self._error(outcome, unreadable)
        log.log_retry(self.endpoint, decision.action.value, _reason(outcome), self.attempts, decision.wait)
        if decision.action is Action.REAUTHENTICATE:
            return None
        is_gated = isinstance(outcome, Reply) and outcome.status == _TOO_MANY
        if decision.wait and not is_gated:
            await self.engine.waits.sleep(decision.wait)
        if decision.action is Action.RECONCILE:
            found = await self._reconcile(_reason(outcome))
            if found is not None:
                return found
            if not decision.may_resend:
                raise self._error(outcome, unreadable)
        return None

    def _take_down(self, outcome: Reply | Failure, begun: float) -> Kind | None:
        """Take down how an attempt ended, and return what that means for another one, or ``None`` for success."""
        self.attempts += 1
        if log.logger.isEnabledFor(logging.DEBUG):
            log.log_attempt(self.endpoint, outcome, self.attempts, self.engine.clocks.monotonic() - begun)
        if isinstance(outcome, Reply):
            self.reply = outcome
            if outcome.status == _OK:
                return None
        elif self.engine.sessions.is_closed:
            known = Outcome.UNKNOWN if outcome.kind is Kind.AMBIGUOUS else Outcome.NOT_SENT
            raise ClientClosedError("the client was closed during the call", ErrorDetails(outcome=known))
        return classify(outcome)

    def _time_left(self, now: float, pool: Pool) -> float:
        """Return the seconds that are left of the call for an attempt, which has a slot of the pool."""
        left = self.deadline - now
        if left <= 0:
            pool.slots.release()
            raise self._too_late()
        return left

    async def _admission(self) -> tuple[Pool, Secret | None]:
        """Wait for a connection, an open gate and a token; return holding a slot of the pool."""
        engine = self.engine
        fetched = 0
        if engine.rates is not None:
            await self._await_turn(engine.rates)
        while True:
            pool = engine.sessions.get()
            slots = pool.slots
            if not slots.take():
                await self._within_deadline(slots.wait())
            if pool.is_retired:
                slots.release()
                continue
            gate = engine.gates.closed(self.endpoint) if engine.gates.by_route else None
            token = None if self.tokens is None else self.tokens.current()
            if gate is None and (token is not None or self.tokens is None) and not engine.sessions.is_closed:
                return pool, token
            slots.release()
            if gate is not None:
                await self._wait_at(gate)
            elif self.tokens is not None and token is None:
                await self._within_deadline(self.tokens.fetch())
                fetched += 1
                if fetched > _MOST_TOKENS:
                    raise self._unsent(
                        DecodeError(
                            f"{self.endpoint.name}: the service's tokens end before they can be sent",
                            attrs.evolve(self._details(), outcome=Outcome.NOT_SENT, reason="token"),
                        )
                    )

    async def _await_turn(self, rates: SharedRates) -> None:
        """Wait until the fleet's rate limits let this call be sent."""
        engine = self.engine
        route = route_of(self.endpoint.method, self.endpoint.path)
        while True:
            line = rates.line(route)
            await self._within_deadline(line.acquire())
            try:
                most = min(self.deadline - engine.clocks.monotonic(), MAX_SERVER_WAIT)
                turn = await self._within_deadline(rates.reserve(route, most))
                if not turn.is_closed and turn.seconds <= most:
                    if turn.seconds:
                        await engine.waits.sleep(turn.seconds)
                    return
            finally:
                line.release()
            # The answer that closed it went to another process, or the fleet's own budget is used up.
            await self._wait_at(Gate(engine.clocks.monotonic() + turn.seconds, Reply(_TOO_MANY, {}, b"")))

    async def _within_deadline(self, waiting: Awaitable[V]) -> V:
        """Wait for something that must happen before anything is sent, no longer than the call may take."""
        left = None if self.deadline == FOREVER else max(self.deadline - self.engine.clocks.monotonic(), 0.0)
        try:
            async with asyncio.timeout(left):
                return await waiting
        except FronteggError as error:
            # Some of them are TimeoutErrors too: of what was waited for, not of this call.
            failure: FronteggError = self._unsent(error)
        except TimeoutError:
            failure = self._too_late()
        raise failure.with_details(failure.details)

    def _unsent(self, error: FronteggError) -> FronteggError:
        """Return the error of a call that could not be sent, or not again, since there is no token for it."""
        details = error.details
        if self._may_have_acted and not isinstance(error, ClientClosedError):
            unknown = replies.unknown_outcome(self.endpoint, "token", self._details())
            unknown.add_note(f"It was not sent again, since there was no token: {error.message}")
            return unknown
        # What nobody knows is what became of the token's request. The call's own was not sent.
        return error.with_details(
            attrs.evolve(details, outcome=Outcome.NOT_SENT) if details.outcome is Outcome.UNKNOWN else details
        )

    @property
    def _may_have_acted(self) -> bool:
        """Whether this is a write and an earlier attempt of it had no answer."""
        return bool(self.ambiguous) and self.endpoint.retry is not Retry.SAFE

    def _too_late(self) -> RequestTimeoutError:
        details = self._details()
        kind = WriteTimeoutError if self._may_have_acted else RequestTimeoutError
        return kind(
            f"{self.endpoint.name}: the deadline of {self.options.deadline:g} s passed before it could be sent",
            attrs.evolve(details, outcome=details.outcome or Outcome.NOT_SENT, reason="deadline"),
        )

    async def _wait_at(self, gate: Gate) -> None:
        wait = max(0.0, gate.opens_at - self.engine.clocks.monotonic())
        left = self.deadline - self.engine.clocks.monotonic()
        if wait > MAX_SERVER_WAIT or wait >= left:
            details = attrs.evolve(self._details(), retry_after=wait)
            if self._may_have_acted:
                raise replies.unknown_outcome(self.endpoint, "rate limit", details)
            details = attrs.evolve(details, outcome=details.outcome or Outcome.NOT_SENT)
            error = replies.error_of_reply(self.endpoint, gate.reply, details)
            raise RateLimitError(
                f"{self.endpoint.name} is limited for another {wait:.1f} s, which is longer than this call may wait",
                error.details,
            )
        # Calls are spread behind the gate, as far as their deadlines allow.
        spread = min(self.engine.gates.draw_spread(), (left - wait) / 2)
        await self.engine.waits.sleep(wait + spread)

    async def _read_later(self, reply: Reply) -> T | FronteggError:
        """Read an answer in its turn; a large one in a thread."""
        if self.turn is not None:
            await self.turn
        is_large = len(reply.body) > large.SIZE
        return await asyncio.to_thread(self._read, reply) if is_large else self._read(reply)

    def _read(self, reply: Reply) -> T | FronteggError:
        """Return the value of a success, or what is wrong with it."""
        value = self.reader.decode(reply.body)
        if isinstance(value, DecodeError):
            return value
        endpoint = self.endpoint
        if isinstance(value, convert.Missing):
            if endpoint.method == "GET":
                return replies.error_of_missing(endpoint, reply, self._details())
            return DecodeError("the answer is empty", ErrorDetails(reason="decode", paths=("$: expected object",)))
        subject = endpoint.subject
        if subject is None:
            return value
        asked = self.asked
        if not asked and subject == TENANT_OF_CALL and self.tokens is not None and self.tokens.tenant_id:
            # The token of a user may say it.
            asked = (self.tokens.tenant_id,)
        named = _MIGRATION if subject == _MIGRATION else "tenant_id"
        if asked and getattr(value, named, None) not in asked and not _is_about(value, named, asked):
            kind = named.removesuffix("_id")
            return ResponseMismatchError(
                f"{endpoint.name}: the answer is about another {kind} than the one asked for",
                attrs.evolve(self._details(), reason="mismatch", outcome=Outcome.UNKNOWN, trace_id=reply.trace_id),
            )
        return value

    async def _final(self, error: FronteggError) -> FronteggError:
        """Return the error to raise for an answer that another attempt would not change.

        It is a new one: a frame that held what it raises would keep it until the garbage collector comes.
        """
        if isinstance(error, ResponseMismatchError):
            # An answer of somebody else's on this connection: none of the others is to be trusted.
            await self.engine.sessions.renew(cast("Pool", self.pool))
            if self.endpoint.retry is not Retry.SAFE:
                return replies.unknown_outcome(self.endpoint, "mismatch", error.details)
        return error.with_details(error.details)

    async def _settle_refusal(self, kind: Kind, outcome: Reply | Failure) -> Settled[T] | None:
        """Return what an earlier attempt did, if a refusal of this one tells that it did."""
        if not self.ambiguous or kind is not Kind.DEFINITE or not isinstance(outcome, Reply):
            return None
        endpoint = self.endpoint
        if endpoint.retry is Retry.DELETE and outcome.status == _NOT_FOUND and not self.options.strict_delete:
            return Settled(cast("T", None))
        if self.reconcile is not None and outcome.status in _SETTLING_STATUSES:
            return await self._reconcile(_reason(outcome))
        return None

    async def _reconcile(self, reason: str) -> Settled[T] | None:
        """Read what became of the write."""
        left = self.deadline - self.engine.clocks.monotonic()
        if self.reconcile is None or left <= 0:
            raise replies.unknown_outcome(self.endpoint, reason, self._details())
        try:
            return await self.reconcile(self._options_of_reads(left))
        except ConflictError as conflict:
            error: FronteggError = conflict.with_details(
                attrs.evolve(
                    conflict.details,
                    attempts=self.attempts,
                    elapsed=self._elapsed(),
                    trace_id=conflict.trace_id or self._details().trace_id,
                )
            )
        except ClientClosedError:
            raise
        except FronteggError:
            error = replies.unknown_outcome(self.endpoint, f"{reason}, and it could not be read", self._details())
        raise error.with_details(error.details)

    def _options_of_reads(self, left: float) -> Options:
        """Return how to read what became of the write, in the time that is left."""
        retries = self.options.max_retries
        if retries is not None:
            retries = min(retries + _MORE_READS, MAX_RETRIES)
        if left == FOREVER:
            return self.options.merge(Options(max_retries=retries))
        return self.options.merge(Options(max_retries=retries, deadline=left))

    def _decide(self, kind: Kind, outcome: Reply | Failure) -> Decision:
        engine = self.engine
        wait = self._told_wait(outcome) if isinstance(outcome, Reply) else None
        if wait is not None and isinstance(outcome, Reply) and outcome.status == _TOO_MANY:
            engine.gates.close(self.endpoint, wait, outcome)
            if engine.rates is not None:
                engine.rates.close(route_of(self.endpoint.method, self.endpoint.path), wait)
        if kind in _COUNTED and not self.is_free:
            engine.budget.spend()
        if kind is Kind.AMBIGUOUS:
            self.ambiguous += 1
        return decide(
            Situation(
                retry=self.endpoint.retry,
                kind=kind,
                attempts=self.attempts,
                max_retries=FOREVER if self.options.max_retries is None else self.options.max_retries,
                reauthenticated=self.reauthenticated,
                server_wait=wait,
                time_left=self.deadline - engine.clocks.monotonic(),
                within_budget=engine.budget.allows or kind is Kind.UNPROCESSED,
            ),
            engine.clocks.rng,
        )

    def _told_wait(self, reply: Reply) -> float | None:
        """Return the seconds that an answer asks to wait: a limit always does, an outage where it says so."""
        if reply.status == _TOO_MANY or (reply.status == _UNAVAILABLE and "Retry-After" in reply.headers):
            return parse_wait(reply.headers, self.engine.clocks.wall())
        return None

    def _error(self, outcome: Reply | Failure, error: FronteggError | None) -> FronteggError:
        """Return the error that the last attempt leads to."""
        details = self._details()
        if error is not None:
            details = attrs.evolve(details, reason="decode", paths=error.details.paths)
            if self.endpoint.retry is not Retry.SAFE:
                return replies.unknown_outcome(self.endpoint, "decode", details)
            message = f"{self.endpoint.name}: {error.message}"
            return DecodeError(message, attrs.evolve(details, outcome=Outcome.UNKNOWN))
        if isinstance(outcome, Failure):
            return replies.error_of_failure(self.endpoint, outcome, details)
        if 300 <= outcome.status < 400:  # noqa: PLR2004 - redirects
            return replies.error_of_redirect(self.endpoint, outcome, details)
        details = attrs.evolve(details, retry_after=self._told_wait(outcome))
        if self._may_have_acted and classify(outcome) in (Kind.UNPROCESSED, Kind.UNAUTHENTICATED):
            return replies.unknown_outcome(self.endpoint, _reason(outcome), details)
        answered = replies.error_of_reply(self.endpoint, outcome, details)
        message = answered.message
        if isinstance(answered, AuthenticationError):
            message = f"{message}, by {self.engine.base_url.place}"
        if self.tokens is not None and outcome.status in _ABOUT_TOKENS and (remark := self.tokens.remark()):
            message = f"{message}; {remark}"
        return answered if message is answered.message else type(answered)(message, answered.details)

    def _elapsed(self) -> float:
        return self.engine.clocks.monotonic() - self.started

    def _details(self) -> ErrorDetails:
        return ErrorDetails(
            endpoint=self.endpoint.name,
            attempts=self.attempts,
            elapsed=self._elapsed(),
            trace_id=self.reply.trace_id if self.reply is not None else None,
            outcome=Outcome.UNKNOWN if self.ambiguous else None,
            of_user=self.engine.auth is Auth.USER,
        )


_MOST_TOKENS: Final = 5
"""Tokens that one attempt waits for: more are of no use if each has ended when it comes."""

_MIGRATION: Final = "migration_id"
_NOT_FOUND: Final = 404
_SETTLING_STATUSES: Final = frozenset({400, _NOT_FOUND, 409})
"""How a write is refused that was done already: it is there, or what it takes away is not."""

_MORE_READS: Final = 2
"""Retries that such a read has beyond those of its call: an outcome that nobody knows costs more than a late one."""

_OK: Final = 200
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = 503
_ABOUT_TOKENS: Final = frozenset({401, 403, 404})
# A limit is not counted: its gate holds the route back already, and a bulk job would spend the budget at once.
_COUNTED: Final = frozenset({Kind.NOT_SENT, Kind.AMBIGUOUS})


def _is_about(value: object, name: str, asked: tuple[str, ...]) -> bool:
    """Return whether nothing in an answer, an object or an array of them, is about another than what was asked for."""
    if isinstance(value, tuple):
        return all(_is_about(item, name, asked) for item in cast("tuple[object, ...]", value))
    found: object = getattr(value, name, None)
    return found is None or found in asked


def _reason(outcome: Reply | Failure) -> str:
    return f"status {outcome.status}" if isinstance(outcome, Reply) else outcome.reason
