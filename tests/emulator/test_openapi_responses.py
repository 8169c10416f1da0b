"""Real responses of the emulator, checked against its OpenAPI document: every status of every operation."""

from __future__ import annotations

import functools
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
from tests.emulator import cases_identity
from tests.emulator.cases import Case
from tests.emulator.outbox import SENDERS
from tests.exercises.every_exercise import subjects
from tests.exercises.world import SESSION_OF_ANN

pytestmark = pytest.mark.one_python

_DOCUMENT: Final[dict[str, Any]] = document()
_ENDPOINTS: Final = {endpoint.name: endpoint for endpoint in all_endpoints()}
_REGISTRY: Final = Registry().with_resource(
    "urn:emulator", Resource.from_contents(_DOCUMENT, default_specification=DRAFT202012)
)
_PERMISSIONS: Final = (
    "fe.account-hierarchy.*",
    "fe.account-settings.delete.account",
    "fe.account-settings.read.app",
    "fe.connectivity.*",
    "fe.secure.*",
)

_SEED: Final[list[Mapping[str, Any]]] = [
    {"tenantId": "acme", "name": "Acme", "isReseller": True, "alias": "acme", "metadata": {"plan": "pro"}},
    {"tenantId": "child", "name": "Child", "parentTenantId": "acme", "isLocked": True, "tenantType": "test"},
    {"tenantId": "other", "name": "Ünïcödé", "metadata": "42", "numberOfEmployees": 12, "domain": None},
]
_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_USERS: Final[list[Mapping[str, Any]]] = [
    *cases_identity.USERS,
    {
        "id": "plain",
        "email": "bob@acme.example",
        "username": "bob",
        "tenantId": "other",
        "metadata": {"team": ["a", None]},
    },
]


_TABLES: Final[Mapping[str, Any]] = {
    name: [row for each in subjects() for row in getattr(each, "TABLES", {}).get(name, ())]
    for subject in subjects()
    for name in getattr(subject, "TABLES", {})
}
"""Rows whose ids are known beforehand, as a snapshot has them."""


_OWN: Final = tuple(case for subject in subjects() for case in subject.CASES)
_SUCCESSES: Final = tuple(case for case in _OWN if case.status == _ENDPOINTS[case.name].status)
_GOOD: Final = {case.name: case for case in reversed(_SUCCESSES)}
"""The first request of each operation that succeeds."""


_WRONG: Final = {
    "permissions.update": {"name": 1},
    "permissions.update_category": {"name": 1},
    "roles.update": {"name": 1},
    "sso.create_v1": {"enabled": "no"},
    "sso.update_v1": {"enabled": "no"},
    "users.update": {"name": 1},
}
"""Wrong bodies of operations that ignore unknown fields, and have no required field that would be missing."""


_WITHOUT_TOKEN: Final = {"users.passwords.get_config", "users.passwords.reset", "users.passwords.send_reset_email"}
"""Operations that log-in boxes call without a token, too."""


def _common_errors() -> Iterator[Case]:
    """Yield a request for each status that many operations share."""
    for good in _GOOD.values():
        endpoint = _ENDPOINTS[good.name]
        if endpoint.auth:
            if good.name not in _WITHOUT_TOKEN:
                yield attrs.evolve(good, status=401, token="none")
            yield attrs.evolve(good, status=401, headers={"authorization": "Bearer a.b.c"}, token="none")
        if Auth.TENANT in endpoint.auth and Auth.ENVIRONMENT not in endpoint.auth and good.token == "vendor":
            yield attrs.evolve(good, status=403, headers={})
        if endpoint.auth == Auth.ENVIRONMENT:
            refuse = {"sso_tenant_header": "refuse"}
            yield attrs.evolve(good, status=403, headers=_ABOUT_ACME, switches=refuse)
            yield attrs.evolve(good, status=401, token="user")
        if endpoint.body is not None:
            yield attrs.evolve(good, status=400, body=_WRONG.get(good.name, {"no": "such field"}))
            yield attrs.evolve(good, status=400, body=[1])
        for with_header in (True, False):
            yield attrs.evolve(good, status=429, limited=with_header)


_ERRORS: Final = tuple(_common_errors())
_CASES: Final = (*_OWN, *_ERRORS)


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


def _fill(emulator: EmulatorHandle) -> EmulatorHandle:
    """Return a new environment with some tenants and users."""
    environment = emulator.create_environment()
    environment.seed(tenants=_SEED, users=_USERS)
    environment.access_token(tenant_id="acme", id="of-acme", roles=["Admin"], expires_in=3600)
    environment.access_token(tenant_id="acme", id="of-ann", user_id="ann", permissions=["fe.secure.*"])
    snapshot = cast("Any", environment.snapshot())
    snapshot["environments"][0]["tables"].update(_TABLES)
    snapshot["environments"][0]["refresh_tokens"].append(SESSION_OF_ANN)
    environment.restore(snapshot)
    return environment


