"""An emulator for command lines, and a way to run them in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from frontegg_async import cli
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.blocking_handle import EmulatorHandle


@dataclass(frozen=True)
class Ran:
    """The result of a command line."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="package")
def server() -> Iterator[EmulatorHandle]:
    """One emulator for all tests of this package."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(server: EmulatorHandle) -> EmulatorHandle:
    """A separate environment for the test."""
    return server.create_environment()


@pytest.fixture
def environ(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mapping[str, str]:
    """The variables of this process, which name the environment and an empty directory of settings."""
    wanted = {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
        "FRONTEGG_CONFIG_DIR": str(tmp_path / "settings"),
    }
    for name in ("FRONTEGG_API_KEY", "FRONTEGG_SECRET", "FRONTEGG_PROFILE", "FRONTEGG_REGION", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    return os.environ


@pytest.fixture
def run(environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process, with a separate environment."""
    assert environ["FRONTEGG_BASE_URL"]

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = cli.run(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
