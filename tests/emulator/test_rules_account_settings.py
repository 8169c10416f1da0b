"""The rules of account settings, which are fields of the tenant."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, RequestRefusedError
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from tests.emulator.support import create, make_environment, run, shown

GET, UPDATE, PUBLIC = (f"account_settings.{verb}" for verb in ("get", "update", "get_public"))


def ask(
    environment: EmulatedEnvironment, operation: str, body: dict[str, Any] | None = None, tenant_id: str = "a"
) -> EmulatedResponse:
    try:
        return RULES[operation].run(environment, IncomingCall(tenant_id=tenant_id, body=body or {}))
    except RequestRefusedError as refused:
        return refused.response


def test_settings_are_fields_of_the_tenant() -> None:
    """What was never set is null or missing; what the tenant has is there."""
    environment = make_environment()
    create(environment, "a", timezone="Europe/Berlin", applicationUrl="https://app.example", creatorName="N. N.")
    assert shown(ask(environment, GET)) == {
        "tenantId": "a",
        "applicationUrl": "https://app.example",
        "address": None,
        "timezone": "Europe/Berlin",
        "currency": None,
        "logo": None,
    }
    assert shown(ask(environment, PUBLIC)) == {"tenantId": "a", "applicationUrl": "https://app.example"}


def test_an_update_is_seen_in_the_tenant_and_the_other_way_round() -> None:
    """There is one place for both."""
    environment = make_environment()
    create(environment, "a", timezone="Europe/Berlin")
    environment.clock.advance(5)
    body = {"name": "B", "dateFormat": "DD/MM/YYYY", "timeFormat": "24h", "loginUrl": "https://in.example"}
    answer = ask(environment, UPDATE, {**body, "timezone": None})
    assert (answer.status, answer.effect.changed) == (200, ("a",))
    changed = shown(answer)
    assert "name" not in changed
    assert (changed["timezone"], changed["dateFormat"]) == (None, "DD/MM/YYYY")
    tenant = shown(run(environment, "tenants.get", tenant_id="a"))
    assert {name: tenant[name] for name in body} == body
    assert tenant["updatedAt"] == "2023-11-14T22:13:25.000Z"
    run(environment, "tenants.update", {"currency": "EUR"}, tenant_id="a")
    assert shown(ask(environment, GET)) == {**changed, "currency": "EUR"}


def test_addresses_may_be_stored_in_another_form() -> None:
    """By the switch of tenants, since settings are fields of the tenant."""
    environment = make_environment(tenant_addresses="lower_case")
    create(environment, "a")
    changed = shown(ask(environment, UPDATE, {"loginUrl": "https://In.example", "timezone": "Europe/Berlin"}))
    assert (changed["loginUrl"], changed["timezone"]) == ("https://in.example", "Europe/Berlin")


@pytest.mark.parametrize("operation", [GET, PUBLIC, UPDATE])
def test_an_unknown_tenant_is_not_found(operation: str) -> None:
    """Whatever is asked about it."""
    assert ask(make_environment(), operation, {"name": "B"}).status == 404


def test_an_update_with_nothing_is_refused() -> None:
    """There has to be one setting at least; unknown fields, where they are ignored, are none."""
    environment = make_environment()
    create(environment, "a")
    for body in ({}, {"plan": "pro"}):
        assert ask(environment, UPDATE, body).status == 400
    assert shown(ask(environment, GET, {}))["tenantId"] == "a"


def test_who_may_read_and_change_them() -> None:
    """Permissions of users, one for each."""
    assert RULES[GET].permission == "fe.secure.read.accountSettings"
    assert RULES[UPDATE].permission == "fe.secure.write.accountSettings"
    assert RULES[PUBLIC].permission is None
