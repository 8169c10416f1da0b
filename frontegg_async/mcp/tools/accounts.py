"""``accounts_search`` and ``account_get``: search accounts by text, and get an account with its parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import APIError
from frontegg_async.mcp.answers import Listed, One, Row
from frontegg_async.mcp.scope import no_account
from frontegg_async.mcp.tool import ToolCall
from frontegg_async.mcp.tools.reading import PAGE, plain, read_rows
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.applications import AsyncApplications
from frontegg_async.resources.of_tenant.applications import AsyncTenantApplications
from frontegg_async.resources.plan_assignments import AsyncPlanAssignments
from frontegg_async.resources.plans import AsyncPlans
from frontegg_async.resources.tenants import AsyncTenants
from frontegg_async.snapshots.included import read_included
from frontegg_async.snapshots.rows import field_of
from frontegg_async.snapshots.single_account import parent_of, read_account


async def search(call: ToolCall) -> Listed:
    """Search accounts by a part of their name or id."""
    text: str = call.values["text"]
    if call.reach.names is not None:
        return await _search_in(call, call.reach.names, text)
    pages = AsyncTenants(call.caller).list(filter=text or None, sort_by="tenantId", page_size=PAGE)
    return await read_rows(pages, row_of, call.position, call.most)


async def _search_in(call: ToolCall, names: Mapping[str, str], text: str) -> Listed:
    """Search the given accounts. A search by the service would search all accounts, and reveal their number."""
    wanted = folded(text)
    found = sorted(each for each, name in names.items() if wanted in folded(each) or wanted in folded(name))
    start = call.position[0]
    chosen = found[start : start + call.most]
    accounts = await _accounts(call.caller, chosen)
    rows = [((number, 0), row_of(accounts[each])) for number, each in enumerate(chosen, start) if each in accounts]
    end = start + len(chosen)
    return Listed(rows=rows, after=(end, 0) if end < len(found) else None, total=len(found))


async def _accounts(caller: Caller, ids: Sequence[str]) -> Mapping[str, Tenant]:
    """Return at most 50 accounts by their ids."""
    # The service may split the ids in a query at commas.
    listed = [each for each in ids if "," not in each]
    alone = await gather(lambda each: read_account(caller, each, None), [each for each in ids if "," in each])
    rows = await AsyncTenants(caller).list(tenant_ids=listed).all() if listed else []
    return {each.tenant_id: each for each in (*rows, *alone) if each is not None}


def row_of(tenant: Tenant) -> Row:
    """Return the row of an account."""
    return plain(tenant, "internal_id", "vendor_id", "deleted_at")


async def get(call: ToolCall) -> One:
    """Return an account with the requested parts."""
    tenant_id: str = call.values["tenant_id"]
    call.reach.check(tenant_id)
    found = await read_account(call.caller, tenant_id, None)
    if found is None:
        raise no_account(tenant_id)
    row: Row = {**row_of(found), "parent_tenant_id": await shown_parent(call, tenant_id)}
    return One({**row, **await read_parts(call, tenant_id, call.values["parts"])})


async def shown_parent(call: ToolCall, tenant_id: str) -> str | None:
    """Return the id of an account's parent. ``None`` without a parent, or if the session may not see the parent."""
    if call.reach.ids == {tenant_id}:
        return None
    parent = await parent_of(call.caller, tenant_id, None)
    return parent if call.reach.has(parent) else None


async def read_parts(call: ToolCall, tenant_id: str, parts: Sequence[IncludeLiteral]) -> Row:
    """Return parts of an account, named like the fields of an export. A part may be a note that it cannot be read."""
    caller = call.caller.for_tenant(tenant_id)
    found: Row = {}
    for part in parts:
        read = _OWN.get(part)
        try:
            if read is None:
                found.update(await read_included(caller, [part], None))
            else:
                found[part] = await read(caller, tenant_id)
        except APIError as error:
            found[field_of(part)] = {"not_readable": error.status}
    return found


async def _applications(caller: Caller, tenant_id: str) -> JsonValue:
    del tenant_id
    names = {each.id: each.name async for each in AsyncApplications(caller).list()}
    return sorted(names.get(each.app_id, each.app_id) for each in await AsyncTenantApplications(caller).list_assigned())


async def _plans(caller: Caller, tenant_id: str) -> JsonValue:
    """Return the plans that an account has without an end date, in the format of an export."""
    names = {each.id: each.name async for each in AsyncPlans(caller).list()}
    return sorted(
        {
            names.get(each.plan_id, each.plan_id)
            async for each in AsyncPlanAssignments(caller).list(tenant_ids=[tenant_id])
            if each.tenant_id == tenant_id and each.user_id is None and each.expires_at is None
        }
    )


_OWN: Final[Mapping[str, Callable[[Caller, str], Awaitable[JsonValue]]]] = {
    "applications": _applications,
    "plans": _plans,
}
"""The parts that an export reads for all accounts at once. Tools read them for a single account."""
