"""The scenarios run by the command, in their short forms, and what they judge by can fail."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_fastapi_service_in_the_short_form() -> None:
    """No request hangs, every answer is documented, all is well again, and nothing is made twice."""
    pytest.importorskip("fastapi", reason="of the development group")
    command = [sys.executable, "-m", "benchmarks.scenarios", "fastapi", "--seconds=9", "--rate=40", "--json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["scenarios"][0]["passed"]
