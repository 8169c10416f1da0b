"""``frontegg tenants delete --subtree``: what is shown, asked and deleted, and how it continues."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from frontegg_async.cli import prompts
from frontegg_async.cli.subtree_deletion import ledger_of
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.nursery import forked

pytestmark = pytest.mark.slow

DELETE: Final = ("tenants", "delete", "north", "--subtree")
DELETION: Final = {"path": "/tenants/resources/tenants/v1/*", "method": "DELETE"}
LEDGER: Final = "delete-north.ledger.sqlite3"
TREE: Final = """\
North (north)
├── Labs (labs)
│   └── Optics (optics)
└── Kiosk (kiosk)
"""


@pytest.fixture(autouse=True)
def _directory(tmp_path: Path, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current directory, and an environment with a tree of accounts and one beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRONTEGG_ENVIRONMENT", "Staging")
    emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "labs", "name": "Labs", "isReseller": True, "parentTenantId": "north"},
            {"tenantId": "optics", "name": "Optics", "parentTenantId": "labs"},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
            {"tenantId": "acme", "name": "Acme"},
        ]
    )


def _deleted(emulator: EmulatorHandle) -> list[str]:
    """Return the ids that were deleted, in order."""
    done = [entry.effect for entry in emulator.journal() if entry.effect]
    return [tenant_id for effect in done for tenant_id in effect.deleted]


def _answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], str]) -> list[str]:
    """Let a person answer, and return the list that questions are added to."""
    asked: list[str] = []

    def ask(question: str, **_: bool) -> str:
        asked.append(question)
        return answer()

    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask", ask)
    return asked


def test_the_tree_is_shown_and_deleted_from_below(
    run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _answering(monkeypatch, lambda: "n")
    ran = run(*DELETE)
    assert (ran.code, ran.err) == (1, f"{TREE}error: nothing was done: the action was not confirmed\n")
    assert asked == ["Delete 4 accounts and all their users in Staging? [y/N] "]
    assert not Path(LEDGER).exists()
    asked = _answering(monkeypatch, lambda: "y")
    ran = run(*DELETE)
    assert (ran.code, json.loads(ran.out)["succeeded"], len(asked)) == (0, 4, 1)
    deleted = _deleted(emulator)
    assert sorted(deleted) == ["kiosk", "labs", "north", "optics"]
    assert (deleted.index("optics") < deleted.index("labs"), deleted[-1]) == (True, "north")


def test_production_needs_its_name(run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator.set_switch("environment_type", "production")
    asked = _answering(monkeypatch, lambda: "y")
    assert run(*DELETE).code == 1
    assert "Staging, which is production.\nType the environment's name" in asked[0]
    _answering(monkeypatch, lambda: "Staging")
    assert run(*DELETE).code == 0


def test_nothing_is_deleted_without_a_terminal(run: Run, emulator: EmulatorHandle) -> None:
    ran = run(*DELETE)
    assert (ran.code, _deleted(emulator)) == (2, [])
    assert "Delete 4 accounts and all their users in Staging: refused without a terminal" in ran.err
    assert run(*DELETE, "--yes").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("north", "acme", "--subtree"), 2, "--subtree takes one account, not 2"),
        (("north", "--ledger", "ledger"), 2, "--ledger needs --subtree"),
        (("north", "--subtree", "--fields", "colour"), 2, "not 'colour'"),
        (("north", "--subtree", "--ledger", "none/ledger"), 2, "the ledger none/ledger cannot be made"),
        (("nobody", "--subtree"), 1, "hierarchy.tree returned 404"),
    ],
)
def test_what_cannot_be_deleted(
    run: Run, emulator: EmulatorHandle, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = run("tenants", "delete", *arguments, "--yes")
    assert (ran.code, ran.out, _deleted(emulator)) == (code, "", [])
    assert told in ran.err


def test_an_account_that_others_change_stays(
    run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3, with the accounts above it; a new deletion needs another ledger."""

    def answer() -> str:
        assert run("tenants", "update", "optics", "--name", "Optics 2").code == 0
        return "y"

    _answering(monkeypatch, answer)
    ran = run(*DELETE)
    assert (ran.code, ran.err.splitlines()[-1]) == (3, f"frontegg bulk report {LEDGER} --only stale")
    assert _deleted(emulator) == ["kiosk"]
    ran = run(*DELETE)
    assert ran.code == 2
    assert ran.err.startswith(
        f"error: the ledger {LEDGER} belongs to a deletion that has ended\n--ledger chooses another"
    )
    assert run(*DELETE, "--ledger", "second", "--yes").code == 0
    assert _deleted(emulator) == ["kiosk", "optics", "labs", "north"]


@pytest.mark.skipif(os.name != "posix", reason="it needs signals")
def test_the_same_command_continues(run: Run, emulator: EmulatorHandle, environ: Mapping[str, str]) -> None:
    """After a kill, and by asking with what is left; each account is deleted once."""
    delay = {"type": "delay", "seconds": 60}
    fault = emulator.add_fault(match={**DELETION, "nth": 2}, stage="before_commit", action=delay)
    with subprocess.Popen([*forked(), *DELETE, "--yes"], stdout=-1, stderr=-1, env=environ) as process:
        while not emulator.faults()[0]["fired"]:
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    emulator.delete_fault(fault)
    ran = run(*DELETE)
    assert (ran.code, "Continue delete, with " in ran.err) == (2, True)
    ran = run(*DELETE, "--yes")
    assert (ran.code, json.loads(ran.out)["succeeded"]) == (0, 4)
    assert sorted(_deleted(emulator)) == ["kiosk", "labs", "north", "optics"]
    assert run("tenants", "list", "-o", "id").out == "acme\n"


def test_a_ledger_of_another_job(run: Run, emulator: EmulatorHandle) -> None:
    """It is neither continued nor replaced, also if it deletes the account."""
    Path("rows.csv").write_text("tenant_id\nkiosk\nacme\n", encoding="utf-8")
    assert run("bulk", "run", "delete", "rows.csv", "--ledger", "ledger", "--yes").code == 0
    for tenant_id in ("north", "acme"):
        ran = run("tenants", "delete", tenant_id, "--subtree", "--ledger", "ledger", "--yes")
        assert ran.code == 2
        assert f"the ledger ledger does not belong to the deletion of {tenant_id} and the accounts below it" in ran.err
    assert run("tenants", "delete", "labs", "--subtree", "--ledger", "second", "--yes").code == 0
    assert run(*DELETE, "--ledger", "second", "--yes").code == 2
    assert sorted(_deleted(emulator)) == ["acme", "kiosk", "labs", "optics"]


@pytest.mark.parametrize(
    ("tenant_id", "name"),
    [
        ("a-1.b", "delete-a-1.b.ledger.sqlite3"),
        ("../a/b:c", "delete-..%2Fa%2Fb%3Ac.ledger.sqlite3"),
        ("x" * 256, f"delete-{'x' * 100}.ledger.sqlite3"),
    ],
)
def test_any_id_has_a_ledger(tenant_id: str, name: str) -> None:
    assert ledger_of(tenant_id) == name
