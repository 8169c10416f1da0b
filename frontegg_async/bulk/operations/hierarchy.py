"""The operation that moves tenants below other tenants."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Mapping, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.bulk.operation import Operation, Shown
from frontegg_async.bulk.operations.columns import id_column
from frontegg_async.bulk.operations.reads import by_tenant_and_parent
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import hierarchy
from frontegg_async.errors import NotFoundError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy
from frontegg_async.resources.support.read_back import says_absent


def _assign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncHierarchy(caller).assign(items[0].key, str(items[0].values["parent_id"]))


def _judge(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.NOT_DONE if tenant is None else Shown.DONE


async def _parents(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
    return await gather(lambda item: _parent(caller, item.key), items)


async def _parent(caller: Caller, tenant_id: str) -> Mapping[str, object] | None:
    try:
        above = await AsyncHierarchy(caller).list_parents(tenant_id)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return None
    nearest = min(above, key=lambda parent: parent.level or math.inf, default=None)
    return {"parent_id": None if nearest is None else nearest.tenant_id}


ASSIGN: Final = Operation(
    name="assign",
    summary="Put tenants under others as their sub-accounts.",
    rows="``child_id`` and ``parent_id``.",
    will="would be put under its parent",
    columns=(
        id_column("child_id", "childTenantId", "child_tenant_id", "tenant_id", "tenantId"),
        id_column("parent_id", "parentTenantId", "parent_tenant_id"),
    ),
    required=("child_id", "parent_id"),
    key="child_id",
    endpoint=hierarchy.ASSIGN,
    send=_assign,
    read_back=by_tenant_and_parent(_judge, "parent_id", elsewhere=Shown.NOT_DONE),
    read_before=_parents,
)
"""``frontegg.bulk.assign``."""
