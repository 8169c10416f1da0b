"""`ParentReader`, which finds the parents of accounts in the trees of the hierarchy, even while accounts move."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import islice, repeat
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.codec.tree_reader import SubAccountIds
from frontegg_async._core.runtime.gathering import CONCURRENCY, gather
from frontegg_async._formats.json_text import sorted_json
from frontegg_async.endpoints import Endpoint, hierarchy
from frontegg_async.errors import ErrorDetails, NotFoundError, PaginationError
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.snapshots.account_row import AccountRow
from frontegg_async.snapshots.single_account import is_there

Parents: TypeAlias = dict[str, bytes]
"""For the id of each account, the id of the parent as JSON text."""

READS: Final = 5
"""The maximum number of times that the hierarchy is requested while accounts move."""

_TREE: Final = attrs.evolve(cast("Endpoint[SubAccountIds]", hierarchy.TREE), returns=SubAccountIds)


@attrs.frozen
class ParentReader:
    """Requests the trees of all accounts that may have children.

    One request returns one tree. If an account moves from a tree that is not requested yet to a tree that was already
    requested, no response contains the account. So the reader requests all trees again until they contain no new
    parent. The parent of an account is a parent that any of these responses contained.
    """

    caller: Caller
    options: Options | None
    keep: Callable[[Parents], Awaitable[None]]
    """The function that is called with new parents. An account that moves is passed again."""
    read_created: Callable[[], Awaitable[Sequence[AccountRow]]]
    """A function that returns the accounts that were created since the last call of the function."""
    tops: dict[str, None]
    """The ids of accounts that may have children. The reader adds created accounts and removes deleted accounts."""
    _known: set[int] = attrs.field(factory=set[int], init=False)
    """The hashes of the known pairs of an account and its parent."""

    async def read(self) -> None:
        """Request the trees until they contain no new parent.

        Raises:
            PaginationError: The hierarchy was requested five times and always had a new parent, or an existing account
                has no tree.
            FronteggError: A request failed.
        """
        created: set[str] = set()
        for number in range(READS):
            found, is_whole = await self._read_trees()
            if number and is_whole and not found:
                return
            rows = await self.read_created()
            created.update(row.tenant_id for row in rows)
            self.tops.update(dict.fromkeys(row.tenant_id for row in rows if may_have_others(row)))
            if number and is_whole and found <= created:
                return
        raise _incomplete(f"the client requested the hierarchy {READS} times, and accounts moved each time")

    async def _read_trees(self) -> tuple[set[str], bool]:
        """Request the tree of each account that may have children, unless another tree contains the account.

        Returns:
            The ids of the accounts with a new parent, and whether all trees were received.

        Raises:
            PaginationError: An existing account has no tree.
        """
        waiting = dict(self.tops)
        deleted: list[str] = []
        moved: set[str] = set()
        is_first = not self._known

        async def read(tenant_id: str) -> Parents:
            try:
                tree = await self.caller.for_tenant(tenant_id).value(_TREE, options=self.options)
            except NotFoundError:
                deleted.append(tenant_id)
                waiting.pop(tenant_id, None)
                return {}
            found = _parents_in(tree)
            for each in (tree.tenant_id, *(waiting.keys() & found.keys())):
                waiting.pop(each, None)
            return found

        while waiting:
            for found in await gather(read, islice([*waiting], CONCURRENCY)):
                fresh = {child: parent for child, parent in found.items() if hash((child, parent)) not in self._known}
                self._known.update(map(hash, fresh.items()))
                moved.update(() if is_first else fresh)
                await self.keep(fresh)
        for tenant_id in deleted:
            if await is_there(self.caller, tenant_id, self.options):
                raise _incomplete("an account has no tree")
            del self.tops[tenant_id]
        return moved, not deleted


async def read_children(caller: Caller, tenant_id: str, options: Options | None) -> list[str]:
    """Return the ids of the direct children of an account; an empty list if the account was deleted.

    Raises:
        FronteggError: A request failed.
    """
    try:
        tree = await caller.for_tenant(tenant_id).value(_TREE, options=options)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return []
    return [*tree.children.get(tenant_id, ())]


def may_have_others(row: AccountRow | Tenant) -> bool:
    """Return whether an account may have children: the account is a reseller, or the response lacks this field."""
    return row.is_reseller is not False


def _incomplete(problem: str) -> PaginationError:
    details = ErrorDetails(endpoint=hierarchy.TREE.name, reason="incomplete")
    return PaginationError(f"{problem}: the export would not be complete, so no file was written", details)


def _parents_in(tree: SubAccountIds) -> Parents:
    found: Parents = {}
    for parent, children in tree.children.items():
        found.update(zip(children, repeat(sorted_json(parent))))
    return found
