"""The writes on the audit log."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import audits
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Write


def _write(ground: Ground, mark: str) -> Write:
    home = ground.home

    def made(after: After) -> int:
        return sum(row["fields"].get("action") == mark for row in after.tables.get("audits", {}).values())

    return Write(
        endpoints=(audits.WRITE,),
        call=lambda sides, options: sides.frontegg.audits.write(home, severity="Info", action=mark, options=options),
        shown=lambda after: made(after) == 1,
        made=made,
    )


PLANS: Final[tuple[Plan, ...]] = (_write,)
