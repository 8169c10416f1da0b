"""The rules of roles and permissions: functions that serve the operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

import msgspec

from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.rows import GroupRow, PermissionCategoryRow, PermissionRow, RoleRow
from frontegg_async.emulator.services.roles.switches import RoleSwitches
from frontegg_async.emulator.services.support.common import find_row, find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import sorted_page
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

D = TypeVar("D", RoleRow, PermissionRow)

MAX_LEVEL: Final = 32_767
_MAX_PAGE: Final = 2_000
_ROLE_FIELDS: Final[Mapping[str, str]] = {
    "key": "key",
    "name": "name",
    "description": "description",
    "level": "level",
    "isDefault": "is_default",
    "firstUserRole": "first_user_role",
}
_PERMISSION_FIELDS: Final[Mapping[str, str]] = {
    "key": "key",
    "name": "name",
    "description": "description",
    "categoryId": "category_id",
    "assignmentType": "assignment_type",
}
_ORDERS: Final[Mapping[str, Callable[[RoleRow], object]]] = {
    "key": lambda row: row.key,
    "name": lambda row: row.name.casefold(),
    "description": lambda row: row.description or "",
    "isDefault": lambda row: row.is_default,
    "firstUserRole": lambda row: row.first_user_role,
    "level": lambda row: row.level,
    "updatedAt": lambda row: row.updated_at,
    "createdAt": lambda row: row.created_at,
    "permissions": lambda row: len(row.permission_ids),
}


def shown_role(environment: EmulatedEnvironment, row: RoleRow) -> dict[str, object]:
    """Return a role in the form of a response, without its permissions."""
    return {
        "id": row.id,
        "vendorId": environment.vendor_id,
        "tenantId": row.tenant_id or None,
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "isDefault": row.is_default,
        "firstUserRole": row.first_user_role,
        "level": row.level,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def _shown(environment: EmulatedEnvironment, row: RoleRow) -> dict[str, object]:
    present = role_rows.permissions_of(environment, [row])
    return {**shown_role(environment, row), "permissions": [each.id for each in present]}


def _visible(environment: EmulatedEnvironment, call: IncomingCall) -> Mapping[str, RoleRow]:
    """Return the roles that the request may read: all roles, or the roles that its tenant may use."""
    if not call.tenant_id:
        return role_rows.roles(environment)
    find_tenant(environment.state, call.tenant_id)
    return role_rows.roles_of(environment, call.tenant_id)


def list_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the roles."""
    return EmulatedResponse(body=[_shown(environment, row) for row in _visible(environment, call).values()])


