"""The rules of features: functions that serve the operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.entitlements.item_pages import MAX_FEATURES, is_named, item_page, listed
from frontegg_async.emulator.services.entitlements.rows import FeatureFlagRow, FeatureRow, PlanRow
from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import choice
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_ORDERS: Final[Mapping[str, Callable[[FeatureRow], object]]] = {
    "name": lambda row: row.name,
    "key": lambda row: row.key,
    "createdAt": lambda row: row.created_at,
}


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the features that match the query."""
    return feature_page(environment, call, environment.state.table(FeatureRow).values(), most=MAX_FEATURES)


def feature_page(
    environment: EmulatedEnvironment, call: IncomingCall, features: Iterable[FeatureRow], *, most: int
) -> EmulatedResponse:
    """Return one page of the given features. Features that do not match the query are omitted."""
    query = call.query
    ids, keys, permissions = (listed(query, name) for name in ("featureIds", "featureKeys", "permissionKeys"))
    with_flag = choice(query, "hasFeatureFlag", ("true", "false"))
    flagged = {row.feature_id for row in environment.state.table(FeatureFlagRow).values()}
    rows = [
        row
        for row in features
        if (ids is None or row.id in ids)
        and (keys is None or row.key in keys)
        and (permissions is None or not permissions.isdisjoint(row.permissions))
        and (with_flag is None or (row.id in flagged) is (with_flag == "true"))
        and is_named(query, row.name)
    ]
    return item_page(call, rows, lambda row: shown_feature(environment, row), _ORDERS, most=most)


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a feature. The permissions of the feature need not exist (assumed)."""
    now = environment.clock.timestamp()
    row = FeatureRow(
        id=environment.new_id(),
        key=cast("str", call.body["key"]),
        name=cast("str", call.body["name"]),
        description=cast("str | None", call.body.get("description")),
        permissions=tuple(cast("list[str]", call.body.get("permissions") or ())),
        created_at=now,
        updated_at=now,
    )
    _put(environment, row, call.body)
    return EmulatedResponse(body=shown_feature(environment, row))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the fields of a feature that the request contains."""
    row = _find(environment, call)
    changes: dict[str, object] = {name: value for name, value in call.body.items() if value is not None}
    if "permissions" in changes:
        changes["permissions"] = tuple(cast("list[str]", changes["permissions"]))
    changed = msgspec.structs.replace(row, **changes, updated_at=environment.clock.timestamp())
    _put(environment, changed, call.body)
    return EmulatedResponse()


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a feature and its feature flags, and remove the feature from plans (assumed)."""
    row, state = _find(environment, call), environment.state
    for plan in [each for each in state.table(PlanRow).values() if row.id in each.feature_ids]:
        left = tuple(each for each in plan.feature_ids if each != row.id)
        state.put(msgspec.structs.replace(plan, feature_ids=left))
    for flag in [each for each in state.table(FeatureFlagRow).values() if each.feature_id == row.id]:
        state.remove(FeatureFlagRow, flag.id)
    state.remove(FeatureRow, row.id)
    return EmulatedResponse()


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> FeatureRow:
    return find_row(environment.state.table(FeatureRow), call.path["id"], "Feature")


def _put(environment: EmulatedEnvironment, row: FeatureRow, body: Mapping[str, JsonValue]) -> None:
    """Check a feature with the new fields of a body, and store the feature.

    Raises:
        RequestRefusedError: 400 if the key or the name is empty, 409 if another feature has the key.
    """
    for name in ("key", "name"):
        if body.get(name) == "":
            raise validation_error([f"{name} should not be empty"])
    others = environment.state.table(FeatureRow).values()
    if any(each.key == row.key and each.id != row.id for each in others):
        raise service_error(409, "A feature with this key exists")
    environment.state.put(row)


def shown_feature(environment: EmulatedEnvironment, row: FeatureRow) -> dict[str, object]:
    """Return a feature in the form of a response."""
    return {
        "id": row.id,
        "vendorId": environment.vendor_id,
        "key": row.key,
        "name": row.name,
        "description": row.description,
        "permissions": row.permissions,
        "metadata": row.metadata,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


RULES = {
    "features.list": Rule(run=list_page),
    "features.create": Rule(run=create),
    "features.update": Rule(run=update),
    "features.delete": Rule(run=delete),
}

TAGS = {"features": Tag("Features, which plans contain and feature flags enable.", "entitlement_write_body")}
