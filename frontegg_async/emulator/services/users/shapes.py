"""Converts users to the forms that responses and events contain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.of_users import permissions_in, roles_in
from frontegg_async.emulator.services.roles.rows import GroupRow, PermissionRow, RoleRow
from frontegg_async.emulator.services.tenants.access import is_within
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_WITHOUT_TENANTS: Final = "disabledMFA"
"""The event that contains a user without tenants, as recorded deliveries of the service show."""
_WITHOUT_ROLES: Final = "enrolledMFA"
"""The event that contains a user whose tenants have no roles, as recorded deliveries of the service show."""


def listed(
    environment: EmulatedEnvironment, user: UserRow, *, has_roles: bool, tenant_id: str = ""
) -> dict[str, object]:
    """Return a user in the form that lists contain.

    Args:
        environment: The environment.
        user: The user.
        has_roles: Whether the user's roles in each tenant are included.
        tenant_id: The id of the tenant that the request concerns. Whether the user is activated is reported for this
            tenant. By default it is the active tenant.
    """
    asked = tenant_id if tenant_id in user.tenant_ids else user.tenant_id
    return {
        "id": user.id,
        "sub": user.id,
        "email": user.email,
        "name": user.name or user.email,
        "profilePictureUrl": user.profile_picture_url,
        "phoneNumber": user.phone_number,
        "verified": user.verified,
        "mfaEnrolled": user.mfa_enrolled,
        "mfaBypass": user.mfa_bypass,
        "provider": user.provider,
        "managedBy": user.managed_by,
        "isLocked": user.is_locked,
        "tenantId": user.tenant_id,
        "tenantIds": list(user.tenant_ids),
        "tenants": [_membership(environment, user, each, has_roles=has_roles) for each in user.tenant_ids],
        "activatedForTenant": user.membership(asked).status == "Activated",
        "metadata": text_of(user.metadata),
        "vendorMetadata": text_of(user.vendor_metadata),
        "externalId": user.external_id,
        "invisible": user.invisible,
        "superUser": user.super_user,
        "createdAt": user.created_at,
        "lastLogin": user.last_login,
        "subAccountAccessAllowed": user.allow_access is not False,
    }


def whole(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> dict[str, object]:
    """Return a user with the user's roles, permissions and groups in a tenant."""
    return {
        **listed(environment, user, has_roles=True, tenant_id=tenant_id),
        "roles": roles(environment, user, tenant_id),
        "permissions": permissions(environment, user, tenant_id),
        "groups": [group(row) for row in role_rows.groups_of(environment.state, tenant_id, user.id)],
    }


def to_users(
    environment: EmulatedEnvironment, user: UserRow, top_id: str, shown: Callable[[UserRow], dict[str, object]]
) -> dict[str, object]:
    """Return a user in the form that other users see: without vendor metadata and without tenants of other hierarchies.

    Args:
        environment: The environment.
        user: The user. One of the user's tenants must be in the hierarchy.
        top_id: The id of the caller's tenant, which is the top of the hierarchy.
        shown: The function that returns the user in the form for an environment token.
    """
    within = tuple(each for each in user.tenant_ids if is_within(environment.state, top_id, each))
    active = user.tenant_id if user.tenant_id in within else within[0]
    fields = shown(msgspec.structs.replace(user, tenant_ids=within, tenant_id=active))
    return {name: value for name, value in fields.items() if name != "vendorMetadata"}


def roles(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[dict[str, object]]:
    """Return the roles of a user in a tenant. Roles that a seed gave the user are included."""
    shown = [role(environment, row) for row in roles_in(environment, user, tenant_id)]
    return shown + [named_role(environment, key) for key in user.roles]


def permissions(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[dict[str, object]]:
    """Return the permissions of a user in a tenant. Permissions that a seed gave the user are included."""
    shown = [permission(row) for row in permissions_in(environment, user, tenant_id)]
    return shown + [named_permission(environment, key) for key in user.permissions]


def in_event(environment: EmulatedEnvironment, user: UserRow, tenant_id: str, event: str) -> dict[str, object]:
    """Return a user in the form that an event contains. Some events about second factors omit fields.

    Args:
        environment: The environment.
        user: The user.
        tenant_id: The id of the tenant whose roles and permissions the event contains.
        event: The part of the event key that follows ``frontegg.user.``.
    """
    shown = listed(environment, user, has_roles=event != _WITHOUT_ROLES, tenant_id=tenant_id)
    if event == _WITHOUT_TENANTS:
        del shown["tenants"], shown["tenantIds"]
    return {
        **shown,
        "roles": roles(environment, user, tenant_id),
        "permissions": permissions(environment, user, tenant_id),
    }


def _membership(environment: EmulatedEnvironment, user: UserRow, tenant_id: str, *, has_roles: bool) -> object:
    membership = user.membership(tenant_id)
    shown: dict[str, object] = {
        "tenantId": tenant_id,
        "isDisabled": membership.is_disabled,
        "temporaryExpirationDate": membership.expires,
    }
    if has_roles:
        shown["roles"] = [role(environment, row) for row in roles_in(environment, user, tenant_id)]
    return shown


def text_of(metadata: object) -> str:
    """Return metadata as JSON text. Without metadata, return the text of an empty object."""
    return msgspec.json.encode({} if metadata is None else metadata).decode()


def role(environment: EmulatedEnvironment, row: RoleRow) -> dict[str, object]:
    """Return a role in the form that a user in a response contains."""
    shown = cast("dict[str, object]", msgspec.to_builtins(row))
    del shown["isRemoved"]
    permissions = shown.pop("permissionIds")
    return {
        **shown,
        "vendorId": environment.vendor_id,
        "tenantId": row.tenant_id or None,
        "description": row.description or "",
        "permissions": permissions,
    }


def group(row: GroupRow) -> dict[str, object]:
    """Return a group in the form that a user in a response contains."""
    return {"id": row.id, "name": row.name}


def named_role(environment: EmulatedEnvironment, key: str) -> dict[str, object]:
    """Return a role whose key comes from a seed. The role need not exist."""
    now = environment.clock.timestamp()
    return role(environment, RoleRow(id=key, key=key, name=key, created_at=now, updated_at=now))


def permission(row: PermissionRow) -> dict[str, object]:
    """Return a permission in the form that a user in a response contains."""
    shown = cast("dict[str, object]", msgspec.to_builtins(row))
    del shown["isRemoved"], shown["tenantId"]
    return {**shown, "description": row.description or "", "categoryId": row.category_id or "", "roleIds": []}


def named_permission(environment: EmulatedEnvironment, key: str) -> dict[str, object]:
    """Return a permission whose key comes from a seed. The permission need not exist."""
    now = environment.clock.timestamp()
    is_own = key.startswith("fe.")
    return permission(PermissionRow(id=key, key=key, name=key, fe_permission=is_own, created_at=now, updated_at=now))
