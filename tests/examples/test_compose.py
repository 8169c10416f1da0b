"""The compose example: linters accept it, and its commands work without a container engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from dockerfile_parse import DockerfileParser
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "examples" / "compose"
TOOLS: Final = Path(sys.executable).parent


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(FOLDER / "compose.yaml")
    return found


def _stages() -> dict[str, dict[str, Any]]:
    """Return the instructions of each stage of the Dockerfile by its name, with those of the stage that it is from."""
    with tempfile.TemporaryDirectory() as copy:  # the parser opens the file to write it
        shutil.copy(FOLDER / "Dockerfile", copy)
        structure = DockerfileParser(copy).structure
    stages: dict[str, dict[str, Any]] = {}
    stage: dict[str, Any] = {}
    for each in structure:
        name, value = each["instruction"], each["value"]
        if name == "FROM":
            base, _, target = value.partition(" AS ")
            stage = stages[target] = {**stages.get(base, {}), "base": base}
        elif name != "COMMENT":
            stage[name] = value
    return stages


def _words(value: str) -> list[str]:
    """Return a command in its exec form: PID 1 is then Python itself, which receives the signals."""
    words: list[str] = json.loads(value[value.index("[") :])
    return words


@pytest.mark.skipif(sys.platform != "linux", reason="hadolint is installed on Linux only")
def test_the_dockerfile_is_accepted_by_its_linter() -> None:
    """Hadolint has no complaint."""
    command = [str(TOOLS / "hadolint"), str(FOLDER / "Dockerfile")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.slow
def test_the_compose_file_is_one() -> None:
    """It is valid by the schema of the specification."""
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(FOLDER / "compose.yaml")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_images_are_small_and_run_as_nobody() -> None:
    """Each is slim, has the packages of the lock file, a health check and a user without rights."""
    stages = _stages()
    assert {stages["build"]["base"], stages["runtime"]["base"]} == {"python:3.13-slim-bookworm"}
    assert "--constraint constraints.txt" in stages["build"]["RUN"]
    for name, service in _compose()["services"].items():
        assert stages[name]["USER"] == "10001"
        assert _words(stages[name]["HEALTHCHECK"])[0] == "python"
        assert service["build"]["target"] == name
        assert (FOLDER / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).samefile(FOLDER / "Dockerfile")
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert all(each.startswith("127.0.0.1:") for each in service["ports"])


def _can_isolate() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rnm", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.acceptance
@pytest.mark.skipif(not _can_isolate(), reason="this machine has no namespaces for users (unshare -rnm)")
def test_the_services_work_together() -> None:
    """The emulator is healthy first; the app verifies its tokens by its name; both end at SIGTERM with status 0."""
    stages = _stages()
    services = [
        {
            "name": name,
            "command": _words(stages[name]["CMD"]),
            "health": _words(stages[name]["HEALTHCHECK"]),
            "environment": service["environment"],
            "after": [
                other for other, how in service.get("depends_on", {}).items() if how["condition"] == "service_healthy"
            ],
        }
        for name, service in _compose()["services"].items()
    ]
    command = ["unshare", "-rnm", sys.executable, "-W", "error", "-m", "tests.examples.compose_stand"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        command, input=json.dumps(services), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout) == {
        "started": ["emulator", "app"],
        "issuer": "http://emulator:8080",
        "accounts": ["north", "north-retail", "north-labs"],
        "without a token": 401,
        "start page": "text/html; charset=utf-8",
        "dashboard": "/_emulator/",
        "statuses": {"emulator": 0, "app": 0},
    }
