"""The pages with commands: each command is run in a shell, and shows what the page says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import make_command_reference
import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.world.demo_data import demo_seed
from tests.docs.markdown import ROOT, blocks
from tests.support.npm import npm_packages
from tests.support.nursery import forked

_PAGES: Final = {
    "guide/command_line": "bash",
    "howto/exports": "bash",
    "howto/import_accounts": "bash",
    "howto/offboard_customer": "bash",
    "howto/other_languages": "bash curl jq",
    "howto/plans": "bash sha256sum",
    "howto/promote": "bash sha256sum diff",
    "reference/formats": "bash",
}
"""Each with the programs that its commands need."""

_EXAMPLES: Final = {"howto/import_accounts": "import_from_crm", "howto/promote": "accounts_as_code"}
"""The folder of the examples that a page needs."""

_WITH_PROFILES: Final = frozenset({"howto/promote"})
"""The pages with two environments, which are the profiles staging and production."""

_CHOSEN: Final = re.compile(r"(?<=plan )[0-9a-f]{12}|(?<=read with )\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The digest of a plan, which depends on ids that the service has chosen; such an id; and how many requests read."""


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
def test_the_client_for_node_runs_as_it_is(tmp_path: Path) -> None:
    """Frontegg's package."""
    program, printed = blocks(ROOT / "docs" / "howto" / "other_languages.md")[-2:]
    assert (program.language, printed.language) == ("js", "text")
    (tmp_path / "accounts.cjs").write_text(program.text, encoding="utf-8")
    with Emulator() as emulator:
        environ = {
            **os.environ,
            "NODE_PATH": str(npm_packages()),
            "FRONTEGG_API_GATEWAY_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_API_KEY": emulator.secret,
        }
        command = ["node", "accounts.cjs"]
        run = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, encoding="utf-8", check=False)
    assert (run.returncode, run.stdout) == (0, printed.text), run.stderr


@pytest.mark.acceptance
@pytest.mark.parametrize("page", _PAGES)
def test_commands_show_what_the_page_says(page: str, tmp_path: Path) -> None:
    """In order, in one directory, against an emulator with the data of ``--demo``, or with two profiles."""
    if missing := [each for each in _PAGES[page].split() if shutil.which(each) is None]:
        pytest.skip(f"it needs {', '.join(missing)}")
    found = run_commands(page, [command for command, _ in _shown(page)], tmp_path)

    # A thread writes messages, so a pipe may get a message before or after data that was buffered at the same time.
    assert [_comparable(text) for text in found] == [_comparable(shown) for _, shown in _shown(page)]


def run_commands(page: str, commands: Sequence[str], folder: Path) -> list[str]:
    """Run the commands of a page, and return what each shows.

    Args:
        page: The page.
        commands: The commands.
        folder: The directory of the commands.
    """
    programs = folder / "bin"
    programs.mkdir()
    for name, command in (("frontegg", forked()), ("python", (sys.executable, "-W", "error"))):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    if page in _EXAMPLES:
        shutil.copytree(ROOT / "examples" / _EXAMPLES[page], folder, dirs_exist_ok=True)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FRONTEGG_")},
        "FRONTEGG_CONFIG_DIR": str(folder / "settings"),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    with Emulator(seed=demo_seed()) as emulator:
        if page in _WITH_PROFILES:
            for name in ("staging", "production"):
                made = emulator.create_environment(switches={"environment_type": name})
                login = f"frontegg login --profile {name} --environment {name.title()} --secret-store file --quiet"
                _run(login, folder, environ | _settings(made))
        else:
            environ |= _settings(emulator) | {"FRONTEGG_ENVIRONMENT": "Demo"}
        return [_run(command, folder, environ) for command in commands]


def _settings(emulator: EmulatorHandle) -> dict[str, str]:
    return {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
    }


def _run(command: str, folder: Path, environ: Mapping[str, str]) -> str:
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    ).stdout


def _comparable(text: str) -> list[str]:
    """Return the lines of a text in any order, with an ellipsis for what differs each time."""
    return sorted(_CHOSEN.sub("…", line.rstrip()) for line in text.rstrip().splitlines())
