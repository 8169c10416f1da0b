"""The operations that assign plans to tenants and to users, and unassign them."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Final, NamedTuple

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.operation import Column, CompleteRow, Operation, ReadBack, ReadBefore, RowProblem, Shown
from frontegg_async.bulk.operations.columns import TENANT_ID
from frontegg_async.bulk.operations.reads import read_tenants
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import plan_assignments
from frontegg_async.errors import ErrorDetails, FronteggError, InvalidArgumentError, Outcome, OutcomeUnknownError
from frontegg_async.models.plan_assignments import PlanAssignment, PlanAssignmentCreate, PlanAssignmentsCreate
from frontegg_async.resources.plan_assignments import MOST, MOST_IN_BATCH, AsyncPlanAssignments
from frontegg_async.resources.plans import AsyncPlans
from frontegg_async.resources.support.audit_requests import moment
from frontegg_async.resources.support.item_listing import ItemListing, item_listing
from frontegg_async.resources.support.writes import of_whole

PLAN_ID: Final = "plan_id"
USER_ID: Final = "user_id"
EXPIRES_AT: Final = "expires_at"

_LONGEST: Final = 4_000
"""The maximum total length of the ids in one listing request. The limit keeps the URL short enough."""


class _Assignment(NamedTuple):
    """An assignment of a plan to a tenant, or to a user of a tenant, with an optional end."""

    plan_id: str
    tenant_id: str
    user_id: str | None
    end: str | None


def _check_end(value: object, name: str) -> None:
    _end(value, name)


def _end(value: object, name: str) -> str:
    """Return a time in the format of the API. A text without a time zone means UTC.

    Raises:
        InvalidArgumentError: The value is not a time.
    """
    if isinstance(value, datetime):
        return moment(value, name)
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        time = None
    if time is None:
        raise InvalidArgumentError(f"{name} must be a time in ISO 8601, such as 2027-01-31 or 2027-01-31T08:00Z")
    return moment(time if time.tzinfo else time.replace(tzinfo=UTC), name)


_PLAN_ID: Final = Column(PLAN_ID, ("plan", "planId"), arguments.check_text)


async def _complete(caller: Caller) -> CompleteRow:
    """Read all plans, and return a function that converts plan names to ids, and times to text."""
    ids: set[str] = set()
    named: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    async for plan in AsyncPlans(caller).list():
        ids.add(plan.id)
        named[_folded(plan.name)].append((plan.name, plan.id))

    def complete(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        end = values.get(EXPIRES_AT)
        ends = {} if end is None else {EXPIRES_AT: _end(end, EXPIRES_AT)}
        return {**values, PLAN_ID: plan_id_of(str(values[PLAN_ID])), **ends}

    def plan_id_of(given: str) -> str:
        if given in ids:
            return given
        alike = named.get(_folded(given), [])
        found = [plan_id for name, plan_id in alike if name == given] or [plan_id for _, plan_id in alike]
        if len(found) == 1:
            return found[0]
        several = f"{len(found)} plans have the name {given!r}: give the id of one"
        raise RowProblem(PLAN_ID, several if found else f"there is no plan with the id or name {given!r}")

    return complete


def _folded(name: str) -> str:
    """Normalize a name: fold case, collapse spaces, and unify Unicode forms."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def _wanted(item: Item) -> _Assignment:
    user_id, end = item.values.get(USER_ID), item.values.get(EXPIRES_AT)
    return _Assignment(
        str(item.values[PLAN_ID]),
        item.key,
        None if user_id is None else str(user_id),
        None if end is None else _end(end, EXPIRES_AT),
    )


def _of(found: PlanAssignment) -> _Assignment:
    end = None if found.expires_at is None else moment(found.expires_at, EXPIRES_AT)
    return _Assignment(found.plan_id, found.tenant_id, found.user_id, end)


async def _list(caller: Caller, wanted: Sequence[_Assignment]) -> dict[str, PlanAssignment]:
    """Return existing assignments of the wanted plans to the wanted tenants or users, by assignment id."""
    of_tenants = _portions([each for each in wanted if each.user_id is None])
    of_users = _portions([each for each in wanted if each.user_id is not None])
    found = await gather(lambda portion: _list_alike(caller, portion), [*of_tenants, *of_users])
    return {each.id: each for listed in found for each in listed}


def _portions(wanted: Sequence[_Assignment]) -> list[list[_Assignment]]:
    """Split assignments into portions whose ids fit into a URL."""
    portions: list[list[_Assignment]] = []
    left = 0
    for each in wanted:
        size = len(each.plan_id) + len(each.tenant_id) + len(each.user_id or "")
        if size > left:
            portions.append([])
            left = _LONGEST
        portions[-1].append(each)
        left -= size
    return portions


