"""The engine of a bulk job. Its states are settling, running, draining and stopped."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Sequence
from typing import TypeVar

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async.bulk.before import keep_before
from frontegg_async.bulk.created_anew import Recognizer
from frontegg_async.bulk.feed import Feed
from frontegg_async.bulk.guards import guard_error
from frontegg_async.bulk.ledger import Job
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.running import GROUP, Prepare, Work, send_generation
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.settling import settle
from frontegg_async.bulk.stale import leave_out_stale
from frontegg_async.bulk.store import Item, Store
from frontegg_async.resources.support.batches import MAX_IDS

P = TypeVar("P", bound=Pace)


class State(enum.Enum):
    """The state of an engine. Before an engine exists, a job is *loading*: `Intake` reads the input."""

    SETTLING = "settling"
    """The engine asks the service for the effect of rows whose outcome an earlier run did not record."""
    RUNNING = "running"
    """The engine takes rows from the ledger, sends these rows, and commits their outcomes."""
    DRAINING = "draining"
    """The engine takes no more rows. It commits the outcomes of the rows that it has taken."""
    STOPPED = "stopped"
    """No request is in flight, and all outcomes are committed."""


class Engine:
    """Sends the rows of one job until all rows have an outcome, a guard stops the job, or the engine is cancelled.

    Args:
        caller: Sends the requests.
        store: The ledger, which contains the whole input.
        settings: The settings of the job.
        on_progress: Called with the progress of the job.
        tally: The requests that were already sent for the job.
        pace: Decides when requests may be sent, if several engines share a job. By default, the engine makes a `Pace`
            from the settings.
        is_resumed: Whether an earlier run read the input.
    """

    def __init__(
        self,
        caller: Caller,
        store: Store,
        settings: Settings,
        on_progress: Callable[[BulkProgress], object] | None,
        *,
        tally: Tally | None = None,
        pace: Pace | None = None,
        is_resumed: bool,
    ) -> None:
        tally = Tally() if tally is None else tally
        self._store = store
        self._reads = caller.counted(tally)
        self._recorder = Recorder(store, caller.clocks, tally, settings.max_failures, on_progress)
        self._work = Work(
            caller=caller,
            reads=self._reads,
            feed=_feed(store.job, settings),
            pace=make_pace(caller, store.job, settings, Pace) if pace is None else pace,
            recorder=self._recorder,
            prepare=self._preparation(settings, is_resumed=is_resumed),
            concurrency=settings.concurrency,
            is_guarded=settings.is_guarded,
        )
        self._is_guarded = settings.is_guarded
        self._is_settled = False

    @property
    def state(self) -> State:
        """The state of the engine."""
        if not self._is_settled:
            return State.SETTLING
        if self._work.takes_rows:
            return State.RUNNING
        return State.STOPPED if self._work.is_idle else State.DRAINING

    def _preparation(self, settings: Settings, *, is_resumed: bool) -> Prepare | None:
        """Return the function that selects the rows to send; ``None`` if all rows are sent."""
        if settings.is_guarded:  # the expected values also distinguish a tenant from a later tenant with the same id
            return functools.partial(leave_out_stale, self._store, self._reads, self._recorder)
        steps: list[Prepare] = []
        operations = [OPERATIONS[name] for name in self._store.job.operations]
        if any(operation.recognize is not None for operation in operations):
            steps.append(Recognizer(self._reads, self._recorder, is_resumed).recognized)
        if settings.keep_before or any(operation.needs_before for operation in operations):
            steps.append(functools.partial(keep_before, self._reads, self._recorder))

        async def prepare(items: Sequence[Item]) -> Sequence[Item]:
            for step in steps:
                items = await step(items)
            return items

        return prepare if steps else None

    async def run(self) -> None:
        """Work on the job.

        Raises:
            GuardShutError: A guard stopped the job.
            LedgerError: The ledger cannot be written.
            ClientClosedError: The client was closed.
        """
        if await self._recorder.start():
            await settle(self._store, self._reads, self._recorder, is_guarded=self._is_guarded)
            await self._recorder.start()
        self._is_settled = True
        generation = await self._store.next_generation(-1)
        while generation is not None and not self._recorder.must_end:
            await send_generation(self._work, generation)
            reason = self._recorder.guard.reason
            if reason is not None:
                await self._recorder.commit(guard=("max_failures", reason))
                await self._recorder.finish()
                raise guard_error("max_failures", reason)
            generation = await self._store.next_generation(generation)
        await self._recorder.finish()

    def stop(self) -> None:
        """Send no more rows: `run` ends when the requests in flight have ended."""
        self._work.stop()


def _feed(job: Job, settings: Settings) -> Feed:
    """Return the feed of a job, the queue of rows to send.

    The feed is shorter if rows depend on values that the job reads before it sends them.
    """
    operations = [OPERATIONS[name] for name in job.operations]
    batch = max((operation.batch for operation in operations), default=1)
    if settings.is_guarded:
        return Feed(MAX_IDS, MAX_IDS)
    if any(operation.needs_before for operation in operations):
        return Feed(batch, max(batch, settings.concurrency))  # so that few rows have an unknown outcome after a kill
    return Feed(batch, batch * max(2 * settings.concurrency, 2 * GROUP // batch))


def make_pace(caller: Caller, job: Job, settings: Settings, make: Callable[..., P]) -> P:
    """Make the `Pace` of a job, which decides when requests may be sent.

    Args:
        caller: Sends the requests.
        job: The job.
        settings: The settings of the job.
        make: The class of the pace.
    """
    endpoints = [OPERATIONS[name].endpoint for name in job.operations]
    opens_at = functools.partial(caller.opens_at, *endpoints)
    return make(caller.clocks.monotonic, caller.pause, opens_at, rate=settings.rate, reserve=settings.reserve)
