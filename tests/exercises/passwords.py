"""Exercises of passwords of users, of users who are created, and of searches by phrases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.emulator.cases import case
from tests.exercises.exercise import bad, good, refused

PASSWORD_OF_ANN: Final = "canary-of-oidc"
TOKEN_OF_ANN: Final = "emu_general"
"""The token of a link of Ann to set a new password."""

_NEW: Final = "Another-pass-1"
_RESET: Final = {"token": TOKEN_OF_ANN, "password": _NEW}


def _create(s: Any, tenant_id: str = "acme", **given: Any) -> Any:
    return s.frontegg.users.create(tenant_id, **{"email": "new@acme.example", **given})


def _create_in_locked(s: Any) -> Any:
    yield s.frontegg.tenants.lock(["acme"])
    yield _create(s)


EXERCISES: Final = (
    good(
        "users.create",
        lambda s: _create(
            s,
            name="New",
            password=_NEW,
            metadata={"team": 7},
            vendor_metadata={"crm": "7"},
            mfa_bypass=True,
            external_id="e-7",
            expiration_in_seconds=300,
        ),
    ),
    good("users.create", lambda s: s.frontegg.for_tenant("acme").users.create(email="new@acme.example")),
    refused("users.create", 400, lambda s: _create(s, role_ids=["other's"])),
    refused("users.create", 403, _create_in_locked),
    refused("users.create", 404, lambda s: _create(s, "nobody")),
    refused("users.create", 409, lambda s: _create(s, email="ANN@acme.example")),
    bad("users.create", "tenant_id", lambda s: _create(s, "..")),
    bad("users.create", "email", lambda s: _create(s, email="new")),
    bad("users.create", "password must", lambda s: _create(s, password="")),
    bad("users.create", "name must not be empty", lambda s: _create(s, name="")),
    bad("users.create", "username must not be empty", lambda s: _create(s, username="")),
    bad("users.create", "username must be 1 to 255", lambda s: _create(s, username="a b/../c@d")),
    bad("users.create", "username must be 1 to 255", lambda s: _create(s, username="a" * 256)),
    bad("users.create", "expiration_in_seconds", lambda s: _create(s, expiration_in_seconds=1)),
    good("users.search", lambda s: s.frontegg.users.search(contains=["ann"]).all()),
    good(
        "users.search",
        lambda s: s.frontegg.users.search(
            "acme", excludes=["bob"], optional=["an", "x"], approximate=True, include_sub_tenants=True, sort_by="name"
        ).all(),
    ),
    bad("users.search", "at least one phrase", lambda s: s.frontegg.users.search("acme")),
    bad("users.search", "contains must be a sequence", lambda s: s.frontegg.users.search(contains="ann")),
    bad("users.search", "approximate", lambda s: s.frontegg.users.search(contains=["ann"], approximate=1)),
    good(
        "users.passwords.send_reset_email",
        lambda s: s.frontegg.users.passwords.send_reset_email(email="ann@acme.example", email_metadata={"a": 1}),
    ),
    bad("users.passwords.send_reset_email", "email", lambda s: s.frontegg.users.passwords.send_reset_email(email="a")),
    good("users.passwords.reset", lambda s: s.frontegg.users.passwords.reset("ann", **_RESET)),
    refused("users.passwords.reset", 400, lambda s: s.frontegg.users.passwords.reset("bob", **_RESET)),
    refused(
        "users.passwords.reset",
        400,
        lambda s: s.frontegg.users.passwords.reset("ann", token=TOKEN_OF_ANN, password="x"),
    ),
    bad("users.passwords.reset", "user_id", lambda s: s.frontegg.users.passwords.reset("..", **_RESET)),
    bad("users.passwords.reset", "token", lambda s: s.frontegg.users.passwords.reset("ann", token="", password="x")),
    bad("users.passwords.reset", "password", lambda s: s.frontegg.users.passwords.reset("ann", token="x", password=7)),
    good(
        "users.passwords.verify",
        lambda s: s.frontegg.users.passwords.verify(email="ann@acme.example", password=PASSWORD_OF_ANN),
    ),
    bad("users.passwords.verify", "email", lambda s: s.frontegg.users.passwords.verify(email="a", password="x")),
    bad("users.passwords.verify", "password", lambda s: s.frontegg.users.passwords.verify(email="a@b.c", password="")),
    good("users.passwords.get_config", lambda s: s.frontegg.users.passwords.get_config("ann")),
    refused("users.passwords.get_config", 404, lambda s: s.frontegg.users.passwords.get_config("nobody")),
    bad("users.passwords.get_config", "user_id", lambda s: s.frontegg.users.passwords.get_config("..")),
    good(
        "me.change_password",
        lambda s: s.user.profile.change_password(current_password=PASSWORD_OF_ANN, new_password=_NEW),
        "user",
    ),
    refused(
        "me.change_password",
        400,
        lambda s: s.user.profile.change_password(current_password="wrong", new_password=_NEW),
        "user",
    ),
    bad(
        "me.change_password",
        "current_password",
        lambda s: s.user.profile.change_password(current_password="", new_password=_NEW),
        "user",
    ),
    bad(
        "me.change_password",
        "new_password",
        lambda s: s.user.profile.change_password(current_password="x", new_password=None),
        "user",
    ),
)

_LATER: Final = "2100-01-01T00:00:00.000Z"
TABLES: Final[Mapping[str, Any]] = {
    "userLinks": [
        {"id": "passwordReset:ann", "kind": "passwordReset", "userId": "ann", "token": TOKEN_OF_ANN, "expires": _LATER}
    ],
    "resetCodes": [{"id": "session", "userId": "ann", "code": "123456", "expires": _LATER}],
}
"""A link and a code of Ann to set a new password."""

_OF_ANN: Final = {"userId": "ann", "token": TOKEN_OF_ANN}
_EMAIL: Final = {"identifier": "ann@a.example", "identifierType": "email"}
_UNKNOWN: Final = {"identifier": "ann", "identifierType": "name"}
_CODE: Final = {"sessionId": "session", "otcToken": "123456"}
_HOST: Final = {"frontegg-vendor-host": "@client_id"}
_ABOUT_ANN: Final = {"frontegg-user-id": "ann"}

CASES: Final = (
    case("users.create", 201, body={"tenantId": "acme", "email": "new@acme.example"}),
    case("users.create", 201, body={"tenantId": "acme", "username": "new", "vendorMetadata": "{}"}),
    case("users.create", 400, body={"tenantId": "acme"}),
    case("users.create", 403, body={"tenantId": "child", "email": "new@acme.example"}),
    case("users.create", 404, body={"tenantId": "nobody", "email": "new@acme.example"}),
    case("users.create", 409, body={"tenantId": "acme", "email": "ann@a.example"}),
    case("users.search", 200, query=(("_phraseSearchContains", "ann"), ("_phraseSearchContains", "a.example"))),
    case("users.search", 400, query=(("_phraseSearchApproximate", "maybe"),)),
    case("users.passwords.send_reset_email", 200, body=_EMAIL),
    case("users.passwords.send_reset_email", 400, body=_UNKNOWN),
    case("users.passwords.send_reset_email_v1", 201, body=_EMAIL, headers=_HOST, token="none"),
    case("users.passwords.send_reset_email_v1", 201, body={"email": "ann@a.example"}, headers=_HOST, token="none"),
    case("users.passwords.send_reset_email_v1", 400, body=_UNKNOWN, headers=_HOST, token="none"),
    case("users.passwords.reset", 201, body={**_OF_ANN, "password": _NEW}),
    case("users.passwords.reset", 400, body={**_OF_ANN, "password": "aaa"}),
    case("users.passwords.validate_reset", 201, body=_OF_ANN, headers=_HOST, token="none"),
    case("users.passwords.validate_reset", 410, body={**_OF_ANN, "token": "other"}, headers=_HOST, token="none"),
    case("users.passwords.send_reset_sms", 200, body=_EMAIL, headers=_HOST, token="none"),
    case("users.passwords.send_reset_sms", 400, body=_UNKNOWN, headers=_HOST, token="none"),
    case(
        "users.passwords.verify_reset_sms",
        200,
        body=_CODE,
        headers=_HOST,
        token="none",
    ),
    case(
        "users.passwords.verify_reset_sms",
        400,
        body={**_CODE, "otcToken": "0"},
        headers=_HOST,
        token="none",
    ),
    case("users.passwords.reset_breached", 201, token="user"),
    case("users.passwords.reset_breached", 403, token="bare"),
    case("users.passwords.get_config", 200, query=(("userId", "ann"),)),
    case("users.passwords.get_config", 200),
    case("users.passwords.get_config", 404, query=(("userId", "nobody"),)),
    case("users.passwords.verify", 200, body={"email": "ann@a.example", "password": "wrong"}),
    case("users.passwords.list_recovery_strategies", 200, headers=_HOST, token="none"),
    case("me.change_password", 201, headers=_ABOUT_ANN, body={"password": "emu_ann", "newPassword": _NEW}),
    case("me.change_password", 400, body={"password": "emu_ann", "newPassword": _NEW}),
    case(
        "me.change_password", 404, headers={"frontegg-user-id": "nobody"}, body={"password": "x", "newPassword": _NEW}
    ),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
