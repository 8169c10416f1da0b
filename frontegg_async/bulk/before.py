"""Keep the values that rows are about to replace, so that a job can be undone."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.patience import read_for
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item
from frontegg_async.errors import ClientClosedError
from frontegg_async.resources.support.batches import MAX_IDS


async def keep_before(reads: Caller, recorder: Recorder, items: Sequence[Item]) -> Sequence[Item]:
    """Read the values that rows are about to replace, and commit them; rows whose values cannot be read have failed.

    Args:
        reads: Makes the calls that read, and counts them.
        recorder: Makes the commit, and takes the outcomes of rows that have failed.
        items: Rows that are marked as sent.

    Returns:
        The rows to send.

    Raises:
        ClientClosedError: The client was closed.
        LedgerError: The ledger cannot be written, or is damaged.
    """
    before: list[tuple[int, bytes]] = []
    to_send: list[Item] = []
    for rows in _pages(items):
        try:
            values = await _values(reads, recorder, rows)
        except (asyncio.CancelledError, ClientClosedError):
            recorder.release(items)
            raise
        if values is None:
            continue
        to_send += rows
        before += [
            (item.number, msgspec.json.encode(value))
            for item, value in zip(rows, values, strict=True)
            if value is not None
        ]
        if len(before) >= MAX_IDS:
            await recorder.commit(before=before)
            before = []
    if before:
        await recorder.commit(before=before)
    return to_send


def _pages(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield neighbours of one operation, at most 100: outcomes of other rows are committed after each 100."""
    for _, neighbours in itertools.groupby(items, lambda item: item.operation):
        rows = list(neighbours)
        for start in range(0, len(rows), MAX_IDS):
            yield rows[start : start + MAX_IDS]


async def _values(
    reads: Caller, recorder: Recorder, rows: Sequence[Item]
) -> Sequence[Mapping[str, object] | None] | None:
    """Return the values of each row; ``None`` if the rows are not sent."""
    read_before = OPERATIONS[rows[0].operation].read_before
    if read_before is None:
        return [None] * len(rows)
    return await read_for(rows, functools.partial(read_before, reads, rows), reads, recorder)
