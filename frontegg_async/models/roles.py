"""Models of roles, and bodies of their requests."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.fields import BARE, MAY_BE_EMPTY, NONE_IS_EMPTY
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Role", "RoleSort"]


class RoleSort(enum.StrEnum):
    """The fields that sort a listing of roles."""

    KEY = "key"
    """The key."""
    NAME = "name"
    """The name."""
    DESCRIPTION = "description"
    """The description."""
    IS_DEFAULT = "isDefault"
    """Whether the role is a default role."""
    FIRST_USER_ROLE = "firstUserRole"
    """Whether the first user of a tenant gets the role."""
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
    "is_default",
    "first_user_role",
    "updated_at",
    "created_at",
    "user_tenants",
]
"""The values of `RoleSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Role(Model):
    """A role, either of the environment for all tenants, or of one tenant."""

    id: str
    """The id of the role. It differs between environments; the key does not."""
    key: str
    """The key, such as ``Admin``. The claim ``roles`` of users' tokens contains the keys."""
    name: str = attrs.field(default="", repr=False)
    """The name that people see."""
    tenant_id: str | None = None
    """The id of the role's tenant; ``None`` for a role of the environment."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment; ``None`` where the service does not say."""
    description: str | None = attrs.field(default=None, repr=False)
    """The purpose of the role."""
    is_default: bool | None = attrs.field(default=None, repr=False)
    """Whether users who are added without roles get the role; ``None`` where the service does not say."""
    first_user_role: bool | None = attrs.field(default=None, repr=False)
    """Whether the first user of a new tenant gets the role; ``None`` where the service does not say."""
    level: int | None = attrs.field(default=None, repr=False)
    """The level: a lower number is a stronger role. Users may not give roles that are stronger than their own."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the role's permissions."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation; ``None`` where the service does not say."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


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
    """The fields of a new role of a tenant, with the level of another role. ``None`` is not sent."""

    key: str
    name: str
    base_role_id: str
    permission_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})
    description: str | None = attrs.field(default=None, repr=False)
    is_default: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleUpdate(Value):
    """The fields of a role to change. Fields that are `UNSET` are not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    level: int | float | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    is_default: bool | Unset = UNSET
    first_user_role: bool | Unset = UNSET
    migrate_role: bool | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RolePermissions(Value):
    """The new permissions of a role."""

    permission_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleTenant(Value):
    """The new tenant of a role; ``None`` for all tenants, which is sent."""

    tenant_id: str | None
