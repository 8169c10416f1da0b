"""The rules of feature flags. A feature flag enables or disables a feature without an assignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.entitlements.bodies import changes_of
from frontegg_async.emulator.services.entitlements.item_pages import is_named, item_page
from frontegg_async.emulator.services.entitlements.rows import FeatureFlagRow, FeatureRow
from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_ORDERS: Final[Mapping[str, Callable[[FeatureFlagRow], object]]] = {
    "name": lambda row: row.name,
    "createdAt": lambda row: row.created_at,
}
_PLAIN: Final = {
    "name": "name",
    "on": "on",
    "description": "description",
    "defaultTreatment": "default_treatment",
    "offTreatment": "off_treatment",
    "featureId": "feature_id",
}
"""The fields of a body whose values are stored unchanged, with their names in a row."""


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the feature flags that match the query."""
    flags = environment.state.table(FeatureFlagRow).values()
    rows = [row for row in flags if is_named(call.query, row.name)]
    return item_page(call, rows, lambda row: _shown(environment, row), _ORDERS)


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a feature flag with its feature."""
    return EmulatedResponse(body=_shown(environment, _find(environment, call)))


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a feature flag. A feature may have several flags, even with the same name (assumed)."""
    now = environment.clock.timestamp()
    feature_id = cast("str", call.body["featureId"])
    row = FeatureFlagRow(id=environment.new_id(), feature_id=feature_id, created_at=now, updated_at=now)
    return _put(environment, row, call.body)


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the fields of a feature flag that the request contains."""
    row = msgspec.structs.replace(_find(environment, call), updated_at=environment.clock.timestamp())
    return _put(environment, row, call.body)


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a feature flag. The feature of the flag is not deleted."""
    environment.state.remove(FeatureFlagRow, _find(environment, call).id)
    return EmulatedResponse()


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> FeatureFlagRow:
    return find_row(environment.state.table(FeatureFlagRow), call.path["id"], "Feature flag")


def _put(environment: EmulatedEnvironment, row: FeatureFlagRow, body: Mapping[str, JsonValue]) -> EmulatedResponse:
    """Store a feature flag with the fields of a body, and return the feature flag.

    Raises:
        RequestRefusedError: 400 if the name is empty or the metadata is malformed, 404 if the feature does not exist.
    """
    changed = msgspec.structs.replace(row, **changes_of(body, _PLAIN))
    find_row(environment.state.table(FeatureRow), changed.feature_id, "Feature")
    if problem := changed.problem(lambda kind, key: environment.state.table(kind).get(key)):
        raise validation_error([problem])
    environment.state.put(changed)
    return EmulatedResponse(body=_shown(environment, changed))


def _shown(environment: EmulatedEnvironment, row: FeatureFlagRow) -> dict[str, object]:
    feature = environment.state.table(FeatureRow)[row.feature_id]
    return {
        "id": row.id,
        "name": row.name,
        "on": row.on,
        "defaultTreatment": row.default_treatment,
        "offTreatment": row.off_treatment,
        "feature": {"id": feature.id, "key": feature.key, "name": feature.name},
        "description": row.description,
        "rules": msgspec.to_builtins(row.rules),
        "metadata": row.metadata,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


RULES = {
    "feature_flags.list": Rule(run=list_page),
    "feature_flags.get": Rule(run=get),
    "feature_flags.create": Rule(run=create),
    "feature_flags.update": Rule(run=update),
    "feature_flags.delete": Rule(run=delete),
}

TAGS = {
    "feature_flags": Tag(
        "Feature flags: rules that enable or disable a feature without an assignment.", "entitlement_write_body"
    )
}
