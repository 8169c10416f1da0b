"""Models of plan assignments: an account or a user has a feature plan until the end of the assignment."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.fields import WIRE_NAME
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["PlanAssignment", "PlanAssignmentSort"]


class PlanAssignmentSort(enum.StrEnum):
    """The fields that sort a listing of plan assignments."""

    CREATED_AT = "createdAt"
    """The time at which the assignment was made."""
    EXPIRES_AT = "expirationDate"
    """The time at which the assignment ends."""


PlanAssignmentSortLiteral: TypeAlias = Literal["createdAt", "created_at", "expirationDate", "expires_at"]
"""The values of `PlanAssignmentSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class PlanAssignment(Model):
    """An assignment of a feature plan to an account, or to a user in an account."""

    id: str
    """The id of the assignment."""
    plan_id: str
    """The id of the plan."""
    tenant_id: str
    """The id of the tenant."""
    user_id: str | None = None
    """The id of the user; ``None`` if the assignment is for everybody in the tenant."""
    expires_at: datetime | None = attrs.field(default=None, metadata={WIRE_NAME: "expirationDate"})
    """The time at which the assignment ends; ``None`` if it never ends."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time at which the assignment was made."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanAssignmentPage(Value):
    """A page of a listing of plan assignments, and whether more assignments follow."""

    items: tuple[PlanAssignment, ...]
    has_next: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanAssignmentIds(Value):
    """The ids of new plan assignments."""

    entitlement_ids: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanAssignmentCreate(Value):
    """A new plan assignment. Fields that are ``None`` are not sent."""

    plan_id: str
    tenant_id: str
    user_id: str | None = None
    expiration_date: str | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanAssignmentsCreate(Value):
    """New plan assignments, at most 50."""

    entitlements: tuple[PlanAssignmentCreate, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanAssignmentUpdate(Value):
    """The new end of a plan assignment. The assignment never ends if ``expiration_date`` is ``None``."""

    id: str
    expiration_date: str | None | Unset = UNSET


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanAssignmentsUpdate(Value):
    """The plan assignments to change, at most 50."""

    entitlements: tuple[PlanAssignmentUpdate, ...]
