"""Real responses of the emulator, checked against its OpenAPI document: every status of every operation."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast
from urllib.parse import quote, unquote, urlencode, urlsplit

import attrs
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.openapi.document import document, wire_path
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from tests.emulator import cases_hierarchy, cases_identity, cases_sso
from tests.emulator.cases import Case
from tests.emulator.cases import case as _case

_DOCUMENT: Final[dict[str, Any]] = document()
_ENDPOINTS: Final = {endpoint.name: endpoint for endpoint in all_endpoints()}
_REGISTRY: Final = Registry().with_resource(
    "urn:emulator", Resource.from_contents(_DOCUMENT, default_specification=DRAFT202012)
)
_PERMISSIONS: Final = ("fe.account-hierarchy.*", "fe.account-settings.delete.account", "fe.secure.*")

_SEED: Final[list[Mapping[str, Any]]] = [
    {"tenantId": "acme", "name": "Acme", "isReseller": True, "alias": "acme", "metadata": {"plan": "pro"}},
    {"tenantId": "child", "name": "Child", "parentTenantId": "acme", "isLocked": True, "tenantType": "test"},
    {"tenantId": "other", "name": "Ünïcödé", "metadata": "42", "numberOfEmployees": 12, "domain": None},
]
_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_DISABLED: Final[Mapping[str, str | int]] = {"access_tokens": "disabled"}
_USERS: Final[list[Mapping[str, Any]]] = [
    *cases_identity.USERS,
    {"email": "bob@acme.example", "tenantId": "other", "metadata": {"team": ["a", None]}},
]


_TABLES: Final[Mapping[str, Any]] = {
    "migration": [{"id": "m1", "startedAt": "2024-01-01T00:00:00Z", "tenants": [{"tenantId": "acme"}]}],
    **cases_sso.TABLES,
}
"""Rows whose ids are known beforehand, as a snapshot has them."""


_GOOD: Final = (
    _case("auth.authenticate", 200, token="none", body={}),
    _case("auth.jwks", 200, token="none"),
    _case("identity.configuration", 200),
    *cases_hierarchy.GOOD,
    *cases_identity.GOOD,
    _case("access_tokens.tenant_token", 200, "of-acme", headers=_ABOUT_ACME),
    _case("access_tokens.active_tenant_tokens", 200, headers=_ABOUT_ACME),
    _case("access_tokens.user_token", 200, "of-ann", headers=_ABOUT_ACME),
    _case("access_tokens.active_user_tokens", 200, headers=_ABOUT_ACME),
    _case("tenants.create", 201, body={"name": "New", "metadata": {"a": [1]}, "website": None}),
    _case("tenants.list", 200),
    _case("tenants.list_v1", 200),
    _case("tenants.get", 200, "acme"),
    _case("tenants.get_v1", 200, "acme"),
    _case("tenants.get_by_alias", 200, "acme"),
    _case("tenants.update", 200, "acme", body={"name": "Acme 2", "currency": None}),
    _case("tenants.update_v1", 200, "acme", body={"metadata": '{"a": 1}'}),
    _case("tenants.delete", 200, "acme"),
    _case("tenant.delete_current", 200, token="user"),
    _case("tenants.add_metadata", 201, "other", body={"metadata": {"seats": 3}}),
    _case("tenants.delete_metadata", 200, "acme", "plan"),
    _case("tenants.lock", 204, body={"tenantIds": ["acme", "other"]}),
    _case("tenants.unlock", 204, body={"tenantIds": ["child"]}),
    _case("account_settings.get", 200, headers=_ABOUT_ACME),
    _case("account_settings.update", 200, headers=_ABOUT_ACME, body={"name": "Acme 3", "timezone": None}),
    _case("account_settings.public", 200, headers=_ABOUT_ACME),
    _case("migrations.start", 202, body={"tenants": ["acme", "nobody"]}),
    _case("migrations.status", 200, "m1"),
    _case("tenants.user_counts", 201, body={"tenantIds": ["acme", "other"], "excludeInvisibleUsers": True}),
    _case("tenants.move_users", 200, body={"srcTenantId": "acme", "targetTenantId": "other"}),
    *cases_sso.GOOD,
)
"""One request for each operation that succeeds."""

_MORE: Final = (
    *cases_hierarchy.MORE,
    *cases_identity.MORE,
    _case("tenants.create", 201, body={}),
    _case("tenants.create", 201, body={"tenantId": "below", "name": "Below", "parentTenantId": "acme"}),
    _case("tenants.list", 200, query=(("_limit", "1"), ("_offset", "1"), ("_sortBy", "name"), ("_order", "DESC"))),
    _case("tenants.list", 200, query=(("_offset", "7"), ("_filter", "ACME"), ("_tenantIds", "acme"))),
    _case("tenants.list", 200, divergences={"links": "empty"}),
    _case("tenants.list", 200, divergences={"links": "missing"}),
    _case("tenants.get", 200, "nobody"),
    _case("tenants.get", 200, "child"),
    _case("tenants.get", 200, "other"),
    _case("tenants.get_v1", 200, "nobody"),
    _case("tenants.delete_metadata", 200, "acme", "no such key"),
    _case("tenants.user_counts", 201, token="user", body={"tenantIds": ["child"]}),
    _case("access_tokens.tenant_token", 200, "of-acme"),
    _case("access_tokens.active_user_tokens", 200),
    _case("identity.configuration", 200, headers={"frontegg-environment-id": "e", "frontegg-application-id": "a"}),
    *cases_sso.MORE,
)
"""Other successes, of other shapes."""

_REFUSED: Final = (
    _case("auth.authenticate", 401, token="none", body={"clientId": "emu_client", "secret": "emu_wrong"}),
    _case("access_tokens.tenant_token", 404, "of-ann", headers=_ABOUT_ACME),
    _case("access_tokens.active_tenant_tokens", 404, headers={"frontegg-tenant-id": "nobody"}),
    _case("access_tokens.user_token", 404, "nobody", headers=_ABOUT_ACME),
    _case("access_tokens.active_user_tokens", 404, headers={"frontegg-tenant-id": "nobody"}),
    *(
        _case(f"access_tokens.{verb}", 403, divergences=_DISABLED)
        for verb in ("active_tenant_tokens", "active_user_tokens")
    ),
    *(_case(f"access_tokens.{verb}", 403, "of-acme", divergences=_DISABLED) for verb in ("tenant_token", "user_token")),
    _case("tenants.create", 404, body={"name": "Below", "parentTenantId": "nobody"}),
    _case("tenants.create", 400, body={"name": "Below", "parentTenantId": "child"}),
    _case("tenants.create", 409, body={"tenantId": "acme", "name": "Acme"}),
    _case("tenants.list", 400, query=(("_sortBy", "colour"),)),
    _case("tenants.list", 414, query=tuple(("_tenantIds", f"t{index}") for index in range(300))),
    _case("tenants.get", 404, "nobody", divergences={"unknown_tenant": "not_found"}),
    _case("tenants.get_v1", 400, "a\x01b"),
    _case("tenants.get_by_alias", 404, "nobody"),
    _case("tenants.update", 400, "acme", body={}),
    _case("tenants.update", 404, "nobody", body={"name": "Nobody"}),
    _case("tenants.update_v1", 400, "acme", body={}),
    _case("tenants.update_v1", 404, "nobody", body={"name": "Nobody"}),
    _case("tenants.delete", 404, "nobody"),
    _case("tenant.delete_current", 403, token="bare"),
    _case("tenant.delete_current", 404, token="orphan"),
    _case("tenants.add_metadata", 400, "acme", body={"metadata": 7}),
    _case("tenants.add_metadata", 404, "nobody", body={"metadata": {"a": 1}}),
    _case("tenants.delete_metadata", 404, "nobody", "plan"),
    _case("tenants.lock", 400, body={"tenantIds": []}),
    _case("tenants.lock", 404, body={"tenantIds": ["acme", "nobody"]}),
    _case("tenants.unlock", 400, body={"tenantIds": ["t"] * 101}),
    _case("tenants.unlock", 404, body={"tenantIds": ["nobody"]}),
    _case("tenants.user_counts", 403, token="user", body={"tenantIds": ["other"]}),
    _case("tenants.user_counts", 404, token="user", body={"tenantIds": ["nobody"]}),
    *(_case(f"account_settings.{verb}", 404, headers={"frontegg-tenant-id": "nobody"}) for verb in ("get", "public")),
    _case("account_settings.get", 403, token="bare"),
    _case("account_settings.public", 403),
    _case("account_settings.update", 404, headers={"frontegg-tenant-id": "nobody"}, body={"name": "Nobody"}),
    _case("account_settings.update", 400, headers=_ABOUT_ACME, body={}),
    _case("account_settings.update", 403, headers=_ABOUT_ACME, token="bare", body={"name": "Acme 4"}),
    *cases_hierarchy.REFUSED,
    *cases_identity.REFUSED,
    _case("migrations.status", 404, "nothing"),
    _case("tenants.move_users", 404, body={"srcTenantId": "acme", "targetTenantId": "nobody"}),
    *cases_sso.REFUSED,
)
"""Each operation's own errors."""