async def _list_alike(caller: Caller, wanted: Sequence[_Assignment]) -> list[PlanAssignment]:
    """List existing assignments. Either all wanted assignments are for tenants, or all are for users."""
    level = "TENANT" if wanted[0].user_id is None else "USER"
    query = [("assignLevel", level), ("orderBy", "createdAt"), ("sortType", "ASC")]
    for place, name in enumerate(("planIds", "tenantIds", "userIds")):
        ids = dict.fromkeys(each[place] or "" for each in wanted)
        # The service may treat a comma in an id as a separator.
        if "" not in ids and not any("," in each for each in ids):
            query.append((name, ",".join(ids)))
    listing = ItemListing(caller, plan_assignments.LIST, PlanAssignment, tuple(query), MOST, None)
    return await item_listing(listing, key=attrgetter("id"), most=MOST, prefetch=2).all()


async def _assign(caller: Caller, items: Sequence[Item]) -> None:
    """Create the missing assignments. A second request for the same assignment would create a duplicate."""
    wanted = [_wanted(item) for item in items]
    # Rows that expect values have just been compared with the service.
    found = await _present(caller, wanted) if any(item.read_at is None for item in items) else ()
    if missing := [each for each in wanted if each not in found]:
        await _create(caller, missing)


async def _present(caller: Caller, wanted: Sequence[_Assignment]) -> set[_Assignment]:
    """Return existing assignments, including each wanted assignment that exists.

    Raises:
        FronteggError: The assignments cannot be read; nothing was sent.
    """
    try:
        return {*map(_of, (await _list(caller, wanted)).values())}
    except FronteggError as error:
        failure = of_whole(error, Outcome.NOT_SENT)
    raise failure


async def _create(caller: Caller, missing: Sequence[_Assignment]) -> None:
    body = PlanAssignmentsCreate(
        entitlements=tuple(
            PlanAssignmentCreate(plan_id=plan_id, tenant_id=tenant_id, user_id=user_id, expiration_date=end)
            for plan_id, tenant_id, user_id, end in missing
        )
    )
    made = await caller.value(plan_assignments.ASSIGN, body=body)
    if len(made.entitlement_ids) != len(missing):
        message = f"the response names {len(made.entitlement_ids)} new assignments, and {len(missing)} were requested"
        raise OutcomeUnknownError(message, ErrorDetails(endpoint=plan_assignments.ASSIGN.name, outcome=Outcome.UNKNOWN))


async def _unassign(caller: Caller, items: Sequence[Item]) -> None:
    # Remove only one assignment, since equal assignments may belong to other people. The row is read back afterwards.
    wanted = _wanted(items[0])
    ids = [key for key, each in (await _list(caller, [wanted])).items() if _of(each) == wanted][:1]
    if ids:
        await AsyncPlanAssignments(caller).remove(ids)


async def _count(caller: Caller, items: Sequence[Item]) -> list[int | None]:
    """Count the existing assignments that equal each row's assignment; ``None`` if the tenant does not exist."""
    tenants = await read_tenants(caller, list(dict.fromkeys(item.key for item in items)))
    listed = await _list(caller, [_wanted(item) for item in items if item.key in tenants])
    counts = Counter(map(_of, listed.values()))
    return [counts[_wanted(item)] if item.key in tenants else None for item in items]


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
    summary="Assign plans to tenants or to their users, up to 50 in a request.",
    details=(
        "A row whose assignment already exists with the same end is done. Other assignments are kept. Names of plans "
        "are looked up once, before the first row is sent."
    ),
    rows=(
        "``tenant_id`` and ``plan``, the id or the name of a plan; ``user_id`` for a single user instead of the "
        "whole tenant; ``expires_at``, a time or its text in ISO 8601, for an assignment that ends."
    ),
    will="would get the plan",
    columns=(
        TENANT_ID,
        _PLAN_ID,
        Column(USER_ID, ("userId",), arguments.check_id),
        Column(EXPIRES_AT, ("expirationDate", "expiration_date", "expiration"), _check_end),
    ),
    required=("tenant_id", PLAN_ID),
    complete=_complete,
    endpoint=plan_assignments.ASSIGN,
    batch=MOST_IN_BATCH,
    send=_assign,
    read_back=_read_back(is_assigned=True),
    read_before=_read_now(bool),
    after=lambda _: {"is_assigned": True},
)
"""``frontegg.bulk.assign_plan``."""

UNASSIGN_PLAN: Final = Operation(
    name="unassign_plan",
    is_method=False,
    summary="Take plans from tenants that have them without end.",
    rows="``tenant_id`` and ``plan_id``.",
    will="would lose the plan",
    columns=(TENANT_ID, _PLAN_ID),
    required=("tenant_id", PLAN_ID),
    endpoint=plan_assignments.REMOVE,
    send=_unassign,
    read_back=_read_back(is_assigned=False),
    # A row is stale if several equal assignments exist, since the row does not say which one to remove.
    read_before=_read_now(lambda count: count if count > 1 else bool(count)),
    after=lambda _: {"is_assigned": False},
)
"""The operation of mixed jobs that unassigns a plan from a tenant."""
