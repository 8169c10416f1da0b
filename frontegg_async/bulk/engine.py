"""The engine: takes rows from the ledger, sends them at the pace that is allowed, and records what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import itertools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar, cast

import attrs
import msgspec

from frontegg_async._core.call.admission import NO_TURN
from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async.bulk.batches import Batch, batches_of
from frontegg_async.bulk.guards import FailureGuard, MaxFailures
from frontegg_async.bulk.ledger import Finished, Item, Ledger, RowState, Turn
from frontegg_async.bulk.operation import Operation, Shown
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.progress import BulkProgress, progress_of
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    ConflictError,
    ErrorDetails,
    FronteggError,
    GuardShutError,
    LedgerError,
    NotFoundError,
    Outcome,
    RateLimitError,
)
from frontegg_async.models.tenants import Tenant

P = TypeVar("P", bound=Pace)

GROUP: Final = 512
"""The rows whose ends are recorded in one commit, if they come quickly; at most twice as many are marked ahead."""

INTERVAL: Final = 0.25
"""The longest that the end of a row waits to be recorded, and the least between two reports of progress, in seconds."""

_PAGE: Final = 100
_PAUSE: Final = 1.0
"""The seconds after which a row that the fleet has no turn for asks for one again."""
_DAMAGES: Final = (LookupError, TypeError, ValueError, AttributeError)
"""What values raise that were not checked."""
_MAY_BE_DONE: Final = (BadRequestError, NotFoundError, ConflictError)
"""How the service refuses what was done before, and a batch for one of its ids."""


@attrs.frozen(kw_only=True)
class Settings:
    """How a job runs."""

    concurrency: int
    """The most requests at a time."""
    rate: float | None
    """Requests a second; ``None`` for no limit of one's own."""
    reserve: float
    """The share of the service's limit that is left to others."""
    max_failures: MaxFailures
    """The most rows that may fail."""


