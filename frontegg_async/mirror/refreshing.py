"""Write a complete listing of the accounts to a mirror."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Final

import attrs

from frontegg_async.mirror.account_rows import AccountRecord
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.reading import LISTINGS, AccountReader, batched, incomplete, listed, must_be_listed
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
            PaginationError: The listing lacked accounts that exist, each time.
            MirrorError: The database failed.
            FronteggError: A request failed. No account is marked as deleted then, unless the listing was complete.
        """
        for _ in range(LISTINGS):
            if await self._list():
                return MirrorRefresh(accounts=self._listed, read_again=self._read_again, deleted=self._deleted)
        raise incomplete()

    async def _list(self) -> bool:
        """List all accounts and write them; return whether the listing lacked none that exists."""
        number = await self.accounts.database.draw_number()
        self._listed = 0
        doubtful = list[str]()
        snapshot = SnapshotReader(self.reader.caller, options=self.reader.options)
        async with aclosing(listed(snapshot, _WRITTEN_AT_ONCE)) as parts:
            async for records in parts:
                doubtful += await self.accounts.write(records, number, datetime.now(UTC))
                self._listed += len(records)
        for some in batched(doubtful, _AT_ONCE):
            await self._read(some, snapshot.tops)
        # It wrote each account that it showed with this number or found a higher one.
        is_complete = True
        async with aclosing(self.accounts.read_before(number)) as pages:
            async for ids in pages:
                for some in batched(ids, _AT_ONCE):
                    is_complete = not any(map(must_be_listed, await self._read(some, snapshot.tops))) and is_complete
        return is_complete

    async def _read(self, ids: Sequence[str], tops: Collection[str]) -> list[AccountRecord]:
        """Read accounts by their ids, and write what the service has of them; return the accounts that exist."""
        number = await self.accounts.database.draw_number()
        read = await self.reader.read(ids, await self.accounts.tops(len(ids), tops))
        now = datetime.now(UTC)
        # A row that is written otherwise by a later read stays so: that read began later.
        await self.accounts.write(read.records, number, now)
        self._deleted += await self.accounts.mark_deleted(read.absent, number, now)
        self._read_again += len(ids)
        return read.records
