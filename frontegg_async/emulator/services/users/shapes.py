"""The forms of users in responses and events."""

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
"""The event whose user has no tenants, as seen in deliveries of the service."""
_WITHOUT_ROLES: Final = "enrolledMFA"
"""The event whose user has tenants without roles, as seen in deliveries of the service."""


def listed(
    environment: EmulatedEnvironment, user: UserRow, *, has_roles: bool, tenant_id: str = ""
) -> dict[str, object]:
    """Return a user in the form of a listing, by default without roles.

    Args:
        environment: The environment.
        user: The user.
        has_roles: Whether to include the roles in each tenant.
        tenant_id: The id of the requested tenant, in which the user may be activated; the active tenant by default.
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
    """Return a user with its roles, permissions and groups in a tenant."""
    return {
        **listed(environment, user, has_roles=True, tenant_id=tenant_id),
        "roles": roles(environment, user, tenant_id),
        "permissions": permissions(environment, user, tenant_id),
        "groups": [group(row) for row in role_rows.groups_of(environment.state, tenant_id, user.id)],
    }


def to_users(
    environment: EmulatedEnvironment, user: UserRow, top_id: str, shown: Callable[[UserRow], dict[str, object]]
) -> dict[str, object]:
    """Return a user in the form for users of a tenant: without vendor metadata, and with tenants of one hierarchy.

    Args:
        environment: The environment.
        user: The user, who belongs to a tenant of the hierarchy.
        top_id: The id of the callers' tenant, which is the top of the hierarchy.
        shown: Returns the user in the form for an environment token.
    """
    within = tuple(each for each in user.tenant_ids if is_within(environment.state, top_id, each))
    active = user.tenant_id if user.tenant_id in within else within[0]
    fields = shown(msgspec.structs.replace(user, tenant_ids=within, tenant_id=active))
    return {name: value for name, value in fields.items() if name != "vendorMetadata"}


def roles(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[dict[str, object]]:
    """Return the roles of a user in a tenant, including roles from the seed."""
    shown = [role(environment, row) for row in roles_in(environment, user, tenant_id)]
    return shown + [named_role(environment, key) for key in user.roles]


def permissions(environment: EmulatedEnvironment, user: UserRow, tenant_id: str) -> list[dict[str, object]]:
    """Return the permissions of a user in a tenant, including permissions from the seed."""
    shown = [permission(row) for row in permissions_in(environment, user, tenant_id)]
    return shown + [named_permission(environment, key) for key in user.permissions]


def in_event(environment: EmulatedEnvironment, user: UserRow, tenant_id: str, event: str) -> dict[str, object]:
    """Return a user in the form of an event. Some events about second factors lack fields.

    Args:
        environment: The environment.
        user: The user.
        tenant_id: The id of the tenant whose roles and permissions the event contains.
        event: The event key after ``frontegg.user.``.
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
    """Return metadata as JSON text; an empty object if there is no metadata."""
    return msgspec.json.encode({} if metadata is None else metadata).decode()


def role(environment: EmulatedEnvironment, row: RoleRow) -> dict[str, object]:
    """Return a role of a user."""
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
    """Return a group of a user."""
    return {"id": row.id, "name": row.name}


def named_role(environment: EmulatedEnvironment, key: str) -> dict[str, object]:
    """Return a role with a key from a seed. The role need not exist."""
    now = environment.clock.timestamp()
    return role(environment, RoleRow(id=key, key=key, name=key, created_at=now, updated_at=now))


def permission(row: PermissionRow) -> dict[str, object]:
    """Return a permission of a user."""
    shown = cast("dict[str, object]", msgspec.to_builtins(row))
    del shown["isRemoved"], shown["tenantId"]
    return {**shown, "description": row.description or "", "categoryId": row.category_id or "", "roleIds": []}


def named_permission(environment: EmulatedEnvironment, key: str) -> dict[str, object]:
    """Return a permission with a key from a seed. The permission need not exist."""
    now = environment.clock.timestamp()
    is_own = key.startswith("fe.")
    return permission(PermissionRow(id=key, key=key, name=key, fe_permission=is_own, created_at=now, updated_at=now))
