"""The rules of the snapshot of all entitlements, and of its offset, which changes whenever the snapshot changes."""

from __future__ import annotations

import msgspec

from frontegg_async.emulator.services.entitlements import rows
from frontegg_async.emulator.services.entitlements.rows import (
    FeatureFlagRow,
    FeatureRow,
    PlanAssignmentRow,
    PlanRow,
)
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def get(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the entitlements of the environment as arrays, with the offset of the snapshot."""
    state = environment.state
    features = state.table(FeatureRow)
    data = {
        "features": [(row.id, row.key, row.permissions) for row in features.values()],
        "featureBundles": [
            (row.id, row.feature_ids, row.default_treatment, msgspec.to_builtins(row.rules))
            for row in state.table(PlanRow).values()
        ],
        "entitlements": [
            (row.plan_id, row.tenant_id, row.user_id, row.expiration_date)
            for row in state.table(PlanAssignmentRow).values()
        ],
        "featureFlags": [
            (
                features[row.feature_id].key,
                row.on,
                "boolean",
                row.default_treatment,
                row.off_treatment,
                msgspec.to_builtins(row.rules),
            )
            for row in state.table(FeatureFlagRow).values()
        ],
    }
    return EmulatedResponse(body={"data": data, "snapshotOffset": _offset(environment)})


def get_offset(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the offset of the snapshot."""
    return EmulatedResponse(body={"snapshotOffset": _offset(environment)})


def _offset(environment: EmulatedEnvironment) -> int:
    """Return a number that grows with each change of a table.

    It grows across restarts too, so no two snapshots share it.
    """
    return environment.loaded_at + sum(environment.table_changes[name] for name in rows.TABLES)


RULES = {
    "entitlements.snapshot": Rule(run=get),
    "entitlements.snapshot_offset": Rule(run=get_offset),
}

TAGS = {"entitlements": Tag("Entitlements: the data with which a client decides locally who may use a feature.")}
