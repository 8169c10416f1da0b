"""Work on the shards of a ledger in PostgreSQL, concurrently with other processes."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
import math
from collections.abc import Callable
from typing import Final

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async.bulk.engine import Engine, make_pace
from frontegg_async.bulk.guards import guard_error
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.postgres_session import explained
from frontegg_async.bulk.postgres_store import PostgresStore
from frontegg_async.bulk.progress import BulkProgress, progress_of
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.shard_queue import TASK
from frontegg_async.bulk.shards import LedgerBook, ShardStore, TakenAwayError, end_of, sweep
from frontegg_async.bulk.shared_pace import SharedPace
from frontegg_async.errors import GuardShutError, LedgerError

_LOOK: Final = 0.5
"""The seconds between two checks of the whole job."""

_SWEEPS: Final = 3
"""The number of sweeps in the time after which a process without a sign of life has stalled. A sweep finds the shards
of such processes.
"""

_PATIENCE: Final = 5.0
"""The seconds in which the queue must get a connection. Otherwise the worker starts the queue again."""

_PATIENCE_AT_THE_END: Final = 2.0
"""The seconds for which a process that must end waits for an unreachable server."""

# These packages log an unreachable server as an error with a traceback, although the worker recovers. Without this
# handler, a program that does not configure logging would print the tracebacks.
for _name in ("procrastinate", "psycopg"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class ShardWorker:
    """Works on one shard (a group of rows) after another, until all shards have ended or a guard stops the job.

    Args:
        caller: Makes the calls.
        store: The ledger.
        settings: The settings of the job.
        stalled_after: The seconds without a report from a process after which another process takes its shard.
        on_progress: Called with the progress of the whole job.
        tally: The requests that this process sent while it read the input; ``None`` if another run read the input.
    """

    def __init__(
        self,
        caller: Caller,
        store: PostgresStore,
        settings: Settings,
        *,
        stalled_after: float,
        on_progress: Callable[[BulkProgress], object] | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._caller = caller
        self._store = store
        self._session = store.session
        self._settings = settings
        self._stalled_after = stalled_after
        self._on_progress = on_progress
        self._is_resumed = tally is None
        self._tally = Tally() if tally is None else tally
        self._shard: ShardStore | None = None
        share = functools.partial(SharedPace, LedgerBook(self._held))
        self._pace = make_pace(caller, store.job, settings, share)
        self._engine: Engine | None = None
        self._server: Worker | None = None
        self._is_stopped = False
        self._crash: Exception | None = None
        self._guard: str | None = None
        self._guard_reason: str | None = None
        self._ended_before: int | None = None
        self._started = caller.clocks.monotonic()

    async def run(self) -> None:
        """Work until no work is left. If cancelled, end after the requests in flight.

        Raises:
            GuardShutError: A guard stopped the job.
            LedgerError: The ledger cannot be used.
            ClientClosedError: The client was closed.
        """
        watching = asyncio.create_task(self._watch())
        serving = asyncio.create_task(self._serve())
        try:
            await asyncio.wait((watching, serving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stop()
            watching.cancel()
            # Stop `serving` instead of cancelling it: psycopg can lose a cancellation while it waits.
            found = await asyncio.gather(watching, serving, return_exceptions=True)
        for error in (self._crash, *found):
            if isinstance(error, Exception):
                raise error
        if self._guard is not None:
            raise guard_error(self._guard, self._guard_reason or "")

    def _stop(self) -> None:
        self._is_stopped = True
        self._session.patience = _PATIENCE_AT_THE_END
        if self._shard is not None:
            self._shard.stop()
        if self._engine is not None:
            self._engine.stop()
        if self._server is not None:
            self._server.stop()

    async def _watch(self) -> None:
        """Report to the other processes, and check the job, until the job ends."""
        swept = -math.inf
        while (end := await end_of(self._session)) is None and self._crash is None:
            now = self._caller.clocks.monotonic()
            if now - swept >= self._stalled_after / _SWEEPS:
                await sweep(self._session, self._stalled_after)
                swept = now
            await self._touch()
            await self._report(now)
            await self._caller.pause(_LOOK)
        # Store the guard, since another process may override it at once. This process still ends.
        self._guard, self._guard_reason = end or (None, None)
        await self._report(self._caller.clocks.monotonic())

    async def _touch(self) -> None:
        """Report that this process still works on the shard, and report its 429 responses."""
        if self._shard is None:
            return
        try:
            await self._pace.look()
            await self._shard.touch()
        except TakenAwayError:
            if self._engine is not None:
                self._engine.stop()

    async def _report(self, now: float) -> None:
        if self._on_progress is None:
            return
        counts = await self._store.counts()
        by_state = {state: getattr(counts, state.value) for state in RowState}
        ended = self._store.job.total - counts.pending - counts.in_flight
        if self._ended_before is None:
            self._ended_before = ended
        progress = progress_of(
            self._store.job,
            by_state,
            ended=ended - self._ended_before,
            elapsed=now - self._started,
            now=self._caller.clocks.wall(),
        )
        answer = self._on_progress(progress)
        if inspect.isawaitable(answer):
            await answer

    async def _serve(self) -> None:
        """Take jobs from the queue. After a lost connection, start again; `_watch` limits the duration of an outage."""
        while not self._is_stopped:
            # A worker of Procrastinate ends when it loses the server.
            try:
                await self._serve_once()
            except (ConnectorException, psycopg.Error) as error:
                # The tables of the queue have another version, or no longer exist.
                if isinstance(error.__cause__, psycopg.ProgrammingError):
                    with explained(self._session.address.name, is_begun=True):
                        raise error.__cause__ from None
            if not self._is_stopped:
                await self._caller.pause(_LOOK)

    async def _serve_once(self) -> None:
        address = self._session.address
        connector = procrastinate.PsycopgConnector(conninfo=address.conninfo, min_size=0, max_size=3, timeout=_PATIENCE)
        queue = procrastinate.App(connector=connector)
        queue.task(name=TASK)(self._work_on)
        async with queue.open_async():
            self._server = Worker(
                queue,
                queues=[address.schema],
                fetch_job_polling_interval=1.0,
                install_signal_handlers=False,
                delete_jobs="successful",
            )
            if not self._is_stopped:
                await self._server.run()

    def _held(self) -> ShardStore:
        if self._shard is None:
            raise AssertionError("a request was sent without a shard")
        return self._shard

    async def _work_on(self, shard: int) -> None:
        """Work on a shard unless it has ended."""
        task = asyncio.current_task()
        if task is not None:
            # The task fails if the queue cannot record its end. Retrieve the error here, since no other code does.
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        try:
            self._shard = await ShardStore.take(self._store, shard)
            if self._shard is not None:
                await self._work(self._shard)
        except TakenAwayError:
            pass
        except Exception as error:  # noqa: BLE001 - `run` raises it
            self._crash = error
            self._is_stopped = True
        finally:
            self._shard = self._engine = None

    async def _work(self, shard: ShardStore) -> None:
        """Work on a shard until all its rows have an outcome, or return the shard to the queue."""
        try:
            is_finished = False
            while not is_finished:
                if not self._is_stopped:
                    self._engine = Engine(
                        self._caller,
                        shard,
                        self._settings,
                        None,
                        tally=self._tally,
                        pace=self._pace,
                        is_resumed=self._is_resumed,
                    )
                    with contextlib.suppress(GuardShutError):
                        await self._engine.run()
                if self._is_stopped:
                    shard.stop()
                is_finished = await shard.finish()
        except BaseException:
            shard.stop()
            with contextlib.suppress(LedgerError):
                await shard.finish()
            raise
