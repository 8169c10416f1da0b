"""The engine's state *settling*: ask the service for the effect of rows without a known outcome from an earlier run."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.damages import DAMAGES, damaged
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.operation import Operation, Shown
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.recorder import Recorder, outcome_of
from frontegg_async.bulk.store import Item, RowOutcome, Store
from frontegg_async.errors import ConflictError, ErrorDetails, FronteggError, Outcome

_PAGE: Final = 100


async def settle(store: Store, reads: Caller, recorder: Recorder, *, is_guarded: bool = False) -> None:
    """Ask the service for the effect of rows whose outcome an earlier run did not record, and commit their outcomes.

    Args:
        store: The ledger, which contains the whole input.
        reads: Sends the read requests and counts them.
        recorder: Commits the outcomes.
        is_guarded: Whether rows that become pending again are compared with the service before they are sent.

    Raises:
        LedgerError: The ledger cannot be written, or is damaged.
        ClientClosedError: The client was closed.
    """
    after = 0
    while items := await store.items([RowState.IN_FLIGHT, RowState.UNKNOWN], after, _PAGE):
        after = items[-1].number
        for name, neighbours in itertools.groupby(items, lambda item: item.operation):
            operation, rows = OPERATIONS[name], list(neighbours)
            if operation.needs_before and not is_guarded:
                rows = await _with_before(store, recorder, rows)
            shown = await _read_back(operation, reads, rows)
            # Add the requests for these rows, since their process ended before it counted the requests.
            lost = sum(each is Shown.DONE and not item.attempts for item, each in zip(rows, shown, strict=True))
            recorder.requests += -(-lost // operation.batch)
            recorder.outcomes += [
                settled(operation, item, each, is_guarded=is_guarded) for item, each in zip(rows, shown, strict=True)
            ]
        await recorder.commit()


async def _with_before(store: Store, recorder: Recorder, items: Sequence[Item]) -> list[Item]:
    """Return the rows with their old values. Rows without stored old values were not sent, and become pending again."""
    kept = await store.before([item.number for item in items])
    recorder.outcomes += [
        RowOutcome(item.number, RowState.PENDING, item.attempts) for item in items if item.number not in kept
    ]
    return [msgspec.structs.replace(item, before=kept[item.number]) for item in items if item.number in kept]


async def _read_back(operation: Operation, reads: Caller, items: Sequence[Item]) -> Sequence[Shown | FronteggError]:
    try:
        return await operation.read_back(reads, items)
    except FronteggError:
        raise
    except DAMAGES as error:
        raise damaged(items) from error


def settled(operation: Operation, item: Item, shown: Shown | FronteggError, *, is_guarded: bool = False) -> RowOutcome:
    """Return the outcome of a row that may have been sent.

    Args:
        operation: The operation of the row.
        item: The row.
        shown: The effect that the service shows, or the error of the read.
        is_guarded: Whether a row that becomes pending again is compared with the service before it is sent.
    """
    if isinstance(shown, FronteggError):
        return outcome_of(item, RowState.UNKNOWN, shown)
    if shown is Shown.DONE:
        return RowOutcome(item.number, RowState.DONE, max(item.attempts, 1))
    if shown is Shown.NOT_DONE or is_guarded:
        # Count at least one attempt, so that the next request for this row counts as a repetition.
        return RowOutcome(item.number, RowState.PENDING, max(item.attempts, 1))
    details = ErrorDetails(endpoint=operation.endpoint.name, outcome=Outcome.REFUSED)
    return outcome_of(item, RowState.FAILED, ConflictError(operation.conflict, details))
