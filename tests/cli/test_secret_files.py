"""Secrets of commands: those that are read from files, and those of responses that go to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async.cli.secret_files import read_secret
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_without_the_end_of_its_line_alone(tmp_path: Path, end: str) -> None:
    path = tmp_path / "password"
    path.write_bytes(f" emu a\r\tb {end}".encode())
    assert read_secret(path).reveal() == " emu a\r\tb "


def test_a_password_with_spaces_around_is_checked_as_it_is(run: Run, emulator: EmulatorHandle, tmp_path: Path) -> None:
    """A wrong password is no failure of the command, as its help says."""
    ann = {"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "password": " emu_ann "}
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}], users=[ann])
    path = tmp_path / "password"
    for text, is_right in ((" emu_ann \n", True), ("emu_ann\n", False)):
        path.write_text(text, encoding="utf-8")
        ran = run("users", "passwords", "verify", "--email", "ann@acme.example", "--password-file", str(path))
        assert (ran.code, json.loads(ran.out)) == (0, {"value": is_right})
    assert "prints true or false" in " ".join(run("users", "passwords", "verify", "--help").out.split())


def test_the_token_of_a_code_goes_to_a_file(
    run: Run, emulator: EmulatorHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what the next command takes; without a code, there is no token and no file."""
    ann = {"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}], users=[ann])
    monkeypatch.setenv("FRONTEGG_USER_TOKEN", emulator.user_token(tenant_id="acme", user_id="ann").access_token)
    numbers, number = ("user", "profile", "phone-numbers"), "+49301234567"
    made, none = tmp_path / "made", tmp_path / "none"
    ran = run(*numbers, "add", "--phone-number", number, "--no-send-code", "--secret-out", str(none))
    assert (ran.code, none.exists()) == (0, False)
    assert f"the response has no otc_token, so {none} is not written" in ran.err
    assert "--secret-out" in run(*numbers, "send-code", "--phone-number", number).err
    ran = run(*numbers, "send-code", "--phone-number", number, "--secret-out", str(made))
    token = made.read_text(encoding="utf-8").strip()
    assert (ran.code, json.loads(ran.out)["otc_token"], token in ran.out + ran.err) == (0, None, False)
    [code] = [row["code"] for row in _codes(emulator) if row["id"] == token]
    assert run(*numbers, "verify", "--otc-token-file", str(made), "--code", code).code == 0
    [row] = map(json.loads, run(*numbers, "list").out.splitlines())
    removal = tmp_path / "removal"
    assert run(*numbers, "request-removal", row["id"], "--secret-out", str(removal), "--yes").code == 0
    [code] = [each["code"] for each in _codes(emulator)]
    ran = run(*numbers, "confirm-removal", row["id"], "--otc-token-file", str(removal), "--code", code, "--yes")
    assert (ran.code, run(*numbers, "list").out) == (0, "")


def _codes(emulator: EmulatorHandle) -> list[dict[str, str]]:
    tables = emulator.snapshot()["environments"][0]["tables"]  # type: ignore[index]
    return tables["contactCodes"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "arguments",
    [
        ("users", "set-invisible", "ann"),
        ("users", "set-superuser", "ann"),
        ("users", "set-temporary-config"),
        ("sub-tenants", "set-management", "acme"),
        ("sso", "settings", "set-oidc-config"),
    ],
)
def test_an_option_that_is_on_or_off_may_be_required(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert (ran.code, "Missing option" in ran.err) == (2, True), ran.err
