"""The worst possible model can do nothing, see nothing of others, and learn no secret."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.mcp.scope import Scope
from tests.mcp.world import fill, log
from tests.mcp.worst_model import MOST_BYTES, play

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.mark.parametrize("scope", [Scope("acme", True), Scope("acme"), Scope()], ids=["below", "alone", "all"])
async def test_nothing_is_written_and_nothing_of_others_is_shown(scope: Scope, tmp_path: Path) -> None:
    """Judged by the emulator's journal and state, and by text that only other accounts and secrets have."""
    async with Emulator() as emulator:
        await fill(emulator)
        await log(emulator)
        played = await play(emulator, scope, tmp_path / "plans", random.Random(7), 300)
    assert (played.writes, played.outside, played.secrets, played.left) == ([], [], [], [])
    assert played.answered > 60
    assert played.longest <= MOST_BYTES
