"""Models of permissions: what the service returns and what it is sent."""

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
    role_ids: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
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
