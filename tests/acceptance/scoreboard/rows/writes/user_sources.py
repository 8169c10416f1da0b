"""The writes on user sources."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator.services.applications.rows import DEFAULT_APPLICATION
from frontegg_async.endpoints import user_sources
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of

_APP: Final = DEFAULT_APPLICATION.id


def _source(ground: Ground, mark: str, *app_ids: str) -> str:
    return ground.row(
        "userSources", f"source-{mark}", "", name=mark, type="custom-code", configuration={}, appIds=list(app_ids)
    )


def _delete(ground: Ground, mark: str) -> Write:
    source_id = _source(ground, mark)
    return Write(
        endpoints=(user_sources.DELETE,),
        call=lambda sides, options: sides.frontegg.user_sources.delete(source_id, options=options),
        shown=lambda after: after.row("userSources", source_id) is None,
    )


def _assign(ground: Ground, mark: str) -> Write:
    source_id = _source(ground, mark)
    return Write(
        endpoints=(user_sources.ASSIGN_APPLICATIONS,),
        call=lambda sides, options: sides.frontegg.user_sources.assign_applications(
            source_id, app_ids=[_APP], options=options
        ),
        shown=lambda after: field_of(after, "userSources", source_id, "appIds") == [_APP],
    )


def _unassign(ground: Ground, mark: str) -> Write:
    source_id = _source(ground, mark, _APP)
    return Write(
        endpoints=(user_sources.UNASSIGN_APPLICATIONS,),
        call=lambda sides, options: sides.frontegg.user_sources.unassign_applications(
            source_id, app_ids=[_APP], options=options
        ),
        shown=lambda after: field_of(after, "userSources", source_id, "appIds") == [],
    )


PLANS: Final[tuple[Plan, ...]] = (_delete, _assign, _unassign)
