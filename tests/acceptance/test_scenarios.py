"""Whole applications under load, while the service behind them is killed, restarted, limits, resets and stalls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.acceptance.conftest import SCENARIO_OUTPUT
from tests.acceptance.scenarios.scenario import Scenario
from tests.acceptance.scenarios.scenarios import SCENARIOS

pytestmark = [pytest.mark.acceptance, pytest.mark.extended]

_ROOT: Final = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name) for each in SCENARIOS])
def test_scenario(scenario: Scenario, request: pytest.FixtureRequest) -> None:
    """No request hangs or is lost, every answer is documented, and nothing is made twice."""
    seed = f"--seed={request.config.getoption('seed')}"
    command = [sys.executable, "-m", "tests.acceptance.scenarios", scenario.name, seed]
    limit = 2 * (scenario.seconds + scenario.grace)  # the scenario itself ends earlier
    run = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=limit, check=False)
    request.config.stash.setdefault(SCENARIO_OUTPUT, []).append(run.stdout.strip())
    if run.returncode:
        pytest.fail(run.stdout + run.stderr, pytrace=False)
