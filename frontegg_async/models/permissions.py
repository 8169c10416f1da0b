"""Models of permissions, of their categories, and the request bodies for both."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.fields import BARE, NONE_IS_EMPTY
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Permission", "PermissionAssignment", "PermissionCategory"]


class PermissionAssignment(enum.StrEnum):
    """The rules for which roles can have a permission."""

    ASSIGNABLE = "ASSIGNABLE"
    """Only roles to which the permission is assigned."""
    ALWAYS = "ALWAYS"
    """Every role."""
    NEVER = "NEVER"
    """No role."""


PermissionAssignmentLiteral: TypeAlias = Literal["assignable", "always", "never"]
"""The values of `PermissionAssignment` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Permission(Model):
    """A permission. Users have the permissions of their roles."""

    id: str
    """The id of the permission. The id differs between environments; the key does not."""
    key: str
    """The key, such as ``reports.read``. The claim ``permissions`` of users' tokens contains the keys."""
    name: str = attrs.field(default="", repr=False)
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the actions that the permission allows."""
    category_id: str | None = attrs.field(default=None, repr=False)
    """The id of the permission's category; ``None`` without a category."""
    assignment_type: PermissionAssignment | str | None = attrs.field(default=None, repr=False)
    """The rule for which roles can have the permission; ``None`` if the response lacks it."""
    fe_permission: bool | None = attrs.field(default=None, repr=False)
    """Whether Frontegg defines the permission. The keys of these permissions begin with ``fe.``."""
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The ids of the roles that have the permission."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation; ``None`` if the response lacks it."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PermissionCategory(Model):
    """A category of permissions, which the portal shows."""

    id: str
    """The id of the category.

    The permissions of the category have it as ``category_id``. The id differs between environments.
    """
    name: str = ""
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description of the category."""
    fe_category: bool | None = attrs.field(default=None, repr=False)
    """Whether Frontegg defines the category; ``None`` if the response lacks this field."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation; ``None`` if the response lacks it."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCreate(Value):
    """The fields of a new permission. Fields that are ``None`` are not sent."""

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
    """The fields of a permission to change. Fields that are `UNSET` are not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    category_id: str | Unset = UNSET
    assignment_type: PermissionAssignment | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionRoles(Value):
    """The roles that get a permission in addition to the roles that already have the permission."""

    role_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCategoryCreate(Value):
    """The fields of a new category. Fields that are ``None`` are not sent."""

    name: str
    description: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PermissionCategoryUpdate(Value):
    """The fields of a category to change. Fields that are `UNSET` are not sent."""

    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