def _common_errors() -> Iterator[Case]:
    for good in _GOOD:
        endpoint = _ENDPOINTS[good.name]
        if endpoint.auth:
            yield attrs.evolve(good, status=401, token="none")
            yield attrs.evolve(good, status=401, headers={"authorization": "Bearer a.b.c"}, token="none")
        if Auth.TENANT in endpoint.auth and Auth.ENVIRONMENT not in endpoint.auth:
            yield attrs.evolve(good, status=403, headers={})
        if endpoint.auth == Auth.ENVIRONMENT:
            refuse = {"sso_tenant_header": "refuse"}
            yield attrs.evolve(good, status=403, headers=_ABOUT_ACME, divergences=refuse)
            yield attrs.evolve(good, status=401, token="user")
        if endpoint.body is not None:
            # Under /team an unknown field is ignored, and these have no required field that would be missing.
            wrong = {"enabled": "no"} if good.name in {"sso.create_v1", "sso.update_v1"} else {"no": "such field"}
            yield attrs.evolve(good, status=400, body=wrong)
            yield attrs.evolve(good, status=400, body=[1])
        for with_header in (True, False):
            yield attrs.evolve(good, status=429, limited=with_header)


_CASES: Final = (*_GOOD, *_MORE, *_REFUSED, *_common_errors())


