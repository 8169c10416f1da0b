"""The writes on feature flags."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import feature_flags
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of


def _feature(ground: Ground, mark: str) -> str:
    return ground.row("features", f"flagged-{mark}", "", key=f"flagged-{mark}", name=f"Flagged {mark}")


def _flag(ground: Ground, mark: str) -> str:
    return ground.row("featureFlags", f"flag-{mark}", "", name=f"Before {mark}", featureId=_feature(ground, mark))


def _create(ground: Ground, mark: str) -> Write:
    feature_id = _feature(ground, mark)
    return Write(
        endpoints=(feature_flags.CREATE,),
        call=lambda sides, options: sides.frontegg.feature_flags.create(
            feature_id=feature_id, name=mark, options=options
        ),
        shown=lambda after: after.count("featureFlags", "name", mark) == 1,
        made=lambda after: after.count("featureFlags", "name", mark),
        returned=lambda made, after: field_of(after, "featureFlags", made.id, "name") == mark,
    )


def _update(ground: Ground, mark: str) -> Write:
    flag_id = _flag(ground, mark)
    return Write(
        endpoints=(feature_flags.UPDATE,),
        call=lambda sides, options: sides.frontegg.feature_flags.update(flag_id, name=mark, options=options),
        shown=lambda after: field_of(after, "featureFlags", flag_id, "name") == mark,
    )


def _delete(ground: Ground, mark: str) -> Write:
    flag_id = _flag(ground, mark)
    return Write(
        endpoints=(feature_flags.DELETE,),
        call=lambda sides, options: sides.frontegg.feature_flags.delete(flag_id, options=options),
        shown=lambda after: after.row("featureFlags", flag_id) is None,
    )


PLANS: Final[tuple[Plan, ...]] = (_create, _update, _delete)