@pytest.fixture(scope="module")
def unchanged(emulator: EmulatorHandle) -> EmulatorHandle:
    """The environment of all requests that change nothing."""
    return _fill(emulator)


def _ask(url: str, method: str, target: str, headers: Mapping[str, str], body: object) -> Answered:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        raw = None if body is None else json.dumps(body).encode()
        connection.request(method, target, raw, {"content-type": "application/json", **headers})
        response = connection.getresponse()
        return Answered(response.status, response.headers, response.read())
    finally:
        connection.close()


@functools.lru_cache(maxsize=64)  # most requests are to one environment
def _token(environment: EmulatorHandle, kind: str) -> str:
    if kind == "vendor":
        credentials = {"clientId": environment.client_id, "secret": environment.secret}
        return cast("str", json.loads(_ask(environment.url, "POST", "/auth/vendor", {}, credentials).body)["token"])
    if kind == "member":
        return environment.user_token(tenant_id="acme", user_id="ann").access_token
    tenant_id = "gone" if kind == "orphan" else "acme"
    permissions = [] if kind == "bare" else _PERMISSIONS
    return environment.user_token(tenant_id=tenant_id, permissions=permissions).access_token


def _changes_nothing(case: Case) -> bool:
    """Return whether a request is refused or only reads, and needs no switch and no object of its own."""
    has_own = "@" in repr((case.fields, case.body, case.headers))
    return (case.status >= 400 or _ENDPOINTS[case.name].method == "GET") and not case.switches and not has_own


def _target(case: Case) -> str:
    parts = iter(case.fields)
    path = "/".join(
        quote(next(parts), safe="") if part.startswith("{") else part for part in _ENDPOINTS[case.name].path.split("/")
    )
    return f"{path}?{urlencode(case.query)}" if case.query else path


def _send(emulator: EmulatorHandle, environment: EmulatorHandle, case: Case) -> Answered:
    for name, value in case.switches.items():
        environment.set_switch(name, value)
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
    # only faults for all environments apply to a request that names no environment
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


@pytest.mark.slow
@pytest.mark.parametrize("case", _OWN, ids=str)
def test_an_answer_is_as_the_document_says(emulator: EmulatorHandle, unchanged: EmulatorHandle, case: Case) -> None:
    """Status, headers, content type and body of an answer are documented; few operations send e-mails."""
    environment = unchanged if _changes_nothing(case) else _fill(emulator)
    _check_answer(_send(emulator, environment, case), case)
    if case.name not in SENDERS or case.status >= 400:
        assert environment.outbox() == []


@pytest.mark.slow
@pytest.mark.parametrize("case", _ERRORS, ids=str)
def test_an_error_of_any_operation_is_as_the_document_says(
    emulator: EmulatorHandle, unchanged: EmulatorHandle, case: Case
) -> None:
    """Credentials, bodies and rate limits are refused alike everywhere, and nothing is changed then."""
    environment = _fill(emulator) if case.switches else unchanged
    _check_answer(_send(emulator, environment, case), case)
    assert environment.outbox() == []


def _check_answer(answered: Answered, case: Case) -> None:
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
    if case.status == 400:
        assert value["errors"]
        assert value["errorCode"]


def test_every_documented_status_is_tried() -> None:
    """There is a case for every status that the document has, and for no other."""
    documented = {
        (name, int(status)) for name, endpoint in _ENDPOINTS.items() for status in _operation(endpoint)["responses"]
    }

    assert {(case.name, case.status) for case in _CASES} == documented


def test_what_is_sent_is_as_the_document_says() -> None:
    """The bodies of the requests that succeed fit the schemas of the bodies, and only operations with one take one."""
    for case in _SUCCESSES:
        operation = _operation(_ENDPOINTS[case.name])
        assert ("requestBody" in operation) == (case.body is not None)
        if case.body is not None and case.name != "auth.authenticate":
            _check(operation["requestBody"]["content"]["application/json"]["schema"], case.body)


def test_the_emulator_serves_its_document(emulator: EmulatorHandle) -> None:
    """`GET openapi.json` of the admin API is the document."""
    answered = _ask(emulator.url, "GET", "/_emulator/v1/openapi.json", {}, None)

    assert answered.status == 200
    assert json.loads(answered.body) == _DOCUMENT
