"""The roles, permissions and groups of an environment. Every environment has some roles and permissions initially.

Use these functions to read roles and permissions. The state alone contains only rows that were added or changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import msgspec

from frontegg_async.emulator.services.roles.rows import (
    DEFAULT_PERMISSIONS,
    DEFAULT_ROLES,
    DefaultRow,
    GroupRow,
    PermissionRow,
    RoleRow,
)
from frontegg_async.emulator.services.roles.switches import RoleSwitches
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

D = TypeVar("D", bound=DefaultRow)

_DEFAULT_IDS: Final = frozenset(row.id for row in (*DEFAULT_ROLES, *DEFAULT_PERMISSIONS))


def roles(environment: EmulatedEnvironment) -> Mapping[str, RoleRow]:
    """Return all roles of the environment and of tenants by their ids, oldest first."""
    defaults = DEFAULT_ROLES if environment.switches[RoleSwitches].default_roles == "admin_and_read_only" else ()
    return with_defaults(environment.state, RoleRow, defaults)


def roles_of(environment: EmulatedEnvironment, tenant_id: str) -> Mapping[str, RoleRow]:
    """Return the roles that a tenant may use, by their ids: roles of the environment, and the tenant's own roles."""
    return {key: row for key, row in roles(environment).items() if row.tenant_id in ("", tenant_id)}


def find_roles(environment: EmulatedEnvironment, names: Iterable[str], tenant_id: str) -> list[RoleRow]:
    """Return the roles that a tenant may use and that have these ids or keys. Other names are ignored."""
    present = roles_of(environment, tenant_id)
    keys = {row.key: row for row in present.values()}
    found = (present.get(name) or keys.get(name) for name in names)
    return list({row.id: row for row in found if row is not None}.values())


def permissions(environment: EmulatedEnvironment) -> Mapping[str, PermissionRow]:
    """Return all permissions by their ids, oldest first."""
    return with_defaults(environment.state, PermissionRow, DEFAULT_PERMISSIONS)


def permissions_of(environment: EmulatedEnvironment, rows: Iterable[RoleRow]) -> list[PermissionRow]:
    """Return the permissions of roles, each permission once."""
    present = permissions(environment)
    ids = dict.fromkeys(permission_id for row in rows for permission_id in row.permission_ids)
    return [present[permission_id] for permission_id in ids if permission_id in present]


def groups_of(state: State, tenant_id: str, user_id: str) -> list[GroupRow]:
    """Return the groups of a tenant to which a user belongs."""
    return [row for row in state.owned(GroupRow, tenant_id) if user_id in row.user_ids]


def remove(environment: EmulatedEnvironment, row: RoleRow | PermissionRow) -> None:
    """Remove a role or a permission."""
    remove_row(environment.state, row, is_default=row.id in _DEFAULT_IDS)


def remove_row(state: State, row: DefaultRow, *, is_default: bool) -> None:
    """Remove a row. An initial row of the environment is marked as removed instead."""
    if is_default:
        state.put(msgspec.structs.replace(row, is_removed=True))
    else:
        state.remove(type(row), row.id)


def with_defaults(state: State, row_type: type[D], defaults: tuple[D, ...]) -> Mapping[str, D]:
    """Return the rows of a table by their ids. The initial rows of the environment are included."""
    rows = {row.id: row for row in defaults} | dict(state.table(row_type))
    return {key: row for key, row in rows.items() if not row.is_removed}
