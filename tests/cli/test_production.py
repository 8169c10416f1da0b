"""Questions before several accounts are changed in production: which commands ask, and what is typed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async.bulk.operations import JOB_OPERATIONS
from frontegg_async.cli import prompts
from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.errors import GuardShutError
from tests.cli.conftest import Run

pytestmark = pytest.mark.slow

ROWS: Final = {
    "create": "tenant_id,name\nn0,N\n",
    "update": "tenant_id,name\na,N\n",
    "add_metadata": "tenant_id,metadata.plan\na,pro\n",
    "delete_metadata": "tenant_id,key\na,plan\n",
    "delete": "tenant_id\na\nb\n",
    "lock": "tenant_id\na\nb\n",
    "unlock": "tenant_id\na\nb\n",
    "assign": "child_id,parent_id\na,b\n",
    "update_account_settings": "tenant_id,name\na,N\n",
    "assign_plan": "tenant_id,plan\na,Pro\n",
    "invite": "tenant_id,email\na,ann@x.example\n",
    "add_to_tenant": "tenant_id,user\na,ann\n",
    "remove_from_tenant": "tenant_id,user\na,ann\n",
    "assign_roles": "tenant_id,user,roles\na,ann,Admin\n",
    "unassign_roles": "tenant_id,user,roles\na,ann,Admin\n",
}
"""A file for each operation of bulk work."""

COMMANDS: Final = {
    "tenants lock a b": True,
    "tenants unlock a b": False,
    "migrations start a b": False,
    "users change-roles ann --add-role-id r --all-tenants": False,
    "users change-roles ann --add-role-id r --tenant-id a --tenant-id b": False,
    "tenants delete a b": True,
    "permissions delete-category c1": True,
    "api POST /tenants/resources/tenants/v1/lock --body ids.json": True,
    "api post /tenants/resources/tenants/v1/%6Cock --body ids.json": True,
    "api POST /tenants/resources/tenants/v1/unlock --body ids.json": False,
    "api POST /tenants/resources/migrations/v1/tenants --body ids.json": False,
    "api PATCH /identity/resources/vendor-only/users/v1/ann/roles/bulk --body ids.json": False,
    "api PUT /identity/resources/users/v1/tenants/migrate --body ids.json": True,
    "api PUT /new/resources/accounts/v9 --body ids.json": False,
    "api DELETE /new/resources/accounts/v9": True,
    **{
        f"bulk run {name} {name}.csv --ledger ledger": name in {"delete", "lock", "remove_from_tenant"} for name in ROWS
    },
    "bulk resume begun": True,
}
"""Command lines that change more than one account, and whether the environment's name is typed."""


def test_every_operation_has_a_file() -> None:
    assert ROWS.keys() == JOB_OPERATIONS.keys()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, emulator: EmulatorHandle) -> Path:
    """The current directory, with a file for each operation, and the ledger of a job that is to go on."""
    monkeypatch.chdir(tmp_path)
    for name, text in ROWS.items():
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    Path("ids.json").write_text('{"tenantIds": ["a", "b"]}', encoding="utf-8")
    Path("id.json").write_text('{"tenantIds": ["a"]}', encoding="utf-8")
    emulator.seed(tenants=[{"tenantId": each, "name": each, "isReseller": True} for each in ("a", "b")])
    refused: dict[str, Any] = {"type": "status", "status": 401, "body": {"errors": ["no"]}}
    emulator.add_fault(match={"path": "/tenants/resources/tenants/v1/lock"}, stage="before_commit", action=refused)
    assert run("bulk", "run", "lock", "lock.csv", "--ledger", "begun", "--max-failures", "9").code == 4
    emulator.delete_faults()
    return tmp_path


def _writes(emulator: EmulatorHandle) -> list[str]:
    return [
        entry.route or entry.path
        for entry in emulator.journal()
        if entry.method != "GET" and entry.route != "auth.authenticate"
    ]


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("switch", [("environment_type", "production"), ("environment_details", "refuse")])
def test_nothing_is_sent_to_production_without_a_terminal(
    switch: tuple[str, str], run: Run, emulator: EmulatorHandle
) -> None:
    """Nor where the service does not say what the environment is; and nothing waits for an answer."""
    emulator.set_switch(*switch)
    emulator.clear_journal()
    for command in COMMANDS:
        ran = run(*command.split())
        assert (ran.code, ran.out) == (2, ""), command
        assert "refused without a terminal to ask at\n--yes runs the command without a question." in ran.err, command
    assert _writes(emulator) == []
    assert run("tenants", "lock", "a").code == 0  # one account
    assert run("api", "POST", "/tenants/resources/tenants/v1/lock", "--body", "id.json").code == 0


