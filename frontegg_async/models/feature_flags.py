"""Models of feature flags, whose rules grant a feature to users or withhold the feature."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model
from frontegg_async.models.plans import Treatment

__all__ = ["FeatureFlag", "FeatureFlagSort", "FlaggedFeature"]


class FeatureFlagSort(enum.StrEnum):
    """The fields that sort a listing of feature flags."""

    NAME = "name"
    """The name."""
    CREATED_AT = "createdAt"
    """The time of creation."""


FeatureFlagSortLiteral: TypeAlias = Literal["name", "createdAt", "created_at"]
"""The values of `FeatureFlagSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class FlaggedFeature(Model):
    """The feature of a feature flag, with fewer fields than `Feature`."""

    id: str
    """The id of the feature."""
    key: str | None = None
    """The key with which programs ask for the feature."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class FeatureFlag(Model):
    """A feature flag, whose rules grant a feature or withhold it.

    A plan assignment that grants the feature has priority.
    """

    id: str
    """The id of the feature flag."""
    name: str = ""
    """The name that people see; empty if the response has no name."""
    on: bool | None = None
    """Whether the rules apply; if ``False``, ``off_treatment`` applies to everybody."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether users to whom no rule applies have the feature."""
    off_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether users have the feature while the flag is off."""
    feature: FlaggedFeature | None = attrs.field(default=None, repr=False)
    """The feature that the flag controls; ``None`` if the response lacks the feature."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The targeting rules as the service returns them, in the order in which the service tries them."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description; ``None`` if the flag has none."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureFlagPage(Value):
    """A page of a listing of feature flags, and whether more flags follow."""

    items: tuple[FeatureFlag, ...]
    has_next: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureFlagCreate(Value):
    """The fields of a new feature flag. Fields that are ``None`` are not sent."""

    name: str
    on: bool
    off_treatment: Treatment
    default_treatment: Treatment
    feature_id: str
    description: str | None = attrs.field(default=None, repr=False)
    rules: tuple[Mapping[str, JsonValue], ...] | None = attrs.field(default=None, repr=False, hash=False)
    metadata: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureFlagUpdate(Value):
    """The fields of a feature flag to change. Fields that are `UNSET` are not sent."""

    name: str | Unset = UNSET
    on: bool | Unset = UNSET
    off_treatment: Treatment | Unset = UNSET
    default_treatment: Treatment | Unset = UNSET
    feature_id: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    rules: tuple[Mapping[str, JsonValue], ...] | Unset = attrs.field(default=UNSET, repr=False, hash=False)
    metadata: str | Unset = attrs.field(default=UNSET, repr=False)
