"""Programs with a command line of their own: a global option before their names would not reach them."""

from __future__ import annotations

from importlib.metadata import requires
from pathlib import Path
from typing import Final

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run

OPTIONS: Final = (
    ("--profile", "staging"),
    ("--client-id", "x"),
    ("--secret-file", "secret"),
    ("--region", "us"),
    ("--base-url", "http://127.0.0.1:9"),
    ("--domain", "app-acme"),
    ("--environment-id", "x"),
    ("--output", "yaml"),
    ("--fields", "name"),
    ("--progress", "auto"),
    ("--yes",),
    ("--quiet",),
    ("--verbose",),
    ("--debug",),
)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: str(option[0]))
def test_a_global_option_is_refused(run: Run, emulator: EmulatorHandle, option: tuple[str, ...]) -> None:
    ran = run(*option, "conformance", "--write", "--yes")
    assert (ran.code, ran.out) == (2, "")
    place = "the variables FRONTEGG_... select the environment; write options of the program after its name"
    # With --debug, a traceback precedes the message.
    assert ran.err.endswith(f"{option[0]} must not be before 'conformance': {place}\n")
    assert not emulator.journal()
    assert run(*option, "emulator", "--version").code == 2


def test_each_option_is_named(run: Run) -> None:
    ran = run("-q", "-o", "yaml", "emulator", "--version")
    assert (ran.code, ran.out) == (2, "")
    place = "the emulator has environments of its own; write options of the program after its name"
    assert ran.err == f"error: --output, --quiet must not be before 'emulator': {place}\n"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("emulator", "--prt", "1"), "there is no option '--prt': did you mean '--port'?"),
        (("conformance", "--wirte"), "there is no option '--wirte': did you mean '--write'?"),
        (("emulator", "start"), "there is no argument 'start'"),
        (("emulator", "--port", "x"), "argument --port: invalid port value: 'x'"),
    ],
)
def test_a_wrong_option_gets_a_suggestion(words: tuple[str, ...], meant: str, run: Run) -> None:
    """Like that of another command."""
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: {meant}\n'frontegg {words[0]} --help' shows how to use the command.\n"


def test_the_extra_has_what_the_emulator_needs() -> None:
    """The page on the command line installs the extra ``cli``, and starts the emulator."""
    needed = {"emulator": set[str](), "cli": set[str]()}
    for each in requires("frontegg-async") or ():
        package, _, marker = each.partition(";")
        for extra, packages in needed.items():
            if f"extra == '{extra}'" in marker.replace('"', "'"):
                packages.add(package.strip())
    assert needed["emulator"] <= needed["cli"]


def test_options_after_the_name_are_its_own(run: Run, emulator: EmulatorHandle, tmp_path: Path) -> None:
    ran = run("conformance", "--base-url", emulator.url, "--clean", "--state", str(tmp_path / "none"))
    assert "there is nothing to clean up" in ran.err
