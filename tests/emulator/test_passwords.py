"""The rules of passwords: what they change, and what they refuse."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async.emulator.services.passwords.rows import ResetCodeRow
from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_tenants import add_user

_OLD: Final = "correct-Horse-1"
_NEW: Final = "battery-Staple-2"
_U: Final = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="a", subject="u")


def _environment() -> EmulatedEnvironment:
    environment = make_environment()
    for tenant_id in "ab":
        create(environment, tenant_id)
    add_user(environment, "u", "a", "b", password=_OLD, phone_number="+49301234567")
    return environment


def _change(environment: EmulatedEnvironment, before: str, after: str) -> int:
    body = {"password": before, "newPassword": after}
    try:
        return run(environment, "me.change_password", body, caller=_U).status
    except RequestRefusedError as refused:
        return refused.response.status


def _lets_in(environment: EmulatedEnvironment, password: str) -> bool:
    valid = shown(run(environment, "users.passwords.verify", {"email": "u@users.example", "password": password}))
    body = {"email": "u@users.example", "password": password}
    if valid["isValid"]:
        assert run(environment, "sessions.login", body).status == 200
    else:
        assert refusal(environment, "sessions.login", body).status == 401
    return bool(valid["isValid"])


def test_a_change_counts_at_the_next_sign_in() -> None:
    """A wrong present password changes nothing; sessions stay."""
    environment = _environment()
    assert _lets_in(environment, _OLD)
    assert _change(environment, "wrong", _NEW) == 400
    environment.take_events()
    assert _change(environment, _OLD, _NEW) == 201
    assert [event.key for event in environment.take_events()] == ["frontegg.user.changedPassword"]
    assert (_lets_in(environment, _OLD), _lets_in(environment, _NEW)) == (False, True)
    assert len(environment.state.live_refresh_tokens("u")) == 2


def _token(environment: EmulatedEnvironment) -> str:
    made = shown(run(environment, "users.generate_password_reset_link", user_id="u"))
    return str(made["token"])


def test_a_link_is_used_once() -> None:
    """Neither a refused password nor a check uses it; a log-in box learns from 410 that it was used."""
    environment = _environment()
    of_u = {"userId": "u", "token": _token(environment)}
    assert refusal(environment, "users.passwords.reset", {**of_u, "password": "short"}).status == 400
    assert run(environment, "users.passwords.validate_reset", of_u).status == 201
    assert run(environment, "users.passwords.reset", {**of_u, "password": _NEW}).status == 201
    assert _lets_in(environment, _NEW)
    assert refusal(environment, "users.passwords.reset", {**of_u, "password": _OLD}).status == 400
    assert refusal(environment, "users.passwords.validate_reset", of_u).status == 410


def test_a_link_expires() -> None:
    """After a day by the emulator's clock."""
    environment = _environment()
    of_u = {"userId": "u", "token": _token(environment), "password": _NEW}
    environment.clock.advance(86_401)
    assert refusal(environment, "users.passwords.reset", of_u).status == 400
    assert _lets_in(environment, _OLD)


def test_a_code_of_an_sms() -> None:
    """It is exchanged once, and not after five minutes."""
    environment = _environment()
    who = {"identifier": "+49301234567", "identifierType": "phoneNumber"}

    def code() -> dict[str, Any]:
        session = shown(run(environment, "users.passwords.send_reset_sms", who))["sessionId"]
        return {"sessionId": session, "otcToken": environment.state.table(ResetCodeRow)[session].code}

    body = code()
    assert refusal(environment, "users.passwords.verify_reset_sms", {**body, "otcToken": "x"}).status == 400
    token = shown(run(environment, "users.passwords.verify_reset_sms", body))
    assert run(environment, "users.passwords.reset", {**token, "password": _NEW}).status == 201
    assert refusal(environment, "users.passwords.verify_reset_sms", body).status == 400
    late = code()
    environment.clock.advance(301)
    assert refusal(environment, "users.passwords.verify_reset_sms", late).status == 400


@pytest.mark.parametrize("password", ["Short-1", "alllowercase", "aaa-Longer-1", f"{'Long-1' * 30}"])
def test_the_policy_that_is_assumed(password: str) -> None:
    """It refuses what is too short, too plain or too long, and repeated characters."""
    assert _change(_environment(), _OLD, password) == 400


def test_the_strictest_policy_of_the_tenants_counts() -> None:
    """And that of the environment, where a tenant has none."""
    environment = _environment()
    run(environment, "security.password.set", {"minLength": 12}, about="b")
    run(environment, "security.password.set", {"minLength": 8, "maxLength": 20}, about="a")
    policy = shown(run(environment, "users.passwords.get_config", query="userId=u"))
    assert (policy["minLength"], policy["maxLength"]) == (12, 20)
    assert _change(environment, _OLD, "Short-pass1") == 400
    assert _change(environment, _OLD, "Long-enough-pass1") == 201


def test_former_passwords_are_refused() -> None:
    """As many as the history policy says, the present one among them."""
    environment = _environment()
    run(environment, "security.password_history.create", {"enabled": True, "historySize": 2}, about="b")
    assert _change(environment, _OLD, _OLD) == 400
    assert _change(environment, _OLD, _NEW) == 201
    assert _change(environment, _NEW, _OLD) == 400
    assert _change(environment, _NEW, "third-Password-3") == 201
    assert _change(environment, "third-Password-3", _OLD) == 201
