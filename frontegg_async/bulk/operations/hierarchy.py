"""The operations that move tenants in the hierarchy."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.unset import Unset
from frontegg_async.bulk.operation import Column, Operation, Shown
from frontegg_async.bulk.operations.columns import TENANT_ID, id_column
from frontegg_async.bulk.operations.reads import by_tenant_and_parent, parent_before, read_parent
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import hierarchy
from frontegg_async.errors import FronteggError
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.hierarchy import AsyncHierarchy


def _assign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncHierarchy(caller).assign(items[0].key, str(items[0].values["parent_id"]))


def _judge(item: Item, tenant: Tenant | None) -> Shown:
    del item
    return Shown.NOT_DONE if tenant is None else Shown.DONE


ASSIGN: Final = Operation(
    name="assign",
    summary="Make tenants sub-accounts of other tenants.",
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
    read_before=parent_before("parent_id"),
    after=lambda values: {"parent_id": values["parent_id"]},
)
"""``frontegg.bulk.assign``."""


async def _move(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    parent = item.values["parent_tenant_id"]
    if parent is not None:
        await AsyncHierarchy(caller).move(item.key, str(parent))
        return
    # Use the parent that the row expects. If the tenant now has another parent, the service refuses the request.
    above = item.before["parent_tenant_id"] if item.before else await read_parent(caller, item.key)
    if above:
        await AsyncHierarchy(caller).unassign(item.key, str(above))


async def _moved(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
    async def shown(item: Item) -> Shown | FronteggError:
        try:
            above: str | None | Unset = await read_parent(caller, item.key)
        except FronteggError as error:
            return error.fresh()
        return Shown.DONE if above == item.values["parent_tenant_id"] else Shown.NOT_DONE

    return await gather(shown, items)


MOVE: Final = Operation(
    name="move",
    is_method=False,
    summary="Move tenants to other parents, or to the top.",
    rows="``tenant_id`` and ``parent_tenant_id``, which is null for the top.",
    will="would be moved",
    columns=(
        TENANT_ID,
        Column("parent_tenant_id", ("parentTenantId",), arguments.check_id, is_nullable=True),
    ),
    changes="parent",
    endpoint=hierarchy.ASSIGN,
    other_endpoints=(hierarchy.REMOVE,),
    send=_move,
    read_back=_moved,
    read_before=parent_before("parent_tenant_id"),
    after=lambda values: {"parent_tenant_id": values["parent_tenant_id"]},
    between={"parent_tenant_id": None},
)
"""The operation of mixed jobs that moves tenants. A row can need two requests, with no parent in between."""
