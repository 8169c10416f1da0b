"""Models of groups of users, and the request bodies for groups."""

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
    """The related objects that a listing of groups includes."""

    ROLES = "roles"
    """The roles of each group."""
    USERS = "users"
    """The users of each group."""
    ROLES_AND_USERS = "rolesAndUsers"
    """The roles and the users of each group."""


GroupRelationsLiteral: TypeAlias = Literal["roles", "users", "rolesAndUsers", "roles_and_users"]
"""The values of `GroupRelations` as text."""


class GroupSort(enum.StrEnum):
    """The fields that sort a listing of groups."""

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
    """The managers of groups."""

    FRONTEGG = "frontegg"
    """Frontegg: people and programs manage the group."""
    SCIM = "scim2"
    """SCIM: an identity provider manages the group."""


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
    """The time at which the user was created."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Group(ModelWithMetadata):
    """A group of users of a tenant.

    From their next sign-in on, the members have the roles of the group in addition to their own roles.
    """

    id: str
    """The id of the group."""
    name: str = attrs.field(default="", repr=False)
    """The name of the group, unique in the tenant."""
    color: str | None = attrs.field(default=None, repr=False)
    """The colour in which the group is shown."""
    description: str | None = attrs.field(default=None, repr=False)
    """The purpose of the group."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata: any JSON value, parsed."""
    managed_by: GroupManager | str | None = attrs.field(default=None, repr=False)
    """The manager of the group; ``None`` if the response lacks it."""
    roles: tuple[Role, ...] | None = attrs.field(default=None, repr=False)
    """The roles of the group, without their permissions; ``None`` if the request did not ask for roles."""
    users: tuple[GroupUser, ...] | None = attrs.field(default=None, repr=False)
    """The users of the group; ``None`` if the request did not ask for users."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation; ``None`` if the response lacks it."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupList(Value):
    """The groups of a tenant."""

    groups: tuple[Group, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class GroupConfiguration(Model):
    """The settings of groups in an environment."""

    enabled: bool | None = None
    """Whether groups are enabled; ``None`` if the response lacks this field."""
    roles_enabled: bool | None = None
    """Whether groups may have roles; ``None`` if the response lacks this field."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupCreate(Value):
    """The fields of a new group, with metadata as JSON text. Fields that are ``None`` are not sent."""

    name: str
    color: str | None = None
    description: str | None = attrs.field(default=None, repr=False)
    metadata: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupUpdate(Value):
    """The fields of a group to change, with metadata as JSON text. Fields that are `UNSET` are not sent."""

    name: str | Unset = UNSET
    color: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    metadata: str | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupIds(Value):
    """The ids of the requested groups."""

    groups_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupRoleIds(Value):
    """The roles to add to a group or to remove from a group."""

    role_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupUserIds(Value):
    """The users to add to a group or to remove from a group."""

    user_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class GroupConfigurationUpdate(Value):
    """Whether groups are enabled, and whether they may have roles. Fields that are ``None`` are not sent."""

    enabled: bool | None = None
    roles_enabled: bool | None = None
