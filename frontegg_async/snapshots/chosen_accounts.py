"""The look-up of chosen accounts by their ids, with their parents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._formats.json_text import sorted_json
from frontegg_async.errors import NotFoundError
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options
from frontegg_async.page_reader import PageReader
from frontegg_async.resources.support.listing import PagedListing, split
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.snapshots.account_row import AccountRow
from frontegg_async.snapshots.parents import Parents
from frontegg_async.snapshots.single_account import parent_of, read_account


@attrs.frozen
class ChosenAccounts:
    """Requests chosen accounts. One request returns up to 100 accounts, and each parent needs a separate request."""

    caller: Caller
    listing: PagedListing[AccountRow]
    ids: frozenset[str]
    """The ids of the accounts. Accounts that do not exist are left out."""
    options: Options | None
    with_parents: bool
    take: Callable[[Sequence[AccountRow | Tenant], Parents], Awaitable[None]]
    """The function that is called with accounts and with the parents of these accounts."""

    async def read(self) -> None:
        """Request the accounts.

        Raises:
            PaginationError: The pages contradict the service's total, or an account moved while its parents were
                requested.
            FronteggError: A request failed.
        """
        # The service may treat a comma in an id as a separator.
        listed = tuple(tenant_id for tenant_id in sorted(self.ids) if "," not in tenant_id)
        reader = PageReader(split(self.listing, listed), attrgetter("tenant_id"), 0, "raise")
        while portion := await reader.read():
            await self._take(portion.fresh)
        alone = await gather(self._read, [tenant_id for tenant_id in self.ids if "," in tenant_id])
        await self._take([account for account in alone if account is not None])

    async def _read(self, tenant_id: str) -> Tenant | None:
        return await read_account(self.caller, tenant_id, self.options)

    async def _take(self, rows: Sequence[AccountRow | Tenant]) -> None:
        there = [row for row in rows if row.tenant_id in self.ids and row.deleted_at is None]
        if not self.with_parents:
            await self.take(there, {})
            return
        found = await gather(self._parent, [row.tenant_id for row in there])
        parents = {row.tenant_id: parent for row, parent in zip(there, found, strict=True) if parent is not None}
        await self.take([row for row in there if row.tenant_id in parents], parents)

    async def _parent(self, tenant_id: str) -> bytes | None:
        """Return the id of the parent as JSON text, or ``None`` if the account was deleted meanwhile."""
        try:
            return sorted_json(await parent_of(self.caller, tenant_id, self.options))
        except NotFoundError as error:
            if not says_absent(error):
                raise
            return None
