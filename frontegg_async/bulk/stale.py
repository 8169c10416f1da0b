"""Leave out stale rows: the service no longer shows the values that these rows expect."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from typing import cast

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.damages import DAMAGES, damaged
from frontegg_async.bulk.expectations import Verdict, describe, judge
from frontegg_async.bulk.ledger import Before, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.patience import pages_of, read_for
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item, Store
from frontegg_async.errors import ClientClosedError


async def leave_out_stale(store: Store, reads: Caller, recorder: Recorder, items: Sequence[Item]) -> Sequence[Item]:
    """Read the expected values of rows from the ledger, and return the rows that `compared` returns.

    Args:
        store: The ledger, which contains the expected values.
        reads: Sends the read requests and counts them.
        recorder: Records the outcomes of the rows that are not sent.
        items: Rows that the ledger marks as sent.

    Raises:
        ClientClosedError: The client was closed.
        LedgerError: The ledger is damaged, or cannot be read.
    """
    try:
        expected = await store.before([item.number for item in items])
        expecting = [msgspec.structs.replace(item, before=expected[item.number]) for item in items]
    except asyncio.CancelledError:
        recorder.release(items)
        raise
    except DAMAGES as error:
        raise damaged(items) from error
    return await compared(reads, recorder, expecting)


async def compared(reads: Caller, recorder: Recorder, items: Sequence[Item], *, commits: bool = True) -> Sequence[Item]:
    """Compare the rows with the service, and return the rows to send. The other rows are done, stale or failed.

    Args:
        reads: Sends the read requests and counts them.
        recorder: Records the outcomes of the rows that are not sent.
        items: Rows that the ledger marks as sent, with their expected values.
        commits: Whether this task makes the commits of the job.

    Raises:
        ClientClosedError: The client was closed.
        LedgerError: The ledger is damaged, or cannot be written.
    """
    now: dict[int, Before] = {}
    read_at = reads.clocks.monotonic()
    try:
        for page in pages_of(items):
            read = functools.partial(OPERATIONS[page[0].operation].read_now, reads, page)
            found = await read_for(page, read, reads, recorder, commits=commits)
            if found is not None:
                shown = cast("Sequence[Before]", found)
                now.update(zip((item.number for item in page), shown, strict=True))
    except (asyncio.CancelledError, ClientClosedError):
        recorder.release(items)
        raise
    return [
        msgspec.structs.replace(item, read_at=read_at)
        for item in items
        if item.number in now and _is_sent(recorder, item, now[item.number])
    ]


def _is_sent(recorder: Recorder, item: Item, now: Before) -> bool:
    """Return whether to send a row. If not, record its outcome."""
    operation = OPERATIONS[item.operation]
    try:
        before, after = cast("Before", item.before), operation.after(item.values)
        verdict = judge(
            before, now, after, was_sent=item.was_sent or operation.has_side_effects, between=operation.between
        )
    except DAMAGES as error:
        raise damaged([item]) from error
    if verdict is Verdict.DONE:
        recorder.end([item], 0, RowState.DONE)
    elif verdict is Verdict.STALE:
        recorder.leave_out(item, describe(before, now, after, operation.thing))
    return verdict is Verdict.SEND
