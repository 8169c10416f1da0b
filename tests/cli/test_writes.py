"""What a command says of its writes when it is interrupted, or when its result cannot be written."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.world.journal import JournalEntry
from tests.cli.conftest import Run
from tests.cli.test_webhooks import beside


def writes(emulator: EmulatorHandle) -> list[JournalEntry]:
    """Return the requests that may have changed something."""
    return [entry for entry in emulator.journal() if entry.method != "GET" and entry.route != "auth.authenticate"]


@pytest.mark.parametrize(
    ("words", "operation"),
    [
        (("tenants", "create", "--name", "New"), "tenants.create"),
        (("tenants", "update", "acme", "--name", "New"), "tenants.update"),
        (("tenants", "metadata", "unset", "acme", "plan"), "tenants.delete_metadata"),
        (("users", "invite", "acme", "--email", "ann@acme.example"), "users.invite"),
        (("api", "POST", "/tenants/resources/unheard-of/v1"), "POST /tenants/resources/unheard-of/v1"),
        (("tenants", "count-users", "acme"), None),
    ],
)
def test_an_interrupted_write_is_unknown(
    words: tuple[str, ...], operation: str | None, run: Run, emulator: EmulatorHandle
) -> None:
    """A read is not, and a created account has the id that the client chose."""
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme", "metadata": {"plan": "pro"}}])
    stage = "accept" if words[0] == "api" else "after_commit"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/tenants/*", "/identity/*"):
            match = {"method": method, "path": path}
            emulator.add_fault(stage=stage, action={"type": "delay", "seconds": 60}, match=match)

    def interrupt() -> None:
        while not writes(emulator):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    with beside(interrupt):
        ran = run(*words)
    first, *notes, last = ["", *ran.err.splitlines()] if operation is None else ran.err.splitlines()
    unknown = f"It is unknown whether {operation} was done: check before you repeat it."
    assert (ran.code, ran.out, first, last) == (
        (130, "", "", "interrupted") if operation is None else (130, "", "interrupted", unknown)
    )
    if operation == "tenants.create":
        with emulator.client() as frontegg:
            (made,) = frontegg.tenants.list(filter="New").all()
        assert notes == [f"The tenant may have been created, with the id {made.tenant_id!r}, which the client made."]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    ("words", "done", "names"),
    [
        (("tenants", "create", "--name", "New"), "tenants.create was done", ["tenant_id"]),
        (
            ("onboard", "--name", "New", "--owner-email", "ann@new.example"),
            "tenants.create, users.invite were done",
            ["tenant_id", "owner_id"],
        ),
        (
            ("api", "POST", "/tenants/resources/tenants/v1", "--body", "body.json"),
            "tenants.create was done",
            ["tenantId"],
        ),
        (("tenants", "list"), "", []),
    ],
)
def test_a_write_whose_result_is_not_written_is_told(
    *,
    words: tuple[str, ...],
    done: str,
    names: list[str],
    run: Run,
    emulator: EmulatorHandle,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """A full disk hides no account that was made."""
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    monkeypatch.chdir(tmp_path)
    Path("body.json").write_text('{"name": "New", "tenantId": "made"}', encoding="utf-8")
    with Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", full)
        ran = run(*words)
    error, *told = ran.err.splitlines()
    assert (ran.code, error) == (1, "error: No space left on device")
    with emulator.client() as frontegg:
        made = [tenant.tenant_id for tenant in frontegg.tenants.list().all() if tenant.tenant_id != "acme"]
        made += [user.id for user in frontegg.users.list().all()]
    results = [f"{name} {value!r}" for name, value in zip(names, made, strict=True)]
    assert all(line.startswith(f"{done}: do not repeat it. The result: ") for line in told)
    assert [part for part in results if part not in "".join(told)] == []
    assert bool(told) == bool(names)
