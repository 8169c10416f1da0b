"""Correct responses for scripted servers, about the tenant that a request asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

from tests.support.faults.http import RawRequest, answer_bytes

_TENANTS: Final = "/tenants/resources/tenants"
_HIERARCHY: Final = "/tenants/resources/hierarchy"
_SSO: Final = "/team/resources/sso"
_API_TOKENS: Final = "/identity/resources/tenants/api-tokens"
_ACCESS_TOKENS: Final = "/identity/resources/tenants/access-tokens"

_DAY: Final = "2024-05-01T10:00:00.000Z"

Body: TypeAlias = Callable[[str, dict[str, Any]], object]


def is_authentication(request: RawRequest) -> bool:
    """Return whether a request asks for the token."""
    return request.path == "/auth/vendor"


def tenant_of(request: RawRequest) -> str:
    """Return the tenant that a request is about, by its header, its body or its path."""
    body = _body(request)
    given: str | None = request.headers.get("frontegg-tenant-id") or body.get("tenantId")
    if given:
        return given
    found = re.search(r"/tenants/v\d/(?:alias/)?([^/]+)|/sub-tenants/v\d/([^/]+)", request.path)
    return next((group for group in found.groups() if group), "") if found else ""


def _body(request: RawRequest) -> dict[str, Any]:
    body = request.json() if request.body else {}
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def tenant(tenant_id: str, sent: dict[str, Any]) -> dict[str, object]:
    """Return a tenant, with the name that was sent."""
    return {
        "tenantId": tenant_id,
        "name": sent.get("name", f"Tenant {tenant_id}"),
        "createdAt": _DAY,
        "updatedAt": _DAY,
    }


def _token(_: str, __: dict[str, Any]) -> object:
    return {"token": "token", "expiresIn": 86_400}


def _page(tenant_id: str, _: dict[str, Any]) -> object:
    return {"items": [tenant(tenant_id or "all", {})], "_metadata": {"totalItems": 1, "totalPages": 1}}


def _relatives(tenant_id: str, _: dict[str, Any]) -> object:
    return [{"tenantId": f"{tenant_id}-relative", "level": 1}]


def _tree(tenant_id: str, _: dict[str, Any]) -> object:
    return {"tenantId": tenant_id, "tenantName": tenant_id, "children": []}


def _sso(tenant_id: str, _: dict[str, Any]) -> object:
    return {"id": f"{tenant_id}-sso", "tenantId": tenant_id, "type": "saml"}


def _api_token(tenant_id: str, _: dict[str, Any]) -> object:
    return {"clientId": f"{tenant_id}-token", "secret": "secret", "tenantId": tenant_id, "createdAt": _DAY}


def _access_token(tenant_id: str, _: dict[str, Any]) -> object:
    return {"id": f"{tenant_id}-token", "tenantId": tenant_id, "secret": "a.b.c", "roles": [], "permissions": []}


def _access_tokens(tenant_id: str, _: dict[str, Any]) -> object:
    return {"accessTokens": [{"id": f"{tenant_id}-token", "createdAt": _DAY}]}


def _group(tenant_id: str, _: dict[str, Any]) -> object:
    return {"id": f"{tenant_id}-group", "group": tenant_id, "roleIds": []}


def _many(of: Body) -> Body:
    return lambda tenant_id, sent: [of(tenant_id, sent)]


_ANSWERS: Final[tuple[tuple[str, str, int, Body], ...]] = (
    ("POST", "/auth/vendor", 200, _token),
    ("POST", _TENANTS + r"/v1", 201, tenant),
    ("GET", _TENANTS + r"/v2", 200, _page),
    ("GET", _TENANTS + r"/v2/(alias/)?[^/]+", 200, tenant),
    ("PUT", _TENANTS + r"/v2/[^/]+", 200, tenant),
    ("POST", _TENANTS + r"/v1/[^/]+/metadata", 201, lambda tenant_id, _: tenant(tenant_id, {})),
    ("DELETE", _TENANTS + r"/v1/[^/]+/metadata/.+", 200, tenant),
    ("GET", _HIERARCHY + r"/v1(/parents)?", 200, _relatives),
    ("GET", _HIERARCHY + r"/v1/tree", 200, _tree),
    ("GET", _HIERARCHY + r"/v2", 200, _page),
    ("POST", "/tenants/resources/migrations/v1/tenants", 202, lambda _, __: {"migrationId": "m"}),
    ("GET", _SSO + r"/v\d/configurations", 200, _many(_sso)),
    ("GET", _SSO + r"/v\d/configurations/[^/]+/groups", 200, _many(_group)),
    ("GET", _SSO + r"/v\d/configurations/[^/]+/roles", 200, lambda tenant_id, _: {"roleIds": [tenant_id]}),
    ("POST", _SSO + r"/v\d/configurations", 201, _sso),
    ("PATCH", _SSO + r"/v\d/configurations/[^/]+", 200, _sso),
    ("GET", _API_TOKENS + r"/v\d", 200, _many(_api_token)),
    ("POST", _API_TOKENS + r"/v\d", 201, _api_token),
    ("GET", _ACCESS_TOKENS + r"/v1", 200, _access_tokens),
    ("POST", _ACCESS_TOKENS + r"/v1", 201, _access_token),
    ("GET", r"/identity/resources/vendor-only/tenants/access-tokens/v1/[^/]+", 200, _access_token),
)


def answer(request: RawRequest, *, about: str | None = None) -> bytes:
    """Return the answer to a request.

    Args:
        request: The request.
        about: The tenant that it is about, in the place of the one that was asked for.
    """
    for method, path, status, make in _ANSWERS:
        if request.method == method and re.fullmatch(path, request.path):
            sent = {} if about is not None else _body(request)
            return answer_bytes(status, make(tenant_of(request) if about is None else about, sent))
    return answer_bytes(200)
