"""``frontegg onboard`` and ``frontegg offboard``: what they do, and how they go on after a failure."""

from __future__ import annotations

import json

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.resources import onboarding
from tests.cli.conftest import Run

ACME = ("onboard", "--name", "Acme", "--owner-email", "ann@acme.example")
INVITE = {"method": "POST", "path": "/identity/resources/users/v2"}


def outcomes(text: str) -> list[str]:
    """Return what each step came to."""
    return [step["outcome"] for step in json.loads(text)["steps"]]


def test_an_account_is_made_once(run: Run, emulator: EmulatorHandle) -> None:
    """With all that is given; another run finds it there."""
    with emulator.client() as frontegg:
        frontegg.applications.create(name="Desk", app_url="https://d.example", login_url="https://d.example/login")
    options = ("--tenant-id", "acme", "--role-key", "ReadOnly", "--role-key", "Admin", "--application", "Desk")
    more = ("--metadata", '{"plan": "team"}', "--is-reseller", "--owner-name", "Ann", "--no-send-email")
    ran = run(*ACME, *options, *more)
    assert (ran.code, outcomes(ran.out)) == (0, ["done", "done", "done", "present"])
    again = run(*ACME, *options, *more)
    assert (again.code, outcomes(again.out)) == (0, ["present"] * 4)
    assert run(*ACME, *options, "--output", "id").out == "acme\n"
    lines = [line.split() for line in run(*ACME, *options, "--output", "table").out.splitlines()]
    assert [line[0] for line in lines] == ["tenant_id", "owner_id", "tenant", "application", "owner", "roles"]
    assert {line[-1] for line in lines[2:]} == {"present"}
    with emulator.client() as frontegg:
        tenant = frontegg.tenants.get("acme")
        assert (tenant.is_reseller, tenant.metadata) == (True, {"plan": "team"})


def test_what_failed_is_taken_up(run: Run, emulator: EmulatorHandle) -> None:
    """The outcome of each step is written, and the last line says how to go on."""
    fault = emulator.add_fault(stage="accept", action={"type": "status", "status": 403}, match=INVITE)
    ran = run(*ACME)
    assert (ran.code, outcomes(ran.out)) == (3, ["done", "failed", "not_tried"])
    error, advice = ran.err.splitlines()
    assert error.startswith("error: the account is incomplete: the step 'owner' is failed: users.invite returned 403")
    tenant_id = json.loads(ran.out)["tenant_id"]
    assert advice == f"To continue, run the command again with --tenant-id {tenant_id}."

    emulator.delete_fault(fault)
    emulator.add_fault(stage="after_commit", action={"type": "status", "status": 501}, match={**INVITE, "nth": 1})
    emulator.add_fault(
        stage="accept", action={"type": "status", "status": 403}, match={"method": "GET", "path": "*/users/*"}
    )
    ran = run(*ACME, "--tenant-id", "lost")
    assert (ran.code, outcomes(ran.out)) == (7, ["done", "unknown", "not_tried"])
    emulator.delete_faults()
    for name in (tenant_id, "lost"):
        ran = run(*ACME, "--tenant-id", name)
        assert (ran.code, outcomes(ran.out)[0]) == (0, "present")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--owner-email", "ann"), 2, "--owner-email"),
        (("--role-key", "Nobody"), 1, "there is no role 'Nobody'"),
        (("--fields", "owner"), 2, "owner"),
        (("--parent-tenant-id", "nobody"), 1, "tenants.create returned 404"),
    ],
)
def test_what_cannot_be(options: tuple[str, ...], code: int, words: str, run: Run, emulator: EmulatorHandle) -> None:
    """Nothing is made, and nothing is written to standard output."""
    ran = run(*ACME, *options)
    assert (ran.code, ran.out, words in ran.err) == (code, "", True), ran.err
    with emulator.client() as frontegg:
        assert frontegg.tenants.list().count() == 0


def test_it_is_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The id that it chose is told."""

    async def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(onboarding, "onboard", interrupted)
    ran = run(*ACME, "--tenant-id", "acme")
    assert (ran.code, ran.err) == (130, "To continue, run the command again with --tenant-id acme.\ninterrupted\n")


def test_a_user_leaves_an_account(run: Run, emulator: EmulatorHandle) -> None:
    """After a question; a step that failed is reported, and the next run does the rest."""
    emulator.seed(
        tenants=[{"tenantId": "acme", "name": "Acme"}],
        users=[{"id": each, "email": f"{each}@acme.example", "tenantId": "acme"} for each in ("ann", "bob", "eve")],
    )
    with emulator.client() as frontegg:
        token = frontegg.user_api_tokens.create("bob", tenant_id="acme")
        frontegg.users.assign_roles("ann", tenant_id="acme", role_ids=[DEFAULT_ROLES[0].id])
    bob = ("offboard", "bob", "--tenant-id", "acme")
    asked = run(*bob)
    assert (asked.code, asked.out, "End the access to the account of 1 user: bob" in asked.err) == (2, "", True)

    match = {"method": "DELETE", "path": "/identity/resources/users/v1/bob"}
    fault = emulator.add_fault(stage="accept", action={"type": "status", "status": 403}, match=match)
    ran = run(*bob, "--yes")
    assert (ran.code, outcomes(ran.out)) == (3, ["absent", "done", "absent", "absent", "failed"])
    error, advice = ran.err.splitlines()
    assert error.startswith("error: the user may still have access: the step 'membership' is failed: users.remove")
    assert advice == "To continue, run the same command again."
    emulator.delete_fault(fault)
    ran = run(*bob, "--yes", "--output", "table")
    assert [line.split()[0] for line in ran.out.splitlines()] == [
        "user_id", "tenant_id", "sessions", "api_token", "access_token", "roles", "membership",
    ]  # fmt: skip
    assert token.client_id not in ran.out
    assert run(*bob, "--yes").code == 1
    last = run("offboard", "ann", "--tenant-id", "acme", "--yes")
    assert (last.code, last.out, "user 'ann' is the last owner" in last.err) == (1, "", True)
    assert run("offboard", "ann", "--tenant-id", "acme", "--allow-last-owner", "--yes", "--output", "id").out == "ann\n"
