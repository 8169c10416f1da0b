"""``accounts_tree``: show accounts and the accounts below them."""

from __future__ import annotations

from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import hierarchy
from frontegg_async.errors import NotFoundError
from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.cursors import Position
from frontegg_async.mcp.scope import no_account
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tools.reading import PAGE
from frontegg_async.pages import page_of
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.resources.tenants import AsyncTenants
from frontegg_async.snapshots.parents import may_have_others
from frontegg_async.snapshots.single_account import parent_of
from frontegg_async.tree import TenantTree

_TREES: Final = 10
"""The largest number of trees that a call reads."""
_PAGES: Final = 10
"""The largest number of pages of accounts that a call reads."""


async def show(call: ToolCall) -> Listed:
    """Return accounts with the accounts below them."""
    tenant_id: str | None = call.values["tenant_id"]
    if tenant_id is None:
        return await _trees(call)
    call.reach.check(tenant_id)
    rows = _rows(await _read(call.caller, tenant_id), call.values["depth"], call)
    start = call.position[1]
    end = min(start + call.most, len(rows))
    shown = [((0, number), rows[number]) for number in range(start, end)]
    return Listed(rows=shown, after=(0, end) if end < len(rows) else None, total=len(rows))


async def _trees(call: ToolCall) -> Listed:
    """Return the trees of accounts without a parent, in the order of their ids."""
    number, skipped = call.position
    rows: list[tuple[Position, Row]] = []
    listing = AsyncTenants(call.caller).list(sort_by="tenantId", page_size=PAGE)
    trees = 0
    for _ in range(_PAGES):
        index, first = divmod(number, PAGE)
        page = await page_of(listing, index)
        for tenant in page.items[first:]:
            if may_have_others(tenant):
                if trees == _TREES or len(rows) >= call.most:
                    return Listed(rows=rows, after=(number, skipped), total=None)
                trees += 1
                found = await _tree_of_top(call, tenant.tenant_id)
                for place in range(skipped, len(found)):
                    if len(rows) == call.most:
                        return Listed(rows=rows, after=(number, place), total=None)
                    rows.append(((number, place), found[place]))
            number, skipped = number + 1, 0
        if len(page.items) < PAGE:
            return Listed(rows=rows, after=None, total=None)
    return Listed(rows=rows, after=(number, 0), total=None)


async def _tree_of_top(call: ToolCall, tenant_id: str) -> list[Row]:
    """Return the rows of an account's tree. Empty if the account has a parent, or has no accounts below it."""
    try:
        tree = await call.caller.for_tenant(tenant_id).value(hierarchy.TREE)
        if len(tree) == 1 or await parent_of(call.caller, tenant_id, None) is not None:
            return []
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return []
    return _rows(tree, call.values["depth"], call)


async def _read(caller: Caller, tenant_id: str) -> TenantTree:
    try:
        return await caller.for_tenant(tenant_id).value(hierarchy.TREE)
    except NotFoundError:
        raise no_account(tenant_id) from None


def _rows(tree: TenantTree, depth: int, call: ToolCall) -> list[Row]:
    """Return the rows of a tree down to a depth. Each row contains the number of accounts directly below it."""
    entries = [*tree.walk()]
    above: list[int] = []
    children = [0] * len(entries)
    for number, entry in enumerate(entries):
        del above[entry.depth :]
        if above:
            children[above[-1]] += 1
        above.append(number)
    return [
        {"tenant_id": each.node.tenant_id, "name": each.node.tenant_name, "depth": each.depth, "children": count}
        for each, count in zip(entries, children, strict=True)
        if each.depth <= depth and call.reach.has(each.node.tenant_id)
    ]
