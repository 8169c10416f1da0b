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

_PAGES: Final = {
    "guide/command_line": "bash",
    "howto/exports": "bash",
    "howto/many_accounts": "bash",
    "howto/other_languages": "bash curl jq",
    "howto/plans": "bash sha256sum",
    "reference/formats": "bash",
}
"""Each with the programs that its commands need."""


def _shown(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page, and what it says that each shows."""
    return [
        (command, shown)
        for block in blocks(ROOT / "docs" / f"{page}.md")
        if block.language == "sh"
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", block.text, re.MULTILINE)
    ]


def test_the_page_of_the_reference_says_where_it_is() -> None:
    """What git has in its place has its title, so that the contents are the same."""
    page = make_command_reference.PAGE.read_text(encoding="utf-8")
    assert page.partition("\n")[0] == make_command_reference.HEAD.partition("\n")[0]
    assert len(page.splitlines()) < 10


@pytest.mark.acceptance
@pytest.mark.skipif(shutil.which("node") is None, reason="it needs Node")
def test_the_client_for_node_runs_as_it_is(tmp_path: Path) -> None:
    """Frontegg's package, where NODE_PATH leads to it: the tests download nothing."""
    program, printed = blocks(ROOT / "docs" / "howto" / "other_languages.md")[-2:]
    assert (program.language, printed.language) == ("js", "text")
    (tmp_path / "accounts.cjs").write_text(program.text, encoding="utf-8")
    with Emulator() as emulator:
        environ = {
            **os.environ,
            "FRONTEGG_API_GATEWAY_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_API_KEY": emulator.secret,
        }
        command = ["node", "accounts.cjs"]
        run = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, encoding="utf-8", check=False)
    if "Cannot find module '@frontegg/client'" in run.stderr:
        pytest.skip("it needs the package @frontegg/client of npm, and NODE_PATH that leads to it")
    assert (run.returncode, run.stdout) == (0, printed.text), run.stderr


@pytest.mark.acceptance
@pytest.mark.parametrize("page", _PAGES)
def test_commands_show_what_the_page_says(page: str, tmp_path: Path) -> None:
    """In order, in one directory, against an emulator with the data of ``--demo``."""
    if missing := [each for each in _PAGES[page].split() if shutil.which(each) is None]:
        pytest.skip(f"it needs {', '.join(missing)}")
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
