"""``frontegg plan`` with a credential that may only read: its exit codes, and what is written where."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.cli.planned_accounts import prepare, writes_to

pytestmark = pytest.mark.slow

ACCOUNTS: Final = """\
- tenant_id: acme
  status: new
  settings: {timezone: Europe/Berlin}
  policies: {mfa: {enforce: force}, lockout: {enabled: true, max_attempts: 3}}
"""
ENVIRONMENT: Final = """\
format: frontegg-environment/1
roles: {editor: {name: Editor, level: 3}}
webhooks: {}
"""
PLAN: Final = ("plan", "accounts.yml", "environment.yml", "--out", "plan.jsonl", "--output", "table")
ROUTES: Final = (
    "/vendors",
    "/webhook",
    "/tenants/resources/account-settings/v1",
    "/identity/resources/configurations/v1/mfa-policy",
)


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory with two files, while the client may only read."""
    assert run is not None
    prepare(tmp_path, emulator, monkeypatch)
    monkeypatch.setenv("FRONTEGG_READ_ONLY", "1")
    Path("accounts.yml").write_text(ACCOUNTS, encoding="utf-8")
    Path("environment.yml").write_text(ENVIRONMENT, encoding="utf-8")
    return tmp_path


def fail(emulator: EmulatorHandle, path: str, status: int) -> None:
    """Let a route respond with a status."""
    action: dict[str, Any] = {"type": "status", "status": status, "body": {"errors": ["no"]}}
    emulator.add_fault(match={"path": path, "method": "GET"}, stage="accept", action=action)


def test_a_plan_needs_no_permission_to_write(run: Run, emulator: EmulatorHandle) -> None:
    """0, and 5 if it is asked for; nothing but GET requests is sent."""
    ran = run(*PLAN)
    assert ran.code == 0, ran.err
    assert "not readable" not in ran.out
    assert run(*PLAN, "--exit-code").code == 5
    assert writes_to(emulator) == []
    assert run("apply", "plan.jsonl", "--yes").code == 2
    assert writes_to(emulator) == []


def test_what_cannot_be_read_is_shown(run: Run, emulator: EmulatorHandle) -> None:
    """0, and 5 if it is asked for; each part has a line, and the rest is planned."""
    for path in ROUTES:
        fail(emulator, path, 403)
    ran = run(*PLAN)
    assert ran.code == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert [line for line in lines if line.startswith("?")] == [
        "? environment not readable (403): not planned",
        "? webhooks not readable (403): not planned",
        "? acme settings not readable (403): not planned",
        "? acme policies.mfa not readable (403): not planned",
    ]
    assert [line.split()[:3] for line in lines if line[:1] in "+-~>"] == [
        ["+", "roles.editor", "Editor"],
        ["~", "acme", "status"],
        ["~", "acme", "policies.lockout.enabled"],
        ["~", "acme", "policies.lockout.max_attempts"],
    ]
    assert lines[-1].startswith("4 changes, 4 not planned"), lines[-1]
    assert run(*PLAN, "--exit-code").code == 5


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/vendors", 400, 1), ("/webhook", 500, 1), (ROUTES[2], 400, 1), ("/tenants/resources/tenants/v2", 403, 4)],
)
def test_without_the_accounts_or_after_a_failure_there_is_no_plan(
    run: Run, emulator: EmulatorHandle, path: str, status: int, code: int
) -> None:
    """4 where the accounts are refused, else 1; no file is written."""
    fail(emulator, path, status)
    ran = run(*PLAN)
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert not Path("plan.jsonl").exists()
