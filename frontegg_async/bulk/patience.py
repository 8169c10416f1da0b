"""Make rate-limited rows wait for a permit instead of failing."""

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
"""The seconds after which a row asks again for a permit. The processes that share the rate limit could not give a
permit.
"""


def seconds_until_permit(error: FronteggError) -> float | None:
    """Return the seconds to wait before rate-limited rows ask for a permit; ``None`` for other errors.

    Args:
        error: The error of the request.
    """
    if isinstance(error, RateLimitError):
        # The request had no effect. After a 429, the wait for the next permit includes the pause. After a refusal by
        # the shared rate limit, the caller must pause.
        return _PAUSE if error.outcome is Outcome.NOT_SENT else 0.0
    has_no_permit = error.details.reason == NO_TURN and error.outcome is Outcome.NOT_SENT
    return 0.0 if has_no_permit else None


async def read_patiently(
    read: Callable[[], Awaitable[T]], reads: Caller, recorder: Recorder, *, commits: bool = True
) -> T | None:
    """Read data that rows need before they are sent, and repeat the read while it is rate-limited.

    Args:
        read: Calls the methods that read.
        reads: The caller that ``read`` uses.
        recorder: Commits the outcomes of other rows meanwhile.
        commits: Whether this task makes the commits of the job.

    Returns:
        The result of ``read``; ``None`` if the job must end.

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
    """Yield rows grouped by operation, at most 100 at a time, since one request reads up to 100 tenants.

    Args:
        items: Rows with any operations.
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
    """Read data that rows need before they are sent. If the read fails, record the rows as failed.

    The next run sends failed rows. If an earlier request for the rows may have had an effect, the rows are recorded as
    unknown instead, and the next run asks the service for their effect.

    Args:
        rows: The rows that need the data.
        read: Calls the methods that read.
        reads: The caller that ``read`` uses.
        recorder: Records failed rows, and releases rows that are not sent.
        commits: Whether this task makes the commits of the job.

    Returns:
        The result of ``read``; ``None`` if the rows must not be sent.

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
            # Record the same outcome as for a write request that did not reach the service.
            recorder.end(rows, 0, RowState.FAILED, with_outcome(error, Outcome.NOT_SENT))
        return None
    except DAMAGES as error:
        raise damaged(rows) from error
    if found is None:
        recorder.release(rows)
    return found


def with_outcome(error: FronteggError, outcome: Outcome) -> FronteggError:
    """Return a copy of an error with another outcome.

    Args:
        error: The error.
        outcome: The outcome.
    """
    return error.fresh(attrs.evolve(error.details, outcome=outcome))
