"""The writes on features."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import features
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of


def _feature(ground: Ground, mark: str) -> str:
    return ground.row("features", f"feature-{mark}", "", key=f"before-{mark}", name=f"Before {mark}")


def _create(ground: Ground, mark: str) -> Write:
    del ground
    return Write(
        endpoints=(features.CREATE,),
        call=lambda sides, options: sides.frontegg.features.create(
            key=mark, name=f"Name {mark}", permissions=["a.read"], options=options
        ),
        shown=lambda after: after.count("features", "key", mark) == 1,
        made=lambda after: after.count("features", "key", mark),
        returned=lambda made, after: field_of(after, "features", made.id, "key") == mark,
    )


def _update(ground: Ground, mark: str) -> Write:
    feature_id = _feature(ground, mark)
    return Write(
        endpoints=(features.UPDATE,),
        call=lambda sides, options: sides.frontegg.features.update(feature_id, key=mark, options=options),
        shown=lambda after: field_of(after, "features", feature_id, "key") == mark,
    )


def _delete(ground: Ground, mark: str) -> Write:
    feature_id = _feature(ground, mark)
    return Write(
        endpoints=(features.DELETE,),
        call=lambda sides, options: sides.frontegg.features.delete(feature_id, options=options),
        shown=lambda after: after.row("features", feature_id) is None,
    )


PLANS: Final[tuple[Plan, ...]] = (_create, _update, _delete)
