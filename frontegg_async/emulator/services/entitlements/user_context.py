"""The rule that returns a signed-in user's entitlements. The response has all data for a decision, but no decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

import msgspec

from frontegg_async._values.javascript_values import as_time
from frontegg_async.emulator.services.entitlements.rows import (
    FeatureFlagRow,
    FeatureRow,
    PlanAssignmentRow,
    PlanRow,
)
from frontegg_async.emulator.services.roles.of_users import permission_keys
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

NEVER: Final = -1
"""The end of an assignment that never ends. Frontegg's own SDKs expect this number."""


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return all features and plans (assumed), with the assignments and the permissions of the caller."""
    tenant_id, user = call.caller.tenant_id, environment.state.users.get(call.caller.user_id)
    # If the user does not exist in the environment, the permissions come from the token.
    claimed = call.caller.claims.get("permissions") if user is None else permission_keys(environment, user, tenant_id)
    held = cast("list[str]", claimed) if isinstance(claimed, list) else []
    features = environment.state.table(FeatureRow).values()
    plans = environment.state.table(PlanRow).values()
    assignments = assignments_of(environment, tenant_id, call.caller.user_id)
    return EmulatedResponse(
        body={
            "features": {row.key: _feature(environment, row, plans, assignments) for row in features},
            "plans": {
                row.id: {"defaultTreatment": row.default_treatment, "rules": msgspec.to_builtins(row.rules)}
                for row in plans
            },
            "permissions": dict.fromkeys(held, True),
        }
    )


def assignments_of(environment: EmulatedEnvironment, tenant_id: str, user_id: str | None) -> list[PlanAssignmentRow]:
    """Return the assignments of a tenant and of one of its users. Assignments that have ended are included.

    Args:
        environment: The environment.
        tenant_id: The id of the tenant.
        user_id: The id of the user, or ``None`` for the assignments of the tenant alone.
    """
    rows = environment.state.table(PlanAssignmentRow).values()
    return [row for row in rows if row.tenant_id == tenant_id and row.user_id in (None, user_id)]


def end_of(assignments: Iterable[PlanAssignmentRow]) -> int | None:
    """Return the latest end of some assignments.

    The end is in milliseconds since 1970. The result is `NEVER` if an assignment never ends, and ``None`` without
    assignments.
    """
    ends = [NEVER if row.expiration_date is None else as_time(row.expiration_date) or 0 for row in assignments]
    return NEVER if NEVER in ends else max(ends, default=None)


def _feature(
    environment: EmulatedEnvironment,
    row: FeatureRow,
    plans: Iterable[PlanRow],
    assignments: Iterable[PlanAssignmentRow],
) -> dict[str, object]:
    """Return a feature with the first of its feature flags (assumed)."""
    plan_ids = [plan.id for plan in plans if row.id in plan.feature_ids]
    shown: dict[str, object] = {
        "planIds": plan_ids,
        "expireTime": end_of(each for each in assignments if each.plan_id in plan_ids),
        "linkedPermissions": row.permissions,
    }
    for flag in environment.state.table(FeatureFlagRow).values():
        if flag.feature_id == row.id:
            shown["featureFlag"] = {
                "on": flag.on,
                "defaultTreatment": flag.default_treatment,
                "offTreatment": flag.off_treatment,
                "rules": msgspec.to_builtins(flag.rules),
            }
            break
    return shown


RULES = {"entitlements.get": Rule(run=get)}
