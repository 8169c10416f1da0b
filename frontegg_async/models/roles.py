"""Models of roles and permissions: what the service returns and what it is sent."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.fields import BARE, MAY_BE_EMPTY, READ
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Permission", "PermissionAssignment", "PermissionCategory", "Role", "RoleSort"]


def none_is_empty(value: object) -> object:
    """Return an empty array for null."""
    return () if value is None else value


_IDS: Final = {READ: none_is_empty}


class RoleSort(enum.StrEnum):
    """What a listing of roles is sorted by."""

    KEY = "key"
    """The key."""
    NAME = "name"
    """The name."""
    DESCRIPTION = "description"
    """The description."""
    IS_DEFAULT = "isDefault"
    """Whether it is a default role."""
    FIRST_USER_ROLE = "firstUserRole"
    """Whether the first user of a tenant gets it."""
    LEVEL = "level"
    """The level."""
    UPDATED_AT = "updatedAt"
    """The time of the last change."""
    CREATED_AT = "createdAt"
    """The time of creation."""
    PERMISSIONS = "permissions"
    """The number of permissions."""
    USER_TENANTS = "userTenants"
    """The number of users in tenants."""
    GROUPS = "groups"
    """The number of groups."""


RoleSortLiteral: TypeAlias = Literal[
    "key",
    "name",
    "description",
    "isDefault",
    "firstUserRole",
    "level",
    "updatedAt",
    "createdAt",
    "permissions",
    "userTenants",
    "groups",
]
"""The values of `RoleSort` as text."""


class PermissionAssignment(enum.StrEnum):
    """Which roles a permission can be given to."""

    ASSIGNABLE = "ASSIGNABLE"
    """Those that it is assigned to."""
    ALWAYS = "ALWAYS"
    """Every role has it."""
    NEVER = "NEVER"
    """No role can have it."""


PermissionAssignmentLiteral: TypeAlias = Literal["assignable", "always", "never"]
"""The values of `PermissionAssignment` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Role(Model):
    """A role: of the environment, for all tenants, or of one tenant alone."""

    id: str
    """The id, which differs between environments; the key is what stays the same."""
    key: str
    """The key, as ``Admin``: what the claim ``roles`` of users' tokens has."""
    name: str = attrs.field(default="", repr=False)
    """The name that people see."""
    tenant_id: str | None = None
    """The tenant that it belongs to; ``None`` for a role of the environment."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment; ``None`` where the service does not say."""
    description: str | None = attrs.field(default=None, repr=False)
    """What it is for."""
    is_default: bool | None = attrs.field(default=None, repr=False)
    """Whether users get it who are added without roles; ``None`` where the service does not say."""
    first_user_role: bool | None = attrs.field(default=None, repr=False)
    """Whether the first user of a new tenant gets it; ``None`` where the service does not say."""
    level: int | float | None = attrs.field(default=None, repr=False)
    """Its level: a lower one is stronger. Users may only give roles that are not stronger than their own."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_IDS)
    """The ids of its permissions."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created; ``None`` where the service does not say."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Permission(Model):
    """A permission, which users have by their roles."""

    id: str
    """The id, which differs between environments; the key is what stays the same."""
    key: str
    """The key, as ``reports.read``: what the claim ``permissions`` of users' tokens has."""
    name: str = attrs.field(default="", repr=False)
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """What it allows."""
    category_id: str | None = attrs.field(default=None, repr=False)
    """The id of its category, if it has one."""
    assignment_type: PermissionAssignment | str | None = attrs.field(default=None, repr=False)
    """Which roles it can be given to; ``None`` where the service does not say."""
    fe_permission: bool | None = attrs.field(default=None, repr=False)
    """Whether it is one of the service's own, whose keys begin with ``fe.``."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=_IDS)
    """The ids of the roles that have it."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created; ``None`` where the service does not say."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PermissionCategory(Model):
    """A category, under which the portal shows permissions."""

    id: str
    """The id, which differs between environments: what the ``category_id`` of a permission names."""
    name: str = ""
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """What its permissions are about."""
    fe_category: bool | None = attrs.field(default=None, repr=False)
    """Whether it is one of the service's own; ``None`` where the service does not say."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleCreate(Value):
    """The fields of a new role. ``None`` is not sent."""

    key: str
    name: str
    level: int | float
    description: str | None = attrs.field(default=None, repr=False)
    is_default: bool | None = None
    first_user_role: bool | None = None
    migrate_role: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleCreates(Value):
    """New roles, which are sent as an array."""

    roles: tuple[RoleCreate, ...] = attrs.field(metadata={BARE: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class DerivedRoleCreate(Value):
    """The fields of a new role of a tenant, which has the level of another role. ``None`` is not sent."""

    key: str
    name: str
    base_role_id: str
    permission_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})
    description: str | None = attrs.field(default=None, repr=False)
    is_default: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleUpdate(Value):
    """The fields of a role to change. What is `UNSET` is not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    level: int | float | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    is_default: bool | Unset = UNSET
    first_user_role: bool | Unset = UNSET
    migrate_role: bool | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RolePermissions(Value):
    """The permissions that a role has from now on."""

    permission_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleTenant(Value):
    """The tenant that a role belongs to from now on; ``None``, which is sent, for all."""

    tenant_id: str | None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCreate(Value):
    """The fields of a new permission. ``None`` is not sent."""

    key: str
    name: str
    description: str | None = attrs.field(default=None, repr=False)
    category_id: str | None = None
    assignment_type: PermissionAssignment | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCreates(Value):
    """New permissions, which are sent as an array."""

    permissions: tuple[PermissionCreate, ...] = attrs.field(metadata={BARE: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionUpdate(Value):
    """The fields of a permission to change. What is `UNSET` is not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    category_id: str | Unset = UNSET
    assignment_type: PermissionAssignment | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionRoles(Value):
    """The roles that get a permission, beside those that have it."""

    role_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCategoryCreate(Value):
    """The fields of a new category. ``None`` is not sent."""

    name: str
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCategoryUpdate(Value):
    """The fields of a category to change. What is `UNSET` is not sent."""

    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
