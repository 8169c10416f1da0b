"""Rows that are rate-limited wait for their next permit, however long: they do not fail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final, TypeVar

import attrs

from frontegg_async._core.call.admission import NO_TURN
from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.damages import DAMAGES, damaged
from frontegg_async.bulk.ledger import RowState
from frontegg_async.bulk.recorder import Recorder
from frontegg_async.bulk.store import Item
from frontegg_async.errors import ClientClosedError, FronteggError, LedgerError, Outcome, RateLimitError
from frontegg_async.resources.support.batches import MAX_IDS

T = TypeVar("T")

_PAUSE: Final = 1.0
"""The seconds after which a row that the fleet has no permit for asks for one again."""


def seconds_until_permit(error: FronteggError) -> float | None:
    """Return after how many seconds rows that were rate-limited ask for a permit; ``None`` if they were not.

    Args:
        error: The error of their request.
    """
    if isinstance(error, RateLimitError):
        # The request had no effect. The next permit comes when the route is open; a gate of the fleet is asked again.
        return _PAUSE if error.outcome is Outcome.NOT_SENT else 0.0
    has_no_permit = error.details.reason == NO_TURN and error.outcome is Outcome.NOT_SENT
    return 0.0 if has_no_permit else None


async def read_patiently(
    read: Callable[[], Awaitable[T]], reads: Caller, recorder: Recorder, *, commits: bool = True
) -> T | None:
    """Read what must be known before rows are sent, again as long as the read is only rate-limited.

    Args:
        read: Makes the calls that read.
        reads: Makes those calls.
        recorder: Commits the outcomes of other rows meanwhile.
        commits: Whether this task is the one that commits.

    Returns:
        What was read; ``None`` if the job must end.

    Raises:
        LedgerError: The ledger cannot be written.
        FronteggError: The read failed.
    """
    while True:
        try:
            return await read()
        except FronteggError as error:
            if seconds_until_permit(error) is None:
                raise
        if recorder.must_end:
            return None
        if commits and recorder.outcomes:
            await recorder.commit()
        await reads.pause(_PAUSE)


def pages_of(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the rows of each operation, at most 100 at a time: as many as one request may read.

    Args:
        items: Rows of any operations.
    """
    by_operation: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_operation[item.operation].append(item)
    for rows in by_operation.values():
        for start in range(0, len(rows), MAX_IDS):
            yield rows[start : start + MAX_IDS]


async def read_for(
    rows: Sequence[Item],
    read: Callable[[], Awaitable[T]],
    reads: Caller,
    recorder: Recorder,
    *,
    commits: bool = True,
) -> T | None:
    """Read what must be known before rows are sent; rows of which that fails have failed, and the next run sends them.

    Unsettled rows of which that fails are unknown, and the next run reads them back.

    Args:
        rows: The rows that the read is about.
        read: Makes the calls that read.
        reads: Makes those calls.
        recorder: Takes the outcomes of rows that have failed, and those that are not sent.
        commits: Whether this task is the one that commits.

    Returns:
        What was read; ``None`` if none of the rows is to be sent.

    Raises:
        LedgerError: The ledger cannot be written, or is damaged.
        ClientClosedError: The client was closed.
    """
    try:
        found = await read_patiently(read, reads, recorder, commits=commits)
    except (ClientClosedError, LedgerError):
        raise
    except FronteggError as error:
        if rows[0].is_unsettled:
            recorder.end(rows, 0, RowState.UNKNOWN, with_outcome(error, Outcome.UNKNOWN))
        else:
            # As if the request that writes had not reached the service.
            recorder.end(rows, 0, RowState.FAILED, with_outcome(error, Outcome.NOT_SENT))
        return None
    except DAMAGES as error:
        raise damaged(rows) from error
    if found is None:
        recorder.release(rows)
    return found


def with_outcome(error: FronteggError, outcome: Outcome) -> FronteggError:
    """Return an error with another outcome.

    Args:
        error: The error.
        outcome: The outcome.
    """
    return error.fresh(attrs.evolve(error.details, outcome=outcome))
