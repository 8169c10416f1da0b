"""Leave out rows whose tenants no longer show the values that the rows expect."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.damages import DAMAGES, damaged
from frontegg_async.bulk.expectations import Values, Verdict, describe, judge
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.patience import pages_of, read_for
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item, Store
from frontegg_async.errors import ClientClosedError


async def leave_out_stale(store: Store, reads: Caller, recorder: Recorder, items: Sequence[Item]) -> Sequence[Item]:
    """Read the values that rows expect, and return the rows to send; the others are done, stale or have failed.

    Args:
        store: The ledger, which has the values that the rows expect.
        reads: Makes the calls that read, and counts them.
        recorder: Takes the outcomes of the rows that are not sent.
        items: Rows that are marked as sent.

    Raises:
        ClientClosedError: The client was closed.
        LedgerError: The ledger is damaged, or cannot be read.
    """
    try:
        given = await store.before([item.number for item in items])
        if missing := [item for item in items if item.number not in given]:
            raise damaged(missing)
        rows = [msgspec.structs.replace(item, before=given[item.number]) for item in items]
        now: dict[int, Values] = {}
        for page in pages_of(rows):
            read = functools.partial(OPERATIONS[page[0].operation].read_now, reads, page)
            found = await read_for(page, read, reads, recorder)
            now |= {} if found is None else _by_number(page, found)
    except (asyncio.CancelledError, ClientClosedError):
        recorder.release(items)
        raise
    return [item for item in rows if item.number in now and _is_sent(recorder, item, now[item.number])]


def _by_number(rows: Sequence[Item], found: Sequence[Mapping[str, object] | None]) -> dict[int, Values]:
    values = cast("Sequence[Values]", found)
    return {item.number: value for item, value in zip(rows, values, strict=True)}


def _is_sent(recorder: Recorder, item: Item, now: Values) -> bool:
    """Return whether a row is sent, and record the outcome of one that is not."""
    operation, expected = OPERATIONS[item.operation], cast("Values", cast("JsonValue", item.before))
    try:
        after = operation.after(item.values)
        verdict = judge(expected, now, after, was_sent=item.was_sent, between=operation.between)
    except DAMAGES as error:
        raise damaged([item]) from error
    if verdict is Verdict.DONE:
        recorder.end([item], 0, RowState.DONE)
    elif verdict is Verdict.STALE:
        recorder.leave_out(item, describe(expected, now, after))
    return verdict is Verdict.SEND
