"""``frontegg.bulk``: bulk work on any number of tenants, with a ledger that outlives the process."""

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
    """Bulk work on any number of tenants. A job writes all rows to a ledger before it sends the first request.

    The ledger is a local file or a schema in PostgreSQL. If the process ends early, `resume` continues the job from the
    ledger.

    Each row is a mapping. Its keys are the parameters of the method that writes a single tenant: a row for `create` has
    the parameters of ``tenants.create``. The field names of the API are accepted too. A report contains the outcome of
    each row.
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
        """Continue a job after its run ended for any reason.

        First, the job finds out whether rows that were in flight or have an unknown outcome had an effect. One request
        checks up to 100 of these rows. Rows that failed before they reached the service are sent again. If no row is
        left to send or to check, no request is sent.

        Args:
            ledger: The path or the address of the ledger.
            override: Whether to continue although a guard stopped the job: ``True``, or the name of the guard.
            concurrency: The maximum number of simultaneous requests, 1 to 1,000. ``None`` keeps the job's setting, here
                and in the next three arguments.
            rate: The maximum number of requests per second.
            reserve: The share of the service's rate limit that is left to other clients.
            max_failures: The maximum number or share of rows that may fail.
            on_progress: Called a few times per second with a `BulkProgress`.

        Returns:
            The outcomes of all rows, from all runs.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent.
            UnusableLedgerError: The ledger does not exist, cannot be used, or belongs to another environment; nothing
                was sent.
            LedgerInUseError: Another run uses the ledger; nothing was sent.
            LedgerError: The ledger can no longer be written.
            GuardShutError: A guard stopped the job, in an earlier run or in this run.
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
        """Work on a job that another process began, until the job ends. The ledger must be in PostgreSQL.

        If this call is cancelled, the requests in flight end first. The other rows are left to the other processes.

        Args:
            ledger: The address of the ledger, such as ``postgresql://user@host/database``.
            concurrency: The maximum number of simultaneous requests, 1 to 1,000. ``None`` keeps the job's setting.
            stalled_after: The seconds without a sign of life from another process after which this process takes its
                rows: 2 or more. All processes of a job need the same value.
            on_progress: Called a few times per second with a `BulkProgress` of the whole job.

        Returns:
            The outcomes of all rows, from all processes.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent.
            MissingExtraError: The extra ``distributed`` is not installed.
            UnusableLedgerError: The ledger does not exist, cannot be used, or belongs to another environment; nothing
                was sent.
            LedgerError: The ledger can no longer be written.
            GuardShutError: A guard stopped the job, in an earlier run or in this run.
        """
        name = stores.name_of(ledger)
        if not is_postgres(name):
            raise InvalidArgumentError(
                "ledger must be in PostgreSQL, such as postgresql://user@host/database, so that several processes can"
                " work on it"
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
        """Report on a job from its ledger, without a request. The job may be running.

        Args:
            ledger: The path or the address of the ledger.

        Returns:
            The present outcomes of the rows.

        Raises:
            LedgerError: The ledger does not exist or cannot be read.
        """
        return await run_in_thread(stores.read_report, ledger)
