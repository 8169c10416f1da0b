"""`Sender`: sends batches when it gets permits, and derives the outcome of each row from the response or the error."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async.bulk.feed import Batch, Feed
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.operation import Shown
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.patience import seconds_until_permit
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item
from frontegg_async.errors import (
    BadRequestError,
    ClientClosedError,
    ConflictError,
    FronteggError,
    NotFoundError,
    Outcome,
)

MAY_BE_DONE: Final = (BadRequestError, NotFoundError, ConflictError)
"""The errors with which the service refuses a write that was already done, or a batch with one invalid id."""


class Sender:
    """Sends one batch at a time. Several senders work concurrently.

    Args:
        caller: Makes the calls.
        reads: Sends the read requests and counts them.
        pace: Gives permits.
        feed: Counts the rows that get their permit.
        recorder: Records the outcomes.
    """

    def __init__(
        self,
        caller: Caller,
        reads: Caller,
        pace: Pace,
        feed: Feed,
        recorder: Recorder,
    ) -> None:
        self._tally = Tally()
        self._caller = caller.counted(self._tally)
        self._reads = reads
        self._pace = pace
        self._feed = feed
        self._recorder = recorder
        self._has_permit = False
        """Whether the batch has already got its first permit."""

    async def send(self, batch: Batch) -> None:
        """Send a batch, and record the outcomes of its rows.

        Args:
            batch: The batch.

        Raises:
            ClientClosedError: The client was closed.
        """
        self._has_permit = False
        try:
            await self._send(batch)
        finally:
            # Also count the requests before an error that ends the job.
            self._recorder.requests += self._take_requests()

    def _take_requests(self) -> int:
        """Return the number of requests since the last outcome, and reset the count."""
        requests, self._tally.requests = self._tally.requests, 0
        return requests

    async def _send(self, batch: Batch) -> None:
        failure = await self._attempt(batch)
        if failure is not None:
            await self._judge(batch, failure)

    async def _attempt(self, batch: Batch) -> FronteggError | None:
        """Send a batch, and repeat the call while the service limits the rate.

        Returns:
            The error; ``None`` after success, or if nothing was sent since the job must end.
        """
        wait: float | None = 0.0
        failure: FronteggError | None = None
        while wait is not None:
            await self._wait_for_permit(batch.items, wait)
            try:
                if self._recorder.must_end:
                    self._recorder.release(batch.items)
                    return None
                failure = await self._call(batch)
            finally:
                self._pace.end()
            wait = None if failure is None else seconds_until_permit(failure)
        return failure

    async def _call(self, batch: Batch) -> FronteggError | None:
        """Send a batch once, and return the error. If the call succeeds, record the rows as done."""
        try:
            await batch.operation.send(self._caller, batch.items)
        except ClientClosedError:
            raise
        except FronteggError as error:
            return error.fresh()
        except asyncio.CancelledError:
            # The tally does not include the request in flight. The next run asks the service for the effect of this
            # request.
            self._recorder.end(batch.items, self._take_requests() + 1, RowState.IN_FLIGHT)
            raise
        self._recorder.end(batch.items, self._take_requests(), RowState.DONE)
        return None

    async def _wait_for_permit(self, items: Sequence[Item], wait: float) -> None:
        try:
            if wait:
                await self._caller.pause(wait)
            await self._pace.permit()
        except BaseException:
            self._recorder.release(items)
            raise
        if not self._has_permit:
            self._has_permit = True
            self._feed.permit(len(items))

    async def _judge(self, batch: Batch, failure: FronteggError) -> None:
        """Record the outcomes that an error implies.

        If the service refused a batch of several rows, send the batch in parts.
        """
        items, requests = batch.items, self._take_requests()
        if failure.outcome is Outcome.DONE:
            self._recorder.end(items, requests, RowState.DONE)
        elif failure.outcome is Outcome.UNKNOWN:
            self._recorder.end(items, requests, RowState.UNKNOWN, failure)
        elif len(items) > 1 and isinstance(failure, MAY_BE_DONE):
            for part in await self._parts(batch, requests, failure):
                await self._send(part)
        elif isinstance(failure, MAY_BE_DONE) and _may_be_done(batch):
            [shown] = await batch.operation.read_back(self._reads, items)
            is_unsure = isinstance(shown, FronteggError)
            state = RowState.DONE if shown is Shown.DONE else RowState.UNKNOWN if is_unsure else RowState.FAILED
            self._recorder.end(items, requests, state, None if state is RowState.DONE else failure)
        else:
            self._recorder.end(items, requests, RowState.FAILED, failure)

    async def _parts(self, batch: Batch, requests: int, failure: FronteggError) -> list[Batch]:
        """Split a refused batch for a second attempt.

        Leave out rows whose tenant does not exist. If all tenants exist, return two halves.
        """
        items = there = batch.items
        if isinstance(failure, NotFoundError):
            with contextlib.suppress(FronteggError):
                found = await read_tenants(self._reads, [item.key for item in items])
                there = [item for item in items if item.key in found]
        if len(there) < len(items):
            kept = {item.number for item in there}
            gone = [item for item in items if item.number not in kept]
            self._recorder.end(gone, requests, RowState.FAILED, failure)
            return [batch.with_items(there)] if there else []
        self._recorder.requests += requests
        return batch.halves()


def _may_be_done(batch: Batch) -> bool:
    """Return whether an earlier request for the row may have had the effect that the service now refuses."""
    [item] = batch.items
    return item.was_sent or batch.operation.key not in item.values
