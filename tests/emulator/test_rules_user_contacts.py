"""The rules of addresses and numbers that no method of the clients reaches."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async.emulator.services.emails.rows import SentEmailRow
from frontegg_async.emulator.world.grants import Grant
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_tenants import add_user


def _with_user(**fields: Any) -> Any:
    environment = make_environment()
    create(environment, "a")
    add_user(environment, "u", "a", **fields)
    return environment


def _newest(environment: Any) -> SentEmailRow:
    return list(environment.state.table(SentEmailRow).values())[-1]


def test_a_lost_phone_is_replaced_by_a_code_that_an_email_has() -> None:
    """The code and the token that it is exchanged for are used once."""
    environment = _with_user(phone_number="+4930111111")
    token = shown(run(environment, "me.reset_phone", {"email": "u@users.example"}))["resetPhoneNumberToken"]
    message = _newest(environment)
    assert (message.template, message.recipient, message.channel) == ("ResetPhoneNumber", "u@users.example", "email")
    right = {"resetPhoneNumberToken": token, "code": message.code}
    assert refusal(environment, "me.verify_phone_reset", {**right, "code": "wrong"}).status == 400
    made = shown(run(environment, "me.verify_phone_reset", right))["changePhoneNumberToken"]
    assert refusal(environment, "me.verify_phone_reset", right).status == 400
    change = {"changePhoneNumberToken": made, "phoneNumber": "+4930222222"}
    assert run(environment, "me.change_phone_after_reset", change).status == 200
    assert environment.state.users["u"].phone_number == "+4930222222"
    assert refusal(environment, "me.change_phone_after_reset", change).status == 400


def test_a_change_of_the_number_replaces_it() -> None:
    """The former number is free then."""
    environment = _with_user(phone_number="+4930111111")
    add_user(environment, "other", "a")
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="a", subject="u")
    changed = shown(run(environment, "me.change_phone", {"phoneNumber": "+4930222222"}, caller=caller))
    body = {"changePhoneId": changed["changePhoneId"], "code": _newest(environment).code}
    run(environment, "me.confirm_phone", body, caller=caller)
    assert environment.state.users["u"].phone_number == "+4930222222"
    run(environment, "users.phone_numbers.add", {"phoneNumber": "+4930111111"}, user_id="other")
    assert environment.state.users["other"].phone_number == "+4930111111"


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("users.create", {"tenantId": "a"}),
        ("users.migrate", {"tenantId": "a"}),
        ("users.invite", {}),
        ("users.sign_up.create", {"companyName": "Acme"}),
    ],
)
def test_a_further_address_of_a_user_is_nobody_elses(operation: str, fields: dict[str, str]) -> None:
    environment = _with_user()
    run(environment, "users.emails.add", {"email": "Further@users.example", "isVerified": True}, user_id="u")
    body = {"email": "further@users.example", **fields}
    assert refusal(environment, operation, body, about="a", headers={"frontegg-application-id": "shop"}).status == 409
    assert [*environment.state.users] == ["u"]
