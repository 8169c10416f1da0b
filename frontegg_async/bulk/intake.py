"""Write the whole input to the ledger, in a valid order of sending, before the first request is sent."""

from __future__ import annotations

import contextlib
import math
import os
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, cast

import msgspec

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.printable import printable
from frontegg_async.bulk import planner
from frontegg_async.bulk.chosen_columns import ChosenColumns
from frontegg_async.bulk.ledger import Before, RowState
from frontegg_async.bulk.operation import CompleteRow, Operation, Order, RowProblem
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.planner import Findings
from frontegg_async.bulk.recorder import outcome_of
from frontegg_async.bulk.row_values import describe_left_out
from frontegg_async.bulk.rows import BadRow, BulkSource, OnBadRow, Row, read_chunks
from frontegg_async.bulk.store import Commit, Item, NewRow, RowOutcome, Store
from frontegg_async.errors import ErrorDetails, FronteggError, LeftOutWarning, Outcome, UnusableRowsError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy

_CHUNK: Final = 5_000
"""The maximum number of rows that one transaction adds to the ledger."""

_MOST_BYTES: Final = 4_000_000
"""The size of a transaction in bytes from which it takes no further rows."""

_PAGE: Final = 100


class Intake:
    """Writes the input of one job to the ledger.

    Args:
        caller: Sends the read requests.
        store: The new ledger.
        operation: The operation.
        on_bad_row: The treatment of invalid rows.
        chosen: The columns to send; ``None`` for all.
        send_email: Whether rows without a value for ``send_email`` send an e-mail.
    """

    def __init__(
        self,
        caller: Caller,
        store: Store,
        operation: Operation,
        on_bad_row: OnBadRow,
        chosen: ChosenColumns | None = None,
        *,
        send_email: bool = False,
    ) -> None:
        self._caller = caller
        self._store = store
        self._operation = operation
        self._chosen = chosen
        self._defaults: dict[str, JsonValue] = {"send_email": True} if send_email else {}
        self._left_out = Counter[str]() if operation.makes_tenant else None
        self._is_strict = on_bad_row == "raise"
        self._job_id = uuid.UUID(store.job.job_id)

    async def run(self, source: BulkSource) -> int:
        """Write all rows to the ledger, decide in which order they are sent, and return the number of rows.

        Raises:
            UnusableRowsError: Rows are invalid.
            LeftOutWarning: The warning filters turn this warning into an error.
            FronteggError: A read failed.
        """
        total = await self._add(source)
        found = await self._arrange()
        if self._is_strict and found.invalid:
            raise self._error(source, found)
        if self._left_out:
            warn_caller(describe_left_out(self._left_out), LeftOutWarning)
        if self._operation.order is Order.CHILDREN_FIRST:
            await self._put_leaves_first()
        return total

    async def _add(self, source: BulkSource) -> int:
        rows: list[NewRow] = []
        total = size = 0
        complete = None if self._operation.complete is None else await self._operation.complete(self._caller)
        async with contextlib.aclosing(read_chunks(source, self._operation, self._chosen, self._left_out)) as chunks:
            async for chunk in chunks:
                for row in chunk:
                    rows.append(new := self._new(row if complete is None else _completed(row, complete)))
                    size += len(new.input)
                    if len(rows) >= _CHUNK or size >= _MOST_BYTES:
                        await self._store.add(rows)
                        total += len(rows)
                        rows, size = [], 0
        await self._store.add(rows)
        return total + len(rows)

    def _new(self, row: Row | BadRow) -> NewRow:
        if isinstance(row, BadRow):
            where = f"column {row.column!r}: " if row.column is not None else ""
            return NewRow(
                row.number,
                row.line,
                self._key_of_bad(row),
                None,
                msgspec.json.encode(row.values),
                f"{where}{row.message}",
            )
        values = self._defaults | row.values if self._defaults else row.values
        key = values.get(self._operation.key)
        parent = self._part_of(values) if self._operation.part else values.get("parent_tenant_id")
        return NewRow(
            row.number,
            row.line,
            str(uuid.uuid5(self._job_id, str(row.number))) if key is None else str(key),
            None if parent is None else str(parent),
            msgspec.json.encode(values),
        )

    def _part_of(self, values: Mapping[str, JsonValue]) -> str:
        """Return a text that identifies what a row writes within its tenant, for example a user.

        The text cannot be the id of a tenant.
        """
        return f"\n{folded(str(values[self._operation.part]))}"

    def _key_of_bad(self, row: BadRow) -> str | None:
        """Return the tenant of an invalid row if the rows of its children must be skipped too."""
        key = row.values.get(self._operation.key)
        has_children = self._operation.order is Order.PARENTS_FIRST
        is_known = not self._is_strict and has_children and isinstance(key, str) and key.isprintable()
        return (cast("str", key) or None) if is_known else None

    def _error(self, source: BulkSource, found: Findings) -> UnusableRowsError:
        """Return the error that names the first invalid rows."""
        file = f"{os.fspath(source)}, " if isinstance(source, str | os.PathLike) else ""
        problems: list[str] = []
        last = ""
        for number, line, problem in found.first:
            place = f"row {number}" if line is None else f"{file}line {line}"
            joint = ", " if problem.startswith("column ") or problem == last else ": "
            problems.append(printable(f"{place}{joint}{'the same' if problem == last else problem}"))
            last = problem
        more = f"; and {found.invalid - len(problems)} more" if found.invalid > len(problems) else ""
        what = "1 row cannot" if found.invalid == 1 else f"{found.invalid} rows cannot"
        message = f"{what} be used, and nothing was sent: {'; '.join(problems)}{more}"
        return UnusableRowsError(message, ErrorDetails(outcome=Outcome.NOT_SENT, paths=tuple(problems)))

    async def _arrange(self) -> Findings:
        """Decide in which order the rows are sent, and return the findings of the planner."""
        operation = self._operation
        found = await self._store.plan(partial(planner.begin, operation=operation))
        while asked := found.unknown_parents:
            known = await read_tenants(self._caller, asked)
            missing = [parent for parent in asked if parent not in known]
            found = await self._store.plan(partial(planner.proceed, operation=operation, asked=asked, missing=missing))
        return found

    async def _put_leaves_first(self) -> None:
        after = 0
        while rows := await self._store.plan(partial(planner.valid_rows, after=after)):
            after = rows[-1][0]
            found = await read_tenants(self._caller, [key for _, key in rows])
            known = [(number, *await self._seen(found[key])) for number, key in rows if key in found]
            await self._store.plan(partial(planner.put_leaves_first, known=known))

    async def _seen(self, tenant: Tenant) -> tuple[int, float | None]:
        """Return the number of tenants below a tenant.

        Also return the creation time of the tenant if the operation needs this time.
        """
        has_children = tenant.is_reseller is not False
        below = len(await AsyncHierarchy(self._caller).list_sub_accounts(tenant.tenant_id)) if has_children else 0
        if self._operation.recognize is None:
            return below, None
        return below, math.inf if tenant.created_at is None else tenant.created_at.timestamp()


