"""Jobs whose rows have operations and generations of their own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Collection, Mapping
from typing import Final

import msgspec

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import planner, stores
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.progress import BulkProgress
from frontegg_async.bulk.report import BulkReport
from frontegg_async.bulk.runs import work_on
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.store import NewRow
from frontegg_async.errors import ErrorDetails, Outcome, UnusableRowsError

_CHUNK: Final = 5_000


class MixedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row with an operation of its own."""

    operation: str
    """The name of the operation."""
    values: Mapping[str, JsonValue]
    """Its values, by the names of the columns of the operation."""
    generation: int = 0
    """Rows of a generation are sent when those of all lower ones have an outcome."""
    created_at: float | None = None
    """When the tenant was created, in seconds of the epoch by the service's clock: a delete needs it."""


async def begin_mixed(
    caller: Caller,
    environment: str,
    rows: Collection[MixedRow],
    ledger: str | os.PathLike[str],
    *,
    settings: Mapping[str, JsonValue],
    on_progress: Callable[[BulkProgress], object] | None = None,
) -> BulkReport:
    """Begin a job whose rows have their own operations, and work on it until it ends.

    Rows of one tenant must be in generations that rise with their order.

    Args:
        caller: Makes the calls.
        environment: The name of the environment.
        rows: The rows, which are read twice.
        ledger: The ledger, which must not be there yet.
        settings: How the job runs, as `settings_of` returns it.
        on_progress: Called with how far the job is.

    Raises:
        UnusableRowsError: A row is invalid; nothing was sent.
        LedgerError: The ledger cannot be made or written.
        GuardShutError: A guard has shut.
    """
    how = Settings.read(settings)
    names = sorted({row.operation for row in rows})
    opened = await stores.begin_ledger(
        ledger, operation=",".join(names), environment=environment, settings=dict(settings)
    )
    store = opened.store
    try:
        try:
            new = (_new(number, row) for number, row in enumerate(rows, 1))
            while chunk := list(itertools.islice(new, _CHUNK)):
                await store.add(chunk)
            await store.plan(planner.index)
        except BaseException:
            await store.close(is_removed=True)
            raise
        await store.seal()
        return await work_on(caller, opened, how, on_progress, first=Tally())
    finally:
        await store.close()


def _new(number: int, row: MixedRow) -> NewRow:
    operation = OPERATIONS.get(row.operation)
    if operation is None:
        raise _unusable(number, f"there is no operation {row.operation!r}; there are {', '.join(OPERATIONS)}")
    problem = operation.check(row.values)
    if row.generation < 0:
        problem = None, f"generation must be 0 or more, not {row.generation}"
    key = row.values.get(operation.key)
    if problem is None and key is None:
        problem = operation.key, f"{operation.name} needs {operation.key}, which is not given"
    if problem is not None:
        raise _unusable(number, problem[1])
    parent = row.values.get("parent_tenant_id", row.values.get("parent_id"))
    return NewRow(
        number,
        None,
        str(key),
        None if parent is None else str(parent),
        msgspec.json.encode(row.values),
        operation=row.operation,
        generation=row.generation,
        created_at=row.created_at,
    )


def _unusable(number: int, problem: str) -> UnusableRowsError:
    return UnusableRowsError(f"row {number}: {problem}", ErrorDetails(outcome=Outcome.NOT_SENT))