class Engine:
    """Works on one job until all rows are finished, a guard shuts, or it is cancelled.

    Args:
        caller: Makes the calls.
        ledger: The ledger, sealed.
        settings: How the job runs.
        on_progress: Called with how far the job is.
        tally: The requests that were made for the job before.
        pace: When requests may be sent, if there is more than one engine of a job; otherwise what the settings say.
        is_resumed: Whether the input was read by an earlier run.
    """

    def __init__(
        self,
        caller: Caller,
        ledger: Ledger,
        settings: Settings,
        on_progress: Callable[[BulkProgress], object] | None,
        *,
        tally: Tally | None = None,
        pace: Pace | None = None,
        is_resumed: bool,
    ) -> None:
        self._tally = Tally() if tally is None else tally
        self._is_resumed = is_resumed
        self._caller = caller
        self._reads = caller.counted(self._tally)
        self._ledger = ledger
        self._settings = settings
        self._on_progress = on_progress
        self._operation = OPERATIONS[ledger.job.operation]
        self._clock = caller.clocks.monotonic
        self._pace = pace or make_pace(caller, ledger.job.operation, settings, Pace)
        batch = self._operation.batch
        self._capacity = batch * max(2 * settings.concurrency, 2 * GROUP // batch)
        self._ahead = batch
        """The rows that are marked ahead: what is sent until the next commit, and no more while that is not known."""
        self._begun = 0
        """The rows of batches that had their first turn since the last commit that marked some."""
        self._batches: deque[Batch] = deque()
        """What waits to be sent."""
        self._is_fed = asyncio.Event()
        self._waiting = 0
        """The rows that have no turn yet, those of workers that wait for one included."""
        self._in_flight = 0
        self._news = asyncio.Event()
        self._finished: deque[Finished] = deque()
        self._is_exhausted = False
        self._is_stopped = False
        self._is_shared = False
        self._unsent: list[int] = []
        self._shut: str | None = None
        self._crash: BaseException | None = None
        self._requests = 0
        self._counts = dict.fromkeys(RowState, 0)
        self._guard = FailureGuard(None, total=0, failed=0)
        self._started = self._recorded = self._reported = self._clock()
        self._ended = 0

    async def run(self) -> None:
        """Work on the job.

        Raises:
            GuardShutError: A guard has shut.
            LedgerError: The ledger cannot be written.
            ClientClosedError: The client was closed.
        """
        await self._settle()
        await self._count()
        failed = self._counting(self._counts[RowState.FAILED])
        self._guard = FailureGuard(self._settings.max_failures, total=self._ledger.job.total, failed=failed)
        generation = await self._ledger.next_generation(-1)
        while generation is not None and not self._is_stopped:
            await self._work(generation)
            generation = await self._ledger.next_generation(generation)
        await self._count()
        await self._report(is_last=True)

    def stop(self) -> None:
        """Send nothing more: `run` ends after the requests that are in flight."""
        self._is_stopped = True
        self._news.set()

    async def _count(self) -> None:
        counts = await self._ledger.counts()
        self._counts = {state: getattr(counts, state.value) for state in RowState}

    async def _settle(self) -> None:
        """Find out what became of rows that were in flight when an earlier run ended."""
        after = 0
        while items := await self._ledger.unsettled(after, _PAGE):
            after = items[-1].number
            finished: list[Finished] = []
            for name, neighbours in itertools.groupby(await self._with_creations(items), lambda item: item.operation):
                finished += await self._settled_together(OPERATIONS[name], list(neighbours))
            await self._turn(finished, 0, 0)

    async def _settled_together(self, operation: Operation, items: Sequence[Item]) -> Sequence[Finished]:
        """Find out what became of rows of one operation."""
        try:
            shown = await operation.read_back(self._reads, items)
        except FronteggError:
            raise
        except _DAMAGES as error:
            raise _damage(items) from error
        # The requests that did this were not counted: their process ended before.
        lost = sum(each is Shown.DONE and not item.attempts for item, each in zip(items, shown, strict=True))
        self._requests += -(-lost // operation.batch)
        return [self._settled(operation, item, each) for item, each in zip(items, shown, strict=True)]

    def _settled(self, operation: Operation, item: Item, shown: Shown | FronteggError) -> Finished:
        if isinstance(shown, FronteggError):
            return self._failure(item, shown, RowState.UNKNOWN)
        if shown is Shown.DONE:
            return Finished(item.number, RowState.DONE, max(item.attempts, 1))
        if shown is Shown.NOT_DONE:
            # As if there had been a request, so that it is known to be sent again.
            return Finished(item.number, RowState.PENDING, max(item.attempts, 1))
        details = ErrorDetails(endpoint=operation.endpoint.name, outcome=Outcome.REFUSED)
        differs = ConflictError("a tenant with this id exists and differs from the one asked for", details)
        return self._failure(item, differs, RowState.FAILED)

    async def _work(self, generation: int) -> None:
        self._is_exhausted = False
        workers = [asyncio.create_task(self._send_all()) for _ in range(self._settings.concurrency)]
        try:
            await self._keep(generation)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            # The ledger may be what failed; then all of this is read back by the next run.
            with contextlib.suppress(LedgerError):
                await self._give_back(generation)
        if self._shut is not None:
            await self._ledger.shut("max_failures", self._shut)
            await self._report(is_last=True)
            raise guard_error("max_failures", self._shut)

    async def _keep(self, generation: int) -> None:
        """Keep the workers in rows, and record what became of rows, until the generation is over."""
        while True:
            finished = self._take_finished()
            ends = self._shut is not None or self._is_stopped
            most = 0 if ends or self._is_exhausted else self._most()
            if finished or most:
                items = await self._turn(finished, generation, most)
                self._feed(await self._recognized(items))
                self._is_exhausted = self._is_exhausted or len(items) < most
                await self._report()
            if self._crash is not None:
                raise self._crash
            # Once it ends, those that wait for their turn are not waited for.
            is_quiet = not self._pace.in_flight if ends else self._is_exhausted and self._is_idle()
            if is_quiet and not self._finished:
                return
            await self._wait_for_news()

    def _most(self) -> int:
        """Return how many rows to mark: more each time while half of them are gone before the next look."""
        if 2 * self._begun >= self._ahead:
            self._ahead = min(2 * self._ahead, self._capacity)
        elif 8 * self._begun < self._ahead:
            self._ahead = max(self._ahead // 2, self._operation.batch)
        self._begun = 0
        return max(self._ahead - self._waiting, 0)

    async def _with_creations(self, items: Sequence[Item]) -> Sequence[Item]:
        """Add when the tenants of rows were created, where a read knows them by that."""
        numbers = [item.number for item in items if OPERATIONS[item.operation].recognize is not None]
        if not numbers:
            return items
        times = await self._ledger.creations(numbers)
        return [msgspec.structs.replace(item, created_at=times.get(item.number)) for item in items]

    async def _recognized(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the rows to send: those of tenants that may have been created since the input was read are left out.

        The first run sends what was there a moment ago, and reads the other rows only.
        """
        items = await self._with_creations(items)
        doubtful = [item for item in items if self._is_doubtful(item)]
        try:
            found = await read_tenants(self._reads, [item.key for item in doubtful])
            refused = {item.number: error for item in doubtful if (error := _stranger(item, found)) is not None}
        except (asyncio.CancelledError, ClientClosedError):
            self._release(items)
            raise
        except FronteggError as error:
            # As if the request that deletes had not reached the service: `resume` makes these rows pending again.
            unsent = error.fresh(attrs.evolve(error.details, outcome=Outcome.NOT_SENT))
            refused = dict.fromkeys((item.number for item in doubtful), unsent)
        except _DAMAGES as error:
            raise _damage(doubtful) from error
        for item in items:
            if item.number in refused:
                self._end([item], 0, RowState.FAILED, refused[item.number])
        self._begun += len(refused)
        return [item for item in items if item.number not in refused]

    def _is_doubtful(self, item: Item) -> bool:
        is_unknown = self._is_resumed or item.was_sent or item.created_at is None
        return is_unknown and OPERATIONS[item.operation].recognize is not None

    def _feed(self, items: Sequence[Item]) -> None:
        self._batches += batches_of(items)
        self._waiting += len(items)
        self._is_fed.set()

    def _take_finished(self) -> list[Finished]:
        finished = list(self._finished)
        self._finished.clear()
        return finished

    async def _wait_for_news(self) -> None:
        # What was told before the last turn may be over; other rows may end soon, and are recorded with these.
        self._news.clear()
        self._tell()
        timer = asyncio.get_running_loop().call_later(INTERVAL, self._news.set)
        await self._news.wait()
        timer.cancel()

    def _is_idle(self) -> bool:
        return not self._in_flight and not self._waiting

    def _tell(self) -> None:
        """Wake the one that records, if there is enough to record, or too little left to send.

        Where this is true, the next turn of the ledger or the end of the generation follows at once.
        """
        if self._shut is not None or self._is_stopped:
            is_news = not self._pace.in_flight
        else:
            wants_rows = not self._is_exhausted and self._waiting * 2 <= self._ahead
            is_news = wants_rows or len(self._finished) >= GROUP or (not self._in_flight and self._is_idle())
            is_news = is_news or (self._is_shared and self._is_awaited())
        if is_news or self._crash is not None:
            self._news.set()

    def _is_awaited(self) -> bool:
        """Whether other processes count what is to be recorded: the last row failed, and only so many may."""
        return bool(self._finished) and self._finished[-1].state is RowState.FAILED

    async def _turn(self, finished: Sequence[Finished], generation: int, most: int, *released: int) -> Sequence[Item]:
        now = self._clock()
        requests = self._requests + self._tally.take()
        self._requests = 0
        elapsed, self._recorded = now - self._recorded, now
        items = await self._ledger.turn(
            Turn(
                finished=finished,
                generation=generation,
                most=most,
                released=released,
                requests=requests,
                elapsed=elapsed,
            )
        )
        others = [row.state for row in finished if row.state is not RowState.DONE]
        for state in others:
            self._counts[state] += 1
        self._counts[RowState.DONE] += len(finished) - len(others)
        self._ended += len(finished)
        await self._look_at_others()
        return items

    async def _look_at_others(self) -> None:
        """See whether the job must stop for what became of it in other processes."""
        if self._ledger.job.guard is not None:
            self._is_stopped = True
        failed = await self._ledger.failures() if self._guard.has_limit else None
        self._is_shared = failed is not None
        if failed is not None:
            self._shut = self._shut or self._guard.count(self._counting(failed))

    def _counting(self, failed: int) -> int:
        """Return how many of the rows that failed count: not those before a guard was overridden."""
        return max(failed - cast("int", self._ledger.job.settings.get("overridden", 0)), 0)

    async def _give_back(self, generation: int) -> None:
        """Record what is known at the end of a run: rows that wait were not sent."""
        waiting, self._unsent = self._unsent, []
        waiting += [number for batch in self._batches for number in batch.numbers]
        self._batches.clear()
        self._waiting = 0
        finished = self._take_finished()
        if finished or waiting or self._requests or self._tally.requests:
            await self._turn(finished, generation, 0, *waiting)

    async def _send_all(self) -> None:
        """Send batch after batch."""
        tally = Tally()
        caller = self._caller.counted(tally)
        while True:
            while not self._batches:
                self._is_fed.clear()
                await self._is_fed.wait()
            if self._is_stopped:
                return
            batch = self._batches.popleft()
            self._in_flight += 1
            try:
                failure = await self._attempt(caller, tally, batch, is_first=True)
                if failure is not None:
                    await self._judge(caller, tally, batch, failure)
            except Exception as error:  # noqa: BLE001 - the one that waits for the job raises it
                is_damage = isinstance(error, _DAMAGES) and not isinstance(error, FronteggError)
                self._crash = _damage(batch.items) if is_damage else error
                self._requests += tally.take()
            finally:
                self._in_flight -= 1
            self._tell()

    async def _attempt(
        self, caller: Caller, tally: Tally, batch: Batch, *, is_first: bool = False
    ) -> FronteggError | None:
        """Make the call for a batch, as often as it is only rate-limited, and note that its rows are done.

        Args:
            caller: Makes the call.
            tally: Counts its requests; it is left to the caller of this if there is an error.
            batch: The rows.
            is_first: Whether they had no turn yet.

        Returns:
            The error; ``None`` also if nothing was sent, since a guard has shut.

        Raises:
            ClientClosedError: The client was closed.
        """
        items, wait = batch.items, 0.0
        while True:
            if wait or not self._pace.take_turn():
                await self._await_turn(items, wait)
            if is_first:
                is_first = False
                self._waiting -= len(items)
                self._begun += len(items)
            try:
                if self._shut is not None or self._is_stopped:
                    self._release(items)
                    return None
                await batch.operation.send(caller, items)
            except ClientClosedError:
                raise
            except FronteggError as error:
                again = _wait_for_turn(error)
                if again is None:
                    return error.fresh()
                wait = again
                continue
            except asyncio.CancelledError:
                # Nobody has counted the request that is in flight; what became of it is read by the next run.
                self._end(items, tally.take() + 1, RowState.IN_FLIGHT)
                raise
            finally:
                self._pace.end()
            self._end(items, tally.take(), RowState.DONE)
            return None

    async def _await_turn(self, items: Sequence[Item], wait: float) -> None:
        try:
            if wait:
                await self._caller.pause(wait)
            await self._pace.turn()
        except BaseException:
            self._release(items)
            raise

    def _release(self, items: Sequence[Item]) -> None:
        self._unsent += [item.number for item in items]

    async def _judge(self, caller: Caller, tally: Tally, batch: Batch, failure: FronteggError) -> None:
        """Note what an error tells of rows; if one of several was refused, send the halves."""
        items, requests = batch.items, tally.take()
        if failure.outcome is Outcome.DONE:
            self._end(items, requests, RowState.DONE)
        elif failure.outcome is Outcome.UNKNOWN:
            self._end(items, requests, RowState.UNKNOWN, failure)
        elif len(items) > 1 and isinstance(failure, _MAY_BE_DONE):
            for part in await self._parts(batch, requests, failure):
                again = await self._attempt(caller, tally, part)
                if again is not None:
                    await self._judge(caller, tally, part, again)
        elif isinstance(failure, _MAY_BE_DONE) and _may_be_done(batch.operation, items[0]):
            [shown] = await batch.operation.read_back(self._reads, items)
            is_unsure = isinstance(shown, FronteggError)
            state = RowState.DONE if shown is Shown.DONE else RowState.UNKNOWN if is_unsure else RowState.FAILED
            self._end(items, requests, state, None if state is RowState.DONE else failure)
        else:
            self._end(items, requests, RowState.FAILED, failure)

    async def _parts(self, batch: Batch, requests: int, failure: FronteggError) -> list[Batch]:
        """Return the rows of a refused batch as they are sent again: those whose tenant is there, or else halves."""
        items = there = batch.items
        if isinstance(failure, NotFoundError):
            with contextlib.suppress(FronteggError):
                found = await read_tenants(self._reads, [item.key for item in items])
                there = [item for item in items if item.key in found]
        if len(there) < len(items):
            kept = {item.number for item in there}
            self._end([item for item in items if item.number not in kept], requests, RowState.FAILED, failure)
            return [batch.with_items(there)] if there else []
        self._requests += requests
        return batch.halves()

    def _end(self, items: Sequence[Item], requests: int, state: RowState, error: FronteggError | None = None) -> None:
        """Note what became of rows that were sent together."""
        self._requests += requests
        for item in items:
            if error is None:
                row = Finished(item.number, state, item.attempts + requests)
            else:
                row = self._failure(item, error, state, requests)
            self._finished.append(row)
            self._shut = self._shut or self._guard.look(row)

    def _failure(self, item: Item, error: FronteggError, state: RowState, requests: int = 0) -> Finished:
        return Finished(
            item.number,
            state,
            item.attempts + requests,
            error=type(error).__name__,
            status=error.status if isinstance(error, APIError) else None,
            trace_id=error.trace_id,
            message=error.message,
            is_unsent=error.outcome is Outcome.NOT_SENT or isinstance(error, AuthenticationError),
        )

    async def _report(self, *, is_last: bool = False) -> None:
        now = self._clock()
        if self._on_progress is None or (now - self._reported < INTERVAL and not is_last):
            return
        self._reported = now
        progress = progress_of(
            self._ledger.job,
            self._counts,
            ended=self._ended,
            elapsed=now - self._started,
            now=self._caller.clocks.wall(),
        )
        answer = self._on_progress(progress)
        if inspect.isawaitable(answer):
            await answer


def make_pace(caller: Caller, operation: str, settings: Settings, make: Callable[..., P]) -> P:
    """Return when the requests of a job may be sent.

    Args:
        caller: Makes the calls.
        operation: The name of the operation.
        settings: How the job runs.
        make: Makes it.
    """
    endpoint = OPERATIONS[operation].endpoint
    return make(
        caller.clocks.monotonic,
        caller.pause,
        functools.partial(caller.opens_at, endpoint),
        rate=settings.rate,
        reserve=settings.reserve,
    )


def _may_be_done(operation: Operation, item: Item) -> bool:
    """Whether an earlier request may have done what is refused now: the id may be one that only this job knows."""
    return item.was_sent or operation.key not in item.values


def _stranger(item: Item, found: Mapping[str, Tenant]) -> FronteggError | None:
    """Return why a row is not sent, if there is a tenant that is not known to be the one that the input named."""
    recognize, tenant = OPERATIONS[item.operation].recognize, found.get(item.key)
    return None if recognize is None or tenant is None else recognize(item, tenant)


def _wait_for_turn(error: FronteggError) -> float | None:
    """Return after how many seconds rows that were rate-limited may have a turn; ``None`` if they were not."""
    if isinstance(error, RateLimitError):
        # It had no effect. The next turn is when the route is open; a gate of the fleet is asked now and then.
        return _PAUSE if error.outcome is Outcome.NOT_SENT else 0.0
    has_no_turn = error.details.reason == NO_TURN and error.outcome is Outcome.NOT_SENT
    return 0.0 if has_no_turn else None


def _damage(items: Sequence[Item]) -> LedgerError:
    """Return the error for rows whose values are not those that were checked before they entered the ledger."""
    rows = f"row {items[0].number}" if len(items) == 1 else f"one of the rows {items[0].number} to {items[-1].number}"
    return LedgerError(f"the ledger is damaged: {rows} has values that its operation does not take")


def guard_error(guard: str, reason: str) -> GuardShutError:
    """Return the error of a guard that has shut."""
    message = f"the guard {guard} has shut: {reason}; resume(..., override={guard!r}) goes on in spite of it"
    return GuardShutError(message, ErrorDetails(reason=guard))
