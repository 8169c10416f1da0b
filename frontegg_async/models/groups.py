"""Models of the groups of tenants' users: what the service returns and what it is sent."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model, ModelWithMetadata
from frontegg_async.models.roles import Role

__all__ = ["Group", "GroupConfiguration", "GroupManager", "GroupRelations", "GroupSort", "GroupUser"]


class GroupRelations(enum.StrEnum):
    """What groups are read with."""

    ROLES = "roles"
    """With their roles."""
    USERS = "users"
    """With their users."""
    ROLES_AND_USERS = "rolesAndUsers"
    """With both."""


GroupRelationsLiteral: TypeAlias = Literal["roles", "users", "rolesAndUsers", "roles_and_users"]
"""The values of `GroupRelations` as text."""


class GroupSort(enum.StrEnum):
    """What a listing of groups is sorted by."""

    ID = "id"
    """The id."""
    NAME = "name"
    """The name."""
    CREATED_AT = "createdAt"
    """The time of creation."""
    UPDATED_AT = "updatedAt"
    """The time of the last change."""


GroupSortLiteral: TypeAlias = Literal["id", "name", "createdAt", "updatedAt", "created_at", "updated_at"]
"""The values of `GroupSort` as text."""


class GroupManager(enum.StrEnum):
    """Who manages a group."""

    FRONTEGG = "frontegg"
    """Users and programs of the service."""
    SCIM = "scim2"
    """An identity provider, by SCIM."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class GroupUser(Model):
    """A user of a group."""

    id: str
    """The id of the user."""
    email: str | None = attrs.field(default=None, repr=False)
    """The e-mail address."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name."""
    profile_picture_url: str | None = attrs.field(default=None, repr=False)
    """The address of the picture."""
    activated_for_tenant: bool | None = attrs.field(default=None, repr=False)
    """Whether the user has accepted the invitation to the tenant."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When the user was created."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Group(ModelWithMetadata):
    """A group of users of a tenant: its members have its roles beside their own, from their next sign-in on."""

    id: str
    """The id of the group."""
    name: str = attrs.field(default="", repr=False)
    """The name, which no other group of the tenant has."""
    color: str | None = attrs.field(default=None, repr=False)
    """The colour that it is shown in."""
    description: str | None = attrs.field(default=None, repr=False)
    """What it is for."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Data of your own: any JSON value, parsed."""
    managed_by: GroupManager | str | None = attrs.field(default=None, repr=False)
    """Who manages it; ``None`` where the service does not say."""
    roles: tuple[Role, ...] | None = attrs.field(default=None, repr=False)
    """Its roles, without their permissions; ``None`` unless it was read with them."""
    users: tuple[GroupUser, ...] | None = attrs.field(default=None, repr=False)
    """Its users; ``None`` unless it was read with them."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created; ``None`` where the service does not say."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupList(Value):
    """The groups of a tenant."""

    groups: tuple[Group, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class GroupConfiguration(Model):
    """Whether the tenants of an environment have groups."""

    enabled: bool | None = None
    """Whether there are groups; ``None`` where the service does not say."""
    roles_enabled: bool | None = None
    """Whether groups may have roles; ``None`` where the service does not say."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupCreate(Value):
    """The fields of a new group. ``None`` is not sent; metadata are JSON text."""

    name: str
    color: str | None = None
    description: str | None = attrs.field(default=None, repr=False)
    metadata: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupUpdate(Value):
    """The fields of a group to change. What is `UNSET` is not sent; metadata are JSON text."""

    name: str | Unset = UNSET
    color: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    metadata: str | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupIds(Value):
    """The ids of groups to read."""

    groups_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupRoleIds(Value):
    """The roles to add to a group or to remove from it."""

    role_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupUserIds(Value):
    """The users to add to a group or to remove from it."""

    user_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupConfigurationUpdate(Value):
    """Whether there are groups, and whether they may have roles. ``None`` is not sent."""

    enabled: bool | None = None
    roles_enabled: bool | None = None
