"""The planner: puts each row into a generation, and rejects rows that conflict with other rows.

A generation is a number. A row is sent when all rows of lower generations have an outcome.

Each decision is an SQL statement for both stores, since a database sorts and joins any number of rows with constant
memory. The statements of one step run in one transaction. Between two steps, the caller looks up parents that no row
creates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from frontegg_async.bulk.operation import Operation, Order
from frontegg_async.bulk.store import Execute

SHOWN: Final = 20
"""The maximum number of invalid rows in an error message."""

PAGE: Final = 100
"""The number of tenants that the caller looks up between two steps."""

_INDEXES: Final = (
    "CREATE INDEX IF NOT EXISTS item_by_key ON item (key, number)",
    "CREATE INDEX IF NOT EXISTS item_by_parent ON item (parent) WHERE parent IS NOT NULL",
)
# Among rows with the same key, the first row has place 0.
_REPEATED: Final = """
UPDATE item SET {} FROM (
  SELECT number AS ranked, row_number() OVER (PARTITION BY key ORDER BY number) - 1 AS place FROM item
  WHERE key IN (SELECT key FROM item WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)
) places WHERE ranked = number AND place > 0
"""
# For these rows, the column ``parent`` contains what a row writes within its tenant, for example a user.
_REPEATED_PART: Final = """
UPDATE item SET problem = ?, key = NULL, parent = NULL FROM (
  SELECT number AS ranked, row_number() OVER (PARTITION BY key, parent ORDER BY number) - 1 AS place FROM item
  WHERE parent IS NOT NULL
) places WHERE ranked = number AND place > 0
"""
_UNKNOWN_PARENTS: Final = (
    "SELECT DISTINCT parent FROM item i WHERE parent > ? AND NOT EXISTS (SELECT 1 FROM item p WHERE p.key = i.parent)"
    " ORDER BY parent LIMIT ?"
)
# The recursion never reaches the rows of a circle, so they stay in generation 0. The plus sign makes SQLite look up
# each row by its number instead of scanning all rows.
_PUT_BELOW_PARENTS: Final = """
WITH RECURSIVE below (place, id, generation) AS (
  SELECT number, key, 0 FROM item i
  WHERE key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM item p WHERE p.key = i.parent)
  UNION ALL
  SELECT c.number, c.key, b.generation + 1 FROM below b CROSS JOIN item c WHERE c.parent = b.id
)
UPDATE item SET generation = below.generation FROM below WHERE number = +below.place AND below.generation > 0
"""
_REJECT_CIRCLES: Final = (
    "UPDATE item SET problem = ? WHERE parent IS NOT NULL AND generation = 0"
    " AND EXISTS (SELECT 1 FROM item p WHERE p.key = item.parent)"
)


class Findings(NamedTuple):
    """The findings of a step of the planner."""

    unknown_parents: Sequence[str]
    """Parents that no row creates, in order. The caller looks them up and then calls `proceed`."""
    invalid: int = 0
    """The number of invalid rows."""
    first: Sequence[tuple[int, int | None, str]] = ()
    """The number, the line and the problem of each of the first invalid rows."""


def index(execute: Execute) -> None:
    """Create the indexes by tenant and by parent.

    Args:
        execute: Runs a statement.
    """
    for statement in _INDEXES:
        execute(statement, ())


def begin(execute: Execute, operation: Operation) -> Findings:
    """Put rows of the same tenant into successive generations, or reject all except the first. Then call `proceed`.

    Args:
        execute: Runs a statement.
        operation: The operation of the rows.
    """
    index(execute)
    if operation.order is Order.INPUT:
        execute(_REPEATED.format("generation = place"), ())
    elif operation.order is Order.ONCE:
        execute(_REPEATED_PART, (f"an earlier row has the same {operation.key} and {operation.part}",))
    else:
        reject = _REPEATED.format("problem = ?, key = NULL, parent = NULL")
        execute(reject, (f"column {operation.key!r}: an earlier row has the same value",))
    return proceed(execute, operation)


def proceed(execute: Execute, operation: Operation, asked: Sequence[str] = (), missing: Sequence[str] = ()) -> Findings:
    """Put the other rows into generations, or return parents that must be looked up first.

    Args:
        execute: Runs a statement.
        operation: The operation of the rows.
        asked: The parents that were looked up.
        missing: The looked-up parents that do not exist.
    """
    if operation.order is Order.PARENTS_FIRST:
        if missing:
            reject_children(execute, missing)
        unknown = unknown_parents(execute, asked[-1] if asked else "")
        if unknown:
            return Findings(unknown)
        put_below_parents(execute)
    return Findings((), *invalid_rows(execute))


def unknown_parents(execute: Execute, after: str) -> Sequence[str]:
    """Return a page of the parents that no row creates, in order.

    Args:
        execute: Runs a statement.
        after: Only parents after this id.
    """
    return [cast("str", parent) for (parent,) in execute(_UNKNOWN_PARENTS, (after, PAGE)).fetchall()]


def reject_children(execute: Execute, parents: Sequence[str]) -> None:
    """Reject rows whose parents are neither in the environment nor in the input.

    Args:
        execute: Runs a statement.
        parents: The parents that do not exist.
    """
    why = "is neither in the environment nor in a valid row"
    for parent in parents:
        problem = f"column 'parent_tenant_id': {parent!r} {why}"
        execute("UPDATE item SET problem = ? WHERE parent = ? AND problem IS NULL", (problem, parent))


def put_below_parents(execute: Execute) -> None:
    """Put each row into the generation after its parent's generation. Reject rows whose parents form a circle.

    Args:
        execute: Runs a statement.
    """
    if execute("SELECT 1 FROM item WHERE parent IS NOT NULL LIMIT 1", ()).fetchall():
        execute(_PUT_BELOW_PARENTS, ())
        execute(_REJECT_CIRCLES, ("column 'parent_tenant_id': the parents of this tenant form a circle",))


def valid_rows(execute: Execute, after: int) -> Sequence[tuple[int, str]]:
    """Return a page of the numbers and keys of valid rows, in order.

    Args:
        execute: Runs a statement.
        after: Only rows with a higher number.
    """
    query = (
        "SELECT number, key FROM item WHERE number > ? AND key IS NOT NULL AND problem IS NULL ORDER BY number LIMIT ?"
    )
    return cast("Sequence[tuple[int, str]]", execute(query, (after, PAGE)).fetchall())


def put_leaves_first(execute: Execute, known: Sequence[tuple[int, int, float | None]]) -> None:
    """Put the row of each tenant after the rows of the tenants below it.

    The generation of a row is the number of tenants below its tenant.

    Args:
        execute: Runs a statement.
        known: The number of each row, the count of tenants below its tenant, and the creation time if the operation
            needs it.
    """
    for number, below, created_at in known:
        execute("UPDATE item SET generation = ?, created_at = ? WHERE number = ?", (below, created_at, number))


def invalid_rows(execute: Execute) -> tuple[int, Sequence[tuple[int, int | None, str]]]:
    """Return the number of invalid rows.

    Also return the number, the line and the problem of each of the first invalid rows.

    Args:
        execute: Runs a statement.
    """
    [(count,)] = execute("SELECT count(*) FROM item WHERE problem IS NOT NULL", ()).fetchall()
    if not count:
        return 0, ()
    query = "SELECT number, line, problem FROM item WHERE problem IS NOT NULL ORDER BY number LIMIT ?"
    first = execute(query, (SHOWN,)).fetchall()
    return cast("int", count), cast("Sequence[tuple[int, int | None, str]]", first)
