"""The rules of API tokens, as tables: owners, permissions and expiry."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.roles.rows import PermissionRow, RoleRow
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, RequestRefusedError
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.world.clock import Clock
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import NOBODY, Grant
from tests.emulator.support import START, create, make_environment, refusal, run, shown
from tests.emulator.test_rules_sessions import claims
from tests.emulator.test_rules_tenants import add_user


def make(**switches: str | int) -> EmulatedEnvironment:
    """An environment with two tenants and a user of the first."""
    environment = make_environment(**switches)
    create(environment, "a")
    create(environment, "b")
    add_user(environment, "ann", "a", roles=("admin",), permissions=("fe.a",))
    return environment


def ask(
    environment: EmulatedEnvironment,
    operation: str,
    body: Mapping[str, Any] | None = None,
    *,
    tenant_id: str = "a",
    user_id: str | None = "ann",
    caller: Grant = NOBODY,
    **path: str,
) -> EmulatedResponse:
    """Run a rule about a tenant, and a user of it; a refusal is an answer too."""
    headers = {} if user_id is None else {"frontegg-user-id": user_id}
    call = IncomingCall(caller=caller, tenant_id=tenant_id, path=path, body=body or {}, headers=headers)
    try:
        return RULES[operation].run(environment, call)
    except RequestRefusedError as refused:
        return refused.response


def signed_in(**said: Any) -> Grant:
    return Grant(
        kind="user",
        client_id="emu_test",
        issued=0,
        expires=1,
        subject="ann",
        tenant_id="a",
        claims={"sub": "ann", **said},
    )


def authenticate(environment: EmulatedEnvironment, token: Mapping[str, Any]) -> Any:
    body = {"clientId": token["clientId"], "secret": token["secret"]}
    return claims(shown(run(environment, "sessions.exchange_api_token", body))["access_token"])


@pytest.mark.parametrize("version", ["", "_v1"])
def test_create(version: str) -> None:
    """The answer has what was sent, and the secret; an access token says it all."""
    environment = make()
    sent = {"description": "ci", "roleIds": ["r", "r"], "metadata": {"a": [1]}, "expiresInMinutes": 1.5}
    answer = ask(environment, f"api_tokens.create{version}", sent)
    token = shown(answer)
    assert answer.status == 201
    assert token.pop("clientId").startswith("emu_")
    assert token.pop("secret").startswith("emu_")
    assert token == {
        "description": "ci",
        "tenantId": "a",
        "createdByUserId": None,
        "metadata": {"a": [1]},
        "roleIds": ["r"],
        "permissionIds": [],
        "expires": "2023-11-14T22:14:50.000Z",
        "createdAt": "2023-11-14T22:13:20.000Z",
    }
    said = authenticate(environment, shown(answer))
    assert (said["type"], said["roles"], said["permissions"]) == ("tenantApiToken", ["r"], [])
    assert (said["metadata"], said["tenantId"]) == ({"a": [1]}, "a")
    now = environment.clock.timestamp()
    environment.state.put(
        RoleRow(id="r", key="Reader", name="Reader", permission_ids=("p",), created_at=now, updated_at=now)
    )
    environment.state.put(PermissionRow(id="p", key="orders.read", name="Read", created_at=now, updated_at=now))
    said = authenticate(environment, shown(answer))
    assert (said["roles"], said["permissions"]) == (["Reader"], ["orders.read"])


def test_create_with_nothing() -> None:
    """All is optional: no description, no entitlements, no end."""
    token = shown(ask(make(), "api_tokens.create", caller=signed_in()))
    assert (token["description"], token["metadata"], token["expires"]) == (None, {}, None)
    assert (token["roleIds"], token["permissionIds"], token["createdByUserId"]) == ([], [], "ann")


def test_neither_roles_nor_permissions_by_the_switch() -> None:
    """They can be refused."""
    environment = make(neither_roles_nor_permissions="refuse")
    assert ask(environment, "api_tokens.create", {"permissionIds": []}).status == 400
    token = shown(ask(environment, "api_tokens.create", {"permissionIds": ["p"]}))
    assert authenticate(environment, token)["permissions"] == ["p"]
    answer = ask(environment, "api_tokens.update", {"permissionIds": []}, id=token["clientId"])
    assert shown(answer)["permissionIds"] == []


def test_roles_go_before_permissions() -> None:
    """With both, the roles count, unless the switch refuses that."""
    both = {"roleIds": ["r"], "permissionIds": ["p"]}
    environment = make()
    token = shown(ask(environment, "api_tokens.create", both))
    assert (token["roleIds"], token["permissionIds"]) == (["r"], [])
    environment = make(roles_and_permissions="refuse")
    assert ask(environment, "api_tokens.create", both).status == 400
    token = shown(ask(environment, "api_tokens.create", {**both, "roleIds": []}))
    assert (token["roleIds"], token["permissionIds"]) == ([], ["p"])


@pytest.mark.parametrize(
    ("operation", "minutes", "status"),
    [
        ("api_tokens.create", 0, 400),
        ("api_tokens.create", 0.5, 400),
        ("api_tokens.create", 1, 201),
        ("api_tokens.create", 5_256_001, 201),
        ("api_tokens.create", 1e300, 400),
        ("user_api_tokens.create", 0, 400),
        ("user_api_tokens.create", 5_256_000, 201),
        ("user_api_tokens.create", 5_256_001, 400),
        ("user_api_tokens.create", None, 201),
    ],
)
def test_how_long_they_are_good(operation: str, minutes: float | None, status: int) -> None:
    """At least a minute; those of users at most ten years."""
    assert ask(make(), operation, {"expiresInMinutes": minutes}).status == status


@pytest.mark.parametrize("operation", ["api_tokens.create", "user_api_tokens.create"])
def test_their_life_is_counted_from_their_creation(operation: str) -> None:
    """One moment is meant, however the clock goes on meanwhile."""
    environment = make()
    environment.clock = Clock(source=itertools.count(START, 0.001).__next__)
    token = shown(ask(environment, operation, {"expiresInMinutes": 90}))
    created, expires = (datetime.fromisoformat(token[name]) for name in ("createdAt", "expires"))
    assert expires - created == timedelta(minutes=90)


def test_their_end() -> None:
    """Then nobody authenticates with them; they are listed until they are deleted."""
    environment = make()
    token = shown(ask(environment, "api_tokens.create", {"expiresInMinutes": 1}))
    authenticate(environment, token)
    environment.clock.advance(60)
    body = {"clientId": token["clientId"], "secret": token["secret"]}
    assert refusal(environment, "sessions.exchange_api_token", body).status == 401
    assert [each["clientId"] for each in shown(ask(environment, "api_tokens.list"))] == [token["clientId"]]


def test_lists() -> None:
    """Each tenant and each user has its own, without the secrets."""
    environment = make()
    add_user(environment, "bob", "a", "b")
    own = shown(ask(environment, "api_tokens.create"))
    anns = shown(ask(environment, "user_api_tokens.create"))
    bobs = shown(ask(environment, "user_api_tokens.create", tenant_id="b", user_id="bob"))
    expected = {
        ("api_tokens.list", "a", "ann"): [own],
        ("api_tokens.list", "b", "ann"): [],
        ("user_api_tokens.list", "a", "ann"): [anns],
        ("user_api_tokens.list", "a", "bob"): [],
        ("user_api_tokens.list", "b", "bob"): [bobs],
    }
    for (operation, tenant_id, user_id), tokens in expected.items():
        listed = shown(ask(environment, operation, tenant_id=tenant_id, user_id=user_id))
        assert listed == [{name: value for name, value in token.items() if name != "secret"} for token in tokens]


def test_update() -> None:
    """What is sent replaces what there was, and the next access token follows."""
    environment = make()
    token = shown(ask(environment, "api_tokens.create", {"roleIds": ["r"], "metadata": {"a": 1}}))
    client_id = token["clientId"]
    changed = shown(ask(environment, "api_tokens.update", {"description": "x"}, id=client_id))
    assert (changed["description"], changed["roleIds"], changed["metadata"]) == ("x", ["r"], {"a": 1})
    changed = shown(ask(environment, "api_tokens.update", {"permissionIds": ["p"], "metadata": {}}, id=client_id))
    assert (changed["roleIds"], changed["permissionIds"], changed["metadata"]) == ([], ["p"], {})
    assert "secret" not in changed
    assert authenticate(environment, token)["permissions"] == ["p"]
    changed = shown(ask(environment, "api_tokens.update", {"description": None}, id=client_id))
    assert changed["description"] is None


@pytest.mark.parametrize(("behaviour", "status"), [("refuse", 400), ("accept", 200)])
def test_an_update_with_nothing_in_it(behaviour: str, status: int) -> None:
    """It is refused, unless the switch says otherwise."""
    environment = make(empty_credential_update=behaviour)
    client_id = shown(ask(environment, "api_tokens.create"))["clientId"]
    assert ask(environment, "api_tokens.update", {}, id=client_id).status == status


def test_delete() -> None:
    """Its sessions end with it."""
    environment = make()
    token = shown(ask(environment, "api_tokens.create"))
    body = {"clientId": token["clientId"], "secret": token["secret"]}
    session = shown(run(environment, "sessions.exchange_api_token", body))
    assert ask(environment, "api_tokens.delete", id=token["clientId"]).status == 200
    assert ask(environment, "api_tokens.delete", id=token["clientId"]).status == 404
    assert environment.state.refresh_tokens == {}
    refreshed = run(environment, "sessions.refresh_api_token", {"refreshToken": session["refresh_token"]})
    assert refreshed.status == 401


def test_tokens_of_others() -> None:
    """One of another tenant, of another user or of the other kind is as one that does not exist."""
    environment = make()
    add_user(environment, "bob", "a")
    own = shown(ask(environment, "api_tokens.create"))["clientId"]
    anns = shown(ask(environment, "user_api_tokens.create"))["clientId"]
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("api_tokens.update", {"tenant_id": "b", "id": own, "body": {"description": "x"}}),
        ("api_tokens.update", {"id": anns, "body": {"description": "x"}}),
        ("api_tokens.delete", {"tenant_id": "b", "id": own}),
        ("api_tokens.delete", {"id": anns}),
        ("user_api_tokens.delete", {"id": own}),
        ("user_api_tokens.delete", {"user_id": "bob", "id": anns}),
    )
    for operation, more in asked:
        assert ask(environment, operation, **more).status == 404
    assert len(environment.state.table(ApiTokenRow)) == 2


@pytest.mark.parametrize(
    ("tenant_id", "user_id", "status"), [("x", "ann", 404), ("a", "x", 404), ("b", "ann", 404), ("a", None, 400)]
)
def test_whose_they_would_be(tenant_id: str, user_id: str | None, status: int) -> None:
    """Without a tenant, or a user of it, there are none."""
    environment = make()
    for operation, more in (
        ("user_api_tokens.create", {}),
        ("user_api_tokens.list", {}),
        ("user_api_tokens.delete", {"id": "t"}),
    ):
        assert ask(environment, operation, tenant_id=tenant_id, user_id=user_id, **more).status == status
    if tenant_id == "x":
        for operation in ("api_tokens.create", "api_tokens.list"):
            assert ask(environment, operation, tenant_id=tenant_id).status == 404


def test_a_user_has_its_own() -> None:
    """The token says who it is; a header is not asked."""
    environment = make()
    token = shown(ask(environment, "user_api_tokens.create", caller=signed_in(), user_id="bob"))
    said = authenticate(environment, token)
    assert (said["type"], said["userId"], said["permissions"]) == ("userApiToken", "ann", ["fe.a"])
    caller = signed_in(type="userApiToken", sub=token["clientId"], userId="ann")
    assert len(shown(ask(environment, "user_api_tokens.list", caller=caller, user_id=None))) == 1
    assert ask(environment, "user_api_tokens.delete", caller=caller, user_id=None, id=token["clientId"]).status == 200


def test_somebody_unknown_has_its_own() -> None:
    """The claims of its token are in those of the API token's sessions."""
    environment = make()
    said = {"sub": "x", "tenantIds": ["a"], "permissions": ["fe.x"], "roles": [], "email": "x@users.example"}
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, subject="x", tenant_id="a", claims=said)
    token = shown(ask(environment, "user_api_tokens.create", caller=caller))
    after = authenticate(environment, token)
    assert (after["userId"], after["permissions"], after["email"]) == ("x", ["fe.x"], "x@users.example")


def test_the_api_token_of_a_tenant_is_no_user() -> None:
    """It has none of its own."""
    environment = make()
    caller = signed_in(type="tenantApiToken")
    for operation, more in (("create", {}), ("list", {}), ("delete", {"id": "t"})):
        assert ask(environment, f"user_api_tokens.{operation}", caller=caller, **more).status == 401
