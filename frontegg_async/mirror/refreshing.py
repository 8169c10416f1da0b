"""Write a complete listing of the accounts to a mirror."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Final

import attrs

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.mirror.account_rows import AccountRecord, records_of
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.reading import AccountReader
from frontegg_async.models.mirror import MirrorRefresh
from frontegg_async.snapshots.reader import SnapshotReader

_WRITTEN_AT_ONCE: Final = 4_000
"""The accounts that are written in a transaction."""
_AT_ONCE: Final = 100
"""The accounts that are read by their ids with one number."""


@attrs.define
class Refresh:
    """Reads all accounts and writes them; marks those as deleted that the service does not have.

    A row keeps the number that was drawn before its read began, and a read with a lower number never replaces it. So a
    refresh runs beside other reads without a lock. Rows that another read has written otherwise meanwhile are read once
    more: either may have seen the older state.
    """

    accounts: Accounts
    reader: AccountReader
    _listed: int = 0
    _read_again: int = 0
    _deleted: int = 0

    async def run(self) -> MirrorRefresh:
        """Read and write all accounts.

        Raises:
            MirrorError: The database failed.
            FronteggError: A request failed. No account is marked as deleted then, unless the listing was complete.
        """
        number = await self.accounts.database.draw_number()
        doubtful, waiting = list[str](), list[AccountRecord]()
        snapshot = SnapshotReader(self.reader.caller, options=self.reader.options)
        async with aclosing(snapshot.portions()) as portions:
            async for portion in portions:
                waiting += await run_in_thread(records_of, portion)
                if len(waiting) >= _WRITTEN_AT_ONCE:
                    doubtful += await self._write(waiting, number)
                    waiting = []
        doubtful += await self._write(waiting, number)
        for start in range(0, len(doubtful), _AT_ONCE):
            await self._read(doubtful[start : start + _AT_ONCE])
        # The listing was complete: it wrote each account that it showed with this number or found a higher one.
        async with aclosing(self.accounts.read_before(number)) as pages:
            async for ids in pages:
                for start in range(0, len(ids), _AT_ONCE):
                    await self._read(ids[start : start + _AT_ONCE])
        return MirrorRefresh(accounts=self._listed, read_again=self._read_again, deleted=self._deleted)

    async def _write(self, records: Sequence[AccountRecord], number: int) -> list[str]:
        self._listed += len(records)
        return await self.accounts.write(records, number, datetime.now(UTC))

    async def _read(self, ids: Sequence[str]) -> None:
        """Read accounts by their ids, and write what the service has of them."""
        number = await self.accounts.database.draw_number()
        read = await self.reader.read(ids, await self.accounts.tops(len(ids)))
        now = datetime.now(UTC)
        # A row that is written otherwise by a later read stays so: that read began later.
        await self.accounts.write(read.records, number, now)
        self._deleted += await self.accounts.mark_deleted(read.absent, number, now)
        self._read_again += len(ids)
