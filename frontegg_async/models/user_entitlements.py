"""Models of the entitlements of a signed-in user, which decide which features the user may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import attrs

from frontegg_async._values.fields import READ
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models.model import Model
from frontegg_async.models.plans import Treatment

__all__ = ["UserEntitlements", "UserFeature", "UserFeatureFlag", "UserPlan"]


def _with(name: str) -> Callable[[object], object]:
    """Return a converter that turns an object of objects into an array.

    Each object gets its key as the field ``name``.
    """

    def read(value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        rows = cast("Mapping[str, Mapping[str, object] | JsonValue]", value)
        return [{**each, name: key} if isinstance(each, Mapping) else each for key, each in rows.items()]

    return read


def _held(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return [key for key, is_held in cast("Mapping[str, object]", value).items() if is_held is True]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserFeatureFlag(Model):
    """The feature flag of a feature, with only the fields that decide whether users have the feature."""

    on: bool | None = None
    """Whether the rules apply; if ``False``, ``off_treatment`` applies to everybody."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether users to whom no rule applies have the feature."""
    off_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether users have the feature while the flag is off."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The targeting rules as the service returns them, in the order in which the service tries them."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserFeature(Model):
    """A feature of a user: the end of the assignments, and the plans and the flag that may grant the feature."""

    key: str
    """The key with which programs ask for the feature."""
    expire_time: int | None = None
    """The end of the assignment that ends last, in milliseconds since 1970; -1 for never.

    ``None`` without an assignment.
    """
    plan_ids: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The ids of the plans that contain the feature. Rules of these plans may grant the feature."""
    linked_permissions: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The keys of the permissions that have no effect without the feature."""
    feature_flag: UserFeatureFlag | None = attrs.field(default=None, repr=False)
    """The feature flag; ``None`` if the feature has none."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserPlan(Model):
    """The rules of a plan, which can grant the features of the plan without an assignment."""

    id: str
    """The id of the plan."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether users to whom no rule applies have the features."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """The targeting rules as the service returns them, in the order in which the service tries them."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserEntitlements(Model):
    """The entitlements of a user in the tenant of the user's token.

    Entitlements decide which features the user may use.
    """

    features: tuple[UserFeature, ...] = attrs.field(default=(), metadata={READ: _with("key")})
    """The features."""
    plans: tuple[UserPlan, ...] = attrs.field(default=(), repr=False, metadata={READ: _with("id")})
    """The plans whose rules may grant features."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata={READ: _held})
    """The keys of the user's permissions; ``*`` in a key is a wildcard."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""
