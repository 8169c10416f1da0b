"""``frontegg bulk run`` with users: kills, e-mails, and what is not undone."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.nursery import forked

ROWS: Final = 40
_INVITE: Final = "users.invite"


@pytest.fixture
def users(emulator: EmulatorHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of people, in the current directory, and their accounts."""
    monkeypatch.chdir(tmp_path)
    emulator.seed(tenants=[{"tenantId": each, "name": each} for each in ("acme", "globex")])
    path = Path("users.csv")
    rows = "".join(f"{'acme' if n % 2 else 'globex'},u{n}@x.example,Admin\n" for n in range(ROWS))
    path.write_text(f"tenant_id,email,roles\n{rows}", encoding="utf-8")
    return path


@pytest.mark.each_python
@pytest.mark.skipif(os.name != "posix", reason="it needs signals")
def test_kills_double_no_invitation(users: Path, environ: Mapping[str, str], emulator: EmulatorHandle) -> None:
    """Killed at several moments and resumed, each person is invited once."""
    command = ["run", "invite", str(users), "--ledger", "ledger", "--rate", "400/s"]
    killed = 0
    while True:
        words = [*forked(), "bulk", *command, "--verbose"]
        with subprocess.Popen(words, stdout=-1, stderr=-1, env=environ, encoding="utf-8") as process:
            assert process.stderr is not None
            requests = 0
            for line in process.stderr:
                requests += line.startswith(f"> POST /identity/resources/users/v2 ({_INVITE}")
                if requests > 8:
                    process.kill()
                    killed += 1
                    break
            else:
                assert process.wait() == 0
                break
        command = ["resume", "ledger"]
    assert killed >= 3
    answers = Counter(entry.status for entry in emulator.journal() if entry.route == _INVITE)
    assert {status: count for status, count in answers.items() if status} == {201: ROWS}
    with emulator.client() as client:
        found = Counter(user.email for tenant in ("acme", "globex") for user in client.users.list(tenant))
    assert found == {f"u{n}@x.example": 1 for n in range(ROWS)}


@pytest.mark.slow
def test_from_invitation_to_removal(users: Path, run: Run) -> None:
    """The same file goes through all operations; names with dashes are taken."""
    for operation in ("invite", "assign-roles", "unassign-roles", "add-to-tenant", "remove-from-tenant"):
        left_out = () if "roles" in operation or operation == "invite" else ("--ignore-column", "roles")
        rate = ("--rate", "1000/s") if operation == "invite" else ()
        ran = run("bulk", "run", operation, str(users), "--ledger", operation, *left_out, *rate)
        assert (ran.code, json.loads(ran.out)["succeeded"]) == (0, ROWS), ran.err


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("invite", "an invitation is not undone: run remove_from_tenant for the rows of the report"),
        ("assign_roles", "roles are not undone: run unassign_roles for the rows of the report"),
    ],
)
def test_undo_says_what_to_run(operation: str, words: str, users: Path, run: Run) -> None:
    """A plan does not undo rows of users."""
    users.write_text("tenant_id,email,roles\nacme,u1@x.example,Admin\n", encoding="utf-8")
    assert run("bulk", "run", "invite", str(users), "--ledger", "invite").code == 0
    if operation != "invite":
        assert run("bulk", "run", operation, str(users), "--ledger", operation).code == 0
    ran = run("bulk", "undo", operation)
    assert ran.code == 0
    assert words in ran.out + ran.err


@pytest.mark.usefixtures("users")
def test_e_mails_are_for_invitations_and_memberships(run: Run) -> None:
    """Other operations send none."""
    ran = run("bulk", "run", "assign_roles", "users.csv", "--dry-run", "--send-email")
    assert (ran.code, ran.err) == (2, "error: --send-email is for invite, add_to_tenant, and not for assign_roles\n")
