"""The operation that puts tenants under others."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async.bulk.ledger import Item
from frontegg_async.bulk.operation import Operation, Shown
from frontegg_async.bulk.operations.columns import id_column
from frontegg_async.bulk.operations.reads import by_tenant_and_parent
from frontegg_async.endpoints import hierarchy
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy


def _assign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncHierarchy(caller).assign(items[0].key, str(items[0].values["parent_id"]))


def _judge(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.NOT_DONE if tenant is None else Shown.DONE


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
)
"""``frontegg.bulk.assign``."""
