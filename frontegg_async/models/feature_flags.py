"""Models of feature flags, which open or close a feature by rules."""

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
    """When it was created."""


FeatureFlagSortLiteral: TypeAlias = Literal["name", "createdAt", "created_at"]
"""The values of `FeatureFlagSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class FlaggedFeature(Model):
    """The feature of a feature flag, without what only `Feature` has."""

    id: str
    """The id of the feature."""
    key: str | None = None
    """The name by which programs ask for it."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class FeatureFlag(Model):
    """A feature flag: rules that open or close a feature for those to whom no assignment opens it."""

    id: str
    """The id of the feature flag."""
    name: str = ""
    """The name that people see; empty if it has none that can be read."""
    on: bool | None = None
    """Whether its rules are tried; otherwise ``off_treatment`` is for everybody."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether the feature is open for those whom no rule concerns."""
    off_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether the feature is open while the flag is off."""
    feature: FlaggedFeature | None = attrs.field(default=None, repr=False)
    """The feature; ``None`` where the response does not have it."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Its targeting rules as the service has them, in the order in which they are tried."""
    description: str | None = attrs.field(default=None, repr=False)
    """Its description; ``None`` if it has none."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Data of your own."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was created."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """When it was last changed."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureFlagPage(Value):
    """A part of a listing of feature flags, and whether more follow."""

    items: tuple[FeatureFlag, ...]
    has_next: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureFlagCreate(Value):
    """The fields of a new feature flag. ``None`` is not sent."""

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
