"""The operations that assign plans to tenants without end, and take them away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.bulk.operation import Column, Operation, ReadBack, ReadBefore, Shown
from frontegg_async.bulk.operations.columns import TENANT_ID
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import plan_assignments
from frontegg_async.errors import FronteggError
from frontegg_async.models.plan_assignments import PlanAssignment
from frontegg_async.resources.plan_assignments import AsyncPlanAssignments

_MOST: Final = 20
"""The most rows of a listing: more ids may make its URL too long."""


def _check_id(value: object, name: str) -> None:
    arguments.check_ids((value,), name, of_query=True)


_PLAN_ID: Final = Column("plan_id", ("planId",), _check_id)


def _assign(caller: Caller, items: Sequence[Item]) -> Awaitable[object]:
    return AsyncPlanAssignments(caller).assign(_plan_id(items[0]), tenant_ids=[items[0].key])


async def _unassign(caller: Caller, items: Sequence[Item]) -> None:
    # Only one is removed: others may be those of other people, and the row is read back.
    ids = [each.id for each in await _list(caller, items[:1]) if each.tenant_id == items[0].key][:1]
    if ids:
        await AsyncPlanAssignments(caller).remove(ids)


def _plan_id(item: Item) -> str:
    return str(item.values["plan_id"])


async def _list(caller: Caller, items: Sequence[Item]) -> list[PlanAssignment]:
    """Return the assignments without end of some plans, at least those to the tenants of some rows, but no users."""
    tenants, plans = ([*dict.fromkeys(each)] for each in ((item.key for item in items), map(_plan_id, items)))
    # The service may split a query at commas.
    tenant_ids = None if any("," in each for each in tenants) else tenants
    listed = AsyncPlanAssignments(caller).list(plan_ids=plans, tenant_ids=tenant_ids)
    return [each async for each in listed if each.user_id is None and each.expires_at is None]


async def _count(caller: Caller, items: Sequence[Item]) -> list[int | None]:
    """Return how often each row's plan is assigned to its tenant without end; ``None`` if there is no such tenant."""
    tenants = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))
    there = [item for item in items if item.key in tenants]
    portions = [there[start : start + _MOST] for start in range(0, len(there), _MOST)]
    found = await gather(lambda some: _list(caller, some), portions)
    listed = {each.id: each for assignments in found for each in assignments}
    counts = Counter((each.tenant_id, each.plan_id) for each in listed.values())
    return [counts[item.key, _plan_id(item)] if item.key in tenants else None for item in items]


def _read_now(shown: Callable[[int], object]) -> ReadBefore:
    async def read_now(caller: Caller, items: Sequence[Item]) -> list[Mapping[str, object] | None]:
        return [None if count is None else {"is_assigned": shown(count)} for count in await _count(caller, items)]

    return read_now


def _read_back(*, is_assigned: bool) -> ReadBack:
    async def read_back(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
        try:
            counts = await _count(caller, items)
        except FronteggError as error:
            return [error.fresh()] * len(items)
        return [Shown.DONE if count is not None and bool(count) is is_assigned else Shown.NOT_DONE for count in counts]

    return read_back


ASSIGN_PLAN: Final = Operation(
    name="assign_plan",
    is_method=False,
    summary="Assign plans to tenants, without end.",
    rows="``tenant_id`` and ``plan_id``.",
    will="would get the plan",
    columns=(TENANT_ID, _PLAN_ID),
    required=("tenant_id", "plan_id"),
    endpoint=plan_assignments.ASSIGN,
    send=_assign,
    read_back=_read_back(is_assigned=True),
    read_before=_read_now(bool),
    after=lambda _: {"is_assigned": True},
)
"""Rows of a mixed job that assign a plan to a tenant."""

UNASSIGN_PLAN: Final = Operation(
    name="unassign_plan",
    is_method=False,
    summary="Take plans from tenants that have them without end.",
    rows="``tenant_id`` and ``plan_id``.",
    will="would lose the plan",
    columns=(TENANT_ID, _PLAN_ID),
    required=("tenant_id", "plan_id"),
    endpoint=plan_assignments.REMOVE,
    send=_unassign,
    read_back=_read_back(is_assigned=False),
    # Of several assignments, nobody knows which is meant: such a row is stale.
    read_before=_read_now(lambda count: count if count > 1 else bool(count)),
    after=lambda _: {"is_assigned": False},
)
"""Rows of a mixed job that take a plan from a tenant."""
