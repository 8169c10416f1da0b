"""Hostile responses with the Python parser of aiohttp, as on platforms without a wheel."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

FILES = ("tests/client/test_transport.py", "tests/client/test_pool.py")


@pytest.mark.slow
def test_hostile_answers() -> None:
    """No exception of the parser leaves the SDK, and no body is waited for that is over."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-W", "error", *FILES]
    environment = {**os.environ, "AIOHTTP_NO_EXTENSIONS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2_000:]
