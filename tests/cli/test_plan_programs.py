"""``frontegg plan`` and ``apply`` as processes: Ctrl-C, pipes, and questions on a terminal."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.cli.planned_accounts import prepare, writes_to
from tests.cli.test_programs import on_a_terminal
from tests.support.nursery import STARTED, forked

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="it needs signals and a terminal")]


@pytest.fixture
def variables(
    tmp_path: Path, environ: Mapping[str, str], emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The variables of a program, in a directory with a file of accounts."""
    prepare(tmp_path, emulator, monkeypatch)
    return {name: value for name, value in environ.items() if name not in {"COLUMNS", "NO_COLOR"}} | {"TERM": "dumb"}


def test_ctrl_c_says_how_to_continue(run: Run, emulator: EmulatorHandle, variables: Mapping[str, str]) -> None:
    """130; the same command continues, and each account is made once."""
    rows = "".join(f"- {{tenant_id: n{number}, name: N}}\n" for number in range(40))
    Path("many.yml").write_text(rows, encoding="utf-8")
    assert run("plan", "many.yml", "--out", "many.jsonl").code == 0
    command = [*forked(), "apply", "many.jsonl", "--yes", "--rate", "1", "--verbose"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=variables, encoding="utf-8") as process:
        assert process.stderr is not None
        while "< 201" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        *_, reached, advice = process.stderr.read().splitlines()
    assert process.returncode == 130
    assert re.fullmatch(r"interrupted after \d+ of 40 rows; to continue:", reached)
    assert advice == "frontegg bulk resume many.jsonl.ledger.sqlite3"
    assert run("apply", "many.jsonl", "--yes", "--rate", "1000").code == 0
    made = [entry.effect for entry in emulator.journal() if entry.route == "tenants.create" and entry.effect]
    assert Counter(each for effect in made for each in effect.created) == {f"n{number}": 1 for number in range(40)}


def test_a_pipe_that_is_closed(variables: Mapping[str, str]) -> None:
    """The exit code is that of the plan, and the plan is whole."""
    rows = "".join(f"- {{tenant_id: n{number}, name: {'N' * 100}}}\n" for number in range(2_000))
    Path("many.yml").write_text(rows, encoding="utf-8")
    command = (
        f"{shlex.join(STARTED)} plan many.yml --exit-code --out plan.jsonl -o table | head -1; echo ${{PIPESTATUS[0]}}"
    )
    ran = subprocess.run(["bash", "-c", command], env=variables, capture_output=True, encoding="utf-8", check=False)
    first, code = ran.stdout.splitlines()
    assert (first[:8], code) == ("+ n0    ", "5")
    assert re.fullmatch(r"Staging: 8 accounts read with \d+ requests\n", ran.stderr)
    assert len(Path("plan.jsonl").read_text(encoding="utf-8").splitlines()) == 2_001


def test_apply_asks(run: Run, variables: Mapping[str, str], emulator: EmulatorHandle) -> None:
    """Everywhere, and not without a terminal."""
    assert run("plan", "accounts.yml", "--out", "plan.jsonl").code == 0
    ran = subprocess.run([*forked(), "apply", "plan.jsonl"], env=variables, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert re.match(
        r"error: Apply plan \w{12} \(1 created, 1 changed\) in Staging: refused without a terminal", ran.stderr
    )
    code, shown = on_a_terminal(["apply", "plan.jsonl"], typed="n\n", environ=variables)
    assert (code, "(1 created, 1 changed) in Staging? [y/N]" in shown) == (1, True)
    assert writes_to(emulator) == []
    code, shown = on_a_terminal(["apply", "plan.jsonl"], typed="y\n", environ=variables)
    assert (code, "succeeded  2" in shown) == (0, True), shown


@pytest.mark.parametrize("case", ["the service says so", "the plan says so", "the name says so"])
def test_production_needs_its_name_or_the_digest(
    run: Run, emulator: EmulatorHandle, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """On a terminal the name is typed; without one, ``--yes`` alone is refused."""
    if case == "the name says so":
        variables["FRONTEGG_ENVIRONMENT"] = "Live production"
        monkeypatch.setenv("FRONTEGG_ENVIRONMENT", "Live production")
    else:
        emulator.set_switch("environment_type", "production")
    assert run("plan", "accounts.yml", "--out", "plan.jsonl").code == 0
    if case == "the plan says so":
        emulator.set_switch("environment_type", "development")
    name = variables["FRONTEGG_ENVIRONMENT"]
    assert run("apply", "plan.jsonl").code == 2
    ran = run("apply", "plan.jsonl", "--yes")
    refused, advice = ran.err.splitlines()
    assert (ran.code, refused.partition(" in ")[2]) == (
        2,
        f"{name}, which is production: refused, since --yes alone is not enough in production",
    )
    assert on_a_terminal(["apply", "plan.jsonl", "--yes"], typed="", environ=variables)[0] == 2
    code, shown = on_a_terminal(["apply", "plan.jsonl"], typed="y\n", environ=variables)
    assert (code, f"Type the environment's name, {name}" in shown) == (1, True)
    assert writes_to(emulator) == []
    digest = re.match(r"If the plan was reviewed, give --digest (\w{64}) too\.", advice)
    assert digest is not None
    code, _ = on_a_terminal(["apply", "plan.jsonl"], typed=f"{name}\n", environ=variables)
    assert code == 0
    assert run("apply", "plan.jsonl", "--yes", "--digest", digest[1], "--ledger", "again").code == 0