def search(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the roles that match the query."""
    query, state = call.query, environment.state
    text = (query.get("_filter") or "").casefold()
    levels, tenants = set(query.values("_levels")), set(query.values("_tenantIds"))
    rows = [
        row
        for row in _visible(environment, call).values()
        if (text in row.key.casefold() or text in row.name.casefold())
        and (not levels or str(row.level) in levels)
        and (not tenants or row.tenant_id in tenants)
    ]
    memberships = [each for user in state.users.values() for each in user.memberships.values()]
    given = Counter(role_id for each in memberships for role_id in each.role_ids)
    grouped = Counter(role_id for group in state.table(GroupRow).values() for role_id in group.role_ids)
    of_holders: dict[str, Callable[[RoleRow], object]] = {
        "groups": lambda row: grouped[row.id],
        "userTenants": lambda row: given[row.id],
    }
    orders = {**_ORDERS, **of_holders}
    return sorted_page(environment, call, rows, lambda row: _shown(environment, row), orders, most=_MAX_PAGE)


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create roles. If one role is refused, create none."""
    if call.tenant_id:
        find_tenant(environment.state, call.tenant_id)
    bodies = cast("list[dict[str, Any]]", call.body["roles"])
    rows = _new_rows(environment, bodies, RoleRow, _ROLE_FIELDS, call.tenant_id)
    for row in rows:
        _check_level(row)
    present = role_rows.roles(environment).values()
    _check_keys(environment, rows, present, "Roles already exists")
    for row, body in zip(rows, bodies, strict=True):
        environment.state.put(row)
        _migrate(environment, row, body)
    return EmulatedResponse(status=201, body=[_shown(environment, row) for row in rows])


def create_derived(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a role of a tenant. The role has the level of another role."""
    find_tenant(environment.state, call.tenant_id)
    body = cast("dict[str, Any]", call.body)
    base = find_row(_visible(environment, call), body["baseRoleId"], "Role")
    (row,) = _new_rows(environment, [body], RoleRow, _ROLE_FIELDS, call.tenant_id)
    row = msgspec.structs.replace(row, level=base.level, permission_ids=_permission_ids(environment, call))
    _check_keys(environment, [row], role_rows.roles(environment).values(), "Roles already exists")
    environment.state.put(row)
    return EmulatedResponse(body=_shown(environment, row))


def _own(environment: EmulatedEnvironment, call: IncomingCall) -> RoleRow:
    """Return the role in the path."""
    row = find_row(_visible(environment, call), call.path["role_id"], "Role")
    if call.tenant_id and row.tenant_id != call.tenant_id:
        raise service_error(404, "Role not found")
    return row


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a role."""
    row = _changed(environment, _own(environment, call), call, _ROLE_FIELDS)
    _check_level(row)
    _check_keys(environment, [row], role_rows.roles(environment).values(), "Roles already exists")
    environment.state.put(row)
    _migrate(environment, row, call.body)
    return EmulatedResponse(body=_shown(environment, row))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a role."""
    role_rows.remove(environment, _own(environment, call))
    return EmulatedResponse(status=204)


def set_permissions(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Replace the permissions of a role."""
    return _put(environment, _own(environment, call), permission_ids=_permission_ids(environment, call))


def set_tenant(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Make a role belong to one tenant only or to all tenants."""
    row = _own(environment, call)
    tenant_id = cast("str | None", call.body["tenantId"]) or ""
    if tenant_id:
        find_tenant(environment.state, tenant_id)
    if row.id in environment.state.table(RoleRow):
        environment.state.remove(RoleRow, row.id)  # the tenant of a stored row must not change
    return _put(environment, row, tenant_id=tenant_id)


def _put(environment: EmulatedEnvironment, row: RoleRow, **changes: object) -> EmulatedResponse:
    changed = msgspec.structs.replace(row, updated_at=environment.clock.timestamp(), **changes)
    environment.state.put(changed)
    return EmulatedResponse(body=_shown(environment, changed))


def _migrate(environment: EmulatedEnvironment, row: RoleRow, body: Mapping[str, object]) -> None:
    """Assign a default role to all users for whom the role is meant, if the body of the request asks for it."""
    if not (row.is_default and body.get("migrateRole")):
        return
    state = environment.state
    for user in tuple(state.users.values()):
        for tenant_id in user.tenant_ids:
            membership = user.membership(tenant_id)
            if row.tenant_id in ("", tenant_id) and row.id not in membership.role_ids:
                more = msgspec.structs.replace(membership, role_ids=(*membership.role_ids, row.id))
                user = user.within(tenant_id, more)  # noqa: PLW2901 - the next tenant is added to it
        state.put_user(user)


def _permission_ids(environment: EmulatedEnvironment, call: IncomingCall) -> tuple[str, ...]:
    ids = dict.fromkeys(cast("list[str]", call.body["permissionIds"]))
    present = role_rows.permissions(environment)
    return tuple(find_row(present, permission_id, "Permission").id for permission_id in ids)


def _shown_permission(environment: EmulatedEnvironment, row: PermissionRow) -> dict[str, object]:
    holders = role_rows.roles(environment).values()
    return {
        "id": row.id,
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "categoryId": row.category_id,
        "assignmentType": row.assignment_type,
        "fePermission": row.fe_permission,
        "roleIds": [role.id for role in holders if row.id in role.permission_ids],
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def list_permissions(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the permissions."""
    rows = role_rows.permissions(environment).values()
    return EmulatedResponse(body=[_shown_permission(environment, row) for row in rows])


def create_permissions(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create permissions. If one permission is refused, create none."""
    bodies = cast("list[dict[str, Any]]", call.body["permissions"])
    rows = _new_rows(environment, bodies, PermissionRow, _PERMISSION_FIELDS)
    _check_keys(environment, rows, role_rows.permissions(environment).values(), "Permissions already exist")
    for row in rows:
        environment.state.put(row)
    return EmulatedResponse(status=201, body=[_shown_permission(environment, row) for row in rows])


def _permission(environment: EmulatedEnvironment, call: IncomingCall) -> PermissionRow:
    return find_row(role_rows.permissions(environment), call.path["permission_id"], "Permission")


def update_permission(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a permission."""
    row = _changed(environment, _permission(environment, call), call, _PERMISSION_FIELDS)
    _check_keys(environment, [row], role_rows.permissions(environment).values(), "Permissions already exist")
    environment.state.put(row)
    return EmulatedResponse(body=_shown_permission(environment, row))


def delete_permission(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a permission."""
    role_rows.remove(environment, _permission(environment, call))
    return EmulatedResponse(status=204)


def add_to_roles(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add a permission to roles."""
    row, present = _permission(environment, call), role_rows.roles(environment)
    now = environment.clock.timestamp()
    holders = [find_row(present, role_id, "Role") for role_id in cast("list[str]", call.body["roleIds"])]
    for role in holders:
        ids = tuple(dict.fromkeys((*role.permission_ids, row.id)))
        environment.state.put(msgspec.structs.replace(role, permission_ids=ids, updated_at=now))
    return EmulatedResponse(body=_shown_permission(environment, row))


def categories(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the categories of permissions."""
    return EmulatedResponse(
        body=[_shown_category(row) for row in environment.state.table(PermissionCategoryRow).values()]
    )


def create_category(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a category of permissions."""
    _check_texts(call.body)
    fields = cast("dict[str, Any]", call.body)
    row = PermissionCategoryRow(id=environment.new_id(), created_at=environment.clock.timestamp(), **fields)
    environment.state.put(row)
    return EmulatedResponse(status=201, body=_shown_category(row))


def update_category(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a category of permissions."""
    _check_texts(call.body)
    environment.state.put(msgspec.structs.replace(_category(environment, call), **call.body))
    return EmulatedResponse()


def delete_category(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a category of permissions. The permissions in the category are not deleted."""
    environment.state.remove(PermissionCategoryRow, _category(environment, call).id)
    return EmulatedResponse()


def _category(environment: EmulatedEnvironment, call: IncomingCall) -> PermissionCategoryRow:
    return find_row(environment.state.table(PermissionCategoryRow), call.path["category_id"], "Category")


def _shown_category(row: PermissionCategoryRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "createdAt": row.created_at,
        "feCategory": False,
    }


def _new_rows(
    environment: EmulatedEnvironment,
    bodies: Collection[Mapping[str, object]],
    row_type: type[D],
    names: Mapping[str, str],
    tenant_id: str = "",
) -> list[D]:
    if not bodies:
        raise validation_error(["the array must not be empty"])
    now = environment.clock.timestamp()
    rows: list[D] = []
    for body in bodies:
        _check_texts(body)
        fields: dict[str, Any] = {names[name]: value for name, value in body.items() if name in names}
        fields = {name: value for name, value in fields.items() if value is not None}
        rows.append(row_type(id=environment.new_id(), tenant_id=tenant_id, created_at=now, updated_at=now, **fields))
    return rows


def _changed(environment: EmulatedEnvironment, row: D, call: IncomingCall, names: Mapping[str, str]) -> D:
    _check_texts(call.body)
    changes: dict[str, Any] = {names[name]: value for name, value in call.body.items() if name in names}
    return msgspec.structs.replace(row, updated_at=environment.clock.timestamp(), **changes)


def _check_texts(body: Mapping[str, object]) -> None:
    if problems := [f"{name} should not be empty" for name in ("key", "name") if body.get(name) == ""]:
        raise validation_error(problems)


def _check_level(row: RoleRow) -> None:
    if not 0 <= row.level <= MAX_LEVEL:
        raise validation_error([f"level must be from 0 to {MAX_LEVEL}"])


def _check_keys(environment: EmulatedEnvironment, rows: Sequence[D], present: Iterable[D], refusal: str) -> None:
    """Refuse a key that another row of the environment or of the same tenant has."""
    ids = {row.id for row in rows}
    taken = [(row.key, row.tenant_id) for row in present if row.id not in ids]
    for row in rows:
        scopes = {row.tenant_id, ""} if row.tenant_id else {tenant_id for _, tenant_id in taken} | {""}
        if any((row.key, scope) in taken for scope in scopes):
            raise service_error(environment.switches[RoleSwitches].duplicate_key, refusal)
        taken.append((row.key, row.tenant_id))


_WRITE: Final = "fe.secure.write.roles"
_UPDATE: Final = "fe.secure.write.updateRole"

RULES = {
    "roles.list_v1": Rule(run=list_roles, permission="fe.secure.read.roles"),
    "roles.list": Rule(run=search, permission="fe.secure.read.roles"),
    "roles.create": Rule(run=create, permission=_WRITE, optional=("level",)),
    "roles.create_derived": Rule(run=create_derived, permission=_WRITE),
    "roles.update": Rule(run=update, permission=_UPDATE),
    "roles.delete": Rule(run=delete, permission="fe.secure.delete.role"),
    "roles.set_permissions": Rule(run=set_permissions, permission=_UPDATE),
    "roles.set_tenant": Rule(run=set_tenant),
    "permissions.list": Rule(run=list_permissions, permission="fe.secure.read.permissions"),
    "permissions.create": Rule(run=create_permissions),
    "permissions.update": Rule(run=update_permission),
    "permissions.delete": Rule(run=delete_permission),
    "permissions.add_to_roles": Rule(run=add_to_roles),
    "permissions.list_categories": Rule(run=categories, permission="fe.secure.read.permissions"),
    "permissions.create_category": Rule(run=create_category),
    "permissions.update_category": Rule(run=update_category),
    "permissions.delete_category": Rule(run=delete_category),
}

TAGS = {
    "permissions": Tag("Permissions, which roles contain.", "role_write_body"),
    "roles": Tag("The roles of the environment and of single tenants.", "role_write_body"),
}
