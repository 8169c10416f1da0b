"""Take the whole input into the ledger, in an order in which it can be sent, before anything is sent."""

from __future__ import annotations

import contextlib
import math
import os
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

import msgspec

from frontegg_async._core.call.caller import Caller, Tally
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async.bulk.chosen_columns import ChosenColumns
from frontegg_async.bulk.ledger import Finished, Item, Ledger, NewRow, RowState, Turn
from frontegg_async.bulk.operation import Operation, Order
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.row_values import describe_left_out
from frontegg_async.bulk.rows import BadRow, BulkSource, OnBadRow, Row, read_chunks
from frontegg_async.bulk.sqlite_ledger import SqliteLedger
from frontegg_async.errors import ErrorDetails, LeftOutWarning, Outcome, UnusableRowsError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy

_CHUNK: Final = 5_000
"""The most rows that enter the ledger in one transaction."""

_MOST_BYTES: Final = 4_000_000
"""What these may have together, but for the last one."""

_PAGE: Final = 100
_SHOWN: Final = 20
"""The rows that an error names."""


class Intake:
    """Takes the input of one job.

    Args:
        caller: Makes the reads.
        ledger: The ledger, new.
        operation: The operation.
        on_bad_row: What is done about rows that cannot be used.
        chosen: The columns that are sent, if not all are.
    """

    def __init__(
        self,
        caller: Caller,
        ledger: Ledger,
        operation: Operation,
        on_bad_row: OnBadRow,
        chosen: ChosenColumns | None = None,
    ) -> None:
        self._caller = caller
        self._ledger = ledger
        self._operation = operation
        self._chosen = chosen
        self._left_out = Counter[str]() if operation.makes_tenant else None
        self._is_strict = on_bad_row == "raise"
        self._place = ""
        self._job_id = uuid.UUID(ledger.job.job_id)
        self._problems: list[str] = []
        self._last_problem = ""
        self._count = 0

    async def run(self, source: BulkSource) -> None:
        """Take all rows, and put them into their order.

        Raises:
            UnusableRowsError: Rows cannot be used.
            LeftOutWarning: The filters turn such warnings into errors.
            FronteggError: A read failed.
        """
        self._place = f"{os.fspath(source)}, " if isinstance(source, str | os.PathLike) else ""
        await self._add(source)
        await self._ledger.prepare()
        if self._operation.order is Order.INPUT:
            await self._ledger.put_repeated_apart()
        else:
            await self._reject_repeated()
        if self._operation.order is Order.PARENTS_FIRST:
            await self._reject_strange_parents()
            circles = await self._ledger.put_below_parents()
            await self._reject(
                [(*row, "column 'parent_tenant_id': the tenants above it are a circle") for row in circles]
            )
        self._check()
        if self._left_out:
            warn_caller(describe_left_out(self._left_out), LeftOutWarning)
        if self._operation.order is Order.CHILDREN_FIRST:
            await self._put_leaves_first()
        await self._ledger.seal()

    async def _add(self, source: BulkSource) -> None:
        rows: list[NewRow] = []
        size = 0
        async with contextlib.aclosing(read_chunks(source, self._operation, self._chosen, self._left_out)) as chunks:
            async for chunk in chunks:
                for row in chunk:
                    rows.append(new := self._new(row))
                    size += len(new.input)
                    if len(rows) >= _CHUNK or size >= _MOST_BYTES:
                        await self._ledger.add(rows)
                        rows, size = [], 0
        await self._ledger.add(rows)

    def _new(self, row: Row | BadRow) -> NewRow:
        if isinstance(row, BadRow):
            self._note(str(row).removesuffix(row.message), row.message)
            where = f"column {row.column!r}: " if row.column is not None else ""
            return NewRow(
                row.number,
                row.line,
                self._key_of_bad(row),
                None,
                msgspec.json.encode(row.values),
                f"{where}{row.message}",
            )
        values = row.values
        key = values.get(self._operation.key)
        parent = values.get("parent_tenant_id")
        return NewRow(
            row.number,
            row.line,
            str(uuid.uuid5(self._job_id, str(row.number))) if key is None else str(key),
            None if parent is None else str(parent),
            msgspec.json.encode(values),
        )

    def _key_of_bad(self, row: BadRow) -> str | None:
        """Return the tenant that a row was for, if the tenants below it are to be skipped with it."""
        key = row.values.get(self._operation.key)
        has_children = self._operation.order is Order.PARENTS_FIRST
        is_known = not self._is_strict and has_children and isinstance(key, str) and key.isprintable()
        return (cast("str", key) or None) if is_known else None

    def _note(self, place: str, problem: str) -> None:
        self._count += 1
        if len(self._problems) < _SHOWN:
            self._problems.append(place + ("the same" if problem == self._last_problem else problem))
            self._last_problem = problem

    async def _reject(self, rows: Sequence[tuple[int, int | None, str, str]]) -> None:
        """Mark rows as unusable: their numbers, lines, keys, and why."""
        for number, line, _, message in rows:
            self._note(f"row {number}, " if line is None else f"{self._place}line {line}, ", message)
        await self._ledger.reject([(number, message) for number, _, _, message in rows])

    def _check(self) -> None:
        if not self._count or not self._is_strict:
            return
        more = f"; and {self._count - len(self._problems)} more" if self._count > len(self._problems) else ""
        what = "1 row cannot" if self._count == 1 else f"{self._count} rows cannot"
        message = f"{what} be used, and nothing was sent: {'; '.join(self._problems)}{more}"
        raise UnusableRowsError(message, ErrorDetails(outcome=Outcome.NOT_SENT, paths=tuple(self._problems)))

    async def _reject_repeated(self) -> None:
        while rows := await self._ledger.repeated(_CHUNK):
            name = self._operation.key
            await self._reject([(*row, f"column {name!r}: an earlier row has the same") for row in rows])

    async def _reject_strange_parents(self) -> None:
        after = ""
        while parents := await self._ledger.strange_parents(after, _PAGE):
            after = parents[-1]
            found = await read_tenants(self._caller, parents)
            for parent in parents:
                if parent not in found:
                    await self._reject_children(parent)

    async def _reject_children(self, parent: str) -> None:
        message = f"column 'parent_tenant_id': {parent!r} is neither in the environment nor in a row that can be used"
        while rows := await self._ledger.children(parent, _CHUNK):
            await self._reject([(*row, "", message) for row in rows])

    async def _put_leaves_first(self) -> None:
        """Put each tenant after those below it: it has more tenants below itself than any of them."""
        after = 0
        while keys := await self._ledger.keys(after, _PAGE):
            after = keys[-1][0]
            found = await read_tenants(self._caller, [key for _, key in keys])
            known = [(number, found[key]) for number, key in keys if key in found]
            if self._operation.recognize is not None:
                times = [(number, tenant.created_at) for number, tenant in known]
                await self._ledger.note_creations(
                    [(number, math.inf if at is None else at.timestamp()) for number, at in times]
                )
            generations = [
                (number, len(await AsyncHierarchy(self._caller).sub_accounts(tenant.tenant_id)))
                for number, tenant in known
                if tenant.is_reseller is not False
            ]
            await self._ledger.put(generations)


