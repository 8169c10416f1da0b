"""``python -m frontegg_async`` says what there is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from frontegg_async import __version__
from frontegg_async.__main__ import overview

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_command() -> None:
    """It prints the text, and loads neither HTTP nor the extras."""
    command = [sys.executable, "-X", "importtime", "-W", "error", "-m", "frontegg_async"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == overview().rstrip() + "\n"
    assert "aiohttp" not in run.stderr


def test_the_text() -> None:
    """It has the version, the way to the emulator, and every extra."""
    text = overview()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert __version__ in text
    assert "python -m frontegg_async.emulator --demo" in text
    for extra in extras:
        assert extra in text.partition("Extras")[2], extra
