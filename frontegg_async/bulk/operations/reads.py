"""How rows that may have been sent are read back: by the tenants that the service shows, 100 in a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Item
from frontegg_async.bulk.operation import ReadBack, Shown
from frontegg_async.errors import FronteggError, NotFoundError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.support.batches import MAX_IDS
from frontegg_async.resources.support.read_back import is_lacking, says_absent, shows
from frontegg_async.resources.support.relations import Relation
from frontegg_async.resources.tenants import AsyncTenants

T = TypeVar("T")

Judge: TypeAlias = Callable[[Item, Tenant | None], Shown | FronteggError]
"""Returns what a tenant shows of a row, or the error if it does not show whether the row was done.

A tenant that is deleted is given as ``None``.
"""


async def read_tenants(caller: Caller, ids: Sequence[str]) -> dict[str, Tenant]:
    """Return the live tenants among some ids, with a request for each 100.

    Args:
        caller: Makes the requests.
        ids: The ids, each once.

    Raises:
        FronteggError: A request failed.
    """
    # The service may split a query at commas.
    listed = [tenant_id for tenant_id in ids if "," not in tenant_id]
    found: dict[str, Tenant] = {}
    for start in range(0, len(listed), MAX_IDS):
        batch = listed[start : start + MAX_IDS]
        async for tenant in AsyncTenants(caller).list(tenant_ids=batch, page_size=2 * MAX_IDS, prefetch=0):
            found[tenant.tenant_id] = tenant
    for tenant_id in ids:
        if "," in tenant_id:
            alone = await _get(caller, tenant_id)
            if alone is not None:
                found[tenant_id] = alone
    return {tenant_id: tenant for tenant_id, tenant in found.items() if not tenant.is_deleted}


async def _get(caller: Caller, tenant_id: str) -> Tenant | None:
    try:
        return await AsyncTenants(caller).get(tenant_id)
    except NotFoundError as error:
        if not says_absent(error):
            raise
    return None


def by_tenant(judge: Judge) -> ReadBack:
    """Return the function that reads rows back, where the tenant itself shows all.

    Args:
        judge: Judges each row.
    """

    async def read_back(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
        try:
            found = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))
        except FronteggError as error:
            return [error.fresh()] * len(items)
        return [judge(item, found.get(item.key)) for item in items]

    return read_back


def by_tenant_and_parent(judge: Judge, column: str, *, elsewhere: Shown) -> ReadBack:
    """Return the function that reads rows back of which some have a parent, which the tenant itself does not show.

    Args:
        judge: Judges all but the parent.
        column: The column with the parent.
        elsewhere: What a tenant shows that is not under the parent, and shows all else.
    """
    read_tenant = by_tenant(judge)

    async def read_back(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
        shown = list(await read_tenant(caller, items))
        for place, item in enumerate(items):
            parent = item.values.get(column)
            if shown[place] is Shown.DONE and parent:
                shown[place] = await _is_below(caller, item.key, str(parent), elsewhere)
        return shown

    return read_back


async def _is_below(caller: Caller, tenant_id: str, parent_id: str, elsewhere: Shown) -> Shown | FronteggError:
    try:
        is_below = await Relation(caller, parent_id, tenant_id).holds(caller.options_for(None))
    except FronteggError as error:
        return error.fresh()
    return Shown.DONE if is_below else elsewhere


def call_with(function: Callable[..., T], item: Item) -> T:
    """Call the method of one tenant, or the model of its body, with the values of a row.

    Args:
        function: The method.
        item: The row, which was checked.
    """
    return function(**{**item.values, "tenant_id": item.key})


def judge_fields(values: Mapping[str, JsonValue], tenant: Tenant | None, body: attrs.AttrsInstance) -> Shown:
    """Judge a change of fields: it is done if the tenant has all of them and they agree.

    Args:
        values: The values of the row.
        tenant: The tenant.
        body: The body that the row is sent as.
    """
    if tenant is None or not shows(tenant, body):
        return Shown.NOT_DONE
    asked = [name for name, value in values.items() if name != "tenant_id" and value is not None]
    is_told = all(hasattr(tenant, name) and not is_lacking(tenant, name) for name in asked)
    return Shown.DONE if is_told else Shown.NOT_DONE
