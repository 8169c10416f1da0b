"""Read the accounts that events, audits and checks marked, and write them to a mirror."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from frontegg_async.errors import APIError, FronteggError
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.dirty import Dirty, DirtyRow
from frontegg_async.mirror.reading import AccountReader

BATCH: Final = 100
"""The most accounts that are read at a time: what the service lists by their ids in one request."""

_PAUSE: Final = 0.25
"""The seconds between two looks for marked accounts. Those of a pause are read together."""

_OWN_FAULT: Final = frozenset({400, 404, 409, 414, 422})
"""The statuses of a request that may fail because of one account among others."""


@attrs.frozen
class Worker:
    """Reads marked accounts, batch by batch."""

    accounts: Accounts
    dirty: Dirty
    reader: AccountReader
    settle: timedelta

    async def run(self) -> None:
        """Read marked accounts as they come, until the task is cancelled.

        Raises:
            FronteggError: A request failed, or the database.
        """
        while True:
            if await self.work() < BATCH:
                await asyncio.sleep(_PAUSE)

    async def work(self) -> int:
        """Read some of the marked accounts that nobody reads; return how many they were.

        Raises:
            FronteggError: A request failed, or the database.
        """
        rows = await self.dirty.take(BATCH)
        if rows:
            await self._read(rows)
        return len(rows)

    async def _read(self, rows: Sequence[DirtyRow]) -> None:
        try:
            await self._read_together(rows)
        except APIError as error:
            if len(rows) == 1 or error.status not in _OWN_FAULT:
                await self.dirty.give_back(rows)
                raise
            # One account that cannot be read does not keep the others of its batch from being read.
            for row in rows:
                try:
                    await self._read_together([row])
                except APIError:
                    await self.dirty.give_back([row])
        except FronteggError:
            await self.dirty.give_back(rows)
            raise

    async def _read_together(self, rows: Sequence[DirtyRow]) -> None:
        ids = [row.id for row in rows]
        # Drawn and committed before the read begins: that is what orders it among others.
        number = await self.accounts.database.draw_number()
        read = await self.reader.read(ids, await self.accounts.tops(len(ids)))
        before = await self.accounts.hashes(ids)
        now = datetime.now(UTC)
        await self.accounts.write(read.records, number, now)
        await self.accounts.mark_deleted(read.absent, number, now)
        after = {record.tenant_id: record.hash for record in read.records}
        await self._note_unannounced(
            row for row in rows if not row.is_announced and before.get(row.id) != after.get(row.id)
        )
        await self.dirty.finish(rows, self.settle)

    async def _note_unannounced(self, changed: Iterable[DirtyRow]) -> None:
        """Note changes that no event announced. A second read may find a change whose event is on its way."""
        if any(not row.is_settling for row in changed):
            async with self.dirty.database.writing() as connection:
                await self.dirty.state.note_unannounced(connection)
