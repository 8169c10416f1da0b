"""Exit codes: what each failure of a command is to a script."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import re
import signal
import stat
import sys
from importlib.metadata import entry_points
from pathlib import Path

import attrs
import click
import pytest

from frontegg_async import models
from frontegg_async._values.fields import wire_name
from frontegg_async.cli.commands.api import hidden
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of
from frontegg_async.cli.secret_files import new_secret_file
from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    ConfigurationError,
    ConnectionFailedError,
    ErrorDetails,
    FronteggError,
    GuardShutError,
    InvalidArgumentError,
    LedgerError,
    LedgerExistsError,
    LedgerInUseError,
    MoveError,
    NotFoundError,
    OffboardingError,
    OnboardingError,
    Outcome,
    OutcomeUnknownError,
    PaginationError,
    PartialFailureError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ResultLostError,
    ServerError,
    ServerOutcomeUnknownError,
    UnusableLedgerError,
    WriteTimeoutError,
)
from frontegg_async.resources.tenants import AsyncTenants
from tests.cli.conftest import Run

_UNKNOWN = ErrorDetails(outcome=Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidArgumentError("x"), 2),
        (ConfigurationError("x"), 2),
        (AuthenticationError("x"), 4),
        (PermissionDeniedError("x"), 4),
        (UnusableLedgerError("x"), 2),
        (LedgerExistsError("x"), 2),
        (LedgerError("x"), 1),
        (LedgerInUseError("x"), 8),
        (GuardShutError("x"), 6),
        (PaginationError("x"), 3),
        (PartialFailureError("x"), 3),
        (PartialFailureError("x", ErrorDetails(unknown=("acme",))), 7),
        (OnboardingError("x"), 3),
        (OffboardingError("x"), 3),
        (MoveError("x"), 3),
        (MoveError("x", _UNKNOWN), 7),
        (OutcomeUnknownError("x"), 7),
        (ServerOutcomeUnknownError("x"), 7),
        (WriteTimeoutError("x"), 7),
        (RequestTimeoutError("x", _UNKNOWN), 7),
        (RequestTimeoutError("x"), 1),
        (RequestTimeoutError("x", ErrorDetails(endpoint="auth.authenticate", outcome=Outcome.UNKNOWN)), 1),
        (ResultLostError("x"), 1),
        (NotFoundError("x"), 1),
        (BadRequestError("x"), 1),
        (RateLimitError("x"), 1),
        (ServerError("x"), 1),
        (ConnectionFailedError("x"), 1),
        (ClientClosedError("x"), 1),
        (APIError("x"), 1),
        (CommandError("x", ExitCode.GUARD), 6),
        (click.UsageError("x"), 2),
        (click.ClickException("x"), 1),
        (FileNotFoundError(2, "No such file", "x"), 1),
        (ZeroDivisionError("x"), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_the_code_of_an_error(error: Exception, code: int) -> None:
    failure = failure_of(error)
    assert failure.code == code
    assert len((failure.message + failure.advice).splitlines()) == 1


def test_a_lost_response_is_unknown(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": name, "name": name} for name in ("a", "b")])
    emulator.add_fault(stage="after_commit", action={"type": "reset"}, match={"path": "/identity/resources/users/v1/*"})
    ran = run("tenants", "move-users", "a", "b", "--yes")
    assert (ran.code, ran.out) == (7, "")
    assert "check before you repeat the command" in ran.err


def test_a_deletion_in_part_names_what_was_not_done(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": name, "name": name} for name in ("a", "b")])
    ran = run("tenants", "delete", "a", "nobody", "b", "a", "--yes")
    assert (ran.code, ran.out) == (3, "")
    assert "error: nobody: " in ran.err
    assert "deleted 2 of 3" in ran.err
    assert run("tenants", "delete", "nobody", "--yes").code == 1


def test_a_command_that_waits_for_a_limit_says_so(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    action = {"type": "status", "status": 429, "headers": {"Retry-After": "0"}, "body": {}}
    emulator.add_fault(stage="accept", action=action, match={"path": "/tenants/*", "times": 2})
    ran = run("tenants", "get", "acme", "--output", "id")
    assert (ran.out, ran.err.count("the service accepts no more requests at the moment (429)")) == ("acme\n", 1)


@pytest.mark.parametrize("command", ["check", "login"])
def test_an_authentication_that_fails_changes_nothing(command: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failed(_: AsyncFrontegg) -> None:
        raise ServerOutcomeUnknownError("auth.authenticate returned 501", _UNKNOWN)

    monkeypatch.setattr(AsyncFrontegg, "check", failed)
    ran = run(command)
    assert (ran.code, "the host failed: auth.authenticate returned 501" in ran.err) == (1, True)


@pytest.mark.parametrize("command", ["check", "login"])
def test_an_authentication_waits_no_longer_than_it_is_told(command: str, run: Run, emulator: EmulatorHandle) -> None:
    emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 30}, match={"path": "/auth/*"})
    ran = run(command, "--timeout", "0.05")
    assert ran.code == 1
    assert "the host does not respond, or is the wrong host (base_url): auth.authenticate: no complete" in ran.err


def test_a_deletion_that_is_stopped_says_how_far_it_came(
    run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.seed(tenants=[{"tenantId": each, "name": each} for each in "abc"])
    delete = AsyncTenants.delete

    async def interrupted(self: AsyncTenants, tenant_id: str) -> None:
        await delete(self, tenant_id)
        if tenant_id == "b":
            raise KeyboardInterrupt

    monkeypatch.setattr(AsyncTenants, "delete", interrupted)
    ran = run("tenants", "delete", "a", "b", "c", "--yes")
    assert (ran.code, ran.err) == (130, "deleted 1 of 3 accounts; it is unknown whether b was deleted\ninterrupted\n")


def test_an_expired_permission(run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    token = emulator.user_token(tenant_id="acme", permissions=[]).access_token
    monkeypatch.setenv("FRONTEGG_USER_TOKEN", token)
    ran = run("user", "account-settings", "get")
    assert ran.code == 4
    assert token not in ran.err


def test_debug_shows_where_a_bug_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frontegg_async.cli.session.Session.show", lambda *_, **__: 1 / 0)
    assert run("whoami").err == "error: unexpected ZeroDivisionError\n--debug shows the traceback.\n"
    assert "Traceback" in run("whoami", "--debug").err


def test_a_value_that_is_nested_too_deeply(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")
    ran = run("api", "POST", "/x", "--body", str(tmp_path / "deep.json"))
    assert (ran.code, "the value is nested too deeply" in ran.err) == (2, True)


def test_a_part_of_the_extra_that_is_missing_is_named() -> None:
    assert "pip install 'frontegg-async[cli]'" in failure_of(ModuleNotFoundError(name="yaml")).message
    assert failure_of(ModuleNotFoundError(name="another")).message == "unexpected ModuleNotFoundError"


def test_warnings_are_lines(run: Run) -> None:
    ran = run("tenants", "create", "--name", "A", "--timezone", "Nowhere/At_All", "-o", "id")
    assert ran.code == 0
    assert ran.err.startswith("warning: ")
    assert "Nowhere/At_All" in ran.err
    assert run("tenants", "create", "--name", "A", "--timezone", "Nowhere/At_All", "-o", "id", "-q").err == ""


def test_what_api_shows_has_no_secrets(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    path = "/identity/resources/tenants/api-tokens/v1"
    ran = run("api", "GET", f"{path}?a=b", "--tenant", "acme")
    assert (ran.code, ran.out) == (0, "")
    shown = hidden(
        {"secret": "s", "items": [{"accessToken": "t", "token": "u", "name": "n", "tokens": ["x"]}], "password": None}
    )
    assert shown == {
        "secret": "(hidden)",
        "items": [{"accessToken": "(hidden)", "token": "(hidden)", "name": "n", "tokens": ["x"]}],
        "password": None,
    }
    names = ("idToken", "mfa_token", "private_key", "apiKey", "recoveryCode")
    assert hidden(dict.fromkeys(names, "s")) == dict.fromkeys(names, "(hidden)")
    assert hidden({"credentials": [{"user": "u", "key": "k", "n": 1}]}) == {
        "credentials": [{"user": "(hidden)", "key": "(hidden)", "n": 1}]
    }
    harmless = {
        "nextPageToken": "p",
        "tokenType": "t",
        "publicKey": "k",
        "_links": {"next": "/tenants?_offset=2&_limit=10"},
        "countryCode": "DE",
        "statusCode": "200",
        "vendorId": "6f9d2a3e-6c1a-4a57-9d1c-0b7f6f3f9b10",
        "webhookId": "5f3c9a0d4b7e1c2d3a4b5c6d",
        "appURL": "https://app-acme.frontegg.com/oauth?next=/account",
        "eventKey": "frontegg.user.invitedToTenantWithRole",
        "passwordExpiresIn": 3600,
        "createdAt": "2026-05-04T09:30:00.000Z",
        "text": "A sentence with Words, 3 of them in capitals, which nobody takes for a key.",
    }
    assert hidden(harmless) == harmless


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
        "Bearer abc",
        "Basic YTpi",
        "https://app.example.com/account/invitation?invitationToken=abc",
        "https://app.example.com/reset#code=123456",
        "https://ann:pass@idp.example.com/",
        "otpauth://totp/Acme:ann?secret=JBSWY3DPEHPK3PXP&issuer=Acme",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ],
)
def test_what_looks_like_a_secret_is_hidden_under_any_name(text: str) -> None:
    assert hidden({"value": text, "items": [text, {"url": text}]}) == {
        "value": "(hidden)",
        "items": ["(hidden)", {"url": "(hidden)"}],
    }


def test_each_secret_of_a_model_has_a_name_that_is_hidden() -> None:
    """Also of models that come later: their names on the wire are among those that are known."""
    kinds = [
        kind
        for module in pkgutil.iter_modules(models.__path__, f"{models.__name__}.")
        for kind in vars(importlib.import_module(module.name)).values()
        if inspect.isclass(kind) and attrs.has(kind) and kind.__module__ == module.name
    ]
    names = {
        wire_name(field)
        for kind in kinds
        for field in attrs.fields(kind)
        if "Secret" in re.findall(r"\w+", str(field.type))
    }
    assert {"secret", "token", "oidcSecret", "idpClientSecret"} <= names
    assert hidden(dict.fromkeys(names, "s")) == dict.fromkeys(names, "(hidden)")


@pytest.mark.parametrize(
    "path", ["tenants", "//tenants", "/tenants/../secrets", "/tenants/%2e%2e/x", "https://evil.example/", "/"]
)
def test_paths_that_are_none(path: str, run: Run) -> None:
    assert run("api", "GET", path).code == 2


def test_a_path_may_have_any_id(run: Run, emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": "a b/ü", "name": "Acme"}])
    ran = run("api", "GET", "/tenants/resources/tenants/v2/a%20b%2F%C3%BC", "--fields", "tenantId")
    assert json.loads(ran.out) == {"tenantId": "a b/ü"}


def test_every_error_of_the_sdk_has_a_code() -> None:
    kinds = [FronteggError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {failure_of(kind("x")).code for kind in kinds} <= {1, 2, 3, 4, 6, 7, 8}


@pytest.mark.parametrize("replaced", [False, True])
def test_a_secret_whose_file_is_gone_is_lost(tmp_path: Path, *, replaced: bool) -> None:
    """The error says so, and nothing is written into the file of another."""
    path = tmp_path / "made"
    with new_secret_file(path) as keep:
        path.unlink()
        if replaced:
            path.write_text("theirs", encoding="utf-8")
        with pytest.raises(CommandError, match="the secret could not be written to"):
            keep("secret")
    assert path.exists() is replaced
    if replaced:
        assert path.read_text(encoding="utf-8") == "theirs"


def test_a_secret_that_cannot_be_stored_is_not_made(run: Run, emulator: EmulatorHandle, tmp_path: Path) -> None:
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    there = tmp_path / "there"
    there.write_text("mine", encoding="utf-8")
    for path, code in ((there, 2), (tmp_path / "no" / "directory", 2), (Path("-"), 2)):
        assert run("api-tokens", "create", "acme", "--secret-out", str(path)).code == code
    assert there.read_text(encoding="utf-8") == "mine"
    assert run("api-tokens", "list", "acme").out == ""
    missing = tmp_path / "missing"
    assert run("api-tokens", "create", "nobody", "--secret-out", str(missing)).code == 1
    assert not missing.exists()
    made = tmp_path / "made"
    ran = run("api-tokens", "create", "acme", "--secret-out", str(made), "-o", "json")
    assert json.loads(ran.out)["secret"] is None
    assert "--secret-out" in run("invitations", "create", "acme").err
    assert made.read_text(encoding="utf-8").strip()
    if os.name == "posix":
        assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_ctrl_c_while_python_imports(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The console script ends as an interrupted command does, without a traceback."""

    class Interrupting:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "frontegg_async.cli.app":
                raise KeyboardInterrupt

    (script,) = entry_points(group="console_scripts", name="frontegg")
    main = script.load()
    monkeypatch.delattr("frontegg_async.cli.app", raising=False)
    monkeypatch.delitem(sys.modules, "frontegg_async.cli.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting, *sys.meta_path])
    monkeypatch.setattr(sys, "argv", ["frontegg", "--help"])
    of_ctrl_c = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        # The script leaves the default, which would end this process at the next Ctrl-C of a test.
        signal.signal(signal.SIGINT, of_ctrl_c)
    assert (ended.value.code, *capsys.readouterr()) == (130, "", "")
