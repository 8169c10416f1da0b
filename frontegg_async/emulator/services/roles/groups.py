"""The rules of groups of users: functions that serve the operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import msgspec

from frontegg_async._values.json_values import parse_json_text
from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.of_users import check_levels
from frontegg_async.emulator.services.roles.rows import GroupConfigurationRow, GroupRow, RoleRow
from frontegg_async.emulator.services.roles.rules import shown_role
from frontegg_async.emulator.services.roles.switches import RoleSwitches
from frontegg_async.emulator.services.support.common import find_member, find_row, find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import choice, sorted_page
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_CREATED: Final = 201
_RELATIONS: Final[Mapping[str | None, tuple[str, ...]]] = {
    None: (),
    "roles": ("roles",),
    "users": ("users",),
    "rolesAndUsers": ("roles", "users"),
}
_ORDERS: Final[Mapping[str, Callable[[GroupRow], object]]] = {
    "id": lambda row: row.id,
    "name": lambda row: row.name.casefold(),
    "createdAt": lambda row: row.created_at,
    "updatedAt": lambda row: row.updated_at,
}


def _shower(environment: EmulatedEnvironment, call: IncomingCall) -> Callable[[GroupRow], dict[str, object]]:
    """Return a function that converts a group to the form of a response.

    The response contains the related objects that the query selects.
    """
    names = tuple(name for name in _RELATIONS if name is not None)
    related = _RELATIONS[choice(call.query, "_groupsRelations", names)]

    def shown(row: GroupRow) -> dict[str, object]:
        return {
            **_plain(row),
            "roles": [shown_role(environment, each) for each in _roles(environment, row)] if "roles" in related else [],
            "users": _users(environment, row) if "users" in related else [],
        }

    return shown


def _plain(row: GroupRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "color": row.color,
        "description": row.description,
        "metadata": row.metadata,
        "managedBy": row.managed_by,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def _emit(environment: EmulatedEnvironment, what: str, row: GroupRow) -> None:
    environment.emit(f"frontegg.group.{what}", _plain(row), tenant_id=row.tenant_id)


def _roles(environment: EmulatedEnvironment, row: GroupRow) -> list[RoleRow]:
    present = role_rows.roles_of(environment, row.tenant_id)
    return [present[role_id] for role_id in row.role_ids if role_id in present]


def _users(environment: EmulatedEnvironment, row: GroupRow) -> list[dict[str, object]]:
    users = (environment.state.users.get(user_id) for user_id in row.user_ids)
    return [
        {
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "profilePictureUrl": user.profile_picture_url,
            "createdAt": user.created_at,
            "activatedForTenant": user.membership(row.tenant_id).status == "Activated",
        }
        for user in users
        if user is not None and row.tenant_id in user.tenant_ids
    ]


def _all(environment: EmulatedEnvironment, call: IncomingCall) -> list[GroupRow]:
    find_tenant(environment.state, call.tenant_id)
    return environment.state.owned(GroupRow, call.tenant_id)


def _one(environment: EmulatedEnvironment, call: IncomingCall) -> GroupRow:
    return find_row({row.id: row for row in _all(environment, call)}, call.path["group_id"], "Group")


def list_groups(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the groups of a tenant."""
    shown = _shower(environment, call)
    return EmulatedResponse(body={"groups": [shown(row) for row in _all(environment, call)]})


