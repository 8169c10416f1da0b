"""Keep the values that rows are about to replace, for those who undo a job."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Sequence

import attrs
import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.damages import DAMAGES, damaged
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.patience import read_patiently
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item
from frontegg_async.errors import ClientClosedError, FronteggError, LedgerError, Outcome


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
    for name, neighbours in itertools.groupby(items, lambda item: item.operation):
        rows, read_before = list(neighbours), OPERATIONS[name].read_before
        try:
            read = functools.partial(read_before, reads, rows) if read_before is not None else None
            values = [None] * len(rows) if read is None else await read_patiently(read, reads, recorder)
        except (asyncio.CancelledError, ClientClosedError):
            recorder.release(items)
            raise
        except LedgerError:
            raise
        except FronteggError as error:
            unsent = error.fresh(attrs.evolve(error.details, outcome=Outcome.NOT_SENT))
            recorder.end(rows, 0, RowState.FAILED, unsent)
            continue
        except DAMAGES as error:
            raise damaged(rows) from error
        if values is None:
            recorder.release(rows)
            continue
        to_send += rows
        before += [
            (item.number, msgspec.json.encode(value))
            for item, value in zip(rows, values, strict=True)
            if value is not None
        ]
    if before:
        await recorder.commit(before=before)
    return to_send
