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
        agreed = ("--yes",) if operation == "remove-from-tenant" else ()
        ran = run("bulk", "run", operation, str(users), "--ledger", operation, *left_out, *rate, *agreed)
        assert (ran.code, json.loads(ran.out)["succeeded"]) == (0, ROWS), ran.err


@pytest.mark.slow
def test_undo(users: Path, emulator: EmulatorHandle, run: Run) -> None:
    """Roles and memberships are as before, but for what others have changed since; an invitation stays."""
    users.write_text(
        "tenant_id,email,roles\nacme,u1@x.example,ReadOnly\nacme,u2@x.example,ReadOnly\n", encoding="utf-8"
    )
    assert run("bulk", "run", "invite", str(users), "--ledger", "invite", "--rate", "100/s").code == 0
    ran = run("bulk", "undo", "invite")
    assert "an undo does not remove invited users: remove_from_tenant does" in ran.out + ran.err

    def undone(operation: str, *options: str) -> Mapping[str, object]:
        words = ("bulk", "run", operation, str(users), "--ledger", operation, *options)
        assert run(*words).code == 0
        allowed = {"assign-roles": ("--allow", "role-removal=1"), "add-to-tenant": ("--allow", "person-removal=2")}
        ran = run("bulk", "undo", operation, "--out", f"{operation}.plan", *allowed.get(operation, ()))
        assert ran.code == 0, ran.err
        ran = run("apply", f"{operation}.plan", "--ledger", f"{operation}.undo", "--yes", "--output", "json")
        assert ran.code == 0, ran.err
        found: Mapping[str, object] = json.loads(ran.out)
        return found

    with emulator.client() as client:
        by_email = {each.email: each.id for each in client.users.list("acme")}

        def roles(email: str) -> int:
            [found] = client.users.list_roles([by_email[email]], tenant_id="acme")
            return len(found.role_ids)

        users.write_text("tenant_id,email,roles\nacme,u1@x.example,Admin;ReadOnly\n", encoding="utf-8")
        assert undone("assign-roles")["succeeded"] == 1
        assert roles("u1@x.example") == 1
        assert undone("unassign-roles")["succeeded"] == 1
        assert roles("u1@x.example") == 1
        users.write_text("tenant_id,email\nglobex,u1@x.example\nglobex,u2@x.example\n", encoding="utf-8")
        assert undone("add-to-tenant")["succeeded"] == 2
        assert [*client.users.list("globex")] == []
        assert run("bulk", "run", "add-to-tenant", str(users), "--ledger", "again").code == 0
        assert undone("remove-from-tenant", "--yes")["succeeded"] == 2
        assert len([*client.users.list("globex")]) == 2


@pytest.mark.slow
def test_undo_refuses_what_would_delete_people(users: Path, emulator: EmulatorHandle, run: Run) -> None:
    """A user who was deleted with the last membership is named, and what others have changed is stale."""
    users.write_text("tenant_id,email\nacme,u1@x.example\n", encoding="utf-8")
    assert run("bulk", "run", "invite", str(users), "--ledger", "invite").code == 0
    refused = run("bulk", "run", "remove-from-tenant", str(users), "--ledger", "remove")
    assert refused.code == 2
    assert "Remove 1 user; users without another account are deleted" in refused.err
    assert run("bulk", "run", "remove-from-tenant", str(users), "--ledger", "remove", "--yes").code == 0
    ran = run("bulk", "undo", "remove")
    assert "the user was deleted with the last membership, and cannot be restored" in ran.out + ran.err
    emulator.seed(users=[{"id": "bob", "email": "bob@x.example", "tenantId": "globex"}])
    users.write_text("tenant_id,email\nacme,bob@x.example\n", encoding="utf-8")
    assert run("bulk", "run", "add-to-tenant", str(users), "--ledger", "add").code == 0
    assert run("bulk", "undo", "add", "--out", "add.plan").code == 0
    with emulator.client() as client:
        client.users.remove_from_tenant("bob", tenant_id="globex", warn_last_owner=False)
    ran = run("apply", "add.plan", "--ledger", "undo", "--yes")
    assert (ran.code, json.loads(ran.out)["stale"]) == (3, 1)


@pytest.mark.usefixtures("users")
def test_e_mails_are_for_invitations_and_memberships(run: Run) -> None:
    """Other operations send none."""
    ran = run("bulk", "run", "assign_roles", "users.csv", "--dry-run", "--send-email")
    assert (ran.code, ran.err) == (2, "error: --send-email is for invite, add_to_tenant, and not for assign_roles\n")
