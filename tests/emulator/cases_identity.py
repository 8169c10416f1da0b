"""Requests about sessions, users on themselves, API tokens and the management of access tokens.

A value that starts with ``@`` stands for what only the environment of the test knows: `filled` puts it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from frontegg_async.emulator import EmulatorHandle
from tests.emulator.cases import Case, case

_HOST: Final = {"frontegg-vendor-host": "@client_id"}
_ACME: Final = {"frontegg-tenant-id": "acme"}
_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_ANN: Final = {**_ACME, "frontegg-user-id": "ann"}
_NEW: Final = {"description": "ci", "roleIds": ["r1"], "expiresInMinutes": 1.5, "metadata": {"for": ["ci", None]}}
_NEW_ACCESS: Final = {"description": "ci", "roleIds": ["r1"], "expiresInMinutes": 1.5}
_DISABLED: Final = {"access_tokens": "disabled"}
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
        "mfaEnrolled": True,
        "permissions": ["fe.secure.read.users"],
    },
    {"email": "cal@c.example", "password": "emu_cal", "tenantId": "child"},
]
"""A user of several tenants, and one whose tenant is locked."""


def _login(status: int, **body: str) -> Case:
    return case("sessions.login", status, token="none", headers=_HOST, body=body)


def _open(name: str, status: int, body: object, headers: Mapping[str, str] | None = None) -> Case:
    return case(f"sessions.{name}", status, token="none", body=body, headers=headers or {})


CASES: Final = (
    case("auth.authenticate", 200, token="none", body={}),
    case("auth.jwks", 200, token="none"),
    case("environment.get", 200),
    case("identity.configuration", 200),
    case("access_tokens.get_tenant_token", 200, "of-acme", headers=_ACME),
    case("access_tokens.list_active_tenant_tokens", 200, headers=_ACME),
    case("access_tokens.get_user_token", 200, "of-ann", headers=_ACME),
    case("access_tokens.list_active_user_tokens", 200, headers=_ACME),
    case("access_tokens.get_tenant_token", 200, "of-acme"),
    case("access_tokens.list_active_user_tokens", 200),
    case("identity.configuration", 200, headers={"frontegg-environment-id": "e", "frontegg-application-id": "a"}),
    case("auth.authenticate", 401, token="none", body={"clientId": "emu_client", "secret": "emu_wrong"}),
    case("access_tokens.get_tenant_token", 404, "of-ann", headers=_ACME),
    case("access_tokens.list_active_tenant_tokens", 404, headers={"frontegg-tenant-id": "nobody"}),
    case("access_tokens.get_user_token", 404, "nobody", headers=_ACME),
    case("access_tokens.list_active_user_tokens", 404, headers={"frontegg-tenant-id": "nobody"}),
    *(
        case(f"access_tokens.{verb}", 403, switches=_DISABLED)
        for verb in ("list_active_tenant_tokens", "list_active_user_tokens")
    ),
    *(
        case(f"access_tokens.{verb}", 403, "of-acme", switches=_DISABLED)
        for verb in ("get_tenant_token", "get_user_token")
    ),
    _login(200, email="ann@a.example", password="emu_ann"),
    _open("refresh", 201, {"refreshToken": "@refresh"}, _HOST),
    _open("exchange_api_token", 200, _API_TOKEN),
    _open("exchange_api_token_v1", 200, _API_TOKEN),
    _open("refresh_api_token", 200, {"refreshToken": "@api_refresh"}),
    _open("refresh_api_token_v1", 200, {"refreshToken": "@api_refresh"}),
    case("me.tenants", 200, token="member"),
    case("me.tenants_v3", 200, token="member"),
    case("me.hierarchy", 200, token="member"),
    case("me.switch_tenant", 200, token="member", body={"tenantId": "other"}),
    case("api_tokens.create", 201, headers=_ACME, body=_NEW),
    case("api_tokens.create_v1", 201, headers=_ACME, body=_NEW),
    case("api_tokens.list", 200, headers=_ACME),
    case("api_tokens.update", 200, "@api_id", headers=_ACME, body={"description": "ci", "permissionIds": ["p1"]}),
    case("api_tokens.delete", 200, "@api_id", headers=_ACME),
    case("user_api_tokens.create", 201, headers=_ANN, body={"description": "cli", "expiresInMinutes": 60}),
    case("user_api_tokens.list", 200, headers=_ANN),
    case("user_api_tokens.delete", 200, "@ann_api_id", headers=_ANN),
    case(
        "access_tokens.create",
        201,
        headers=_ACME,
        body={"description": "ci", "roleIds": ["r1"], "expiresInMinutes": 1.5},
    ),
    case("access_tokens.list", 200, headers=_ACME),
    case("access_tokens.delete", 200, "of-acme", headers=_ACME),
    case("user_access_tokens.create", 201, headers=_ANN, body={"description": "cli", "expiresInMinutes": 60}),
    case("user_access_tokens.list", 200, headers=_ANN),
    case("user_access_tokens.delete", 200, "of-ann", headers=_ANN),
    _login(200, username="ann", password="emu_ann"),
    case("me.tenants", 200, token="member", switches={"user_tenants": "names"}),
    case("me.tenants", 200, headers={"frontegg-user-id": "ann"}),
    case("me.tenants_v3", 200, token="member", switches={"user_tenants": "names"}),
    case("sessions.exchange_api_token", 200, token="none", body=_API_TOKEN, switches={"session_expires": "rfc3339"}),
    case("me.hierarchy", 200, token="member", switches={"user_hierarchy": "rows"}),
    case("api_tokens.create", 201, token="user", body={}),
    case("api_tokens.update", 200, "@api_id", token="user", body={"metadata": {"a": 1}, "roleIds": []}),
    case("user_api_tokens.create", 201, token="user", body={"metadata": {}}),
    case("user_api_tokens.list", 200, token="user"),
    case("access_tokens.create", 201, token="user", body={}),
    case("user_access_tokens.create", 201, token="user", body={}),
    case("user_access_tokens.list", 200, token="user"),
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
    case("me.tenants", 400),
    case("me.tenants", 404, headers={"frontegg-user-id": "nobody"}),
    case("me.tenants_v3", 403, switches={"wrong_token_kind": 403}),
    case("me.hierarchy", 403, switches={"wrong_token_kind": 403}),
    case("me.switch_tenant", 403, token="member", body={"tenantId": "child"}),
    case("me.switch_tenant", 404, token="member", body={"tenantId": "nobody"}),
    case("api_tokens.create", 403, token="bare", body={}),
    case("api_tokens.create", 404, headers=_NOBODY, body={}),
    case("api_tokens.create", 400, headers=_ACME, body={"expiresInMinutes": 0}),
    case("api_tokens.create_v1", 403, body={}),
    case("api_tokens.create_v1", 404, headers=_NOBODY, body={}),
    case("api_tokens.list", 403),
    case("api_tokens.list", 404, headers=_NOBODY),
    case("api_tokens.update", 403, "@api_id", token="bare", body={"description": "ci"}),
    case("api_tokens.update", 404, "@locked_api_id", headers=_ACME, body={"description": "ci"}),
    case("api_tokens.update", 400, "@api_id", headers=_ACME, body={}),
    case("api_tokens.delete", 403, "@api_id", token="bare"),
    case("api_tokens.delete", 404, "@ann_api_id", headers=_ACME),
    case("user_api_tokens.create", 403, token="bare", body={}),
    case("user_api_tokens.create", 404, headers={**_ANN, "frontegg-user-id": "nobody"}, body={}),
    case("user_api_tokens.create", 400, headers=_ACME, body={}),
    case("user_api_tokens.list", 403, headers={"frontegg-user-id": "ann"}),
    case("user_api_tokens.list", 404, headers={**_ANN, **_NOBODY}),
    case("user_api_tokens.list", 400, headers=_ACME),
    case("user_api_tokens.delete", 403, "@ann_api_id", token="bare"),
    case("user_api_tokens.delete", 404, "@api_id", headers=_ANN),
    case("user_api_tokens.delete", 400, "@ann_api_id", headers=_ACME),
    case("access_tokens.create", 403, token="bare", body={}),
    case("access_tokens.create", 404, headers=_NOBODY, body={}),
    case("access_tokens.create", 400, headers=_ACME, body={"expiresInMinutes": 0}),
    case("access_tokens.list", 403, headers=_ACME, switches=_DISABLED),
    case("access_tokens.list", 404, headers=_NOBODY),
    case("access_tokens.delete", 403, "of-acme", token="bare"),
    case("access_tokens.delete", 404, "of-ann", headers=_ACME),
    case("user_access_tokens.create", 403, token="bare", body={}),
    case("user_access_tokens.create", 404, headers={**_ANN, "frontegg-user-id": "nobody"}, body={}),
    case("user_access_tokens.create", 400, headers=_ACME, body={}),
    case("user_access_tokens.list", 403, headers={"frontegg-user-id": "ann"}),
    case("user_access_tokens.list", 404, headers={**_ANN, **_NOBODY}),
    case("user_access_tokens.list", 400, headers=_ACME),
    case("user_access_tokens.delete", 403, "of-ann", token="bare"),
    case("user_access_tokens.delete", 404, "of-acme", headers=_ANN),
    case("user_access_tokens.delete", 400, "of-ann", headers=_ACME),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""


def filled(environment: EmulatorHandle, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a body, or headers, with what the names with ``@`` stand for."""
    return {name: fill(environment, value) for name, value in values.items()}


def fill(environment: EmulatorHandle, value: Any) -> Any:
    """Return a value, or what a name with ``@`` stands for."""
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    tenant_id = "child" if value.startswith("@locked_") else "acme"
    match value[1:].removeprefix("locked_"):
        case "client_id":
            return environment.client_id
        case "refresh":
            return environment.user_token(tenant_id=tenant_id).refresh_token
        case "ann_api_id":
            return _add_api_token(environment, tenant_id, userId="ann")
        case "api_id":
            return _add_api_token(environment, tenant_id)
        case _:
            client_id = _add_api_token(environment, tenant_id)
            token = environment.user_token(tenant_id=tenant_id, user_id=client_id, type="tenantApiToken")
            return token.refresh_token


def _add_api_token(environment: EmulatorHandle, tenant_id: str, **more: str) -> str:
    snapshot: Any = environment.snapshot()
    (kept,) = snapshot["environments"]
    client_id = f"{environment.client_id}-{tenant_id}"
    row = {"id": client_id, "tenantId": tenant_id, "secret": "emu_api", "createdAt": "2026-01-01T00:00:00.000Z"}
    kept["tables"]["apiTokens"] = [{**row, **more}]
    environment.restore(snapshot)
    return client_id
