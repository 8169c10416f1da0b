"""The writes on plans."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import plans
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of


def _feature(ground: Ground, mark: str) -> str:
    return ground.row("features", f"in-plan-{mark}", "", key=f"in-plan-{mark}", name=f"In a plan {mark}")


def _plan(ground: Ground, mark: str, *feature_ids: str) -> str:
    return ground.row("plans", f"plan-{mark}", "", name=f"Before {mark}", featureIds=list(feature_ids))


def _create(ground: Ground, mark: str) -> Write:
    del ground
    return Write(
        endpoints=(plans.CREATE,),
        call=lambda sides, options: sides.frontegg.plans.create(name=mark, options=options),
        shown=lambda after: after.count("plans", "name", mark) == 1,
        made=lambda after: after.count("plans", "name", mark),
        returned=lambda made, after: field_of(after, "plans", made.id, "name") == mark,
    )


def _update(ground: Ground, mark: str) -> Write:
    plan_id = _plan(ground, mark)
    return Write(
        endpoints=(plans.UPDATE,),
        call=lambda sides, options: sides.frontegg.plans.update(plan_id, name=mark, options=options),
        shown=lambda after: field_of(after, "plans", plan_id, "name") == mark,
    )


def _delete(ground: Ground, mark: str) -> Write:
    plan_id = _plan(ground, mark)
    return Write(
        endpoints=(plans.DELETE,),
        call=lambda sides, options: sides.frontegg.plans.delete(plan_id, options=options),
        shown=lambda after: after.row("plans", plan_id) is None,
    )


def _link(ground: Ground, mark: str) -> Write:
    feature_id, plan_id = _feature(ground, mark), _plan(ground, mark)
    return Write(
        endpoints=(plans.LINK_FEATURES,),
        call=lambda sides, options: sides.frontegg.plans.link_features(
            plan_id, feature_ids=[feature_id], options=options
        ),
        shown=lambda after: field_of(after, "plans", plan_id, "featureIds") == [feature_id],
    )


def _unlink(ground: Ground, mark: str) -> Write:
    feature_id = _feature(ground, mark)
    plan_id = _plan(ground, mark, feature_id)
    return Write(
        endpoints=(plans.UNLINK_FEATURES,),
        call=lambda sides, options: sides.frontegg.plans.unlink_features(
            plan_id, feature_ids=[feature_id], options=options
        ),
        shown=lambda after: field_of(after, "plans", plan_id, "featureIds") == [],
    )


PLANS: Final[tuple[Plan, ...]] = (_create, _update, _delete, _link, _unlink)
