"""Cases of activation, acceptance of invitations and sign-up, which no method calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import Exercise

EXERCISES: Final[tuple[Exercise, ...]] = ()

_LATER: Final = "2100-01-01T00:00:00.000Z"
_LINK: Final = {"userId": "ann", "code": "123456", "expires": _LATER}
TABLES: Final[Mapping[str, Any]] = {
    "userLinks": [
        {**_LINK, "id": "activation:ann", "kind": "activation", "token": "emu_activation"},
        {**_LINK, "id": "invitation:ann:acme", "kind": "invitation", "token": "emu_invitation", "tenantId": "acme"},
        {**_LINK, "id": "invitation:ann:child", "kind": "invitation", "token": "emu_locked", "tenantId": "child"},
        {
            **_LINK,
            "id": "activation:bob",
            "kind": "activation",
            "userId": "plain",
            "token": "emu_of_locked",
            "tenantId": "child",
        },
    ]
}
"""Links of Ann, one of them to a locked tenant."""

_HOST: Final = {"frontegg-vendor-host": "@client_id"}
_ACTIVATION: Final = {"userId": "ann", "token": "emu_activation", "password": "Another-pass-1"}
_INVITATION: Final = {"userId": "ann", "token": "emu_invitation"}
_SIGN_UP: Final = {"provider": "local", "companyName": "New", "email": "new@new.example", "metadata": "{}"}
_BY_NAME: Final = {"provider": "local", "companyName": "New", "username": "new"}
_PASSWORD: Final = {"password": "Another-pass-1"}


def _of_nobody(name: str, status: int, **given: Any) -> Any:
    return case(name, status, headers=_HOST, token="none", **given)


CASES: Final = (
    _of_nobody("users.activation.activate", 200, body=_ACTIVATION),
    _of_nobody("users.activation.activate", 400, body={**_ACTIVATION, "token": "other"}),
    _of_nobody(
        "users.activation.activate",
        403,
        body={"userId": "plain", "token": "emu_of_locked", "password": "x"},
    ),
    _of_nobody("users.activation.activate_with_code", 200, body={**_ACTIVATION, "code": "123456"}),
    _of_nobody("users.activation.activate_with_code", 400, body={**_ACTIVATION, "code": "0"}),
    _of_nobody(
        "users.activation.activate_with_code",
        403,
        body={"userId": "plain", "token": "emu_of_locked", "code": "123456", "password": "Another-pass-1"},
    ),
    _of_nobody("users.activation.get_strategy", 200, query=(("userId", "ann"), ("token", "emu_activation"))),
    _of_nobody("users.activation.get_strategy", 400, query=(("userId", "ann"), ("token", "other"))),
    _of_nobody("users.activation.resend", 201, body={"email": "nobody@a.example", "emailMetadata": {}}),
    _of_nobody("users.invitation.accept", 200, body=_INVITATION),
    _of_nobody("users.invitation.accept", 400, body={**_INVITATION, "token": "emu_locked"}),
    _of_nobody("users.invitation.accept_with_code", 200, body={**_INVITATION, "code": "123456"}),
    _of_nobody("users.invitation.accept_with_code", 400, body={**_INVITATION, "code": "0"}),
    _of_nobody("users.sign_up.create", 201, body={**_SIGN_UP, **_PASSWORD}),
    _of_nobody("users.sign_up.create", 400, body=_BY_NAME),
    _of_nobody("users.sign_up.create", 400, body={**_SIGN_UP, "password": "weak"}),
    _of_nobody("users.sign_up.create", 409, body={**_SIGN_UP, "email": "ann@a.example"}),
    _of_nobody("users.sign_up.create_with_username", 201, body={**_BY_NAME, **_PASSWORD}),
    _of_nobody("users.sign_up.create_with_username", 400, body=_SIGN_UP),
    _of_nobody("users.sign_up.create_with_username", 409, body={**_BY_NAME, "username": "ann"}),
    _of_nobody("users.sign_up.list_strategies", 200),
    case("users.activation.get_config", 200),
    case("users.activation.set_config", 200, body={"strategy": "code", "codeExpiration": 60}),
    case("users.activation.set_config", 400, body={"strategy": "code", "codeExpiration": 59}),
    case("users.activation.set_config", 400, body={"strategy": "sms"}),
    case("users.invitation.get_config", 200),
    case("users.invitation.set_config", 200, body={"codeExpiration": 60}),
    case("me.get_tenant_token", 201, body={"tenantId": "acme"}, token="member"),
    case("me.get_tenant_token", 403, body={"tenantId": "other's"}, token="member"),
    case("me.get_tenant_token", 404, body={"tenantId": "acme"}, token="user"),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