def test_in_production_a_person_is_asked(
    files: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is typed for locks and deletions; the others take yes. Each question has a number."""
    emulator.set_switch("environment_type", "production")
    emulator.clear_journal()
    asked: list[str] = []
    answers = {True: "y", False: "n"}

    def ask(question: str, **_: bool) -> str:
        asked.append(question)
        return answers["Type the environment's name, Production, to go on: " in question]

    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask", ask)
    for command, is_typed in COMMANDS.items():
        ran = run(*command.split())
        assert (ran.code, "nothing was done: the action was not confirmed" in ran.err) == (1, True), command
        question = asked.pop()
        assert "in Production, which is production" in question
        assert ("Type the environment's name" in question) is is_typed, command
        assert any(character.isdigit() for character in question) or "all their accounts" in question, command
    assert not asked
    assert _writes(emulator) == []
    assert not (files / "ledger").exists()
    answers = {True: "Production", False: "y"}
    assert run("tenants", "lock", "a", "b").code == run("tenants", "unlock", "a", "b").code == 0
    assert run("bulk", "run", "lock", "lock.csv", "--ledger", "ledger").code == 0
    assert run("bulk", "resume", "begun").code == 0
    assert len(asked) == 4


@pytest.mark.usefixtures("files")
def test_elsewhere_only_what_destroys_asks(run: Run, emulator: EmulatorHandle) -> None:
    for command in ("tenants lock a b", "tenants unlock a b", "bulk run lock lock.csv --ledger l", "bulk resume begun"):
        assert run(*command.split()).code == 0, command
    emulator.set_switch("environment_type", "production")
    assert run("tenants", "lock", "a", "b", "--yes").code == 0
    assert run("bulk", "run", "unlock", "unlock.csv", "--ledger", "m", "--yes").code == 0


def test_a_profile_that_is_production_needs_no_request(
    files: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the service says."""
    assert files.exists()
    assert run("login", "--profile", "live", "--production", "--secret-store", "file").code == 0
    for name in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        monkeypatch.delenv(name)
    emulator.clear_journal()
    ran = run("tenants", "lock", "a", "b")
    assert (ran.code, emulator.journal()) == (2, [])
    assert "Lock 2 accounts in live, which is production: refused" in ran.err


@pytest.mark.parametrize("change", ["tenant_id\nb\nc\n", "tenant_id\na\nb\nc\n"])
def test_a_file_that_changes_after_the_question_deletes_what_was_counted(
    change: str, files: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.seed(tenants=[{"tenantId": "c", "name": "C"}])

    def ask(_: str, **__: bool) -> str:
        (files / "delete.csv").write_text(change, encoding="utf-8")
        return "y"

    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    monkeypatch.setattr(prompts, "ask", ask)
    assert run("bulk", "run", "delete", "delete.csv", "--ledger", "ledger").code == 0
    assert run("tenants", "list", "-o", "id").out == "c\n"


def test_an_environment_without_a_name_is_not_agreed_to_by_nothing(
    files: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert files.exists()
    emulator.set_switch("environment_type", "production")
    monkeypatch.setenv("FRONTEGG_ENVIRONMENT", " ")
    monkeypatch.setattr(prompts, "can_ask", lambda: True)

    def ask(_: str) -> str:
        return ""

    monkeypatch.setattr(prompts, "ask", ask)
    assert run("tenants", "lock", "a", "b").code == 1


@pytest.mark.parametrize("typed", ["Zu\u0308rich  Live", "Z\u00fcrich\u00a0Live"])
def test_a_name_is_typed_as_keyboards_do(
    typed: str, files: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With letters composed or not, and any white space; nothing else is the same."""
    assert files.exists()
    emulator.set_switch("environment_type", "production")
    monkeypatch.setenv("FRONTEGG_ENVIRONMENT", "Z\u00fcrich Live")
    monkeypatch.setattr(prompts, "can_ask", lambda: True)
    answers = ["Zurich Live", "z\u00fcrich live", "Z\u00fcrichLive", typed]

    def ask(_: str) -> str:
        return answers.pop(0)

    monkeypatch.setattr(prompts, "ask", ask)
    assert [run("tenants", "lock", "a", "b").code for _ in [*answers]] == [1, 1, 1, 0]


@pytest.mark.usefixtures("files")
def test_a_resumed_deletion_that_nobody_agreed_to_asks_everywhere(run: Run, emulator: EmulatorHandle) -> None:
    async def begin() -> None:
        async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
            await client.bulk.delete([{"tenant_id": "a"}, {"tenant_id": "b"}], ledger="unconfirmed")

    with pytest.raises(GuardShutError):
        asyncio.run(begin())
    emulator.clear_journal()
    ran = run("bulk", "resume", "unconfirmed", "--override", "confirm")
    assert (ran.code, _writes(emulator)) == (2, [])
    assert "Continue delete, with 2 of 2 rows left, in" in ran.err
    assert "--yes runs the command without a question." in ran.err
    assert run("bulk", "resume", "unconfirmed", "--override", "confirm", "--yes").code == 0
    assert run("tenants", "list").out == ""


@pytest.mark.usefixtures("files")
def test_a_job_asks_with_the_rows_that_are_left(run: Run, emulator: EmulatorHandle) -> None:
    """Those are left too that failed as the credential was refused; a finished job sends nothing, and asks nothing."""
    emulator.set_switch("environment_type", "production")
    assert "Continue lock, with 2 of 2 rows left, in" in run("bulk", "resume", "begun").err
    assert run("bulk", "resume", "begun", "--yes").code == 0
    assert run("bulk", "resume", "begun").code == 0
