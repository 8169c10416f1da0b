"""Convert the stored values of a ledger, for both stores. Refuse values that another program edited."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import UnionType
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Before, Counts, Job, LedgerRow, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.store import Item

STATES: Final = tuple(RowState)
CODES: Final[Mapping[RowState, int]] = {state: code for code, state in enumerate(STATES)}
"""The stored code of each state."""
_decode: Final = msgspec.json.Decoder(dict[str, object]).decode
_decode_before: Final = msgspec.json.Decoder(dict[str, object] | None).decode


def job_from(row: tuple[object, ...]) -> Job:
    """Convert the stored values of a job.

    Args:
        row: The values, in the order of the fields of `Job`.

    Raises:
        ValueError: A value cannot have been stored by this library.
        TypeError: A value has the wrong type.
    """
    job_id, operation, environment, created_at, settings, total, is_sealed, requests, elapsed, *rest = row
    guard, reason, overridden = rest
    check_types(str, job_id, operation, environment)
    check_types(int | float, created_at, total, requests, elapsed)
    check_types(int, overridden)
    check_types(str | None, guard, reason)
    for number in (created_at, total, requests, elapsed, overridden):
        if not 0 <= cast("float", number) < math.inf:
            raise ValueError("a number in the properties of the job is invalid")
    job = Job(
        job_id=cast("str", job_id),
        operation=cast("str", operation),
        operations=tuple(filter(None, cast("str", operation).split(","))),
        environment=cast("str", environment),
        created_at=cast("float", created_at),
        settings=cast("dict[str, JsonValue]", _decode(cast("bytes", settings))),
        total=cast("int", total),
        is_sealed=bool(is_sealed),
        requests=cast("int", requests),
        elapsed=cast("float", elapsed),
        guard=cast("str | None", guard),
        guard_reason=cast("str | None", reason),
        overridden=cast("int", overridden),
    )
    if not OPERATIONS.keys() >= set(job.operations):
        raise ValueError("the job has an unknown operation")
    return job


def row_from(row: tuple[object, ...], job: Job) -> LedgerRow:
    """Convert the stored values of a row for a report.

    Args:
        row: The values, in the order of the fields of `LedgerRow`. A row without a stored operation has the operation
            of the job.
        job: The job.

    Raises:
        ValueError: A value cannot have been stored by this library.
        TypeError: A value has the wrong type.
        LookupError: The code of the state is unknown.
    """
    number, line, key, state, attempts, error, status, trace_id, message, *rest = row
    sent_at, finished_at, given, operation, before = rest
    values = cast("dict[str, JsonValue]", _decode(cast("str", given)))
    tenant_id = key or values.get("tenant_id") or values.get("child_id")
    check_types(int, number, state, attempts)
    check_types(int | None, line, status)
    check_types(str | None, tenant_id, error, trace_id, message)
    check_types(int | float | None, sent_at, finished_at)
    return LedgerRow(
        number=cast("int", number),
        line=cast("int | None", line),
        tenant_id=cast("str | None", tenant_id),
        state=STATES[cast("int", state)],
        attempts=cast("int", attempts),
        error=cast("str | None", error),
        status=cast("int | None", status),
        trace_id=cast("str | None", trace_id),
        message=cast("str | None", message),
        sent_at=cast("float | None", sent_at),
        finished_at=cast("float | None", finished_at),
        input=values,
        operation=operation_of(operation, job),
        before=None if before is None else decode_before(cast("str", before)),
        has_before=before is not None,
    )


def decode_before(text: str | bytes) -> Before:
    """Decode the old values of a row: the values that the row expects, or the values that it replaced.

    Args:
        text: The stored values.

    Raises:
        ValueError: The values cannot have been stored by this library.
    """
    return cast("Before", _decode_before(text))


def operation_of(name: object, job: Job) -> str:
    """Return the name of the operation of a row.

    Args:
        name: The stored name; ``None`` in a job with one operation.
        job: The job.

    Raises:
        ValueError: The job does not have this operation.
    """
    found = job.operation if name is None else name
    if not isinstance(found, str) or found not in job.operations:
        raise ValueError("a row has an operation that the job does not have")
    return found


def counts_from(found: Mapping[int, int], total: int | None) -> Counts:
    """Return the number of rows in each state.

    Args:
        found: The number of rows by state code.
        total: The number of rows of the job; ``None`` before it is known.

    Raises:
        ValueError: Rows are missing, or have a state that does not exist.
    """
    counts = {state.value: found.get(code, 0) for state, code in CODES.items()}
    if total is not None and (sum(counts.values()) != total or min(counts.values()) < 0):
        raise ValueError("rows of the job are missing or were added")
    return Counts(**counts)


def checked_item(item: Item) -> Item:
    """Return an item after a check of its types.

    Raises:
        TypeError: A value was edited and has the wrong type.
    """
    if not isinstance(item.key, str) or not isinstance(item.values, dict) or not isinstance(item.attempts, int):
        raise TypeError("a value of a row has the wrong type")
    return item


def check_types(kind: type | UnionType, *values: object) -> None:
    """Refuse stored values with the wrong type.

    Raises:
        TypeError: A value has the wrong type.
    """
    if not all(isinstance(value, kind) for value in values):
        raise TypeError("a value has the wrong type")
