"""The rules of plan assignments. A plan assignment gives a tenant or a user the features of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.entitlements.item_pages import item_page, listed
from frontegg_async.emulator.services.entitlements.rows import PlanAssignmentRow, PlanRow
from frontegg_async.emulator.services.support.common import find_member, find_row, find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import choice
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

MAX_BATCH: Final = 50
"""The maximum number of assignments in a request. A client in production has this limit."""
_NEVER: Final = "9999"
"""A text that is greater than the text of every time."""
_ORDERS: Final[Mapping[str, Callable[[PlanAssignmentRow], object]]] = {
    "createdAt": lambda row: row.created_at,
    "expirationDate": lambda row: row.expiration_date or _NEVER,
}


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the assignments that match the query. Assignments that have ended are included (assumed)."""
    query = call.query
    plans, more, tenants, users = (listed(query, name) for name in ("planId", "planIds", "tenantIds", "userIds"))
    level = choice(query, "assignLevel", ("USER", "TENANT"))
    with_plan = choice(query, "withRelations", ("true", "false")) == "true"
    rows = [
        row
        for row in environment.state.table(PlanAssignmentRow).values()
        if all(wanted is None or row.plan_id in wanted for wanted in (plans, more))
        and (tenants is None or row.tenant_id in tenants)
        and (users is None or row.user_id in users)
        and (level is None or (row.user_id is None) is (level == "TENANT"))
    ]
    return item_page(call, rows, lambda row: _shown(environment, row, with_plan=with_plan), _ORDERS)


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return an assignment with its plan."""
    row = find_row(environment.state.table(PlanAssignmentRow), call.path["id"], "Entitlement")
    return EmulatedResponse(body=_shown(environment, row, with_plan=True))


def assign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create several assignments. If one of them is not possible, create none (assumed)."""
    rows = [_new(environment, each) for each in _batch(call)]
    for row in rows:
        environment.state.put(row)
    return EmulatedResponse(body={"entitlementIds": [row.id for row in rows]})


def change(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the ends of several assignments. If one of them does not exist, change none (assumed)."""
    known, now = environment.state.table(PlanAssignmentRow), environment.clock.timestamp()
    changed: list[PlanAssignmentRow] = []
    for each in _batch(call):
        row = find_row(known, cast("str", each["id"]), "Entitlement")
        date = _date(each["expirationDate"]) if "expirationDate" in each else row.expiration_date
        changed.append(msgspec.structs.replace(row, expiration_date=date, updated_at=now))
    for row in changed:
        environment.state.put(row)
    return EmulatedResponse()


def remove(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove several assignments. Unknown ids are ignored (assumed)."""
    ids = listed(call.query, "ids") or frozenset()
    _check_size(len(ids))
    for assignment_id in ids & environment.state.table(PlanAssignmentRow).keys():
        environment.state.remove(PlanAssignmentRow, assignment_id)
    return EmulatedResponse()


def _batch(call: IncomingCall) -> list[Mapping[str, JsonValue]]:
    found = cast("list[Mapping[str, JsonValue]]", call.body["entitlements"])
    _check_size(len(found))
    return found


def _check_size(count: int) -> None:
    if count > MAX_BATCH:
        raise validation_error([f"a request must have no more than {MAX_BATCH} entitlements"])


def _new(environment: EmulatedEnvironment, given: Mapping[str, JsonValue]) -> PlanAssignmentRow:
    state, now = environment.state, environment.clock.timestamp()
    plan = find_row(state.table(PlanRow), cast("str", given["planId"]), "Plan")
    tenant_id, user_id = cast("str", given["tenantId"]), cast("str | None", given.get("userId"))
    if user_id is None:
        find_tenant(state, tenant_id)
    else:
        find_member(state, user_id, tenant_id)
    return PlanAssignmentRow(
        id=environment.new_id(),
        tenant_id=tenant_id,
        plan_id=plan.id,
        user_id=user_id,
        expiration_date=_date(given.get("expirationDate")),
        created_at=now,
        updated_at=now,
    )


def _date(value: JsonValue) -> str | None:
    """Return the end of an assignment. A time without a time zone is taken as UTC, as Frontegg's own SDKs do.

    Raises:
        RequestRefusedError: 400 for a value that is not a time.
    """
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(cast("str", value))
        return timestamp((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        pass
    raise validation_error(["expirationDate must be a valid ISO 8601 date string"])


def _shown(environment: EmulatedEnvironment, row: PlanAssignmentRow, *, with_plan: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": row.id,
        "planId": row.plan_id,
        "tenantId": row.tenant_id,
        "userId": row.user_id,
        "expirationDate": row.expiration_date,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }
    if with_plan:
        plan = environment.state.table(PlanRow)[row.plan_id]
        shown["plan"] = {
            "id": plan.id,
            "vendorId": environment.vendor_id,
            "name": plan.name,
            "createdAt": plan.created_at,
            "updatedAt": plan.updated_at,
        }
    return shown


RULES = {
    "plan_assignments.list": Rule(run=list_page),
    "plan_assignments.get": Rule(run=get),
    "plan_assignments.assign": Rule(run=assign),
    "plan_assignments.change_expiry": Rule(run=change),
    "plan_assignments.remove": Rule(run=remove),
}

TAGS = {
    "plan_assignments": Tag(
        "Plan assignments: the plans of tenants and users, and their ends.", "entitlement_write_body"
    )
}
