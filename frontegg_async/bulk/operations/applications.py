"""The operations that assign applications to tenants and unassign them."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.bulk.operation import Column, Operation, ReadBack, Shown
from frontegg_async.bulk.operations.columns import TENANT_ID
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import applications
from frontegg_async.errors import FronteggError, NotFoundError
from frontegg_async.resources.applications import AsyncApplications
from frontegg_async.resources.support.read_back import says_absent

_APP_ID: Final = Column("app_id", ("appId",), arguments.check_id)


def _assign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncApplications(caller).assign(items[0].key, str(items[0].values["app_id"]))


def _unassign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncApplications(caller).unassign(items[0].key, str(items[0].values["app_id"]))


async def _assigned_to(caller: Caller, tenant_id: str) -> Collection[str] | None:
    """Return the ids of the applications of a tenant; ``None`` if the tenant does not exist."""
    try:
        found = await AsyncApplications(caller).list_assigned(tenant_id)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return None
    return {each.app_id for each in found}


async def _read_now(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
    ids = list(dict.fromkeys(item.key for item in items))
    read = functools.partial(_assigned_to, caller)
    found = dict(zip(ids, await gather(read, ids), strict=True))
    return [
        None if (assigned := found[item.key]) is None else {"is_assigned": item.values["app_id"] in assigned}
        for item in items
    ]


def _read_back(*, is_assigned: bool) -> ReadBack:
    async def read_back(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
        try:
            found = await _read_now(caller, items)
        except FronteggError as error:
            return [error.fresh()] * len(items)
        return [Shown.DONE if now == {"is_assigned": is_assigned} else Shown.NOT_DONE for now in found]

    return read_back


ASSIGN_APPLICATION: Final = Operation(
    name="assign_application",
    is_method=False,
    summary="Assign applications to tenants.",
    rows="``tenant_id`` and ``app_id``.",
    will="would get the application",
    columns=(TENANT_ID, _APP_ID),
    required=("tenant_id", "app_id"),
    endpoint=applications.ASSIGN,
    send=_assign,
    read_back=_read_back(is_assigned=True),
    read_before=_read_now,
    after=lambda _: {"is_assigned": True},
)
"""The operation of mixed jobs that assigns an application to a tenant."""

UNASSIGN_APPLICATION: Final = Operation(
    name="unassign_application",
    is_method=False,
    summary="Take applications from tenants.",
    rows="``tenant_id`` and ``app_id``.",
    will="would lose the application",
    columns=(TENANT_ID, _APP_ID),
    required=("tenant_id", "app_id"),
    endpoint=applications.UNASSIGN,
    send=_unassign,
    read_back=_read_back(is_assigned=False),
    read_before=_read_now,
    after=lambda _: {"is_assigned": False},
)
"""The operation of mixed jobs that unassigns an application from a tenant."""
