"""The pages with commands: each command is run in a shell, and shows what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import make_command_reference
import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.demo_data import demo_seed
from tests.docs.markdown import ROOT, blocks

_PAGES: Final = ("command_line", "exports")


def _shown(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page, and what it says that each shows."""
    return [
        (command, shown)
        for block in blocks(ROOT / "docs" / f"{page}.md")
        if block.language == "sh"
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", block.text, re.MULTILINE)
    ]


@pytest.mark.slow
def test_the_reference_is_up_to_date() -> None:
    """It is what is generated now: ``make generate`` writes it."""
    assert make_command_reference.page() == make_command_reference.PAGE.read_text(encoding="utf-8")


@pytest.mark.acceptance
@pytest.mark.skipif(shutil.which("bash") is None, reason="it needs bash")
@pytest.mark.parametrize("page", _PAGES)
def test_commands_show_what_the_page_says(page: str, tmp_path: Path) -> None:
    """In order, in one directory, against an emulator with the data of ``--demo``."""
    program = tmp_path / "bin" / "frontegg"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W error -m frontegg_async "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with Emulator(seed=demo_seed()) as emulator:
        environ = {
            **os.environ,
            "FRONTEGG_BASE_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
            "FRONTEGG_ENVIRONMENT": "Demo",
            "FRONTEGG_CONFIG_DIR": str(tmp_path / "settings"),
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        found = [
            subprocess.run(
                ["bash", "-c", command],
                cwd=tmp_path,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
            ).stdout
            for command, _ in _shown(page)
        ]

    # A thread writes messages, and a pipe with both may have them before or after data that was buffered meanwhile.
    assert [sorted(_trimmed(text)) for text in found] == [sorted(_trimmed(shown)) for _, shown in _shown(page)]


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]
