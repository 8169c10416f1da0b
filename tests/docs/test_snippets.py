"""The pages say what is true: each snippet runs, and prints what the page says it prints."""

from __future__ import annotations

import ast
import base64
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import make_command_reference
import pytest

from frontegg_async._core.codec import unreadable_values
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.demo_data import demo_seed
from tests.docs.markdown import PAGES, ROOT, blocks, check, is_test, snippets
from tests.docs.recipes import attack_names, find_paths
from tests.support.every import every
from tests.support.nursery import forked
from tests.support.postgres import postgres_server
from tests.support.pytest_process import pytest_with_few_plugins
from tests.support.redis import redis_server


def _commands(page: Path) -> list[list[str]]:
    """Return the commands that a page shows, each as words."""
    shown = [block.text for block in blocks(page) if block.language == "console"]
    return [shlex.split(line[2:], comments=True) for text in shown for line in text.splitlines() if line[:2] == "$ "]


EMULATOR: Final = ["python", "-m", "frontegg_async.emulator"]
EMULATOR_COMMANDS = [words for page in PAGES for words in _commands(page) if words[:3] == EMULATOR]
ALONE: Final = "django.md"
"""The page that needs a process of its own: Django's settings are those of a process."""

SHARING: Final = "fleets.md"
"""The page that shows what processes share by files and by Redis."""

BULK: Final = "bulk.md"
"""The page that shows work on several machines, by PostgreSQL."""

NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


@pytest.fixture(params=PAGES, ids=NAMES)
def page(request: pytest.FixtureRequest) -> Path:
    """Each page in turn."""
    found: Path = request.param
    return found


@pytest.fixture
def environment(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Yield while ``from_env()`` finds an emulator of this test's own, for the README with the data of ``--demo``.

    Files that a page writes go into a directory of the test. No other test has taken the warnings that a page shows.
    """
    monkeypatch.setattr(unreadable_values, "_warned", set())
    monkeypatch.chdir(tmp_path)
    with Emulator(seed=demo_seed() if page.name == "README.md" else None) as emulator:
        monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
        monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
        monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
        yield


@pytest.fixture
def _shared(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Yield while there is what the page's processes share."""
    with ExitStack() as stack:
        if page.name == SHARING:
            monkeypatch.setenv("REDIS_URL", stack.enter_context(redis_server()).url)
            monkeypatch.setenv("TOKEN_KEY", base64.urlsafe_b64encode(bytes(32)).decode())
            monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "shared"))
        if page.name == BULK:
            monkeypatch.setenv("LEDGER", stack.enter_context(postgres_server()).new_address())
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("environment", "_shared")
def test_snippets_run_and_print_what_the_page_says(page: Path) -> None:
    """Every Python snippet of a page runs, after those before it, against an emulator.

    The apps that it makes show no caller what is of another tenant.
    """
    if page.name != ALONE:
        names: dict[str, object] = {"__name__": "__main__"}
        check(page, names)
        if page in find_paths():
            with Emulator() as server:
                assert attack_names(page, names, server).leaks == []
        return
    command = [sys.executable, "-W", "error", "-m", "tests.docs.recipes", str(page)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert json.loads(run.stdout)["leaks"] == []


@pytest.mark.slow
def test_snippets_with_tests_pass(page: Path, tmp_path: Path) -> None:
    """Snippets that show tests pass under pytest."""
    shown = [block for block, _ in snippets(page) if is_test(block)]
    for number, block in enumerate(shown):
        (tmp_path / f"test_{number}.py").write_text(block.text, encoding="utf-8")
    if shown:
        (tmp_path / "conftest.py").write_text(
            "import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n", encoding="utf-8"
        )
        run = pytest_with_few_plugins(tmp_path)
        assert run.returncode == 0, run.stdout + run.stderr


@every(PAGES)
def test_code_of_other_packages_is_python(page: Path) -> None:
    """What is shown and not run as it stands is Python: code of a package that is not here, and mistakes."""
    foreign = [block for block in blocks(page) if block.language == "py"]
    for block in foreign:
        compile(block.text, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert not foreign or page.name in {"import_accounts.md", "moving.md", "mistakes.md"}


@every(PAGES)
def test_links_lead_somewhere(page: Path) -> None:
    """Relative links name files that exist, and headings that exist in them."""
    for target in _links(page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in _anchors(linked), target


@every(PAGES)
def test_shown_make_targets_exist(page: Path) -> None:
    """A ``make`` command that a page shows is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for words in _commands(page):
        if words[:1] == ["make"]:
            assert f"\n{words[1]}:" in makefile


@pytest.mark.slow
@pytest.mark.parametrize("command", EMULATOR_COMMANDS, ids=" ".join)
def test_shown_emulators_serve(command: list[str], tmp_path: Path) -> None:
    """An emulator that is started as a page shows says that it is ready, and ends well when it is told to."""
    seed = next(block for block in blocks(ROOT / "docs" / "howto" / "emulator.md") if block.language == "json")
    (tmp_path / "seed.json").write_text(seed.text, encoding="utf-8")
    with subprocess.Popen([*forked(EMULATOR[2]), *command[3:]], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        process.terminate()
    assert {"url", "client_id", "secret", "pid", "version"} <= ready.keys()
    assert process.returncode == 0


def _links(text: str) -> list[str]:
    parts = text.split("](")[1:]
    targets = [part.partition(")")[0] for part in parts]
    return [target for target in targets if "://" not in target]


def _anchors(page: Path) -> set[str]:
    text = make_command_reference.page() if page == make_command_reference.PAGE else page.read_text(encoding="utf-8")
    headings = [line.lstrip("#").strip() for line in text.splitlines() if line[:1] == "#"]
    kept = [
        "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_") for heading in headings
    ]
    return {heading.replace(" ", "-") for heading in kept}
