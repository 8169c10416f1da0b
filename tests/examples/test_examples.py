"""The example programs run as a user would run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import demo
import pytest
from accounts import ACCOUNTS_CSV

from frontegg_async import JsonValue
from frontegg_async.emulator import Emulator

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).resolve().parents[2]


def _run(example: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FRONTEGG_")}
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / example), *arguments],
        env={**inherited, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("example", ["quickstart_async.py", "quickstart_sync.py"])
def test_quickstart_starts_its_own_emulator(example: str) -> None:
    """A quickstart runs without settings, writes nothing to stderr, and exits with 0."""
    run = _run(example)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1].startswith("deleted ")


@pytest.mark.parametrize("example", ["quickstart_async.py", "quickstart_sync.py"])
def test_quickstart_uses_the_environment_that_is_set(example: str) -> None:
    """A quickstart uses the configured environment, and leaves nothing behind."""
    with Emulator() as emulator:
        run = _run(
            example,
            FRONTEGG_BASE_URL=emulator.url,
            FRONTEGG_CLIENT_ID=emulator.client_id,
            FRONTEGG_SECRET_KEY=emulator.secret,
        )
        created = [entry for entry in emulator.journal() if entry.route == "tenants.create" and entry.status == 201]
        (environment,) = emulator.snapshot()["environments"]
    assert (run.returncode, run.stderr) == (0, "")
    assert created
    assert environment["tenants"] == []


def test_an_import_does_nothing_twice(tmp_path: Path) -> None:
    """A second run finds in the ledger that all is done."""
    with Emulator() as emulator:
        environment = {
            "FRONTEGG_BASE_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
        }
        said = [_run("import_accounts.py", str(ACCOUNTS_CSV), str(tmp_path / "l"), **environment) for _ in range(2)]
        created = [each for entry in emulator.journal() if entry.effect for each in entry.effect.created]
    assert [(each.returncode, each.stderr) for each in said] == [(0, "")] * 2
    assert all("succeeded  1,200  100.0 %" in each.stdout for each in said)
    assert len(created) == len(set(created)) == 1_200


def test_demo_agrees_with_the_emulator() -> None:
    """The demo reports that journal and state agree, also when stdout is not a terminal."""
    run = _run("demo.py")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1].startswith("make demo: ok - 1,200 accounts")
    assert "\x1b" not in run.stdout


def test_demo_shows_any_name_on_any_terminal() -> None:
    """The demo succeeds where standard output cannot encode the names."""
    run = _run("demo.py", PYTHONIOENCODING="ascii")
    assert (run.returncode, run.stderr) == (0, "")


def test_demo_fails_when_the_emulator_disagrees(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A duplicate create ends the demo with another status and last line."""
    journal = demo.LocalEmulator.journal

    def doubled(emulator: demo.LocalEmulator) -> list[dict[str, JsonValue]]:
        entries = journal(emulator)
        return [*entries, next(entry for entry in entries if entry["route"] == "tenants.create")]

    monkeypatch.setattr(demo.LocalEmulator, "journal", doubled)
    assert demo.main() == 1
    problem, last = capsys.readouterr().out.splitlines()[-2:]
    assert "2 times, not 1" in problem
    assert last.startswith("make demo: FAILED - the emulator and the record of the changes differ; differences: 1")