@attrs.frozen
class Answered:
    """A whole answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    """A running emulator."""
    with Emulator() as handle:
        yield handle


@pytest.fixture
def environment(emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with some tenants and users."""
    environment = emulator.create_environment()
    environment.seed(tenants=_SEED, users=_USERS)
    environment.access_token(tenant_id="acme", id="of-acme", roles=["Admin"], expires_in=60)
    environment.access_token(tenant_id="acme", id="of-ann", user_id="ann", permissions=["fe.secure.*"])
    snapshot = cast("Any", environment.snapshot())
    snapshot["environments"][0]["tables"].update(_TABLES)
    environment.restore(snapshot)
    return environment


def _ask(url: str, method: str, target: str, headers: Mapping[str, str], body: object) -> Answered:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        raw = None if body is None else json.dumps(body).encode()
        connection.request(method, target, raw, {"content-type": "application/json", **headers})
        response = connection.getresponse()
        return Answered(response.status, response.headers, response.read())
    finally:
        connection.close()


def _token(environment: EmulatorHandle, kind: str) -> str:
    if kind == "vendor":
        credentials = {"clientId": environment.client_id, "secret": environment.secret}
        return cast("str", json.loads(_ask(environment.url, "POST", "/auth/vendor", {}, credentials).body)["token"])
    if kind == "member":
        return environment.user_token(tenant_id="acme", user_id="ann").access_token
    tenant_id = "gone" if kind == "orphan" else "acme"
    permissions = [] if kind == "bare" else _PERMISSIONS
    return environment.user_token(tenant_id=tenant_id, permissions=permissions).access_token


def _target(case: Case) -> str:
    parts = iter(case.fields)
    path = "/".join(
        quote(next(parts), safe="") if part.startswith("{") else part for part in _ENDPOINTS[case.name].path.split("/")
    )
    return f"{path}?{urlencode(case.query)}" if case.query else path