def search(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the groups of a tenant."""
    return sorted_page(environment, call, _all(environment, call), _shower(environment, call), _ORDERS)


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a group."""
    return EmulatedResponse(body=_shower(environment, call)(_one(environment, call)))


def get_many(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the groups that have some ids. Ids without a group are ignored."""
    shown, ids = _shower(environment, call), cast("list[str]", call.body["groupsIds"])
    groups = [shown(row) for row in _all(environment, call) if row.id in ids]
    return EmulatedResponse(status=201, body={"groups": groups})


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a group."""
    now = environment.clock.timestamp()
    fields = {name: value for name, value in call.body.items() if value is not None}
    row = GroupRow(
        id=environment.new_id(),
        tenant_id=call.tenant_id,
        created_at=now,
        updated_at=now,
        **cast("dict[str, Any]", fields),
    )
    return _put(environment, call, row, status=_CREATED)


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a group."""
    changes = cast("dict[str, Any]", call.body)
    now = environment.clock.timestamp()
    return _put(environment, call, msgspec.structs.replace(_one(environment, call), updated_at=now, **changes))


def _put(environment: EmulatedEnvironment, call: IncomingCall, row: GroupRow, *, status: int = 200) -> EmulatedResponse:
    others = _all(environment, call)
    if not row.name:
        raise validation_error(["name should not be empty"])
    if row.metadata is not None and not isinstance(parse_json_text(row.metadata), dict):
        raise validation_error(["metadata must be the text of a JSON object"])
    if any(each.name == row.name and each.id != row.id for each in others):
        raise service_error(environment.switches[RoleSwitches].duplicate_key, "A group with this name already exists")
    environment.state.put(row)
    _emit(environment, "created" if status == _CREATED else "updated", row)
    return EmulatedResponse(status=status, body=_shower(environment, call)(row))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a group."""
    row = _one(environment, call)
    environment.state.remove(GroupRow, row.id)
    _emit(environment, "deleted", row)
    return EmulatedResponse()


def add_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add roles to a group."""
    row, ids = _one(environment, call), cast("list[str]", call.body["roleIds"])
    present = role_rows.roles_of(environment, call.tenant_id)
    for role_id in ids:
        find_row(present, role_id, "Role")
    check_levels(environment, call.caller, ids, call.tenant_id)
    return _change(environment, row, "roles.updated", 201, role_ids=tuple(dict.fromkeys((*row.role_ids, *ids))))


def remove_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove roles from a group."""
    row, ids = _one(environment, call), cast("list[str]", call.body["roleIds"])
    return _change(
        environment, row, "roles.updated", 200, role_ids=tuple(each for each in row.role_ids if each not in ids)
    )


def add_users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add users to a group."""
    row, ids = _one(environment, call), cast("list[str]", call.body["userIds"])
    for user_id in ids:
        find_member(environment.state, user_id, call.tenant_id)
    check_levels(environment, call.caller, row.role_ids, call.tenant_id)
    return _change(environment, row, "users.added", 201, user_ids=tuple(dict.fromkeys((*row.user_ids, *ids))))


def remove_users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove users from a group."""
    row, ids = _one(environment, call), cast("list[str]", call.body["userIds"])
    return _change(
        environment, row, "users.removed", 200, user_ids=tuple(each for each in row.user_ids if each not in ids)
    )


def _change(
    environment: EmulatedEnvironment, row: GroupRow, what: str, status: int, **changes: object
) -> EmulatedResponse:
    changed = msgspec.structs.replace(row, updated_at=environment.clock.timestamp(), **changes)
    environment.state.put(changed)
    _emit(environment, what, changed)
    return EmulatedResponse(status=status)


def configuration(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return whether groups are enabled."""
    row = _configuration(environment)
    return EmulatedResponse(body={"enabled": row.enabled, "rolesEnabled": row.roles_enabled})


def configure(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether groups are enabled."""
    names = {"enabled": "enabled", "rolesEnabled": "roles_enabled"}
    changes = {names[name]: value for name, value in call.body.items() if value is not None}
    environment.state.put(msgspec.structs.replace(_configuration(environment), **changes))
    return EmulatedResponse(status=201)


def _configuration(environment: EmulatedEnvironment) -> GroupConfigurationRow:
    stored = environment.state.table(GroupConfigurationRow).values()
    return next(iter(stored), GroupConfigurationRow(id="environment"))


RULES = {
    "groups.list_v1": Rule(run=list_groups, permission="fe.secure.read.groups"),
    "groups.list": Rule(run=search, permission="fe.secure.read.groups"),
    "groups.get": Rule(run=get, permission="fe.secure.read.groups", takes_slash=True),
    "groups.get_many": Rule(run=get_many, permission="fe.secure.read.groups"),
    "groups.create": Rule(run=create, permission="fe.secure.write.groups"),
    "groups.update": Rule(run=update, permission="fe.secure.write.groups", takes_slash=True),
    "groups.delete": Rule(run=delete, permission="fe.secure.delete.groups", takes_slash=True),
    "groups.add_roles": Rule(run=add_roles, permission="fe.secure.write.groupsRoles"),
    "groups.remove_roles": Rule(run=remove_roles, permission="fe.secure.write.groupsRoles"),
    "groups.add_users": Rule(run=add_users, permission="fe.secure.write.groupsUsers"),
    "groups.remove_users": Rule(run=remove_users, permission="fe.secure.delete.groupsUsers"),
    "groups.get_config": Rule(run=configuration, permission="fe.secure.read.groups"),
    "groups.set_config": Rule(run=configure),
}

TAGS = {"groups": Tag("The groups of tenants' users.", "group_write_body")}
