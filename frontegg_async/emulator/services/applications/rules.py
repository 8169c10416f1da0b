"""The rules of applications, and of their assignments to tenants and users: functions that serve the operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec

from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.applications.rows import (
    AccessType,
    ApplicationAssignmentRow,
    ApplicationRow,
    assignment_id,
)
from frontegg_async.emulator.services.support.common import find_member, find_row, find_tenant, find_user
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.paging import choice
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.applications import ApplicationAccess

_FIELDS: Final[Mapping[str, str]] = {
    "name": "name",
    "appURL": "app_url",
    "loginURL": "login_url",
    "logoURL": "logo_url",
    "accessType": "access_type",
    "isDefault": "is_default",
    "isActive": "is_active",
    "type": "type",
    "frontendStack": "frontend_stack",
    "description": "description",
    "metadata": "metadata",
    "appHost": "app_host",
    "allowDcr": "allow_dcr",
}
_TEXTS: Final = ("name", "appURL", "loginURL")
_TYPES: Final = tuple(member.value for member in ApplicationAccess)


def _shown(environment: EmulatedEnvironment, row: ApplicationRow) -> dict[str, object]:
    return {
        "id": row.id,
        "vendorId": environment.vendor_id,
        **{name: getattr(row, field) for name, field in _FIELDS.items()},
        "integrationFinishedAt": None,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def _application(environment: EmulatedEnvironment, app_id: str) -> ApplicationRow:
    return find_row(application_rows.applications(environment), app_id, "Application")


def _of_path(environment: EmulatedEnvironment, call: IncomingCall) -> ApplicationRow:
    return _application(environment, call.path["app_id"])


def list_applications(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the applications that match the query."""
    query = call.query
    access, text = choice(query, "_accessType", _TYPES), (query.get("name") or "").casefold()
    flags = (("is_default", _flag(query, "_isDefault")), ("is_active", _flag(query, "_isActive")))
    ids, types, stacks = _ids(query, "ids"), query.values("type"), query.values("frontendStack")
    without_agents = _flag(query, "_excludeAgents")
    rows = [
        row
        for row in application_rows.applications(environment).values()
        if access in (None, row.access_type)
        and text in row.name.casefold()
        and all(wanted in (None, getattr(row, field)) for field, wanted in flags)
        and (not ids or row.id in ids)
        and (not types or row.type in types)
        and (not stacks or row.frontend_stack in stacks)
        and not (without_agents and row.type == "agent")
    ]
    return EmulatedResponse(body=[_shown(environment, row) for row in rows])


def _flag(query: Query, name: str) -> bool | None:
    text = choice(query, name, ("true", "false"))
    return None if text is None else text == "true"


def _ids(query: Query, name: str) -> list[str]:
    return [each for each in (query.get(name) or "").split(",") if each]


