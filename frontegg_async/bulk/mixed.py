"""Mixed jobs, whose rows have different operations. A row may expect values that the service must still show."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

import msgspec

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk import planner, stores
from frontegg_async.bulk.ledger import Before
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.runs import check_progress, continue_job, work_on
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.store import NewRow, Store
from frontegg_async.errors import ErrorDetails, LedgerExistsError, Outcome, UnusableRowsError

_CHUNK: Final = 5_000


class MixedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a mixed job, with the name of its operation."""

    operation: str
    """The name of the operation."""
    values: Mapping[str, JsonValue]
    """The values of the row, by the column names of the operation."""
    generation: int = 0
    """Rows of a generation are sent when all rows of lower generations have an outcome."""
    created_at: float | None = None
    """When the service created the tenant, in seconds since the epoch. Only a deletion needs this value."""
    before: Before | Unset = UNSET
    """The values that the row expects, in the form that `Operation.read_now` returns; ``None`` if the tenant must not
    exist.

    Set ``before`` in all rows of a job, or in none.
    """
    depends_on: str | None = None
    """The id of a tenant that must exist before the row is sent. If the job creates this tenant, the row of the
    creation must be in an earlier generation. The default is the parent.
    """


async def run_mixed(
    caller: Caller,
    environment: str,
    rows: Collection[MixedRow],
    ledger: str | os.PathLike[str],
    *,
    identity: str,
    settings: Mapping[str, JsonValue],
    on_progress: Callable[[BulkProgress], object] | None = None,
) -> BulkReport:
    """Begin or continue a mixed job, and work on the job until it ends.

    If rows expect values, the job reads the tenants before it sends the rows. If the service shows unexpected values,
    the row is stale and is not sent. If the service already shows the values that the row sets, the row is done.

    Args:
        caller: Sends the requests.
        environment: The name of the environment.
        rows: The rows. Rows of one tenant must have rising generations. The job iterates the collection twice, in a
            thread.
        ledger: The path or the address of the ledger. If the ledger contains this job, the job continues.
        identity: The digest of the source of the rows. A ledger with another digest belongs to another job.
        settings: The settings of the job, in the form of `settings_of`.
        on_progress: Called with the progress of the job.

    Raises:
        InvalidArgumentError: An argument is invalid; nothing was sent.
        UnusableRowsError: A row is invalid; nothing was sent.
        UnusableLedgerError: The ledger belongs to another job or environment, or cannot be used; nothing was sent.
        LedgerError: The ledger cannot be made or written.
        GuardShutError: A guard stopped the job, in an earlier run or in this run.
    """
    caller.check_writable("bulk.run_mixed")
    how = {**settings, "identity": identity}
    Settings.read(how)
    check_progress(on_progress)
    names, is_guarded = await run_in_thread(_survey, rows)
    how["is_guarded"] = is_guarded
    try:
        opened = await stores.begin_ledger(ledger, operation=",".join(names), environment=environment, settings=how)
    except LedgerExistsError:
        pass
    else:
        try:
            await _add(opened.store, rows)
            return await work_on(caller, opened, Settings.read(how), on_progress, first=Tally())
        finally:
            await opened.store.close()
    return await continue_job(caller, environment, ledger, how, on_progress, identity=identity)


async def _add(store: Store, rows: Collection[MixedRow]) -> None:
    """Add the rows, and mark the ledger as complete."""
    new = map(_new, itertools.count(1), rows)
    try:
        while chunk := await run_in_thread(_take, new):
            await store.add(chunk)
        await store.plan(planner.index)
    except BaseException:
        await store.close(is_removed=True)
        raise
    await store.seal()


def _take(rows: Iterator[NewRow]) -> list[NewRow]:
    return list(itertools.islice(rows, _CHUNK))


def _survey(rows: Collection[MixedRow]) -> tuple[list[str], bool]:
    """Return the names of the operations, and whether the rows expect values.

    Raises:
        UnusableRowsError: Some rows expect values and others do not.
    """
    names: set[str] = set()
    guarded = 0
    for number, row in enumerate(rows, 1):
        names.add(row.operation)
        guarded += row.before is not UNSET
        if guarded not in {0, number}:
            raise _unusable(number, "before must be given for all rows of a job, or for none")
    return sorted(names), guarded > 0


def _new(number: int, row: MixedRow) -> NewRow:
    operation = OPERATIONS.get(row.operation)
    if operation is None:
        raise _unusable(number, f"there is no operation {row.operation!r}; the operations are {', '.join(OPERATIONS)}")
    problem = operation.check(row.values)
    if row.generation < 0:
        problem = None, f"generation must be 0 or more, not {row.generation}"
    key = row.values.get(operation.key)
    if problem is None and key is None:
        problem = operation.key, f"{operation.name} needs {operation.key}, which is not given"
    if problem is not None:
        raise _unusable(number, problem[1])
    parent = row.depends_on or row.values.get("parent_tenant_id", row.values.get("parent_id"))
    return NewRow(
        number,
        None,
        str(key),
        None if parent is None else str(parent),
        msgspec.json.encode(row.values),
        operation=row.operation,
        generation=row.generation,
        created_at=row.created_at,
        before=None if row.before is UNSET else msgspec.json.encode(row.before),
    )


def _unusable(number: int, problem: str) -> UnusableRowsError:
    return UnusableRowsError(f"row {number}: {problem}", ErrorDetails(outcome=Outcome.NOT_SENT))
