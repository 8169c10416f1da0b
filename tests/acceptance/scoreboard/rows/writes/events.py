"""The writes on custom events."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import events
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Write, field_of

_DATA: Final = {"title": "Shipped", "description": "It left Hamburg"}


def _trigger(ground: Ground, mark: str) -> Write:
    home = ground.home
    ground.row("eventDefinitions", f"event-{mark}", "", key=mark, createdAt="2024-05-01T10:00:00.000Z")

    def made(after: After) -> int:
        return after.count("eventTriggers", "eventKey", mark)

    return Write(
        endpoints=(events.TRIGGER,),
        call=lambda sides, options: sides.frontegg.events.trigger(home, mark, data=_DATA, options=options),
        shown=lambda after: made(after) == 1,
        made=made,
        returned=lambda triggered, after: field_of(after, "eventTriggers", triggered.event_id, "eventKey") == mark,
    )


PLANS: Final[tuple[Plan, ...]] = (_trigger,)
