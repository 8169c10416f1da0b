"""``frontegg.bulk``: work on any number of tenants, with a ledger that outlives the process."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.bulk import stores
from frontegg_async.bulk.chosen_columns import parse_columns
from frontegg_async.bulk.engine import Engine, Settings, guard_error
from frontegg_async.bulk.guards import GUARDS, MaxFailures, check_max_failures
from frontegg_async.bulk.intake import Intake, foretell
from frontegg_async.bulk.ledger import Job, Ledger
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.pace import Rate, check_reserve, parse_rate
from frontegg_async.bulk.postgres_address import is_postgres
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.rows import BulkSource
from frontegg_async.bulk.sqlite_ledger import SqliteLedger
from frontegg_async.errors import InvalidArgumentError, UnusableLedgerError

if TYPE_CHECKING:
    from frontegg_async.bulk.postgres_ledger import PostgresLedger

RESERVE = 0.2
"""The share of the service's limit that is left to others by default."""

STALLED_AFTER = 30.0
"""Seconds without a sign of life after which the rows of a process are taken by others."""

_LEAST_STALLED = 2
_MOST_CONCURRENT = 1_000


class AsyncBulk:
    """Work on any number of tenants: the rows are in a ledger before anything is sent, and a job outlives its process.

    Each row is a mapping of the parameters of the method for one tenant, or has the names on the wire. A report says
    what became of each.
    """

    __slots__ = ("_caller", "_environment")

    def __init__(self, caller: Caller, environment: str) -> None:
        self._caller = caller
        self._environment = environment

    async def create(
        self,
        rows: BulkSource,
        *,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Create tenants, those above before those below, also if they come later.

        Rows of an export may have what is not created with a tenant, as locks and settings: a `LeftOutWarning` counts
        them before anything is sent. As an error, it sends nothing.

        Args:
            rows: ``name``, and the other parameters of ``tenants.create``. A row without ``tenant_id`` gets an id, that
                is fixed before anything is sent.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            UnusableRowsError: Rows cannot be used; nothing was sent.
            LedgerError: The ledger cannot be made, or not written any more; `LedgerExistsError` if there is one
                already, `LedgerInUseError` if another run holds it.
            GuardShutError: A guard has shut; `resume` goes on when it is told to.
            FronteggError: A read before the first row failed; nothing was sent.
        """
        return await self._run(
            "create",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
        )

    async def update(
        self,
        rows: BulkSource,
        *,
        columns: Sequence[str] | None = None,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Change fields of tenants; ``None`` clears a field.

        ``metadata`` replaces the whole value. Keys that have columns of their own, as ``metadata.plan``, are merged: a
        row with these and with other fields takes two requests.

        Args:
            rows: ``tenant_id`` and the parameters of ``tenants.update``.
            columns: The columns to send, as ``["name", "metadata.plan"]``; by default all that a row has. Rows of an
                export must have it: they have each field as it was, and what has changed since would be set back.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "update",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
            columns=columns,
        )

    async def add_metadata(
        self,
        rows: BulkSource,
        *,
        columns: Sequence[str] | None = None,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Merge keys into the metadata of tenants.

        Args:
            rows: ``tenant_id`` and ``metadata``.
            columns: The columns to send, as ``["name", "metadata.plan"]``; by default all that a row has. Rows of an
                export must have it: they have each field as it was, and what has changed since would be set back.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "add_metadata",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
            columns=columns,
        )

    async def delete_metadata(
        self,
        rows: BulkSource,
        *,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Remove keys from the metadata of tenants.

        Args:
            rows: ``tenant_id`` and ``key``.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "delete_metadata",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
        )

    async def delete(
        self,
        rows: BulkSource,
        *,
        ledger: str | os.PathLike[str] | None = None,
        confirm: bool | int = False,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Delete tenants and all their users, those below before those above.

        Args:
            rows: ``tenant_id``.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            confirm: The number of rows, or ``True`` for any; otherwise nothing is sent until `resume` is told to.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "delete",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
            confirm=confirm,
        )

    async def lock(
        self,
        rows: BulkSource,
        *,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Lock tenants, 100 in a request.

        Args:
            rows: ``tenant_id``.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "lock",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
        )

    async def unlock(
        self,
        rows: BulkSource,
        *,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Unlock tenants, 100 in a request.

        Args:
            rows: ``tenant_id``.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "unlock",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
        )

    async def assign(
        self,
        rows: BulkSource,
        *,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Put tenants under others as their sub-accounts.

        Args:
            rows: ``child_id`` and ``parent_id``.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "assign",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
        )

    async def account_settings(
        self,
        rows: BulkSource,
        *,
        columns: Sequence[str] | None = None,
        ledger: str | os.PathLike[str] | None = None,
        concurrency: int = 16,
        rate: float | str | None = None,
        reserve: float = RESERVE,
        max_failures: float | None = None,
        on_bad_row: Literal["raise", "report"] = "raise",
        dry_run: bool = False,
        on_progress: Callable[[BulkProgress], object] | None = None,
    ) -> BulkReport:
        """Change the account settings of tenants; ``None`` clears a setting.

        Args:
            rows: ``tenant_id`` and the parameters of ``account_settings.update``.
            columns: The columns to send, as ``["name", "metadata.plan"]``; by default all that a row has. Rows of an
                export must have it: they have each field as it was, and what has changed since would be set back.
            ledger: The file of the ledger, which must not be there yet; a dry run needs none.
            concurrency: The most requests at a time, 1 to 1,000.
            rate: Requests a second, as ``200``, ``"400/s"`` or ``"1000/min"``; by default what the service allows.
            reserve: The share of the service's limit that is left to others, from 0 to below 1.
            max_failures: The most rows that may fail, as a number or as a share below 1; by default the job stops when
                of the last 100 rows more than half failed for one reason.
            on_bad_row: ``raise`` sends nothing when a row cannot be used; ``report`` goes on with the others.
            dry_run: Whether to read only, and to say what each row would do.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows.

        Raises:
            FronteggError: As `create` does; `GuardShutError` when a guard has shut.
        """
        return await self._run(
            "account_settings",
            rows,
            ledger,
            _settings(concurrency, rate, reserve, max_failures),
            on_bad_row=on_bad_row,
            dry_run=dry_run,
            on_progress=on_progress,
            columns=columns,
        )

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
        """Go on with a job whose run ended, however it ended.

        Rows that were in flight then, and those whose outcome is unknown, are read back first, 100 in a request. Rows
        that failed without reaching the service are sent again. If nothing is left to do, nothing is sent.

        Args:
            ledger: The file of the ledger.
            override: Whether to go on although a guard has shut: ``True``, or the name of that guard.
            concurrency: The most requests at a time, 1 to 1,000; as before by default, and so are the next three.
            rate: Requests a second.
            reserve: The share of the service's limit that is left to others.
            max_failures: The most rows that may fail.
            on_progress: Called a few times a second with a `BulkProgress`.

        Returns:
            What became of the rows, in all runs.

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
        _check_settings({**_DEFAULTS, **changed})
        _check_progress(on_progress)
        if not isinstance(override, bool) and override not in GUARDS:
            raise InvalidArgumentError(
                f"override must be True, False, {' or '.join(map(repr, GUARDS))}, not {shown(override)}"
            )
        self._caller.check_writable("bulk.resume")
        taken = await stores.resume_ledger(ledger)
        try:
            job = taken.job
            self._check_job(job, stores.name_of(ledger))
            if job.guard is not None:
                await _open_guard(taken, job.guard, job.guard_reason or "", override=override)
            await taken.reopen()
            settings = {**job.settings, **changed}
            if job.guard is not None:
                settings["overridden"] = (await taken.counts()).failed
            await taken.start(settings)
            return await self._work(taken, settings, on_progress)
        finally:
            await taken.close()

    async def work(
        self,
        ledger: str | os.PathLike[str],
        *,
        concurrency: int | None = None,
        stalled_after: float = STALLED_AFTER,
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
            What became of the rows, by whichever process.

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
        if not isinstance(stalled_after, int | float) or not _LEAST_STALLED <= stalled_after < math.inf:
            raise InvalidArgumentError(f"stalled_after must be {_LEAST_STALLED} seconds or more")
        if concurrency is not None:
            _check_settings({**_DEFAULTS, "concurrency": concurrency})
        _check_progress(on_progress)
        self._caller.check_writable("bulk.work")
        taken = await stores.resume_ledger(name)
        try:
            self._check_job(taken.job, name)
            settings = {**taken.job.settings, **({} if concurrency is None else {"concurrency": concurrency})}
            return await self._work(taken, settings, on_progress, stalled_after=stalled_after)
        finally:
            await taken.close()

    def _check_job(self, job: Job, ledger: str) -> None:
        if not job.is_sealed:
            copied = "" if is_postgres(ledger) else "; or it is a copy without the file that ends in -wal beside it"
            raise UnusableLedgerError(
                f"the ledger {ledger} has no whole input: its run ended before anything was sent, "
                f"and can be made again{copied}"
            )
        if job.environment != self._environment:
            raise UnusableLedgerError(
                f"the ledger {ledger} is of another environment, {job.environment}; "
                f"this client is of {self._environment}"
            )
        try:
            _check_settings({**_DEFAULTS, **job.settings})
            if job.settings.get("overridden") is not None:
                arguments.check_count(job.settings["overridden"], "overridden", least=0, most=sys.maxsize)
        except (InvalidArgumentError, TypeError) as error:
            raise UnusableLedgerError(f"the ledger {ledger} is damaged: its settings cannot be used") from error

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

    async def _run(
        self,
        name: str,
        rows: BulkSource,
        ledger: str | os.PathLike[str] | None,
        settings: Mapping[str, JsonValue],
        *,
        on_bad_row: Literal["raise", "report"],
        dry_run: bool,
        on_progress: Callable[[BulkProgress], object] | None,
        confirm: bool | int = True,
        columns: Sequence[str] | None = None,
    ) -> BulkReport:
        chosen = parse_columns(OPERATIONS[name], columns)
        if not check_flag(dry_run, "dry_run", InvalidArgumentError):
            self._caller.check_writable(f"bulk.{name}")
        _check_settings(settings)
        _check_progress(on_progress)
        if on_bad_row not in {"raise", "report"}:
            raise InvalidArgumentError(f"on_bad_row must be 'raise' or 'report', not {shown(on_bad_row)}")
        if not isinstance(confirm, int):
            raise InvalidArgumentError(f"confirm must be True, False or a number of rows, not {kind_of(confirm)}")
        if not check_flag(dry_run, "dry_run", InvalidArgumentError) and ledger is None:
            raise InvalidArgumentError("ledger must be given: the path of a file that is not there yet")
        begun = await stores.begin_ledger(
            None if dry_run else ledger,
            operation=name,
            environment=self._environment,
            settings={**settings, "dry_run": dry_run},
        )
        try:
            tally = Tally()
            reads = self._caller.counted(tally)
            if confirm is not True and not dry_run:
                # Before the ledger is sealed: after a crash, `resume` must not begin what nobody confirmed.
                await begun.shut("confirm", f"{name} was not confirmed")
            try:
                await Intake(reads, begun, OPERATIONS[name], on_bad_row, chosen).run(rows)
            except BaseException:
                await begun.discard()
                raise
            if dry_run and isinstance(begun, SqliteLedger):
                await foretell(reads, begun, tally)
                return await run_in_thread(BulkReport, begun.reader())
            total = begun.job.total
            if confirm is False or (confirm is not True and confirm != total):
                await _shut_unconfirmed(begun, name, total, confirm)
            if confirm is not True:
                await begun.shut(None, None)
            await begun.start(settings)
            return await self._work(begun, settings, on_progress, first=tally)
        finally:
            await begun.close()

    async def _work(
        self,
        ledger: SqliteLedger | PostgresLedger,
        settings: Mapping[str, JsonValue],
        on_progress: Callable[[BulkProgress], object] | None,
        *,
        first: Tally | None = None,
        stalled_after: float = STALLED_AFTER,
    ) -> BulkReport:
        settings = {**_DEFAULTS, **settings}
        chosen = Settings(
            concurrency=cast("int", settings["concurrency"]),
            rate=parse_rate(cast("Rate", settings["rate"])),
            reserve=cast("float", settings["reserve"]),
            max_failures=cast("MaxFailures", settings["max_failures"]),
        )
        if isinstance(ledger, SqliteLedger):
            await Engine(self._caller, ledger, chosen, on_progress, tally=first).run()
        else:
            from frontegg_async.bulk.shard_worker import ShardWorker  # noqa: PLC0415 - it needs an extra

            await ShardWorker(
                self._caller, ledger, chosen, stalled_after=stalled_after, on_progress=on_progress, tally=first
            ).run()
        return await run_in_thread(BulkReport, ledger.reader())


def _settings(
    concurrency: int, rate: float | str | None, reserve: float, max_failures: float | None
) -> dict[str, JsonValue]:
    """Return how a job is asked to run, as its ledger has it."""
    return {"concurrency": concurrency, "rate": rate, "reserve": reserve, "max_failures": max_failures}


_DEFAULTS: Mapping[str, JsonValue] = _settings(16, None, RESERVE, None)


def _check_settings(settings: Mapping[str, JsonValue]) -> None:
    arguments.check_count(settings["concurrency"], "concurrency", least=1, most=_MOST_CONCURRENT)
    parse_rate(cast("Rate", settings["rate"]))
    check_reserve(cast("float", settings["reserve"]))
    check_max_failures(cast("MaxFailures", settings["max_failures"]))


def _check_progress(on_progress: object) -> None:
    # A program may have no type checker, and would learn of it only when the job is over.
    if on_progress is not None and not callable(on_progress):
        raise InvalidArgumentError(f"on_progress must be a function, not {kind_of(on_progress)}")


async def _shut_unconfirmed(ledger: Ledger, name: str, total: int, confirm: int) -> None:
    asked = "confirm is not given" if confirm is False else f"confirm is {confirm}"
    reason = f"{name} is about {total} tenants, and {asked}"
    await ledger.shut("confirm", reason)
    raise guard_error("confirm", reason)


async def _open_guard(ledger: Ledger, guard: str, reason: str, *, override: bool | str) -> None:
    if override is not True and override != guard:
        raise guard_error(guard, reason)
    await ledger.shut(None, None)
