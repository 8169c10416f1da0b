"""Models of roles: what the service returns and what it is sent."""

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
    "is_default",
    "first_user_role",
    "updated_at",
    "created_at",
    "user_tenants",
]
"""The values of `RoleSort` as text."""


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
    level: int | None = attrs.field(default=None, repr=False)
    """Its level: a lower one is stronger. Users may only give roles that are not stronger than their own."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of its permissions."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created; ``None`` where the service does not say."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed; ``None`` where the service does not say."""
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
