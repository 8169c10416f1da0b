"""`Worker`: reads the accounts that events, the audit log and checks marked, and writes them to a mirror."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from frontegg_async.errors import (
    APIError,
    DecodeError,
    FronteggError,
    PaginationError,
    ProtocolError,
    ResponseMismatchError,
)
from frontegg_async.mirror.account_rows import AccountRecord
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.database import RefusedRowError
from frontegg_async.mirror.dirty import Dirty, DirtyRow
from frontegg_async.mirror.reading import AccountReader

BATCH: Final = 100
"""The largest number of accounts that are read at a time. One request lists up to 100 accounts by id."""

_PAUSE: Final = 0.25
"""The seconds between two searches for marked accounts. Accounts that are marked in between are read together."""

_STATUSES_OF_ONE: Final = frozenset({400, 403, 404, 409, 410, 414, 422, 500})
_OF_ONE: Final = (PaginationError, DecodeError, ProtocolError, ResponseMismatchError, RefusedRowError)
_HOPELESS: Final = 12
"""The number of failed reads after which the worker stops reading a batch, if no read of the batch succeeded."""


@attrs.frozen
class Worker:
    """Reads marked accounts in batches."""

    accounts: Accounts
    dirty: Dirty
    reader: AccountReader
    settle: timedelta

    async def run(self) -> None:
        """Read marked accounts until the task is cancelled.

        Raises:
            FronteggError: A request or the database failed.
        """
        while True:
            if await self.work() < BATCH:
                await asyncio.sleep(_PAUSE)

    async def work(self) -> int:
        """Read a batch of marked accounts that no other worker reads. Return the number of accounts.

        Raises:
            FronteggError: A request or the database failed.
        """
        rows = await self.dirty.take(BATCH)
        if rows:
            await self._read(rows)
        return len(rows)

    async def _read(self, rows: Sequence[DirtyRow]) -> None:
        """Read accounts together. If the read fails and single accounts may be the cause, split the batch in halves."""
        waiting, failures, is_hopeless = [rows], 0, True
        while waiting:
            some = waiting.pop()
            try:
                await self._read_together(some)
                is_hopeless = False
            except FronteggError as error:
                failures += 1
                if not _may_be_of_one(error) or (is_hopeless and (failures == _HOPELESS or len(rows) == 1)):
                    await self.dirty.give_back([row for each in (*waiting, some) for row in each])
                    raise
                if len(some) == 1:
                    await self.dirty.give_back(some)
                else:
                    half = len(some) // 2
                    waiting += [some[half:], some[:half]]

    async def _read_together(self, rows: Sequence[DirtyRow]) -> None:
        ids = [row.id for row in rows]
        # Draw the number before the read begins, because the numbers define the order of reads.
        number = await self.accounts.database.draw_number()
        read = await self.reader.read(ids, await self.accounts.tops(len(ids)))
        before = {record.tenant_id: record for record in await self.accounts.some(ids)}
        after = {record.tenant_id: record for record in read.records}
        now = datetime.now(UTC)
        await self.accounts.write(read.records, number, now)
        if read.absent:
            await self.accounts.mark_deleted(read.absent, number, now)
        changed = [row for row in rows if _hash(before.get(row.id)) != _hash(after.get(row.id))]
        tops = [row for row in rows if _is_top(before.get(row.id)) != _is_top(after.get(row.id))]
        # A worker that was killed may have written the account without marking its children.
        again = [row for row in rows if row.attempts > 1 and (row.id not in after or _is_top(after[row.id]))]
        await self._mark_children({row.id: row for row in (*tops, *again)}.values())
        await self._note_unannounced(row for row in changed if not row.is_announced)
        await self.dirty.finish(rows, self.settle)

    async def _mark_children(self, tops: Collection[DirtyRow]) -> None:
        """Mark the children of accounts that have become possible parents, or are no longer possible parents.

        No event announces the new parent of a child.

        If the children were read before the mirror knew their parent as a possible parent, their rows lack the parent.
        """
        if not tops:
            return
        ids = [row.id for row in tops]
        children = {*await self.reader.children(ids), *await self.accounts.children_of(ids)}
        async with self.dirty.database.writing() as connection:
            await self.dirty.mark(connection, children, is_announced=all(row.is_announced for row in tops))

    async def _note_unannounced(self, changed: Iterable[DirtyRow]) -> None:
        """Store that no webhook event announced a change.

        Changes that a second read finds are ignored, because their event may not have arrived yet.
        """
        if any(not row.is_settling for row in changed):
            async with self.dirty.database.writing() as connection:
                await self.dirty.state.note_unannounced(connection)


def _hash(record: AccountRecord | None) -> str | None:
    return None if record is None else record.hash


def _is_top(record: AccountRecord | None) -> bool:
    return record is not None and record.may_have_children


def _may_be_of_one(error: FronteggError) -> bool:
    """Return whether a single account may be the reason why the read of a batch failed."""
    return isinstance(error, _OF_ONE) or (isinstance(error, APIError) and error.status in _STATUSES_OF_ONE)