def _send(emulator: EmulatorHandle, environment: EmulatorHandle, case: Case) -> Answered:
    for name, value in case.divergences.items():
        environment.set_divergence(name, value)
    body, headers = case.body, cases_identity.filled(environment, case.headers)
    if case.name == "auth.authenticate" and body == {}:
        body = {"clientId": environment.client_id, "secret": environment.secret}
    elif isinstance(body, dict):
        body = cases_identity.filled(environment, cast("dict[str, object]", body))
    if case.token != "none":
        headers["authorization"] = f"Bearer {_token(environment, case.token)}"
    fields = tuple(cases_identity.fill(environment, field) for field in case.fields)
    target = _target(attrs.evolve(case, fields=fields))
    method = _ENDPOINTS[case.name].method
    if case.limited is None and case.fault_status is None:
        return _ask(environment.url, method, target, headers, body)
    # a request that names no environment meets the faults for all only
    book = emulator if case.name == "auth.jwks" else environment
    action: dict[str, Any] = {"type": "rate_limit", "reset_in": 30, "with_header": case.limited}
    if case.fault_status is not None:
        action = {"type": "status", "status": case.fault_status}
    match = {"method": method, "path": unquote(target.partition("?")[0])}
    fault = book.add_fault(match=match, stage="accept", action=action)
    try:
        return _ask(environment.url, method, target, headers, body)
    finally:
        book.delete_fault(fault)


def _operation(endpoint: Endpoint[object]) -> dict[str, Any]:
    return cast("dict[str, Any]", _DOCUMENT["paths"][wire_path(endpoint)][endpoint.method.lower()])


def _resolve(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        target: Any = _DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


def _absolute(value: Any) -> Any:
    """The schema with references into the document."""
    if isinstance(value, dict):
        return {key: f"urn:emulator{each}" if key == "$ref" else _absolute(each) for key, each in value.items()}
    return [_absolute(each) for each in value] if isinstance(value, list) else value


def _check(schema: dict[str, Any], value: object) -> None:
    Draft202012Validator(_absolute(schema), registry=_REGISTRY, format_checker=FormatChecker()).validate(value)


@pytest.mark.parametrize("case", _CASES, ids=str)
def test_an_answer_is_as_the_document_says(emulator: EmulatorHandle, environment: EmulatorHandle, case: Case) -> None:
    """Status, headers, content type and body of an answer are documented for the operation."""
    answered = _send(emulator, environment, case)

    assert answered.status == case.status, answered.body
    response = _resolve(_operation(_ENDPOINTS[case.name])["responses"][str(answered.status)])
    for name, reference in response["headers"].items():
        header = _resolve(reference)
        if header.get("required"):
            assert name in answered.headers
        if name in answered.headers:
            _check(header["schema"], answered.headers[name])
    if "content" not in response:
        assert answered.body == b""
        return
    content_type = answered.headers.get_content_type()
    value = json.loads(answered.body) if content_type == "application/json" else answered.body.decode()
    _check(response["content"][content_type]["schema"], value)


def test_every_documented_status_is_tried() -> None:
    """There is a case for every status that the document has, and for no other."""
    documented = {
        (name, int(status)) for name, endpoint in _ENDPOINTS.items() for status in _operation(endpoint)["responses"]
    }

    assert {(case.name, case.status) for case in _CASES} == documented


def test_what_is_sent_is_as_the_document_says() -> None:
    """The bodies of the requests that succeed fit the schemas of the bodies, and only operations with one take one."""
    for case in (*_GOOD, *_MORE):
        operation = _operation(_ENDPOINTS[case.name])
        assert ("requestBody" in operation) == (case.body is not None)
        if case.body is not None and case.name != "auth.authenticate":
            _check(operation["requestBody"]["content"]["application/json"]["schema"], case.body)


def test_the_emulator_serves_its_document(emulator: EmulatorHandle) -> None:
    """`GET openapi.json` of the admin API is the document."""
    answered = _ask(emulator.url, "GET", "/_emulator/v1/openapi.json", {}, None)

    assert answered.status == 200
    assert json.loads(answered.body) == _DOCUMENT