def default(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the default application."""
    row = application_rows.default_application(environment)
    if row is None:
        raise service_error(404, "Application not found")
    return EmulatedResponse(body=_shown(environment, row))


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return an application."""
    return EmulatedResponse(body=_shown(environment, _of_path(environment, call)))


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create an application."""
    now = environment.clock.timestamp()
    row = ApplicationRow(id=environment.new_id(), created_at=now, updated_at=now, **_fields(call))
    _put(environment, row)
    return EmulatedResponse(status=201, body=_shown(environment, row))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of an application."""
    row, now = _of_path(environment, call), environment.clock.timestamp()
    _put(environment, msgspec.structs.replace(row, updated_at=now, **_fields(call)))
    return EmulatedResponse(status=201)


def _fields(call: IncomingCall) -> dict[str, Any]:
    if problems := [f"{name} should not be empty" for name in _TEXTS if call.body.get(name) == ""]:
        raise validation_error(problems)
    return {_FIELDS[name]: value for name, value in call.body.items() if value is not None}


def _put(environment: EmulatedEnvironment, row: ApplicationRow) -> None:
    """Store an application."""
    if row.is_default:
        for other in application_rows.applications(environment).values():
            if other.is_default and other.id != row.id:
                environment.state.put(msgspec.structs.replace(other, is_default=False))
    environment.state.put(row)


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete an application and its assignments."""
    row = _of_path(environment, call)
    for assignment in _assignments_of(environment, row):
        environment.state.remove(ApplicationAssignmentRow, assignment.id)
    application_rows.remove(environment, row)
    return EmulatedResponse()


def _assignments_of(environment: EmulatedEnvironment, row: ApplicationRow) -> list[ApplicationAssignmentRow]:
    rows = environment.state.table(ApplicationAssignmentRow).values()
    return [each for each in rows if each.app_id == row.id]


def _assigned(environment: EmulatedEnvironment, call: IncomingCall) -> list[ApplicationAssignmentRow]:
    find_tenant(environment.state, call.tenant_id)
    query = call.query
    access, app_ids, tenant_ids = choice(query, "accessType", _TYPES), _ids(query, "appIds"), _ids(query, "tenantIds")
    return [
        row
        for row in application_rows.assignments_of(environment.state, call.tenant_id)
        if access in (None, row.access_type)
        and (not app_ids or row.app_id in app_ids)
        and (not tenant_ids or row.tenant_id in tenant_ids)
    ]


def assigned_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the ids of the applications of a tenant."""
    rows = _assigned(environment, call)
    found = [{"tenantId": call.tenant_id, "appIds": [row.app_id for row in rows]}] if rows else []
    return EmulatedResponse(body=found)


def assigned(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the applications of a tenant."""
    rows = [{"appId": row.app_id, "accessType": row.access_type} for row in _assigned(environment, call)]
    return EmulatedResponse(body=[{"tenantId": call.tenant_id, "assignments": rows}] if rows else [])


def tenants(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the tenants to which an application is assigned."""
    rows = _assignments_of(environment, _of_path(environment, call))
    return EmulatedResponse(body={"tenantIds": [row.tenant_id for row in rows]})


def assign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Assign an application to a tenant."""
    row, tenant_id = _of_path(environment, call), cast("str", call.body["tenantId"])
    find_tenant(environment.state, tenant_id)
    key = assignment_id(row.id, tenant_id)
    if key in environment.state.table(ApplicationAssignmentRow):
        raise service_error(409, "The application is assigned to the tenant already")
    access = cast("AccessType | None", call.body.get("accessType")) or row.access_type
    assignment = ApplicationAssignmentRow(
        id=key,
        tenant_id=tenant_id,
        app_id=row.id,
        access_type=access,
        created_at=environment.clock.timestamp(),
    )
    environment.state.put(assignment)
    _emit(environment, "assigned", assignment)
    app_ids = [each.app_id for each in application_rows.assignments_of(environment.state, tenant_id)]
    return EmulatedResponse(status=201, body={"tenantId": tenant_id, "appIds": app_ids})


def find_assignment(environment: EmulatedEnvironment, app_id: str, tenant_id: str) -> ApplicationAssignmentRow:
    """Return the assignment of an application to a tenant.

    Raises:
        RequestRefusedError: 404 if the application or the assignment does not exist.
    """
    key = assignment_id(_application(environment, app_id).id, tenant_id)
    row = environment.state.table(ApplicationAssignmentRow).get(key)
    if row is None:
        raise not_assigned()
    return row


def not_assigned() -> RequestRefusedError:
    """Return the refusal for an application that is not assigned to a tenant. The service was recorded sending it."""
    return service_error(404, "This account/tenant is not assigned to the requested application", "ER-01008")


def set_access_type(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set which users of a tenant may use an application."""
    row = find_assignment(environment, call.path["app_id"], call.path["tenant_id"])
    access = cast("AccessType", call.body["accessType"])
    environment.state.put(msgspec.structs.replace(row, access_type=access))
    return EmulatedResponse()


def unassign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove the assignment of an application to a tenant."""
    row = find_assignment(environment, call.path["app_id"], call.path["tenant_id"])
    environment.state.remove(ApplicationAssignmentRow, row.id)
    _emit(environment, "unassigned", row)
    return EmulatedResponse()


def _emit(environment: EmulatedEnvironment, event: str, row: ApplicationAssignmentRow) -> None:
    """Emit an event about an application of a tenant."""
    tenant = environment.state.tenants[row.tenant_id]
    key = f"frontegg.tenant.app.{event}"
    environment.emit(key, tenant, tenant_id=row.tenant_id, application_id=row.app_id)


def users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the users to whom an application is assigned."""
    rows = _assignments_of(environment, _of_path(environment, call))
    members = environment.state.users
    found = dict.fromkeys(
        user_id
        for row in rows
        for user_id in row.user_ids
        if user_id in members and row.tenant_id in members[user_id].tenant_ids
    )
    return EmulatedResponse(body=list(found))


def of_user(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the applications that are assigned to a user. With a user token, only the token's tenant is considered."""
    state, user_id = environment.state, call.path["user_id"]
    if call.caller.kind == "user":
        find_member(state, user_id, call.tenant_id)
        tenant_ids: tuple[str, ...] = (call.tenant_id,)
    else:
        tenant_ids = find_user(state, user_id).tenant_ids
    rows = state.table(ApplicationAssignmentRow).values()
    found = dict.fromkeys(row.app_id for row in rows if user_id in row.user_ids and row.tenant_id in tenant_ids)
    return EmulatedResponse(body=list(found))


_READ: Final = "fe.account-settings.read.app"

RULES = {
    "applications.list": Rule(run=list_applications, permission=_READ),
    "applications.get_default": Rule(run=default),
    "applications.get": Rule(run=get),
    "applications.create": Rule(run=create),
    "applications.update": Rule(run=update),
    "applications.delete": Rule(run=delete),
    "applications.list_assigned_v1": Rule(run=assigned_v1, permission=_READ),
    "applications.list_assigned": Rule(run=assigned, permission=_READ),
    "applications.list_tenants": Rule(run=tenants),
    "applications.assign": Rule(run=assign),
    "applications.set_access_type": Rule(run=set_access_type),
    "applications.unassign": Rule(run=unassign),
    "applications.list_users": Rule(run=users),
    "applications.list_for_user": Rule(run=of_user, permission=_READ),
}

TAGS = {"applications": Tag("Applications, and their assignments to tenants and users.", "application_write_body")}
