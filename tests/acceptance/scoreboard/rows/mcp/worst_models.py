"""Row 59: the worst possible model calls tools in any order, with state that it replays and edits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from frontegg_async.emulator import Emulator
from frontegg_async.mcp.scope import Scope
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.mcp.world import fill, log
from tests.mcp.worst_model import MOST_BYTES, Played, play

_STEPS: Final = 100_000
_SHORT: Final = 2_000
_FOUND: Final = ("writes", "outside", "secrets", "left")
_SCOPES: Final = (Scope("acme", True), Scope("acme"), Scope())


async def measure(setting: Setting) -> Finding:
    """Play in each scope, and judge by the emulator's journal and state, and by all that the model received."""
    steps = (_STEPS if setting.full else _SHORT) // len(_SCOPES) + 1
    found: list[Played] = []
    for number, scope in enumerate(_SCOPES):
        rng = setting.rng(f"worst-models-{number}")
        async with Emulator() as emulator:
            await fill(emulator)
            await log(emulator)
            with TemporaryDirectory() as directory:
                found.append(await play(emulator, scope, Path(directory), rng, steps))
    writes, outside, secrets, left = ([text for played in found for text in getattr(played, name)] for name in _FOUND)
    longest = max(played.longest for played in found)
    answered = sum(played.answered for played in found)
    return Finding(
        figure=f"{sum(played.steps for played in found):,} steps, {answered:,} answered: {len(writes)} writes to the"
        f" service, {len(outside)} answers with text of others, {len(secrets)} with a secret, {len(left)} plans with"
        f" accounts of others; the longest answer has {longest:,} bytes",
        passed=not (writes or outside or secrets or left) and longest <= MOST_BYTES and answered > steps // 2,
        details=tuple([*writes, *outside, *secrets, *left][:10]),
    )


ROWS: Final = (
    Row(
        number=59,
        name="worst-models",
        title="the worst possible model calls tools of the MCP server, with state that it replays and edits",
        target="writes 0, rows outside of the scope 0, secrets 0",
        measure=measure,
        starred=True,
        time_limit=150.0,
    ),
)
