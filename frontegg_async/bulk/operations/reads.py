"""Read back rows that may have been sent. One request reads up to 100 tenants."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias, TypeVar, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.json_values import JsonValue, parse_json_text
from frontegg_async._values.records import record_of
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk.operation import ReadBack, ReadBefore, Shown
from frontegg_async.bulk.store import Item
from frontegg_async.errors import FronteggError, NotFoundError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy
from frontegg_async.resources.support.batches import MAX_IDS
from frontegg_async.resources.support.read_back import is_lacking, says_absent, shows
from frontegg_async.resources.support.relations import Relation
from frontegg_async.resources.tenants import AsyncTenants

T = TypeVar("T")

Judge: TypeAlias = Callable[[Item, Tenant | None], Shown | FronteggError]
"""Returns the effect of a row, which its tenant shows; an error if the tenant does not show the effect.

The tenant is ``None`` if it was deleted.
"""


async def read_tenants(caller: Caller, ids: Sequence[str]) -> dict[str, Tenant]:
    """Return the tenants that exist, by id, with one request for each 100 ids.

    Args:
        caller: Sends the requests.
        ids: The ids, without duplicates.

    Raises:
        FronteggError: A request failed.
    """
    # The service may treat a comma in an id as a separator.
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
    """Return a function that finds out the effects of rows whose values all appear in the tenant.

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
    """Return a function that finds out the effects of rows that set a parent.

    The tenant itself does not show its parent.

    Args:
        judge: Judges all values except the parent.
        column: The column with the parent.
        elsewhere: The effect if the tenant shows all other values but is not below the parent.
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


def before_of(pick: Callable[[Item, Tenant], Mapping[str, object]]) -> ReadBefore:
    """Return a function that reads from the tenants the values that rows are about to replace.

    Args:
        pick: Returns the values of a tenant that a row is about to replace, by column name.
    """

    async def read_before(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
        found = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))
        return [None if (tenant := found.get(item.key)) is None else pick(item, tenant) for item in items]

    return read_before


def fields_before(item: Item, tenant: Tenant) -> Mapping[str, object]:
    """Return the fields and the metadata keys of a tenant that a row changes.

    Args:
        item: The row.
        tenant: The tenant.
    """
    names = [name for name in item.values if name != "tenant_id"]
    found = record_of(tenant, [name for name in names if hasattr(tenant, name)])
    keys = [name.removeprefix("metadata.") for name in names if name.startswith("metadata.")]
    return {**keys_before(tenant, keys), **found} if keys else found


def keys_before(tenant: Tenant, keys: Collection[str]) -> Mapping[str, object]:
    """Return only the named keys of a tenant's metadata. If the metadata is not an object, return the whole metadata.

    Args:
        tenant: The tenant.
        keys: The keys.
    """
    found = record_of(tenant, ["metadata"])
    shown = found["metadata"]
    if shown is not None and not isinstance(shown, Mapping):
        return found
    whole = cast("Mapping[str, object]", shown or {})
    return {"metadata": {key: whole[key] for key in keys if key in whole}}


async def read_parent(caller: Caller, tenant_id: str) -> str | None | Unset:
    """Return the id of a tenant's direct parent; ``None`` without a parent, and `UNSET` if the tenant does not exist.

    Args:
        caller: Sends the request.
        tenant_id: The tenant.

    Raises:
        FronteggError: The request failed.
    """
    try:
        above = await AsyncHierarchy(caller).list_parents(tenant_id)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return UNSET
    nearest = min(above, key=lambda parent: parent.level or math.inf, default=None)
    return None if nearest is None else nearest.tenant_id


def parent_before(column: str) -> ReadBefore:
    """Return a function that reads the parent of each tenant, with one request for each tenant.

    Args:
        column: The column name for the parent.
    """

    async def read_before(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
        parents = await gather(lambda item: read_parent(caller, item.key), items)
        return [None if parent is UNSET else {column: parent} for parent in parents]

    return read_before


def parsed(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the values in the form that the service shows. Metadata that is JSON text is parsed.

    Args:
        values: The values of a row.
    """
    given = values.get("metadata")
    return {**values, "metadata": parse_json_text(given)} if isinstance(given, str) else values


def call_with(function: Callable[..., T], item: Item) -> T:
    """Call a method that writes a single tenant, or the class of its request body, with the values of a row.

    Args:
        function: The method or the class.
        item: The checked row.
    """
    return function(**{**item.values, "tenant_id": item.key})


def judge_fields(values: Mapping[str, JsonValue], tenant: Tenant | None, body: attrs.AttrsInstance) -> Shown:
    """Judge the effect of a row that changes fields. The row is done if the tenant has the same value in each field.

    Args:
        values: The values of the row.
        tenant: The tenant.
        body: The request body of the row.
    """
    if tenant is None or not shows(tenant, body):
        return Shown.NOT_DONE
    asked = [name for name, value in values.items() if name != "tenant_id" and value is not None]
    is_shown = all(hasattr(tenant, name) and not is_lacking(tenant, name) for name in asked)
    return Shown.DONE if is_shown else Shown.NOT_DONE
