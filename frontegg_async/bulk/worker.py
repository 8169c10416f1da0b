"""`worker`: a process that takes part in jobs of others."""

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
    """Take part in a job as ``client.bulk.work`` does, and end cleanly on SIGTERM: after the requests in flight.

    It is for the main task of a program: the signal is handled while this runs.

    Args:
        ledger: The address of the ledger, as ``postgresql://user@host/database``.
        bulk: The ``bulk`` of a client for the environment of the job.
        concurrency: The most requests at a time, 1 to 1,000; as the job was begun by default.
        stalled_after: The seconds without a sign of life after which rows are taken from another process, 2 or more.
        on_progress: Called a few times a second with a `BulkProgress` of the whole job.

    Returns:
        What is known of the rows: all of it when the job is over, and what there is on SIGTERM.

    Raises:
        InvalidArgumentError: An argument is not allowed; nothing was sent.
        MissingExtraError: The extra ``distributed`` is not installed.
        LedgerError: There is no such ledger, it cannot be used, or it is of another environment.
        GuardShutError: A guard is shut, or has shut now.
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
