"""Whatever writes, replaces or removes files leaves those of others: the list is that of row 41 of the scoreboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.scoreboard.rows.foreign_objects.files import CROWDS, TARGETS, USES, changed

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("use", USES)
async def test_files_of_others(use: str, tmp_path: Path) -> None:
    """With any file under the name that is given, and others beside it that have the names of temporary files."""
    found: list[tuple[str, list[str]]] = []
    for target in TARGETS:
        for number, crowd in enumerate((CROWDS[0], CROWDS[-1])):
            directory = tmp_path / f"{target}-{number}"
            directory.mkdir()
            found.append((directory.name, await changed(directory, use, target, *crowd)))
    assert [(name, files) for name, files in found if files] == []
