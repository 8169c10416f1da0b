"""Models of roles, and the request bodies for roles."""

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
    """Whether users who are added without roles get the role."""
    FIRST_USER_ROLE = "firstUserRole"
    """Whether the first user of a tenant gets the role."""
    LEVEL = "level"
    """The level."""
    UPDATED_AT = "updatedAt"
    """The time of the last change."""
    CREATED_AT = "createdAt"
    """The time of creation."""
    PERMISSIONS = "permissions"
    """The number of permissions of the role."""
    USER_TENANTS = "userTenants"
    """The number of users who have the role, counted per tenant."""
    GROUPS = "groups"
    """The number of groups that have the role."""


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
    """The id of the role. The id differs between environments; the key does not."""
    key: str
    """The key, such as ``Admin``. The claim ``roles`` of users' tokens contains the keys."""
    name: str = attrs.field(default="", repr=False)
    """The name that people see."""
    tenant_id: str | None = None
    """The id of the role's tenant; ``None`` for a role of the environment."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment; ``None`` if the response lacks it."""
    description: str | None = attrs.field(default=None, repr=False)
    """The purpose of the role."""
    is_default: bool | None = attrs.field(default=None, repr=False)
    """Whether users who are added without roles get the role; ``None`` if the response lacks this field."""
    first_user_role: bool | None = attrs.field(default=None, repr=False)
    """Whether the first user of a new tenant gets the role; ``None`` if the response lacks this field."""
    level: int | None = attrs.field(default=None, repr=False)
    """The rank of the role: a lower number is a stronger role.

    Users may not assign roles that are stronger than their own roles.
    """
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the role's permissions."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation; ``None`` if the response lacks it."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RoleCreate(Value):
    """The fields of a new role. Fields that are ``None`` are not sent."""

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
    """The fields of a new role of a tenant.

    ``base_role_id`` is the role whose level the new role gets. Fields that are ``None`` are not sent.
    """

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
    """The new tenant of a role. ``None`` means all tenants, and is sent as null."""

    tenant_id: str | None
