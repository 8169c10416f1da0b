"""Models of the entitlements of a signed-in user: what decides which features the user may use."""

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
    """Return what makes an array of an object of objects, each with its name in the outer one."""

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
    """The feature flag of a feature, as far as it decides."""

    on: bool | None = None
    """Whether its rules are tried; otherwise ``off_treatment`` is for everybody."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether the feature is open for those whom no rule concerns."""
    off_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether the feature is open while the flag is off."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Its targeting rules as the service has them, in the order in which they are tried."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserFeature(Model):
    """A feature for the user: until when a plan gives it, and what else may open it."""

    key: str
    """The name by which programs ask for it."""
    expire_time: int | None = None
    """When the last assignment with it ends, in milliseconds since 1970; -1 for never; ``None`` without assignment."""
    plan_ids: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The ids of the plans that have it, whose rules may open it."""
    linked_permissions: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The keys of the permissions that have no effect without it."""
    feature_flag: UserFeatureFlag | None = attrs.field(default=None, repr=False)
    """Its feature flag; ``None`` if it has none."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserPlan(Model):
    """The rules of a plan, which open its features without an assignment."""

    id: str
    """The id of the plan."""
    default_treatment: Treatment | str | None = attrs.field(default=None, repr=False)
    """Whether its features are open for those whom no rule concerns."""
    rules: JsonValue = attrs.field(default=None, repr=False, hash=False)
    """Its targeting rules as the service has them, in the order in which they are tried."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class UserEntitlements(Model):
    """What decides which features the user may use in the tenant of its token."""

    features: tuple[UserFeature, ...] = attrs.field(default=(), metadata={READ: _with("key")})
    """The features."""
    plans: tuple[UserPlan, ...] = attrs.field(default=(), repr=False, metadata={READ: _with("id")})
    """The plans whose rules may open features."""
    permissions: tuple[str, ...] = attrs.field(default=(), repr=False, metadata={READ: _held})
    """The keys of the permissions that the user holds; ``*`` in a key is a wildcard."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """What has no field of its own, by names on the wire: unknown fields, and values of an unexpected type."""
