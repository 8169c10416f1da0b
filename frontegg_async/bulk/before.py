"""Store the values that rows are about to replace, so that a job can be undone."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.patience import pages_of, read_for
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item
from frontegg_async.errors import ClientClosedError
from frontegg_async.resources.support.batches import MAX_IDS


async def keep_before(reads: Caller, recorder: Recorder, items: Sequence[Item]) -> Sequence[Item]:
    """Read the values that rows are about to replace, and commit the values to the ledger.

    Rows whose values cannot be read fail.

    Args:
        reads: Sends the read requests and counts them.
        recorder: Commits the values, and records the outcomes of rows that fail.
        items: Rows that the ledger marks as sent.

    Returns:
        The rows to send.

    Raises:
        ClientClosedError: The client was closed.
        LedgerError: The ledger cannot be written, or is damaged.
    """
    before: list[tuple[int, bytes]] = []
    to_send: set[int] = set()
    for rows in pages_of(items):
        try:
            values = await _values(reads, recorder, rows)
        except (asyncio.CancelledError, ClientClosedError):
            recorder.release(items)
            raise
        if values is None:
            continue
        to_send.update(item.number for item in rows)
        before += values
        if len(before) >= MAX_IDS:
            await recorder.commit(before=before)
            before = []
    if before:
        await recorder.commit(before=before)
    return [item for item in items if item.number in to_send]


async def _values(reads: Caller, recorder: Recorder, rows: Sequence[Item]) -> Sequence[tuple[int, bytes]] | None:
    """Return the number and the old values of each row that replaces values; ``None`` if the rows must not be sent."""
    read_before = OPERATIONS[rows[0].operation].read_before
    if read_before is None:
        return ()
    found = await read_for(rows, functools.partial(read_before, reads, rows), reads, recorder)
    if found is None:
        return None
    return [(item.number, msgspec.json.encode(value)) for item, value in zip(rows, found, strict=True)]
