"""The writes on plan assignments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from frontegg_async.endpoints import plan_assignments
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of

_THEN: Final = datetime(2031, 1, 1, tzinfo=UTC)


def _plan(ground: Ground, mark: str) -> tuple[str, str]:
    return ground.row("plans", f"assigned-{mark}", "", name=f"Assigned {mark}"), ground.tenant(f"has-{mark}")


def _assignment(ground: Ground, mark: str) -> str:
    plan_id, tenant_id = _plan(ground, mark)
    return ground.row("planAssignments", f"assignment-{mark}", tenant_id, planId=plan_id)


def _assign(ground: Ground, mark: str) -> Write:
    plan_id, tenant_id = _plan(ground, mark)
    return Write(
        endpoints=(plan_assignments.ASSIGN,),
        call=lambda sides, options: sides.frontegg.plan_assignments.assign(
            plan_id, tenant_ids=[tenant_id], options=options
        ),
        shown=lambda after: after.count("planAssignments", "planId", plan_id) == 1,
        made=lambda after: after.count("planAssignments", "planId", plan_id),
        returned=lambda made, after: field_of(after, "planAssignments", made[0], "planId") == plan_id,
    )


def _change(ground: Ground, mark: str) -> Write:
    assignment_id = _assignment(ground, mark)
    return Write(
        endpoints=(plan_assignments.CHANGE_EXPIRY,),
        call=lambda sides, options: sides.frontegg.plan_assignments.change_expiry(
            [assignment_id], expires_at=_THEN, options=options
        ),
        shown=lambda after: field_of(after, "planAssignments", assignment_id, "expirationDate") is not None,
    )


def _remove(ground: Ground, mark: str) -> Write:
    assignment_id = _assignment(ground, mark)
    return Write(
        endpoints=(plan_assignments.REMOVE,),
        call=lambda sides, options: sides.frontegg.plan_assignments.remove([assignment_id], options=options),
        shown=lambda after: after.row("planAssignments", assignment_id) is None,
    )


PLANS: Final[tuple[Plan, ...]] = (_assign, _change, _remove)
