"""Begin and continue jobs: check the arguments, read the input, ask for confirmation, and run the engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async.bulk import stores
from frontegg_async.bulk.chosen_columns import parse_columns
from frontegg_async.bulk.guards import guard_error
from frontegg_async.bulk.intake import Intake, foretell
from frontegg_async.bulk.ledger import Job
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.postgres_address import is_postgres
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.rows import BulkSource
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.stores import OpenLedger
from frontegg_async.errors import InvalidArgumentError, UnusableLedgerError

STALLED_AFTER = 30.0
"""The seconds without a sign of life from a process after which other processes take its rows."""

_DIGITS: Final = 12
"""The number of digits of an identity in a message."""


def check_progress(on_progress: object) -> None:
    """Refuse a progress callback that is not callable.

    Args:
        on_progress: A function, or ``None``.

    Raises:
        InvalidArgumentError: ``on_progress`` is not callable.
    """
    # Check early. Without a type checker, the error would otherwise appear only after the job.
    if on_progress is not None and not callable(on_progress):
        raise InvalidArgumentError(f"on_progress must be a function, not {kind_of(on_progress)}")


async def begin(
    caller: Caller,
    environment: str,
    name: str,
    rows: BulkSource,
    ledger: str | os.PathLike[str] | None,
    *,
    settings: Mapping[str, JsonValue],
    on_bad_row: Literal["raise", "report"],
    dry_run: bool,
    on_progress: Callable[[BulkProgress], object] | None,
    confirm: bool | int = True,
    columns: Sequence[str] | None = None,
    send_email: bool = False,
) -> BulkReport:
    """Begin a job, and work on the job until it ends.

    Args:
        caller: Sends the requests.
        environment: The name of the environment.
        name: The name of the operation.
        rows: The input.
        ledger: The path or the address of the ledger, which must not exist yet.
        settings: The settings of the job.
        on_bad_row: The treatment of invalid rows.
        dry_run: Whether to send only read requests.
        on_progress: Called with the progress of the job.
        confirm: Whether the job is confirmed, or the confirmed number of rows.
        columns: The columns to send; ``None`` for all.
        send_email: Whether rows without a value for ``send_email`` send an e-mail.

    Raises:
        InvalidArgumentError: An argument is invalid; nothing was sent.
        UnusableRowsError: Rows are invalid; nothing was sent.
        LedgerError: The ledger cannot be created or written.
        GuardShutError: A guard stopped the job.
        FronteggError: A read request failed before the first row was sent. No row was sent.
    """
    operation = OPERATIONS[name]
    chosen = None if columns is None else parse_columns(operation, columns)
    is_dry = check_flag(dry_run, "dry_run", InvalidArgumentError)
    if not is_dry:
        caller.check_writable(f"bulk.{name}")
    how = Settings.read(settings)
    check_progress(on_progress)
    sends = check_flag(send_email, "send_email", InvalidArgumentError)
    if on_bad_row not in {"raise", "report"}:
        raise InvalidArgumentError(f"on_bad_row must be 'raise' or 'report', not {shown(on_bad_row)}")
    if not isinstance(confirm, int):
        raise InvalidArgumentError(f"confirm must be True, False or a number of rows, not {kind_of(confirm)}")
    if not is_dry and ledger is None:
        raise InvalidArgumentError("ledger must be given: the path of a file that does not exist yet")
    opened = await stores.begin_ledger(
        None if is_dry else ledger,
        operation=name,
        environment=environment,
        settings={**settings, "dry_run": is_dry},
    )
    store = opened.store
    try:
        tally = Tally()
        reads = caller.counted(tally)
        try:
            total = await Intake(reads, store, operation, on_bad_row, chosen, send_email=sends).run(rows)
        except BaseException:
            await store.close(is_removed=True)
            raise
        if is_dry:
            await store.seal()
            await foretell(reads, store, operation, tally)
            return await run_in_thread(BulkReport, store.reader())
        if confirm is False or (confirm is not True and confirm != total):
            asked = "confirm is not given" if confirm is False else f"confirm is {confirm}"
            reason = f"{name} affects {total} tenants, and {asked}"
            await store.seal(("confirm", reason))
            raise guard_error("confirm", reason)
        await store.seal()
        return await work_on(caller, opened, how, on_progress, first=tally)
    finally:
        await store.close()


async def continue_job(
    caller: Caller,
    environment: str,
    ledger: str | os.PathLike[str],
    changed: Mapping[str, JsonValue],
    on_progress: Callable[[BulkProgress], object] | None,
    *,
    override: bool | str = False,
    identity: str | None = None,
) -> BulkReport:
    """Continue a job after its run ended, and work on the job until it ends.

    Args:
        caller: Sends the requests.
        environment: The name of the environment.
        ledger: The ledger.
        changed: The settings that replace earlier settings.
        on_progress: Called with the progress of the job.
        override: Whether to continue although a guard stopped the job, or the name of the guard.
        identity: The identity that the job must have; ``None`` for any.

    Raises:
        UnusableLedgerError: The ledger belongs to another job or environment, or cannot be used; nothing was sent.
        LedgerError: The ledger cannot be written.
        GuardShutError: A guard stopped the job, in an earlier run or in this run.
    """
    opened = await stores.resume_ledger(ledger)
    try:
        job = opened.store.job
        check_job(job, stores.name_of(ledger), environment)
        if identity is not None and job.settings.get("identity") != identity:
            raise _of_another(job, stores.name_of(ledger), identity)
        if job.guard is not None and override is not True and override != job.guard:
            raise guard_error(job.guard, job.guard_reason or "")
        settings = {**job.settings, **changed}
        await opened.store.start(settings, opens_guard=job.guard is not None)
        return await work_on(caller, opened, Settings.read(settings), on_progress)
    finally:
        await opened.store.close()


def check_job(job: Job, ledger: str, environment: str) -> None:
    """Refuse a job that cannot be continued.

    Args:
        job: The job.
        ledger: The address of its ledger.
        environment: The name of the environment.

    Raises:
        UnusableLedgerError: The ledger does not contain the whole input, belongs to another environment, or has invalid
            settings.
    """
    if not job.is_sealed:
        copied = "" if is_postgres(ledger) else "; or it is a copy without the file that ends in -wal beside it"
        raise UnusableLedgerError(
            f"the ledger {ledger} is incomplete: its run ended before the whole input was read, and nothing was sent; "
            f"repeat the call or command that began the job{copied}"
        )
    if job.environment != environment:
        raise UnusableLedgerError(
            f"the ledger {ledger} belongs to another environment, {job.environment}; this client uses {environment}"
        )
    try:
        Settings.read(job.settings)
    except (InvalidArgumentError, TypeError) as error:
        raise UnusableLedgerError(f"the ledger {ledger} is damaged: the settings of the job are invalid") from error


def _of_another(job: Job, ledger: str, identity: str) -> UnusableLedgerError:
    """Return the error for a ledger whose job has another identity or no identity."""
    found = job.settings.get("identity")
    other = f"the job {job.operation}" if found is None else f"the plan {str(found)[:_DIGITS]}"
    return UnusableLedgerError(
        f"the ledger {ledger} belongs to {other}, not to the plan {identity[:_DIGITS]}: give another ledger"
    )


async def work_on(
    caller: Caller,
    opened: OpenLedger,
    settings: Settings,
    on_progress: Callable[[BulkProgress], object] | None,
    *,
    first: Tally | None = None,
    stalled_after: float = STALLED_AFTER,
) -> BulkReport:
    """Work on a job until it ends, and return its report.

    Args:
        caller: Sends the requests.
        opened: The open ledger, which contains the whole input.
        settings: The settings of the job.
        on_progress: Called with the progress of the job.
        first: The requests that were already sent for the job.
        stalled_after: The seconds without a sign of life from another process after which this process takes its rows.

    Raises:
        GuardShutError: A guard stopped the job.
        LedgerError: The ledger cannot be written.
    """
    await opened.run(caller, settings, on_progress, first, stalled_after)
    return await run_in_thread(BulkReport, opened.store.reader())
