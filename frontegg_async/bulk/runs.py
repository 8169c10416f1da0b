"""How a job is begun and worked on: arguments, intake, confirmation, and the engine."""

from __future__ import annotations

import os
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
from frontegg_async.bulk.guards import MaxFailures, check_max_failures
from frontegg_async.bulk.intake import Intake, foretell
from frontegg_async.bulk.ledger import Ledger
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.pace import Rate, check_reserve, parse_rate
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.rows import BulkSource
from frontegg_async.bulk.sqlite_ledger import SqliteLedger
from frontegg_async.errors import InvalidArgumentError

if TYPE_CHECKING:
    from frontegg_async.bulk.postgres_ledger import PostgresLedger

RESERVE = 0.2
"""The share of the service's limit that is left to others by default."""

STALLED_AFTER = 30.0
"""Seconds without a sign of life after which the rows of a process are taken by others."""

_MOST_CONCURRENT = 1_000


def settings_of(
    concurrency: int, rate: float | str | None, reserve: float, max_failures: float | None
) -> dict[str, JsonValue]:
    """Return how a job is asked to run, as its ledger has it.

    Args:
        concurrency: The most requests at a time.
        rate: The asked rate; ``None`` for none.
        reserve: The share of the service's limit that is left to others.
        max_failures: The most rows that may fail; ``None`` for the default guard.
    """
    return {"concurrency": concurrency, "rate": rate, "reserve": reserve, "max_failures": max_failures}


DEFAULTS: Mapping[str, JsonValue] = settings_of(16, None, RESERVE, None)


def check_settings(settings: Mapping[str, JsonValue]) -> None:
    """Refuse settings of a job.

    Args:
        settings: All of them.

    Raises:
        InvalidArgumentError: One is not allowed.
    """
    arguments.check_count(settings["concurrency"], "concurrency", least=1, most=_MOST_CONCURRENT)
    parse_rate(cast("Rate", settings["rate"]))
    check_reserve(cast("float", settings["reserve"]))
    check_max_failures(cast("MaxFailures", settings["max_failures"]))


def check_progress(on_progress: object) -> None:
    """Refuse what cannot be called with progress.

    Args:
        on_progress: A function, or ``None``.

    Raises:
        InvalidArgumentError: It is neither.
    """
    # A program may have no type checker, and would learn of it only when the job is over.
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
) -> BulkReport:
    """Begin a job, and work on it until it ends.

    Args:
        caller: Makes the calls.
        environment: The name of the environment.
        name: The name of the operation.
        rows: The input.
        ledger: The ledger, which must not be there yet.
        settings: How the job runs.
        on_bad_row: What is done about rows that cannot be used.
        dry_run: Whether to read only.
        on_progress: Called with how far the job is.
        confirm: Whether the job is confirmed, or for how many rows.
        columns: The columns to send; ``None`` for all.

    Raises:
        InvalidArgumentError: An argument is not allowed; nothing was sent.
        UnusableRowsError: Rows cannot be used; nothing was sent.
        LedgerError: The ledger cannot be made or written.
        GuardShutError: A guard has shut.
        FronteggError: A read before the first row failed; nothing was sent.
    """
    chosen = parse_columns(OPERATIONS[name], columns)
    is_dry = check_flag(dry_run, "dry_run", InvalidArgumentError)
    if not is_dry:
        caller.check_writable(f"bulk.{name}")
    check_settings(settings)
    check_progress(on_progress)
    if on_bad_row not in {"raise", "report"}:
        raise InvalidArgumentError(f"on_bad_row must be 'raise' or 'report', not {shown(on_bad_row)}")
    if not isinstance(confirm, int):
        raise InvalidArgumentError(f"confirm must be True, False or a number of rows, not {kind_of(confirm)}")
    if not is_dry and ledger is None:
        raise InvalidArgumentError("ledger must be given: the path of a file that is not there yet")
    begun = await stores.begin_ledger(
        None if is_dry else ledger,
        operation=name,
        environment=environment,
        settings={**settings, "dry_run": is_dry},
    )
    try:
        tally = Tally()
        reads = caller.counted(tally)
        if confirm is not True and not is_dry:
            # Before the ledger is sealed: after a crash, `resume` must not begin what nobody confirmed.
            await begun.shut("confirm", f"{name} was not confirmed")
        try:
            await Intake(reads, begun, OPERATIONS[name], on_bad_row, chosen).run(rows)
        except BaseException:
            await begun.discard()
            raise
        if is_dry and isinstance(begun, SqliteLedger):
            await foretell(reads, begun, tally)
            return await run_in_thread(BulkReport, begun.reader())
        total = begun.job.total
        if confirm is False or (confirm is not True and confirm != total):
            await _shut_unconfirmed(begun, name, total, confirm)
        if confirm is not True:
            await begun.shut(None, None)
        await begun.start(settings)
        return await work_on(caller, begun, settings, on_progress, first=tally)
    finally:
        await begun.close()


async def _shut_unconfirmed(ledger: Ledger, name: str, total: int, confirm: int) -> None:
    asked = "confirm is not given" if confirm is False else f"confirm is {confirm}"
    reason = f"{name} is about {total} tenants, and {asked}"
    await ledger.shut("confirm", reason)
    raise guard_error("confirm", reason)


async def work_on(
    caller: Caller,
    ledger: SqliteLedger | PostgresLedger,
    settings: Mapping[str, JsonValue],
    on_progress: Callable[[BulkProgress], object] | None,
    *,
    first: Tally | None = None,
    stalled_after: float = STALLED_AFTER,
) -> BulkReport:
    """Work on a job until it ends, and return its report.

    Args:
        caller: Makes the calls.
        ledger: The ledger, sealed.
        settings: How the job runs; the defaults are used for those that are not given.
        on_progress: Called with how far the job is.
        first: The requests that were made for the job before.
        stalled_after: The seconds without a sign of life after which rows are taken from another process.

    Raises:
        GuardShutError: A guard has shut.
        LedgerError: The ledger cannot be written.
    """
    settings = {**DEFAULTS, **settings}
    chosen = Settings(
        concurrency=cast("int", settings["concurrency"]),
        rate=parse_rate(cast("Rate", settings["rate"])),
        reserve=cast("float", settings["reserve"]),
        max_failures=cast("MaxFailures", settings["max_failures"]),
    )
    if isinstance(ledger, SqliteLedger):
        await Engine(caller, ledger, chosen, on_progress, tally=first, is_resumed=first is None).run()
    else:
        from frontegg_async.bulk.shard_worker import ShardWorker  # noqa: PLC0415 - it needs an extra

        await ShardWorker(
            caller, ledger, chosen, stalled_after=stalled_after, on_progress=on_progress, tally=first
        ).run()
    return await run_in_thread(BulkReport, ledger.reader())
