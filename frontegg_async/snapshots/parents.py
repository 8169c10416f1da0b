"""`ParentReader`: find the parents of accounts by the trees of the hierarchy, while accounts move in it."""

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
"""The ids of the parents of accounts as JSON text, by the ids of the accounts."""

READS: Final = 5
"""How often the hierarchy is read as long as accounts move in it."""

_TREE: Final = attrs.evolve(cast("Endpoint[SubAccountIds]", hierarchy.TREE), returns=SubAccountIds)


@attrs.frozen
class ParentReader:
    """Reads the trees of all accounts that may have others below them.

    The trees are read one after the other. An account that moves from one that is not read yet to one that was read is
    in neither, as if it had no parent. So all are read again until a read finds nothing that an earlier one did not
    find; an account has the parent that any of them found.
    """

    caller: Caller
    options: Options | None
    keep: Callable[[Parents], Awaitable[None]]
    """Gets the parents that were found. An account that moves comes again."""
    read_created: Callable[[], Awaitable[Sequence[AccountRow]]]
    """Returns the accounts that were created since it was called last."""
    tops: dict[str, None]
    """The ids of accounts that may have others below them. What is deleted is removed, what is created added."""
    _known: set[int] = attrs.field(factory=set[int], init=False)
    """The hashes of the pairs of an account and its parent that were found."""

    async def read(self) -> None:
        """Read the hierarchy.

        Raises:
            PaginationError: Each of five reads found something new, or an account that is there has no tree.
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
        raise _incomplete(f"accounts moved in the hierarchy during each of {READS} reads of it")

    async def _read_trees(self) -> tuple[set[str], bool]:
        """Read the tree of each account that may have others below it, unless it is in the tree of another.

        Returns:
            The ids of the accounts whose parent no earlier read found; and whether each tree could be read.

        Raises:
            PaginationError: An account that is there has no tree.
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
    """Return the ids of the accounts directly below an account; none if it was deleted.

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
    """Return whether there may be accounts below an account: it is a reseller, or does not say whether it is."""
    return row.is_reseller is not False


def _incomplete(problem: str) -> PaginationError:
    details = ErrorDetails(endpoint=hierarchy.TREE.name, reason="incomplete")
    return PaginationError(f"{problem}: an export would not be complete, and none was written", details)


def _parents_in(tree: SubAccountIds) -> Parents:
    found: Parents = {}
    for parent, children in tree.children.items():
        found.update(zip(children, repeat(sorted_json(parent))))
    return found
