"""Managed feature flags, with their names as keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import feature_flags as endpoints
from frontegg_async.managed.features import Features
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.metadata import FIELD, METADATA, shown_metadata, with_metadata
from frontegg_async.managed.targeting_rules import RULES_FIELD, treatment_field, with_rules
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.feature_flags import FeatureFlag
from frontegg_async.models.model import Model
from frontegg_async.resources.feature_flags import AsyncFeatureFlags

_FEATURE: Final = "feature"


class FeatureFlags(ObjectKind):
    """The feature flags of the environment. A flag turns a feature on or off by rules."""

    part: ClassVar[str] = "feature_flags"
    noun: ClassVar[str] = "feature flag"
    model: ClassVar[type[Model]] = FeatureFlag
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (endpoints.UPDATE, endpoints.CREATE, endpoints.DELETE)
    key_field: ClassVar[str] = "name"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("name", check=arguments.check_text),
        Field(_FEATURE, is_required=True, refers_to=Features.part),
        Field("on", Shape.FLAG, is_required=True),
        treatment_field("default_treatment", is_required=True),
        treatment_field("off_treatment", is_required=True),
        RULES_FIELD,
        Field("description", is_nullable=True),
        FIELD,
    )

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the feature flags, with the keys of their features."""
        del keys
        found = await AsyncFeatureFlags(caller).list().all()
        is_known = all(each.feature is not None and each.feature.key for each in found)
        features = Objects({}) if is_known else await Features().read(caller)
        return by_key([_object(each, features) for each in found])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a feature flag."""
        del send_email
        sent = await _sent(caller, await with_metadata(values, values.plain()))
        await AsyncFeatureFlags(caller).create(name=key, **sent)

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a feature flag. Other keys of the metadata stay unchanged."""
        del key
        flags = AsyncFeatureFlags(caller)

        async def read() -> JsonValue:
            return (await flags.get(object_id)).metadata

        await flags.update(object_id, **await _sent(caller, await with_metadata(changes, changes.plain(), read)))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a feature flag. Afterwards, only plans enable its feature."""
        del key
        await AsyncFeatureFlags(caller).delete(object_id)


async def _sent(caller: Caller, values: dict[str, JsonValue]) -> dict[str, Any]:
    """Replace the key of the feature by its id."""
    if _FEATURE not in values:
        return values
    key = cast("str", values.pop(_FEATURE))
    return {**values, "feature_id": (await Features().read(caller)).id_of(key, Features.noun)}


def _object(flag: FeatureFlag, features: Objects) -> ManagedObject:
    metadata, reason_to_stay = shown_metadata(flag.metadata)
    values = with_rules(values_of(flag, {name: FeatureFlags.fields[name] for name in _PLAIN}))
    return ManagedObject(
        flag.name,
        flag.id,
        {**values, _FEATURE: _key_of(flag, features), METADATA: metadata},
        reason_to_stay=reason_to_stay,
    )


def _key_of(flag: FeatureFlag, features: Objects) -> str | None:
    """Return the key of the feature of a flag. A listing may leave out this key."""
    if flag.feature is None:
        return None
    known = features.by_id(flag.feature.id)
    return flag.feature.key or (None if known is None else known.key)


_PLAIN: Final = FeatureFlags.fields.keys() - {_FEATURE, METADATA}
