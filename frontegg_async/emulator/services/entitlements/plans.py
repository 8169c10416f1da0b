"""The rules of feature plans. A plan is a bundle of features that is assigned to accounts and users."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.entitlements.bodies import changes_of
from frontegg_async.emulator.services.entitlements.features import feature_page, shown_feature
from frontegg_async.emulator.services.entitlements.item_pages import MAX_LIMIT, is_named, item_page, listed
from frontegg_async.emulator.services.entitlements.rows import FeatureRow, PlanAssignmentRow, PlanRow
from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_ORDERS: Final[Mapping[str, Callable[[PlanRow], object]]] = {
    "name": lambda row: row.name,
    "createdAt": lambda row: row.created_at,
}
_PLAIN: Final = {
    "name": "name",
    "description": "description",
    "defaultTreatment": "default_treatment",
    "defaultTimeLimitation": "default_time_limitation",
    "assignOnSignup": "assign_on_signup",
}
"""The fields of a body whose values are stored unchanged, with their names in a row."""


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the plans that match the query. Each plan contains its features (assumed)."""
    features, tenants, users = (listed(call.query, name) for name in ("featureIds", "tenantIds", "userIds"))
    assigned = {
        row.plan_id
        for row in environment.state.table(PlanAssignmentRow).values()
        if (tenants is None or row.tenant_id in tenants) and (users is None or row.user_id in users)
    }
    rows = [
        row
        for row in environment.state.table(PlanRow).values()
        if (features is None or not features.isdisjoint(row.feature_ids))
        and ((tenants is None and users is None) or row.id in assigned)
        and is_named(call.query, row.name)
    ]
    return item_page(call, rows, lambda row: _shown(environment, row), _ORDERS)


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a plan with its features."""
    return EmulatedResponse(body=_shown(environment, _find(environment, call)))


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a plan. Several plans may have the same name (assumed)."""
    now = environment.clock.timestamp()
    row = PlanRow(id=environment.new_id(), name="", created_at=now, updated_at=now)
    return _put(environment, row, call.body)


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change the fields of a plan that the request contains."""
    row = msgspec.structs.replace(_find(environment, call), updated_at=environment.clock.timestamp())
    return _put(environment, row, call.body)


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a plan and the assignments of the plan (assumed)."""
    row, state = _find(environment, call), environment.state
    for assignment in [each for each in state.table(PlanAssignmentRow).values() if each.plan_id == row.id]:
        state.remove(PlanAssignmentRow, assignment.id)
    state.remove(PlanRow, row.id)
    return EmulatedResponse()


def list_features(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the features of a plan."""
    return feature_page(environment, call, _features_of(environment, _find(environment, call)), most=MAX_LIMIT)


def link_features(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add features to a plan. A feature that the plan already contains is ignored (assumed)."""
    row, ids = _find(environment, call), cast("list[str]", call.body["featuresIds"])
    known = environment.state.table(FeatureRow)
    added = [find_row(known, feature_id, "Feature").id for feature_id in ids]
    return _set_features(environment, row, (*row.feature_ids, *added))


def unlink_features(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove features from a plan. A feature that the plan does not contain is ignored (assumed)."""
    row, ids = _find(environment, call), cast("list[str]", call.body["featuresIds"])
    return _set_features(environment, row, (each for each in row.feature_ids if each not in ids))


def _set_features(environment: EmulatedEnvironment, row: PlanRow, ids: Iterable[str]) -> EmulatedResponse:
    now = environment.clock.timestamp()
    changed = msgspec.structs.replace(row, feature_ids=tuple(dict.fromkeys(ids)), updated_at=now)
    environment.state.put(changed)
    return EmulatedResponse()


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> PlanRow:
    return find_row(environment.state.table(PlanRow), call.path["id"], "Plan")


def _features_of(environment: EmulatedEnvironment, row: PlanRow) -> list[FeatureRow]:
    features = environment.state.table(FeatureRow)
    return [features[feature_id] for feature_id in row.feature_ids]


def _put(environment: EmulatedEnvironment, row: PlanRow, body: Mapping[str, JsonValue]) -> EmulatedResponse:
    """Store a plan with the fields of a body, and return the plan.

    Raises:
        RequestRefusedError: 400 if the name is empty or the metadata is malformed, 404 if no feature has a key.
    """
    changes = changes_of(body, _PLAIN)
    if body.get("featureKeys") is not None:
        changes["feature_ids"] = _ids_of(environment, cast("list[str]", body["featureKeys"]))
    changed = msgspec.structs.replace(row, **changes)
    if problem := changed.problem(lambda kind, key: environment.state.table(kind).get(key)):
        raise validation_error([problem])
    environment.state.put(changed)
    return EmulatedResponse(body=_shown(environment, changed))


def _ids_of(environment: EmulatedEnvironment, keys: list[str]) -> tuple[str, ...]:
    ids = {row.key: row.id for row in environment.state.table(FeatureRow).values()}
    for key in keys:
        if key not in ids:
            raise service_error(404, "Feature not found")
    return tuple(dict.fromkeys(ids[key] for key in keys))


def _shown(environment: EmulatedEnvironment, row: PlanRow) -> dict[str, object]:
    return {
        "id": row.id,
        "vendorId": environment.vendor_id,
        "name": row.name,
        "description": row.description,
        "defaultTreatment": row.default_treatment,
        "rules": msgspec.to_builtins(row.rules),
        "metadata": row.metadata,
        "defaultTimeLimitation": row.default_time_limitation,
        "assignOnSignup": row.assign_on_signup,
        "features": [shown_feature(environment, each) for each in _features_of(environment, row)],
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


RULES = {
    "plans.list": Rule(run=list_page),
    "plans.get": Rule(run=get),
    "plans.create": Rule(run=create),
    "plans.update": Rule(run=update),
    "plans.delete": Rule(run=delete),
    "plans.list_features": Rule(run=list_features),
    "plans.link_features": Rule(run=link_features),
    "plans.unlink_features": Rule(run=unlink_features),
}

TAGS = {"plans": Tag("Plans: bundles of features that are assigned to accounts and users.", "entitlement_write_body")}
