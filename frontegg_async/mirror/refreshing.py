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
"""The number of accounts that are written in one transaction."""
_AT_ONCE: Final = 100
"""The number of accounts that are read by their ids at a time, with the same number of the read."""


@attrs.define
class Refresh:
    """A refresh: reads all accounts, writes them, and marks missing accounts as deleted.

    Each read has a number, which is drawn before the read begins. A row stores the number of its read. A read with a
    lower number never replaces the row. So a refresh and other reads can run concurrently without a lock. If another
    read wrote a row with other values during the refresh, the account is read again, because either of the reads may
    have returned the older state.
    """

    accounts: Accounts
    reader: AccountReader
    _listed: int = 0
    _read_again: int = 0
    _deleted: int = 0

    async def run(self) -> MirrorRefresh:
        """Read and write all accounts.

        Raises:
            PaginationError: Each listing lacked accounts that exist.
            MirrorError: The database failed.
            FronteggError: A request failed. No account is marked as deleted unless the listing was complete.
        """
        for _ in range(LISTINGS):
            if await self._list():
                return MirrorRefresh(accounts=self._listed, read_again=self._read_again, deleted=self._deleted)
        raise incomplete()

    async def _list(self) -> bool:
        """List all accounts and write them. Return whether the listing was complete."""
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
        # The row of each listed account now has this number or a higher number. The accounts of all other rows are
        # missing from the listing.
        is_complete = True
        async with aclosing(self.accounts.read_before(number)) as pages:
            async for ids in pages:
                for some in batched(ids, _AT_ONCE):
                    is_complete = not any(map(must_be_listed, await self._read(some, snapshot.tops))) and is_complete
        return is_complete

    async def _read(self, ids: Sequence[str], tops: Collection[str]) -> list[AccountRecord]:
        """Read accounts by their ids and write them. Return the accounts that exist."""
        number = await self.accounts.database.draw_number()
        read = await self.reader.read(ids, await self.accounts.tops(len(ids), tops))
        now = datetime.now(UTC)
        # A row of a read with a higher number stays unchanged, because that read began later.
        await self.accounts.write(read.records, number, now)
        self._deleted += await self.accounts.mark_deleted(read.absent, number, now)
        self._read_again += len(ids)
        return read.records
