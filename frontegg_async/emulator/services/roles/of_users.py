"""The roles of users and tokens in a tenant, from memberships and groups, and the permissions of these roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.rows import PermissionRow, RoleRow
from frontegg_async.emulator.services.roles.switches import RoleSwitches
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant


def roles_in(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[RoleRow]:
    """Return the roles of a user in a tenant. Roles of the user's groups are included."""
    groups = role_rows.groups_of(environment.state, tenant_id, user.id)
    ids = (*user.membership(tenant_id).role_ids, *(role_id for group in groups for role_id in group.role_ids))
    if not ids:
        return []
    present = role_rows.roles_of(environment, tenant_id)
    return [present[role_id] for role_id in dict.fromkeys(ids) if role_id in present]


def permissions_in(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[PermissionRow]:
    """Return the permissions that a user has in a tenant through roles."""
    return role_rows.permissions_of(environment, roles_in(environment, user, tenant_id))


def role_keys(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[str]:
    """Return the keys of a user's roles in a tenant. Roles that a seed gave the user are included."""
    return _each_once(user.roles, (row.key for row in roles_in(environment, user, tenant_id)))


def permission_keys(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[str]:
    """Return the keys of a user's permissions in a tenant. Permissions that a seed gave the user are included."""
    return _each_once(user.permissions, (row.key for row in permissions_in(environment, user, tenant_id)))


def given_role_keys(environment: EmulatedEnvironment, role_ids: Iterable[str], tenant_id: str) -> list[str]:
    """Return the keys of the roles with some ids, for the token of a tenant.

    If no role has an id, the id itself is used as the key.
    """
    present = role_rows.roles_of(environment, tenant_id)
    return [present[role_id].key if role_id in present else role_id for role_id in role_ids]


def given_permission_keys(
    environment: EmulatedEnvironment, role_ids: Iterable[str], permission_ids: Iterable[str], tenant_id: str
) -> list[str]:
    """Return the keys of the permissions for a tenant's token: its own permissions and the permissions of its roles.

    If there is no permission with an id, the id itself is used as the key.
    """
    roles = role_rows.roles_of(environment, tenant_id)
    present = role_rows.permissions(environment)
    own = (present[each].key if each in present else each for each in permission_ids)
    rows = role_rows.permissions_of(environment, [roles[role_id] for role_id in role_ids if role_id in roles])
    return _each_once(own, (row.key for row in rows))


def _each_once(first: Iterable[str], others: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*first, *others)))


def checked_role_ids(environment: EmulatedEnvironment, role_ids: Iterable[str], tenant_id: str) -> tuple[str, ...]:
    """Check the ids of roles that a tenant may use. Return the ids without repetitions.

    Raises:
        RequestRefusedError: 400 if a role does not exist or belongs to another tenant. A switch can set another status.
    """
    present = role_rows.roles_of(environment, tenant_id)
    ids = tuple(dict.fromkeys(role_ids))
    for role_id in ids:
        if role_id not in present:
            raise service_error(environment.switches[RoleSwitches].unknown_role, f"Role {role_id} not found")
    return ids


def check_levels(environment: EmulatedEnvironment, caller: Grant, role_ids: Iterable[str], tenant_id: str) -> None:
    """Refuse to let a user assign a role that is stronger than the user's own roles. A lower level is stronger.

    Raises:
        RequestRefusedError: 403 if the role is stronger. A switch can allow every user to assign every role.
    """
    claimed = caller.claims.get("roles")
    keys = cast("list[str]", claimed) if isinstance(claimed, list) else []
    own = [row.level for row in role_rows.find_roles(environment, keys, caller.tenant_id)]
    if not own or environment.switches[RoleSwitches].stronger_roles == "give":
        return
    present = role_rows.roles_of(environment, tenant_id)
    if any(present[role_id].level < min(own) for role_id in role_ids if role_id in present):
        raise service_error(403, "The role is stronger than yours")


def roles_of_new_user(environment: EmulatedEnvironment, tenant_id: str) -> tuple[str, ...]:
    """Return the ids of the roles of a user who joins a tenant, if the request gives no roles."""
    if environment.switches[RoleSwitches].roles_of_new_users == "none":
        return ()
    is_first = not environment.state.members(tenant_id)
    rows = role_rows.roles_of(environment, tenant_id).values()
    return tuple(row.id for row in rows if (row.first_user_role if is_first else row.is_default))