def _completed(row: Row | BadRow, complete: CompleteRow) -> Row | BadRow:
    if isinstance(row, BadRow):
        return row
    try:
        return Row(row.number, row.line, complete(row.values))
    except RowProblem as problem:
        return BadRow(row.number, row.line, problem.column, problem.text, row.values)


async def foretell(caller: Caller, store: Store, operation: Operation, tally: Tally) -> None:
    """Record the results of a dry run: which rows would fail, which would be skipped, and which would be sent.

    Rows that would fail or be skipped get this state. Rows that would be sent stay pending, with a message about their
    effect.

    Args:
        caller: Sends the read requests.
        store: The ledger, which contains the whole input.
        operation: The operation.
        tally: Counts the requests.

    Raises:
        FronteggError: A read failed.
    """
    after = 0
    while items := await store.items([RowState.PENDING], after, _PAGE):
        after = items[-1].number
        ids = [each for item in items for each in (item.key, _parent_of(item)) if each is not None]
        found = await read_tenants(caller, list(dict.fromkeys(ids)))
        refused = await _refused(caller, operation, [item for item in items if item.key in found])
        outcomes = [_foretold(item, found, operation, refused.get(item.number)) for item in items]
        await store.commit(Commit(outcomes=outcomes, requests=tally.take()))
    generation = await store.next_generation(-1)
    while generation is not None:
        # `next_generation` also skips rows whose parent would fail.
        generation = await store.next_generation(generation)


def _parent_of(item: Item) -> str | None:
    parent = item.values.get("parent_tenant_id", item.values.get("parent_id"))
    return None if parent is None else str(parent)


async def _refused(caller: Caller, operation: Operation, items: Sequence[Item]) -> dict[int, FronteggError]:
    """Return the errors of rows that the service would refuse, by row number. The present values decide."""
    if operation.refuse is None:
        return {}
    before = cast("Sequence[Before]", await operation.read_now(caller, items))
    errors = ((item.number, operation.refuse(values)) for item, values in zip(items, before, strict=True))
    return {number: error for number, error in errors if error is not None}


def _foretold(
    item: Item, found: Mapping[str, Tenant], operation: Operation, refused: FronteggError | None
) -> RowOutcome:
    if refused is not None:
        return outcome_of(item, RowState.FAILED, refused)
    parent = _parent_of(item)
    above = None if parent is None else found.get(parent)
    if not operation.makes_tenant and item.key not in found:
        refusal = "NotFoundError", 404, "the tenant does not exist"
    elif operation.makes_tenant and item.key in found:
        refusal = "ConflictError", 409, "a tenant with this id already exists"
    elif not operation.makes_tenant and parent is not None and above is None:
        refusal = "NotFoundError", 404, f"the parent {parent!r} does not exist"
    elif above is not None and above.is_reseller is False:
        refusal = "BadRequestError", 400, f"the tenant {parent!r} may not have sub-accounts: it is not a reseller"
    else:
        return RowOutcome(item.number, RowState.PENDING, 0, message=operation.will)
    error, status, message = refusal
    return RowOutcome(item.number, RowState.FAILED, 0, error=error, status=status, message=message)
