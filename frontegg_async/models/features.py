"""Models of features, which plans and feature flags grant to accounts and users."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import attrs

from frontegg_async._values.fields import NONE_IS_EMPTY
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.models.model import Model

__all__ = ["Feature", "FeatureSort"]


class FeatureSort(enum.StrEnum):
    """The fields that sort a listing of features."""

    NAME = "name"
    """The name."""
    KEY = "key"
    """The key."""
    CREATED_AT = "createdAt"
    """The time of creation."""


FeatureSortLiteral: TypeAlias = Literal["name", "key", "createdAt", "created_at"]
"""The values of `FeatureSort` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Feature(Model):
    """A feature of the environment. Plans and feature flags grant features to accounts and users."""

    id: str
    """The id of the feature."""
    key: str
    """The key with which programs ask for the feature, unique in the environment."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name that people see."""
    description: str | None = attrs.field(default=None, repr=False)
    """The description; ``None`` if the feature has none."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=NONE_IS_EMPTY)
    """The keys of the permissions that have no effect without this feature."""
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Your own metadata, which you can set in the portal."""
    vendor_id: str | None = attrs.field(default=None, repr=False)
    """The id of the environment."""
    created_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of creation."""
    updated_at: datetime | None = attrs.field(default=None, repr=False)
    """The time of the last change."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeaturePage(Value):
    """A page of a listing of features, and whether more features follow."""

    items: tuple[Feature, ...]
    has_next: bool


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureCreate(Value):
    """The fields of a new feature. Fields that are ``None`` are not sent."""

    key: str
    name: str
    description: str | None = attrs.field(default=None, repr=False)
    permissions: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FeatureUpdate(Value):
    """The fields of a feature to change. Fields that are `UNSET` are not sent."""

    key: str | Unset = UNSET
    name: str | Unset = UNSET
    description: str | Unset = attrs.field(default=UNSET, repr=False)
    permissions: tuple[str, ...] | Unset = UNSET
