"""``frontegg plan``, ``apply`` and ``bulk undo``: each exit code, and what is written where."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shlex
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.plans.guards import NAMES
from tests.cli.conftest import Run
from tests.cli.planned_accounts import ACCOUNTS, prepare, writes_to

pytestmark = pytest.mark.slow

LISTING: Final = {"path": "/tenants/resources/tenants/v2", "method": "GET"}
FORBIDDEN: Final[dict[str, Any]] = {"type": "status", "status": 403, "body": {"errors": ["no"]}}


@pytest.fixture
def directory(tmp_path: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with a file of accounts."""
    assert run is not None
    prepare(tmp_path, emulator, monkeypatch)
    return tmp_path


@pytest.fixture
def plan(directory: Path, run: Run, emulator: EmulatorHandle) -> Path:
    """The plan of the file."""
    assert run("plan", "accounts.yml", "--out", "plan.jsonl").code == 0
    emulator.clear_journal()
    return directory / "plan.jsonl"


def _lock_five(*, allowed: str = "") -> tuple[str, ...]:
    """Write a file that locks more accounts than the guard lets pass, and return the command that plans it."""
    Path("locks.yml").write_text(
        "".join(f"- {{tenant_id: t{number}, is_locked: true}}\n" for number in range(5)), encoding="utf-8"
    )
    return ("plan", "locks.yml", "--out", "locks.jsonl", *(("--allow", allowed) if allowed else ()))


@pytest.mark.usefixtures("directory")
def test_a_plan_is_shown_and_applied(run: Run, emulator: EmulatorHandle) -> None:
    """0; standard error says what was read, and a second plan is empty."""
    ran = run("plan", "accounts.yml", "--out", "plan.jsonl", "--output", "table")
    assert (ran.code, ran.err) == (0, f"Staging: 8 accounts read with {len(emulator.journal())} requests\n")
    assert ran.out.splitlines()[:2] == ["+ nova                 Nova", "~ acme  metadata.plan  free → pro"]
    assert writes_to(emulator) == []
    ran = run("apply", "plan.jsonl", "--yes")
    assert (ran.code, json.loads(ran.out)["succeeded"], ran.err) == (0, 2, "")
    ran = run("plan", "accounts.yml", "--output", "table")
    assert (ran.code, ran.out[:10]) == (0, "0 changes;")
    assert ran.err.startswith("Staging: 2 of 9 accounts read with ")
    assert run("plan", "accounts.yml", "--quiet").err == ""
    assert Path("plan.jsonl.ledger.sqlite3").exists()


@pytest.mark.usefixtures("directory")
def test_progress_for_programs(run: Run) -> None:
    told = run("plan", "accounts.yml", "--progress", "jsonl").err.splitlines()
    progress = [json.loads(line) for line in told if line.startswith("{")]
    assert {"event": "progress", "what": "accounts", "done": 8, "total": 8} in progress


@pytest.mark.usefixtures("directory")
def test_changes_have_an_exit_code(run: Run) -> None:
    """5 if it is asked for, and 0 once there are none."""
    assert run("plan", "accounts.yml", "--exit-code", "--out", "plan.jsonl").code == 5
    assert run("apply", "plan.jsonl", "--yes").code == 0
    assert run("plan", "accounts.yml", "--exit-code").code == 0
    assert run("bulk", "undo", "plan.jsonl.ledger.sqlite3", "--exit-code").code == 5


@pytest.mark.usefixtures("directory")
def test_a_guard_is_shut(run: Run, emulator: EmulatorHandle) -> None:
    """6, and the plan is written and shown; the number of the plan opens the guard."""
    ran = run(*_lock_five(), "--output", "table")
    assert (ran.code, len(ran.out.splitlines())) == (6, 7)
    told = [
        "error: the plan cannot be applied, since a guard refuses it: lock: 5, and the limit is 3",
        "If these changes are intended, make the plan again with --allow lock=5",
    ]
    assert ran.err.splitlines()[1:] == told
    ran = run("apply", "locks.jsonl", "--yes")
    assert (ran.code, ran.out, ran.err.splitlines()) == (6, "", told)
    assert writes_to(emulator) == []
    assert run(*_lock_five(allowed="lock=5")).code == 0
    assert run("apply", "locks.jsonl", "--yes").code == 0


