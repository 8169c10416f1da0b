"""The scenarios run from the command line, in their short forms."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.acceptance.scenarios.__main__ import choose


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("name", "options"),
    [("fastapi", ("--seconds=10", "--rate=40")), ("django", ("--seconds=8", "--rate=70"))],
)
def test_the_short_forms(name: str, options: Sequence[str]) -> None:
    """No request hangs or is lost, every response is documented, and nothing is created twice."""
    command = [sys.executable, "-m", "tests.acceptance.scenarios", name, *options, "--json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["scenarios"][0]["passed"]


def test_scenarios_are_selected_by_name() -> None:
    """Without names all scenarios run; an unknown name ends the program."""
    assert [each.name for each in choose(["django", "fastapi"])] == ["fastapi", "django"]
    assert len(choose([])) >= 2
    with pytest.raises(SystemExit, match="no scenario nothing; the scenarios are fastapi, django"):
        choose(["nothing"])
