"""Requests about sessions, users on themselves and API tokens.

A value that starts with ``@`` stands for what only the environment of the test knows: `filled` puts it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from frontegg_async.emulator.blocking import EmulatorHandle
from tests.emulator.cases import Case, case

_HOST: Final = {"frontegg-vendor-host": "@client_id"}
_API_TOKEN: Final = {"clientId": "@api_id", "secret": "emu_api"}
_LOCKED_API_TOKEN: Final = {"clientId": "@locked_api_id", "secret": "emu_api"}

USERS: Final[list[Mapping[str, Any]]] = [
    {
        "id": "ann",
        "email": "ann@a.example",
        "username": "ann",
        "password": "emu_ann",
        "tenantId": "acme",
        "tenantIds": ["acme", "child", "other"],
        "roles": ["admin"],
        "permissions": ["fe.secure.read.users"],
    },
    {"email": "cal@c.example", "password": "emu_cal", "tenantId": "child"},
]
"""A user of several tenants, and one whose tenant is locked."""


def _login(status: int, **body: str) -> Case:
    return case("sessions.login", status, token="none", headers=_HOST, body=body)


def _open(name: str, status: int, body: object, headers: Mapping[str, str] | None = None) -> Case:
    return case(f"sessions.{name}", status, token="none", body=body, headers=headers or {})


GOOD: Final = (
    _login(200, email="ann@a.example", password="emu_ann"),
    _open("refresh", 201, {"refreshToken": "@refresh"}, _HOST),
    _open("exchange_api_token", 200, _API_TOKEN),
    _open("exchange_api_token_v1", 201, _API_TOKEN),
    _open("refresh_api_token", 200, {"refreshToken": "@api_refresh"}),
    _open("refresh_api_token_v1", 201, {"refreshToken": "@api_refresh"}),
    case("me.tenants", 200, token="member"),
    case("me.hierarchy", 200, token="member"),
    case("me.switch_tenant", 200, token="member", body={"tenantId": "other"}),
)
"""One request for each operation that succeeds."""

MORE: Final = (
    _login(200, username="ann", password="emu_ann"),
    case("me.tenants", 200, token="member", divergences={"user_tenants": "whole"}),
    case("me.hierarchy", 200, token="member", divergences={"user_hierarchy": "rows"}),
)
"""Other successes, of other shapes."""

REFUSED: Final = (
    _login(401, email="ann@a.example", password="no"),
    _login(403, email="cal@c.example", password="emu_cal"),
    _open("refresh", 401, {"refreshToken": "no"}, _HOST),
    _open("refresh", 403, {"refreshToken": "@locked_refresh"}, _HOST),
    _open("exchange_api_token", 401, {"clientId": "@api_id", "secret": "no"}),
    _open("exchange_api_token", 403, _LOCKED_API_TOKEN),
    _open("exchange_api_token_v1", 401, {"clientId": "no", "secret": "no"}),
    _open("exchange_api_token_v1", 403, _LOCKED_API_TOKEN),
    _open("refresh_api_token", 401, {"refreshToken": "@refresh"}),
    _open("refresh_api_token", 403, {"refreshToken": "@locked_api_refresh"}),
    _open("refresh_api_token_v1", 401, {"refreshToken": "no"}),
    _open("refresh_api_token_v1", 403, {"refreshToken": "@locked_api_refresh"}),
    case("me.tenants", 403, divergences={"wrong_token_kind": 403}),
    case("me.hierarchy", 403, divergences={"wrong_token_kind": 403}),
    case("me.switch_tenant", 403, token="member", body={"tenantId": "child"}),
    case("me.switch_tenant", 404, token="member", body={"tenantId": "nobody"}),
)
"""Each operation's own errors."""


def filled(environment: EmulatorHandle, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a body, or headers, with what the names with ``@`` stand for."""
    return {name: _filled(environment, value) for name, value in values.items()}


def _filled(environment: EmulatorHandle, value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    tenant_id = "child" if value.startswith("@locked_") else "acme"
    match value[1:].removeprefix("locked_"):
        case "client_id":
            return environment.client_id
        case "refresh":
            return environment.user_token(tenant_id=tenant_id).refresh_token
        case "api_id":
            return _add_api_token(environment, tenant_id)
        case _:
            client_id = _add_api_token(environment, tenant_id)
            token = environment.user_token(tenant_id=tenant_id, user_id=client_id, type="tenantApiToken")
            return token.refresh_token


def _add_api_token(environment: EmulatorHandle, tenant_id: str) -> str:
    snapshot: Any = environment.snapshot()
    (kept,) = snapshot["environments"]
    client_id = f"{environment.client_id}-{tenant_id}"
    row = {"id": client_id, "tenantId": tenant_id, "secret": "emu_api", "createdAt": "2026-01-01T00:00:00.000Z"}
    kept["tables"]["apiTokens"] = [row]
    environment.restore(snapshot)
    return client_id