@pytest.mark.parametrize(
    ("allowed", "told"),
    [
        ("lock=4", "--allow has lock=4, but the plan has 5 such changes: allow that number"),
        ("lock=6", "--allow has lock=6, but the plan has 5 such changes: allow that number"),
        ("lock", "--allow must be GUARD=NUMBER, such as delete=12, not 'lock'"),
        ("lock=many", "--allow must be GUARD=NUMBER, such as delete=12, not 'lock=many'"),
        ("burn=5", f"--allow must contain only the guards {', '.join(NAMES)}, not 'burn'"),
    ],
)
@pytest.mark.usefixtures("directory")
def test_a_number_that_is_not_allowed(run: Run, allowed: str, told: str) -> None:
    """2, and no plan."""
    ran = run(*_lock_five(allowed=allowed))
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {told}\n")
    assert not Path("locks.jsonl").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--only", "under=north"), "not 'under=north'"),
        (("--only", "id:a*", "--only", "part:colour"), "not 'colour'"),
        (("--fields", "colour"), "not 'colour'"),
        (("--markdown", "--output", "json"), "give --markdown or --output, not both"),
        (("--out", "accounts.yml"), "--out must be another file: the plan is made from accounts.yml"),
        (("--base", "none.jsonl"), "none.jsonl: the file cannot be read: No such file or directory"),
    ],
)
@pytest.mark.usefixtures("directory")
def test_options_that_cannot_be(run: Run, emulator: EmulatorHandle, options: tuple[str, ...], told: str) -> None:
    """2, before a request is sent."""
    ran = run("plan", "accounts.yml", *options)
    assert (ran.code, ran.out, emulator.journal()) == (2, "", [])
    assert told in ran.err
    assert Path("accounts.yml").read_text(encoding="utf-8") == ACCOUNTS


_CHANGED: Final[Mapping[str, tuple[Callable[[str], str], str]]] = {
    "another format": (
        lambda text: text.replace("plan/1", "plan/2"),
        "1:1: the first line of a plan must have the format",
    ),
    "edited": (lambda text: text.replace('"pro"', '"gold"'), "1:1: the plan was changed or is damaged"),
    "cut off": (lambda text: text[:-20], "1:1: the plan was changed or is damaged"),
    "another environment": (
        lambda text: re.sub(r'"id":"[^"]+","type"', '"id":"x","type"', text),
        "1:1: the plan belongs to another environment, x; this client uses ",
    ),
    "accounts": (lambda _: '{"tenant_id":"acme"}\n', "1:1: the first line of a plan must have the format"),
}


