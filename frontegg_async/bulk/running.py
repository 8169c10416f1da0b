"""The states *running* and *draining* of the engine: send the rows of one generation, and commit their outcomes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.damages import DAMAGES, damaged
from frontegg_async.bulk.feed import Feed
from frontegg_async.bulk.guarded_sender import GuardedSender
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.recorder import INTERVAL, Recorder
from frontegg_async.bulk.sender import Sender
from frontegg_async.bulk.store import Item
from frontegg_async.errors import FronteggError, LedgerError

GROUP: Final = 512
"""The maximum number of outcomes in a commit. At most twice as many rows are marked in advance."""

Prepare: TypeAlias = Callable[[Sequence[Item]], Awaitable[Sequence[Item]]]
"""Returns the rows to send. The function gives each other row an outcome, or makes the row pending again."""


@attrs.define(eq=False, kw_only=True)
class Work:
    """The shared data of the states of a running job."""

    caller: Caller
    """Sends the write requests."""
    reads: Caller
    """Sends the read requests and counts them."""
    feed: Feed
    """The batches that wait to be sent."""
    pace: Pace
    """Gives permits."""
    recorder: Recorder
    """Makes the commits."""
    prepare: Prepare | None
    """Returns the rows to send; ``None`` if all rows are sent."""
    concurrency: int
    """The number of workers."""
    is_guarded: bool = False
    """Whether rows expect values."""
    takes_rows: bool = False
    """Whether the state is *running*, in which the generation may have more rows."""
    sending: int = 0
    """The number of batches that workers are sending."""
    crash: BaseException | None = None
    """The error that ends the run."""
    news: asyncio.Event = attrs.field(factory=asyncio.Event)
    """Wakes the task that commits."""

    @property
    def is_idle(self) -> bool:
        """Whether no row waits and no row is in flight. If the job must end, waiting rows are ignored."""
        if self.recorder.must_end:
            return not self.pace.in_flight
        return not self.sending and not self.feed.waiting

    def stop(self) -> None:
        """Send no more rows."""
        self.recorder.must_end = True
        self.news.set()

    def look(self) -> None:
        """Wake the task that commits if there are enough outcomes to commit, or too few rows to send."""
        if self.crash is not None or self.is_idle or self.recorder.is_urgent:
            self.news.set()
        elif not self.recorder.must_end:
            wants_rows = self.takes_rows and self.feed.is_low
            if wants_rows or len(self.recorder.outcomes) >= GROUP:
                self.news.set()

    async def wait_for_news(self) -> None:
        """Wait briefly for more outcomes, so that one commit records several rows.

        Raises:
            BaseException: The error that ends the run.
        """
        if self.crash is not None:
            raise self.crash
        self.news.clear()
        self.look()
        timer = asyncio.get_running_loop().call_later(INTERVAL, self.news.set)
        await self.news.wait()
        timer.cancel()


async def send_generation(work: Work, generation: int) -> None:
    """Send all rows of a generation, and commit their outcomes.

    Args:
        work: The shared data of the job.
        generation: The generation.

    Raises:
        LedgerError: The ledger cannot be written, or is damaged.
        ClientClosedError: The client was closed.
    """
    workers = [asyncio.create_task(_send_all(work)) for _ in range(work.concurrency)]
    try:
        await run(work, generation)
        await drain(work)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await _give_back(work)


async def run(work: Work, generation: int) -> None:
    """Take rows and commit outcomes until the generation has no more rows, or the job must end.

    Args:
        work: The shared data of the job.
        generation: The generation.
    """
    work.takes_rows = True
    while not work.recorder.must_end:
        most = work.feed.wanted()
        if most or work.recorder.outcomes:
            items = await work.recorder.commit(generation=generation, most=most)
            to_send = items if work.prepare is None else await work.prepare(items)
            work.feed.put(to_send, left_out=len(items) - len(to_send))
            if len(items) < most:
                break
        await work.wait_for_news()
    work.takes_rows = False


async def drain(work: Work) -> None:
    """Commit outcomes until no row is in flight. Waiting rows are sent unless the job must end.

    Args:
        work: The shared data of the job.
    """
    while not work.is_idle:
        await work.wait_for_news()
        if work.recorder.outcomes:
            await work.recorder.commit()
    if work.crash is not None:
        raise work.crash
    if work.recorder.outcomes:
        await work.recorder.commit()


async def _give_back(work: Work) -> None:
    """Commit the remaining outcomes at the end of a generation, and make waiting rows pending again."""
    work.recorder.released += work.feed.clear()
    if work.recorder.has_news:
        # The ledger itself may have failed. In this case, the next run asks the service for the effect of the rows.
        with contextlib.suppress(LedgerError):
            await work.recorder.commit()


async def _send_all(work: Work) -> None:
    """Send one batch after another; several workers do so concurrently."""
    make = GuardedSender if work.is_guarded else Sender
    sender = make(work.caller, work.reads, work.pace, work.feed, work.recorder)
    while True:
        batch = await work.feed.take()
        if work.recorder.must_end:
            work.recorder.release(batch.items)
            return
        work.sending += 1
        try:
            await sender.send(batch)
        except Exception as error:  # noqa: BLE001 - the task that commits raises it
            is_damage = isinstance(error, DAMAGES) and not isinstance(error, FronteggError)
            work.crash = damaged(batch.items) if is_damage else error
        finally:
            work.sending -= 1
        work.look()