async def foretell(caller: Caller, ledger: SqliteLedger, tally: Tally) -> None:
    """Say in the ledger of a dry run what would become of each row: pending ones would be sent.

    Args:
        caller: Makes the reads.
        ledger: The ledger, sealed.
        tally: Counts the requests.

    Raises:
        FronteggError: A read failed.
    """
    operation = OPERATIONS[ledger.job.operation]
    after = 0
    while items := await ledger.usable(after, _PAGE):
        after = items[-1].number
        ids = [each for item in items for each in (item.key, _parent_of(item)) if each is not None]
        found = await read_tenants(caller, list(dict.fromkeys(ids)))
        await ledger.turn(Turn(finished=[_foretold(item, found, operation) for item in items], requests=tally.take()))
    generation = await ledger.next_generation(-1)
    while generation is not None:
        # Which skips those whose parent would fail.
        generation = await ledger.next_generation(generation)


def _parent_of(item: Item) -> str | None:
    parent = item.values.get("parent_tenant_id", item.values.get("parent_id"))
    return None if parent is None else str(parent)


def _foretold(item: Item, found: Mapping[str, Tenant], operation: Operation) -> Finished:
    parent = _parent_of(item)
    above = None if parent is None else found.get(parent)
    if not operation.makes_tenant and item.key not in found:
        refusal = "NotFoundError", 404, "there is no such tenant"
    elif operation.makes_tenant and item.key in found:
        refusal = "ConflictError", 409, "a tenant with this id exists"
    elif not operation.makes_tenant and parent is not None and above is None:
        refusal = "NotFoundError", 404, f"there is no tenant {parent!r} to put it under"
    elif above is not None and above.is_reseller is False:
        refusal = "BadRequestError", 400, f"the tenant {parent!r} may not have sub-accounts: it is no reseller"
    else:
        return Finished(item.number, RowState.PENDING, 0, message=operation.will)
    error, status, message = refusal
    return Finished(item.number, RowState.FAILED, 0, error=error, status=status, message=message)