@pytest.mark.parametrize("case", _CHANGED)
def test_a_plan_that_is_refused(plan: Path, run: Run, emulator: EmulatorHandle, case: str) -> None:
    """2, and nothing is sent."""
    change, told = _CHANGED[case]
    plan.write_text(change(plan.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    ran = run("apply", "plan.jsonl", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: plan.jsonl:{told}")
    assert writes_to(emulator) == []
    assert not Path("plan.jsonl.ledger.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("none.jsonl",), "none.jsonl: the plan cannot be read: No such file or directory"),
        ((".",), ".: the plan cannot be read: Is a directory"),
        (("plan.jsonl", "--digest", "0" * 32), "--digest belongs to another plan: this plan has "),
        (("plan.jsonl", "--digest", "0" * 31), "--digest must be the 64 hexadecimal digits of a plan"),
        (("plan.jsonl", "--fields", "colour"), "--fields must be among "),
        (("plan.jsonl", "--ledger", "none/ledger"), "the ledger none/ledger cannot be made"),
    ],
)
@pytest.mark.usefixtures("plan")
def test_what_cannot_be_applied(run: Run, emulator: EmulatorHandle, arguments: tuple[str, ...], told: str) -> None:
    """2, and nothing is sent."""
    ran = run("apply", *arguments, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {told}")
    assert writes_to(emulator) == []


@pytest.mark.usefixtures("plan")
def test_rows_that_are_stale(run: Run) -> None:
    """3, and the last line is the command that lists them."""
    assert run("tenants", "metadata", "set", "acme", "plan=team").code == 0
    ran = run("apply", "plan.jsonl", "--yes", "--fields", "succeeded,stale")
    assert (ran.code, json.loads(ran.out)) == (3, {"succeeded": 1, "stale": 1})
    advice = "frontegg bulk report plan.jsonl.ledger.sqlite3 --only stale"
    assert ran.err == f"to see the rows that are stale:\n{advice}\n"
    [row] = run(*shlex.split(advice)[1:], "--fields", "tenant_id,message").out.splitlines()
    told = {"tenant_id": "acme", "message": 'metadata.plan is "team" now, and the plan expects "free"'}
    assert json.loads(row) == told


@pytest.mark.usefixtures("plan")
def test_outcomes_are_unknown(run: Run, emulator: EmulatorHandle) -> None:
    """7, until the same command finds out."""
    assert run("apply", "plan.jsonl", "--yes").code == 0
    with closing(sqlite3.connect("plan.jsonl.ledger.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE state SET state = 1")  # as when the process ended with the rows in flight
    fault = emulator.add_fault(match=LISTING, stage="accept", action=FORBIDDEN)
    ran = run("apply", "plan.jsonl", "--yes")
    assert ran.code == 7
    assert ran.err.splitlines()[-4:] == [
        "to find out the outcome of the unknown rows:",
        "frontegg bulk resume plan.jsonl.ledger.sqlite3",
        "to see the unknown rows:",
        "frontegg bulk report plan.jsonl.ledger.sqlite3 --only unknown",
    ]
    emulator.delete_fault(fault)
    assert run("apply", "plan.jsonl", "--yes").code == 0


@pytest.mark.usefixtures("plan")
def test_a_ledger_of_another_plan(run: Run) -> None:
    """2, and its file is named; also if it is of another job, or no ledger."""
    assert run("apply", "plan.jsonl", "--yes").code == 0
    Path("accounts.yml").write_text(ACCOUNTS.replace("pro", "team"), encoding="utf-8")
    assert run("plan", "accounts.yml", "--out", "plan.jsonl").code == 0
    ran = run("apply", "plan.jsonl", "--yes")
    assert (ran.code, ran.out) == (2, "")
    message, advice = ran.err.splitlines()
    assert re.match(
        r"error: the ledger plan\.jsonl\.ledger\.sqlite3 belongs to the plan \w{12}, not to the plan \w{12}:", message
    )
    assert advice == "--ledger chooses another ledger."
    assert run("apply", "plan.jsonl", "--yes", "--ledger", "accounts.yml").err.splitlines() == [
        "error: accounts.yml is not a ledger: it is another file",
        advice,
    ]
    assert run("apply", "plan.jsonl", "--yes", "--ledger", "second").code == 0


@pytest.mark.usefixtures("plan")
def test_a_ledger_that_is_held(run: Run) -> None:
    """8; how far it is can be seen meanwhile."""
    assert run("apply", "plan.jsonl", "--yes").code == 0
    with Path("plan.jsonl.ledger.sqlite3").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = run("apply", "plan.jsonl", "--yes")
        assert (ran.code, ran.err.splitlines()[-1]) == (8, "frontegg bulk status plan.jsonl.ledger.sqlite3")


def test_what_nobody_describes_counts_as_production(plan: Path, run: Run, emulator: EmulatorHandle) -> None:
    """A credential may read accounts, and not the environment; the accounts say which one it is."""
    emulator.set_switch("environment_details", "refuse")
    ran = run("apply", "plan.jsonl", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert "which may be production (the service does not say): refused, since --yes alone" in ran.err
    digest = hashlib.sha256(plan.read_bytes()).hexdigest()
    assert run("apply", "plan.jsonl", "--yes", "--digest", digest[:32]).code == 0


@pytest.mark.usefixtures("plan")
def test_a_plan_without_changes_asks_nothing(run: Run, emulator: EmulatorHandle) -> None:
    emulator.set_switch("environment_type", "production")
    Path("accounts.yml").write_text("- tenant_id: acme\n", encoding="utf-8")
    assert run("plan", "accounts.yml", "--out", "empty.jsonl").code == 0
    assert run("apply", "empty.jsonl").code == 0


@pytest.mark.usefixtures("plan")
def test_a_job_is_undone(run: Run) -> None:
    """Values that others changed since stay, and the output says so."""
    assert run("apply", "plan.jsonl", "--yes").code == 0
    undo = ("bulk", "undo", "plan.jsonl.ledger.sqlite3", "--out", "undo.jsonl", "--output", "table")
    ran = run(*undo)
    assert (ran.code, ran.out.splitlines()[:2]) == (0, ["~ acme  metadata.plan  pro → free", "- nova"])
    assert ran.err.startswith("Staging: 9 accounts read with ")
    assert run("tenants", "metadata", "set", "acme", "plan=team").code == 0
    assert run(*undo).out.splitlines()[1] == "? acme  metadata.plan  is team now, so the value stays: not planned"
    assert run("apply", "undo.jsonl", "--yes").code == 0
    assert run("tenants", "get", "nova").code == 1
