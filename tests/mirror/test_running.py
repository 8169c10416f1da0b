"""The tasks of a mirror that runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.mirror import AsyncMirror

pytestmark = pytest.mark.anyio


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


@pytest.mark.parametrize("steps", [0, 1, 10, 30])
async def test_a_mirror_that_ended_has_closed_its_file(client: AsyncFrontegg, tmp_path: Path, steps: int) -> None:
    """No task is cancelled in the middle of a transaction, which would go on in a thread."""
    async with AsyncMirror(client, f"sqlite:///{(tmp_path / 'mirror.db').as_posix()}") as mirror:
        await mirror.upgrade()
        async with mirror.running():
            for _ in range(steps):
                await asyncio.sleep(0)

    # The last connection that is closed removes the two other files of SQLite.
    assert _names(tmp_path) == ["mirror.db"]
