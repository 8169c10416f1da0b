"""Read accounts by their ids, as rows for a mirror."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from itertools import chain
from typing import Final, TypeVar

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks.arguments import check_id
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._formats.json_text import sorted_json
from frontegg_async.endpoints import tenants
from frontegg_async.errors import ErrorDetails, InvalidArgumentError, NotFoundError, PaginationError
from frontegg_async.mirror.account_rows import AccountRecord, record_of, records_of
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.snapshots.account_row import AccountRow, lines_of, whole_lines
from frontegg_async.snapshots.chosen_accounts import ChosenAccounts
from frontegg_async.snapshots.parents import ParentReader, Parents, may_have_others, read_children
from frontegg_async.snapshots.reader import SnapshotReader
from frontegg_async.snapshots.single_account import parent_of, read_account

T = TypeVar("T")

LISTINGS: Final = 3
"""The largest number of listings. Accounts may be missing from a listing during which accounts are created or deleted.
"""

_NONE: Final = sorted_json(None)


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the values in groups of at most ``size`` values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


async def listed(snapshot: SnapshotReader, size: int) -> AsyncGenerator[list[AccountRecord]]:
    """Yield the accounts of a snapshot in the order of their ids, in groups of at least ``size`` accounts.

    Raises:
        PaginationError: The pages of the listing contradict each other.
        FronteggError: A request failed.
    """
    waiting = list[AccountRecord]()
    async with aclosing(snapshot.portions()) as portions:
        async for portion in portions:
            waiting += await run_in_thread(records_of, portion)
            if len(waiting) >= size:
                yield waiting
                waiting = []
    if waiting:
        yield waiting


def must_be_listed(record: AccountRecord) -> bool:
    """Return whether every complete listing contains this account. A listing may omit locked accounts."""
    return record.is_locked is not True


def incomplete() -> PaginationError:
    """Return the error for repeated listings from which existing accounts are missing."""
    details = ErrorDetails(endpoint=tenants.LIST.name, reason="incomplete")
    return PaginationError(
        f"existing accounts are missing from each of {LISTINGS} listings, so other accounts may be missing too", details
    )


def is_id(value: str) -> bool:
    """Return whether a text can be the id of an account. Events and edited rows may contain any text."""
    try:
        check_id(value, "tenant_id")
    except InvalidArgumentError:
        return False
    return True


@attrs.frozen
class ReadAccounts:
    """The result of reading accounts by their ids."""

    records: list[AccountRecord]
    """The existing accounts, in the order of their ids."""
    absent: list[str]
    """The ids of accounts that the service does not have. A read of each id confirmed this, unless the id is invalid.
    """


@attrs.frozen
class AccountReader:
    """Reads accounts by their ids, up to 100 accounts per request. Each missing account is read by a separate request.

    Only some accounts can have children. If their number is small, the reader reads the trees of these accounts to find
    the parents of a batch. Otherwise it sends one request for each account of the batch.
    """

    caller: Caller
    options: Options | None

    async def read(self, ids: Collection[str], tops: Collection[str] | None) -> ReadAccounts:
        """Read accounts.

        Args:
            ids: The ids of the accounts.
            tops: The ids of all accounts of the environment that may have children. ``None`` if there are too many of
                them to read their trees.

        Raises:
            FronteggError: A request failed.
        """
        possible = {each for each in ids if is_id(each)}
        rows = await self._rows(possible) if possible else {}
        missing = sorted(possible - rows.keys())
        alone = await gather(self._alone, missing)
        rows |= {row.tenant_id: row for row in alone if row is not None}
        parents = await self._parents(rows, None if tops is None else [each for each in tops if is_id(each)])
        there = [rows[tenant_id] for tenant_id in sorted(rows) if tenant_id in parents]
        lines = whole_lines(lines_of(there), [parents[row.tenant_id] for row in there]).splitlines()
        return ReadAccounts(
            [record_of(row.tenant_id, line) for row, line in zip(there, lines, strict=True)],
            sorted({*ids} - parents.keys()),
        )

    async def children(self, ids: Collection[str]) -> list[str]:
        """Return the ids of the direct children of accounts.

        Raises:
            FronteggError: A request failed.
        """
        found = await gather(partial(read_children, self.caller, options=self.options), ids)
        return [*chain.from_iterable(found)]

    async def _rows(self, ids: Collection[str]) -> dict[str, AccountRow | Tenant]:
        rows = dict[str, AccountRow | Tenant]()

        async def take(some: Sequence[AccountRow | Tenant], parents: Parents) -> None:
            del parents
            rows.update({row.tenant_id: row for row in some})

        listing = SnapshotReader(self.caller, options=self.options).listing()
        await ChosenAccounts(self.caller, listing, frozenset(ids), self.options, False, take).read()
        return rows

    async def _alone(self, tenant_id: str) -> Tenant | None:
        return await read_account(self.caller, tenant_id, self.options)

    async def _parents(self, rows: dict[str, AccountRow | Tenant], tops: Collection[str] | None) -> Parents:
        """Return the parents of accounts as JSON text. Accounts that were deleted after the first read are omitted."""
        all_tops = dict.fromkeys([*(tops or ()), *(row.tenant_id for row in rows.values() if may_have_others(row))])
        # Trees are read until a read finds nothing new, so each tree is read at least twice.
        if tops is None or 2 * len(all_tops) > len(rows):
            found = await gather(self._parent, [*rows])
            return {tenant_id: each for tenant_id, each in zip(rows, found, strict=True) if each is not None}
        known = dict.fromkeys(rows, _NONE)

        async def keep(found: Parents) -> None:
            known.update({child: parent for child, parent in found.items() if child in rows})

        async def read_created() -> Sequence[AccountRow]:
            return ()

        if all_tops:
            await ParentReader(self.caller, self.options, keep, read_created, all_tops).read()
        return known

    async def _parent(self, tenant_id: str) -> bytes | None:
        """Return the id of an account's parent as JSON text.

        Return ``None`` if the account was deleted after the first read.
        """
        try:
            return sorted_json(await parent_of(self.caller, tenant_id, self.options))
        except NotFoundError as error:
            if not says_absent(error):
                raise
            return None
