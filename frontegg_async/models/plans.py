"""Models of feature plans: bundles of features that are assigned to accounts and users."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.features import Feature
from frontegg_async.models.model import Model

__all__ = ["FeaturePlan", "PlanSort", "Treatment"]


class Treatment(enum.StrEnum):
    """The decisions of a rule about a feature, and the default decisions if no rule applies."""

    TRUE = "true"
    """The users have the feature."""
    FALSE = "false"
    """The users do not have the feature."""


TreatmentLiteral: TypeAlias = Literal["true", "false"]
"""The values of `Treatment` as text."""


class PlanSort(enum.StrEnum):
    """The fields that sort a listing of plans."""

    NAME = "name"
    """The name."""
    CREATED_AT = "createdAt"
    """The time of creation."""


PlanSortLiteral: TypeAlias = Literal["name", "createdAt", "created_at"]
"""The values of `PlanSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class FeaturePlan(Model):
    """A feature plan of the environment: a bundle of features."""

    id: str
    """The id of the plan."""
    name: str = ""
    """The name that people see; empty if the response has no name."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description; ``None`` if the plan has none."""
    features: tuple[Feature, ...] | None = attrs.field(default=None, repr=False)
    """The features; ``None`` if the response lacks the features."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether users to whom neither an assignment nor a rule applies have the features."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The targeting rules as the service returns them, in the order in which the service tries them."""
    default_time_limitation: int | None = attrs.field(default=None, repr=False)
    """The number of days after which an assignment that is created at sign-up ends; ``None`` if it never ends."""
    assign_on_signup: bool = attrs.field(default=False, repr=False)
    """Whether new accounts get the plan at sign-up."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeaturePlanPage(Value):
    """A page of a listing of plans, and whether more plans follow."""

    items: tuple[FeaturePlan, ...]
    has_next: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeaturePlanCreate(Value):
    """The fields of a new plan. Fields that are ``None`` are not sent."""

    name: str
    description: str | None = attrs.field(default=None, repr=False)
    default_treatment: Treatment | None = None
    rules: tuple[Mapping[str, JsonValue], ...] | None = attrs.field(default=None, repr=False, hash=False)
    feature_keys: tuple[str, ...] | None = None
    default_time_limitation: int | None = None
    assign_on_signup: bool | None = None
    metadata: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeaturePlanUpdate(Value):
    """The fields of a plan to change. Fields that are `UNSET` are not sent."""

    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    default_treatment: Treatment | Unset = UNSET
    rules: tuple[Mapping[str, JsonValue], ...] | Unset = attrs.field(default=UNSET, repr=False, hash=False)
    feature_keys: tuple[str, ...] | Unset = UNSET
    default_time_limitation: int | Unset = UNSET
    assign_on_signup: bool | Unset = UNSET
    metadata: str | Unset = attrs.field(default=UNSET, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PlanFeatures(Value):
    """The features to add to a plan or to remove from a plan."""

    features_ids: tuple[str, ...]
