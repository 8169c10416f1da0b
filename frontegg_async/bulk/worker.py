"""`worker`: the main function of a process that works on a job that another process began."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frontegg_async.bulk.jobs import AsyncBulk
    from frontegg_async.bulk.progress import BulkProgress
    from frontegg_async.bulk.report import BulkReport


async def worker(
    ledger: str | os.PathLike[str],
    bulk: AsyncBulk,
    *,
    concurrency: int | None = None,
    stalled_after: float = 30.0,
    on_progress: Callable[[BulkProgress], object] | None = None,
) -> BulkReport:
    """Work on a job like ``client.bulk.work``, and end cleanly on SIGTERM after the requests in flight.

    Call this function from the main task of a program. It handles the signal while it runs.

    Args:
        ledger: The address of the ledger, such as ``postgresql://user@host/database``.
        bulk: The ``bulk`` of a client for the environment of the job.
        concurrency: The maximum number of simultaneous requests, 1 to 1,000. ``None`` keeps the job's setting.
        stalled_after: The seconds without a sign of life from another process after which this process takes its rows,
            2 or more.
        on_progress: Called a few times per second with a `BulkProgress` of the whole job.

    Returns:
        The outcomes of the rows: all outcomes at the end of the job, or the present outcomes after SIGTERM.

    Raises:
        InvalidArgumentError: An argument is invalid; nothing was sent.
        MissingExtraError: The extra ``distributed`` is not installed.
        LedgerError: The ledger does not exist, cannot be used, or belongs to another environment.
        GuardShutError: A guard stopped the job, in an earlier run or in this run.
    """
    loop = asyncio.get_running_loop()
    working = asyncio.create_task(
        bulk.work(ledger, concurrency=concurrency, stalled_after=stalled_after, on_progress=on_progress)
    )
    is_told = False

    def end() -> None:
        nonlocal is_told
        is_told = True
        working.cancel()

    # Windows has no such signal.
    with contextlib.suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGTERM, end)
    try:
        return await working
    except asyncio.CancelledError:
        if not is_told:
            raise
    finally:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGTERM)
    return await bulk.report(ledger)
