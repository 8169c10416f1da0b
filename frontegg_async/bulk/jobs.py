"""``frontegg.bulk``: work on any number of tenants, with a ledger that outlives the process."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from datetime import timedelta

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import shown
from frontegg_async.bulk import stores
from frontegg_async.bulk.guards import GUARDS
from frontegg_async.bulk.operation_methods import OperationMethods
from frontegg_async.bulk.postgres_address import is_postgres
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.runs import STALLED_AFTER, check_job, check_progress, continue_job, work_on
from frontegg_async.bulk.settings import Settings
from frontegg_async.errors import InvalidArgumentError

_LEAST_STALLED = 2


class AsyncBulk(OperationMethods):
    """Work on any number of tenants: the rows are in a ledger before anything is sent, and a job outlives its process.

    Each row is a mapping of the parameters of the method for one tenant, or has the names on the wire. A report has
    the outcome of each.
    """

    __slots__ = ()

    async def resume(
        self,
        ledger: str | os.PathLike[str],
        *,
        override: bool | str = False,
        concurrency: int | None = None,
        rate: float | str | None = None,
        reserve: float | None = None,
        max_failures: float | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Continue a job whose run ended, however it ended.

        Rows that were in flight then, and those whose outcome is unknown, are read back first, 100 in a request. Rows
        that failed without reaching the service are sent again. If nothing is left to do, nothing is sent.

        Args:
            ledger: The file of the ledger.
            override: Whether to continue although a guard has shut: ``True``, or the name of that guard.
            concurrency: The most requests at a time, 1 to 1,000; as before by default, and so are the next three.
            rate: Requests a second.
            reserve: The share of the service's limit that is left to others.
            max_failures: The most rows that may fail.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            The outcomes of the rows, in all runs.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            UnusableLedgerError: There is no such ledger, it cannot be used, or it is of another environment; nothing
                was sent.
            LedgerInUseError: Another run holds it; nothing was sent.
            LedgerError: It cannot be written any more.
            GuardShutError: A guard is shut, or has shut now.
        """
        given: dict[str, JsonValue] = {
            "concurrency": concurrency,
            "rate": rate,
            "reserve": reserve,
            "max_failures": max_failures,
        }
        changed = {name: value for name, value in given.items() if value is not None}
        Settings.read(changed)
        check_progress(on_progress)
        if not isinstance(override, bool) and override not in GUARDS:
            raise InvalidArgumentError(
                f"override must be True, False, {' or '.join(map(repr, GUARDS))}, not {shown(override)}"
            )
        self._caller.check_writable("bulk.resume")
        return await continue_job(self._caller, self._environment, ledger, changed, on_progress, override=override)

    async def work(
        self,
        ledger: str | os.PathLike[str],
        *,
        concurrency: int | None = None,
        stalled_after: float | timedelta = STALLED_AFTER,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Take part in a job that others have begun or resumed, until it is over; its ledger is in PostgreSQL.

        When this is cancelled, what is in flight ends first, and the rest is left to others.

        Args:
            ledger: The address of the ledger, as ``postgresql://user@host/database``.
            concurrency: The most requests at a time, 1 to 1,000; as the job was begun by default.
            stalled_after: The seconds without a sign of life after which rows are taken from another process; more than
                2, and the same for all of them.
            on_progress: Called a few times a second with a `BulkProgress` of the whole job.

        Returns:
            The outcomes of the rows, in whichever process.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            MissingExtraError: The extra ``distributed`` is not installed.
            UnusableLedgerError: There is no such ledger, it cannot be used, or it is of another environment; nothing
                was sent.
            LedgerError: It cannot be written any more.
            GuardShutError: A guard is shut, or has shut now.
        """
        name = stores.name_of(ledger)
        if not is_postgres(name):
            raise InvalidArgumentError(
                "ledger must be in PostgreSQL, as postgresql://user@host/database, for several processes to work on it"
            )
        stalled_after = in_seconds(stalled_after, "stalled_after", InvalidArgumentError)
        if not isinstance(stalled_after, int | float) or not _LEAST_STALLED <= stalled_after < math.inf:
            raise InvalidArgumentError(f"stalled_after must be {_LEAST_STALLED} seconds or more")
        if concurrency is not None:
            Settings.read({"concurrency": concurrency})
        check_progress(on_progress)
        self._caller.check_writable("bulk.work")
        opened = await stores.resume_ledger(name)
        try:
            job = opened.store.job
            check_job(job, name, self._environment)
            settings = {**job.settings, **({} if concurrency is None else {"concurrency": concurrency})}
            return await work_on(
                self._caller, opened, Settings.read(settings), on_progress, stalled_after=stalled_after
            )
        finally:
            await opened.store.close()

    async def report(self, ledger: str | os.PathLike[str]) -> BulkReport:
        """Read a ledger, also while a job runs; nothing is sent.

        Args:
            ledger: The file of the ledger.

        Returns:
            What is known of the rows now.

        Raises:
            LedgerError: There is no such ledger, or it cannot be read.
        """
        return await run_in_thread(stores.read_report, ledger)
