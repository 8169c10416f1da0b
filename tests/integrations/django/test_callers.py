"""The caller of a request: by middleware and decorator, in plain and async views."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured, SynchronousOnlyOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.test import AsyncClient, Client, override_settings

from frontegg_async import ClientClosedError, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync.integrations.django import close_clients, get_access_token_verifier, get_caller, require
from tests.integrations.django.conftest import MIDDLEWARE

pytestmark = pytest.mark.usefixtures("site")

_PATHS = ("/plain/who", "/async/who")


@pytest.fixture
def foreign(frontegg_emulator_server: EmulatorHandle) -> str:
    """A token of another environment."""
    other = frontegg_emulator_server.create_environment()
    other.seed(tenants=[{"tenantId": "south", "name": "South"}])
    return other.user_token(tenant_id="south", user_id="bob", permissions=["*"]).access_token


def _get(path: str, token: str | None = None) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return Client(raise_request_exception=False).get(path, headers=headers)


async def _aget(path: str, token: str | None = None) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return await AsyncClient(raise_request_exception=False).get(path, headers=headers)


def _told(response: Any) -> tuple[int, str, str | None]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, json.loads(response.content)["code"], response.headers.get("WWW-Authenticate")


@pytest.mark.parametrize("path", _PATHS)
def test_a_view_knows_its_caller(path: str, token: str, foreign: str) -> None:
    """An invalid token, or one of another environment, gives no caller."""
    assert [_get(path, each).json() for each in (token, None, "nonsense", foreign, token[:-4] + "AAAA")] == [
        {"who": "ann"},
        *({"who": None},) * 4,
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("path", _PATHS)
async def test_a_view_knows_its_caller_under_asgi(path: str, token: str, foreign: str) -> None:
    """Under ASGI, plain views run in a thread and async views in the loop."""
    assert [(await _aget(path, each)).json() for each in (token, None, foreign)] == [
        {"who": "ann"},
        {"who": None},
        {"who": None},
    ]


@pytest.mark.anyio
async def test_an_async_view_must_not_block(token: str) -> None:
    """The error names the method to await."""
    with pytest.raises(SynchronousOnlyOperation, match=r"await request\.afrontegg\(\)"):
        await AsyncClient().get("/hasty/who", headers={"Authorization": f"Bearer {token}"})

    assert (await _aget("/hasty/who")).json() == {"who": False}


def test_a_token_is_verified_when_a_view_asks(token: str) -> None:
    """Keys are read only when a view uses the caller, and once."""
    assert _get("/plain/show/north", "nonsense").json() == {"name": "North"}

    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    caller = get_caller(request)
    assert "not verified yet" in repr(caller)
    assert get_caller(request) is caller
    assert caller.claims is caller.claims
    assert caller.error is None
    assert "ann" in repr(caller)
    assert token not in repr(caller)


@pytest.mark.parametrize("path", _PATHS)
def test_an_eager_site_refuses_bad_tokens(given: dict[str, Any], path: str, token: str, foreign: str) -> None:
    """Also for views that do not use the caller; a request without a token is passed on."""
    with override_settings(FRONTEGG={**given, "VERIFY": "eager"}):
        refused = [_told(_get(each, foreign)) for each in (path, "/plain/show/north")]
        assert [_get(path, each).json() for each in (token, None)] == [{"who": "ann"}, {"who": None}]

    assert refused == [(401, "token_invalid", 'Bearer error="invalid_token"')] * 2


def test_tokens_expire_by_the_clock_of_the_setting(
    given: dict[str, Any], token: str, frontegg_emulator: EmulatorHandle
) -> None:
    """With the clock of the emulator, a token and an access token expire when it is set forward."""
    key = frontegg_emulator.access_token(tenant_id="north", expires_in=60).secret
    with override_settings(FRONTEGG={**given, "VERIFY": "eager", "CLOCK": frontegg_emulator.time}):
        path = _PATHS[0]
        assert _get(path, token).status_code == 200
        assert Client().get(path, headers={"x-api-key": key}).status_code == 200
        frontegg_emulator.clock(advance=90_000)
        late = [_get(path, token), Client().get(path, headers={"x-api-key": key})]
    assert [(each.status_code, each.json()["code"]) for each in late] == [(401, "token_expired")] * 2


@pytest.mark.parametrize("verify", ["lazy", "eager"])
@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Basic YTpi", "token_missing"),
        ("", "token_missing"),
        ("Bearer", "token_invalid"),
        ("bearer a b", "token_invalid"),
        ("Bearer caf\u00e9.\u00e9.\u00e9", "token_invalid"),
        (f"Bearer {'e' * 20_000}.e.e", "token_invalid"),
    ],
)
def test_malformed_headers_give_no_caller(given: dict[str, Any], header: str, code: str, verify: str) -> None:
    """A malformed header gives no caller; one of another scheme is ignored, also by an eager site."""
    with override_settings(FRONTEGG={**given, "VERIFY": verify}):
        client = Client()
        assert _told(client.get("/plain/read", headers={"Authorization": header}))[:2] == (401, code)
        who = client.get("/plain/who", headers={"Authorization": header})

    assert who.status_code == (401 if verify == "eager" and code == "token_invalid" else 200)


@pytest.mark.anyio
async def test_an_eager_site_refuses_bad_tokens_under_asgi(given: dict[str, Any], token: str, foreign: str) -> None:
    """The token is verified before the view runs."""
    with override_settings(FRONTEGG={**given, "VERIFY": "eager"}):
        assert (await _aget("/hasty/who", token)).json() == {"who": True}
        assert _told(await _aget("/hasty/who", foreign))[0] == 401


@pytest.mark.slow
@pytest.mark.parametrize(("path", "eager"), [("/plain/read", True), ("/async/read", False)])
def test_unreachable_keys_are_503(given: dict[str, Any], path: str, eager: bool) -> None:
    """The response is 503 with ``Retry-After``."""
    value = {**given, "JWKS_URL": "http://127.0.0.1:9/keys", "VERIFY": "eager" if eager else "lazy"}
    # The key is looked up by the key id in the token's header.
    token = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsifQ.eyJzdWIiOiJhbm4ifQ.AAAA"
    with override_settings(FRONTEGG=value):
        response = _get(path, token)
        assert _get("/plain/who").json() == {"who": None}

    assert _told(response) == (503, "unavailable", None)
    assert int(response["Retry-After"]) >= 1


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_requirements(kind: str, token: str, foreign: str, frontegg_emulator: EmulatorHandle) -> None:
    """401 without a valid token, 403 without the permission, otherwise the view responds."""
    poor = frontegg_emulator.user_token(tenant_id="north", user_id="ann", permissions=["accounts.read"]).access_token

    assert _get(f"/{kind}/read", token).json() == {"below": ["North"]}
    assert _told(_get(f"/{kind}/read")) == (401, "token_missing", "Bearer")
    assert _told(_get(f"/{kind}/read", foreign)) == (401, "token_invalid", 'Bearer error="invalid_token"')
    assert _told(_get(f"/{kind}/read", poor)) == (403, "permission_missing", 'Bearer error="insufficient_scope"')
    assert _told(_get(f"/{kind}/burn", token))[0] == 403


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_requirements_under_asgi(kind: str, token: str, foreign: str) -> None:
    """The same holds under ASGI."""
    assert (await _aget(f"/{kind}/read", token)).json() == {"below": ["North"]}
    assert _told(await _aget(f"/{kind}/read", foreign))[0] == 401
    assert _told(await _aget(f"/{kind}/burn", token))[0] == 403


@pytest.mark.parametrize("middleware", [MIDDLEWARE, ()])
def test_a_valid_token_is_enough(middleware: tuple[str, ...], token: str) -> None:
    """Class-based views work too, without any middleware."""
    with override_settings(MIDDLEWARE=list(middleware)):
        assert _get("/class/read/kiosk", token).json() == {"who": "ann", "asked": "kiosk"}
        assert _told(_get("/class/read/kiosk"))[0] == 401


def test_only_some_types_of_tokens(given: dict[str, Any], token: str) -> None:
    """The setting TOKEN_TYPES limits the accepted types."""
    with override_settings(FRONTEGG={**given, "TOKEN_TYPES": ["tenantApiToken"]}):
        assert _get("/plain/who", token).json() == {"who": None}
    with override_settings(FRONTEGG={**given, "TOKEN_TYPES": ["userToken"]}):
        assert _get("/plain/who", token).json() == {"who": "ann"}


def test_names_are_checked_when_the_view_is_decorated() -> None:
    """Invalid names raise in the decorator, not at the first request."""
    with pytest.raises(InvalidArgumentError, match="permission"):
        require(permission="")


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_errors_become_responses(kind: str, given: dict[str, Any], frontegg_emulator: EmulatorHandle) -> None:
    """A missing object is 404, a failure of the service is 502, and a bug of the site is still 500."""
    assert _told(_get(f"/{kind}/show/nobody")) == (404, "not_found", None)

    frontegg_emulator.add_fault(stage="accept", action={"type": "status", "status": 500})
    with override_settings(FRONTEGG={**given, "OPTIONS": {"max_retries": 0}}):
        assert _told(_get(f"/{kind}/show/north")) == (502, "upstream_failed", None)
    assert _get("/broken").status_code == 500


@pytest.mark.anyio
async def test_errors_become_responses_under_asgi() -> None:
    """The same holds under ASGI."""
    assert _told(await _aget("/async/show/nobody"))[0] == 404
    assert _told(await _aget("/plain/show/nobody"))[0] == 404


def test_claims_without_a_token_are_401(token: str, foreign: str) -> None:
    """A view may use the claims and the ids without a check; without a valid token the response is 401."""
    assert _get("/plain/claims", token).json() == {"who": "ann", "user": "ann", "of": "north"}
    for path in ("/plain/claims", "/plain/tenant"):
        assert [_told(_get(path, each))[0] for each in (None, foreign)] == [401, 401]


@pytest.fixture
def key(frontegg_emulator: EmulatorHandle) -> str:
    """The access token of a tenant, with read and write permissions."""
    return frontegg_emulator.access_token(tenant_id="north", permissions=["accounts.*"], roles=["Admin"]).secret


def _with(path: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(raise_request_exception=False).get(path, headers=named)


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_access_tokens_are_accepted(kind: str, key: str, frontegg_emulator: EmulatorHandle) -> None:
    """The claims are those that the service returns for the access token; requirements are checked against them."""
    made = frontegg_emulator.access_token(tenant_id="north", user_id="ann", permissions=["accounts.read"])

    assert _with(f"/{kind}/who", X_Api_Key=made.secret).json() == {"who": made.id}
    assert _told(_with(f"/{kind}/read", x_api_key=made.secret))[:2] == (403, "permission_missing")
    assert _with("/class/read/kiosk", x_api_key=key).status_code == 200
    # The view needs a self-service client, which an access token does not give.
    assert _told(_with(f"/{kind}/read", x_api_key=key))[:2] == (401, "token_missing")


@pytest.mark.anyio
async def test_access_tokens_under_asgi(key: str) -> None:
    """The same holds under ASGI."""
    response = await AsyncClient().get("/class/read/kiosk", headers={"x-api-key": key})
    assert response.status_code == 200


@pytest.mark.parametrize("verify", ["lazy", "eager"])
@pytest.mark.parametrize(
    "kind",
    [
        "bare id",
        "forged",
        "user's token as a key",
        "access token as bearer",
        "both",
        "two bearers",
        "two keys",
        "mixed",
    ],
)
def test_more_than_one_token_and_tokens_in_the_wrong_header(
    given: dict[str, Any], token: str, key: str, kind: str, verify: str
) -> None:
    """Each header accepts its own types, and a request has one token: anything else gets 401."""
    headers = {
        "bare id": {"x_api_key": "0c4fd0a5-6c9b-4d6e-8a53-5d9a4c3b2a10"},
        "forged": {"x_api_key": f"{key[:-8]}AAAAAAAA"},
        "user's token as a key": {"x_api_key": token},
        "access token as bearer": {"Authorization": f"Bearer {key}"},
        "both": {"Authorization": f"Bearer {token}", "x_api_key": key},
        "two bearers": {"Authorization": f"Bearer {token},Bearer {token}"},
        "two keys": {"x_api_key": f"{key},{key}"},
        "mixed": {"Authorization": f"Basic YTpi, Bearer {token}"},
    }[kind]
    with override_settings(FRONTEGG={**given, "VERIFY": verify}):
        assert _told(_with("/class/read/kiosk", **headers))[:2] == (401, "token_invalid")
        if verify == "lazy":
            assert _with("/plain/who", **headers).json() == {"who": None}


@pytest.mark.parametrize("authorization", ["Basic YTpi", "Token x", "x.y.z"])
def test_an_access_token_excludes_authorization(key: str, authorization: str) -> None:
    """Any ``Authorization`` header beside an access token is a second credential, as in the other integrations."""
    assert _with("/class/read/kiosk", x_api_key=key).status_code == 200
    response = _with("/class/read/kiosk", Authorization=authorization, x_api_key=key)
    assert _told(response)[:2] == (401, "token_invalid")


def test_a_failed_lookup_is_503(given: dict[str, Any], key: str, frontegg_emulator: EmulatorHandle) -> None:
    """The token could not be verified, so a view that checks the caller sees none."""
    frontegg_emulator.add_fault(
        stage="accept",
        action={"type": "status", "status": 400},
        match={"path": "/identity/resources/vendor-only/*"},
    )
    assert _told(_with("/class/read/kiosk", x_api_key=key))[:2] == (503, "unavailable")
    assert _with("/plain/who", x_api_key=key).json() == {"who": None}
    with override_settings(FRONTEGG={**given, "VERIFY": "eager"}):
        assert _told(_with("/plain/who", x_api_key=key))[:2] == (503, "unavailable")


def test_only_some_types_of_access_tokens(given: dict[str, Any], token: str, key: str) -> None:
    """The setting TOKEN_TYPES is one list for both headers."""
    for types, of_tenants, of_users in (
        (["userToken"], 401, 200),
        (["tenantAccessToken"], 200, 401),
        (["userAccessToken"], 401, 401),
        (["tenantAccessToken", "userAccessToken", "userToken"], 200, 200),
    ):
        with override_settings(FRONTEGG={**given, "TOKEN_TYPES": types}):
            assert _with("/class/read/kiosk", x_api_key=key).status_code == of_tenants
            assert _get("/class/read/kiosk", token).status_code == of_users
            beside = _with("/class/read/kiosk", Authorization=f"Bearer {token}", x_api_key="of a gateway")
            assert beside.status_code == (200 if types == ["userToken"] else 401)


def test_how_access_tokens_are_verified(given: dict[str, Any], key: str) -> None:
    """The settings give the audience and the lifetime of cached lookups."""
    with override_settings(FRONTEGG={**given, "AUDIENCE": "another"}):
        assert _with("/class/read/kiosk", x_api_key=key).status_code == 401
    with override_settings(FRONTEGG={**given, "ACCESS_TOKEN_TTL": 0}):
        assert _with("/class/read/kiosk", x_api_key=key).status_code == 200
        assert get_access_token_verifier() is get_access_token_verifier()
    with override_settings(FRONTEGG={**given, "ACCESS_TOKEN_TTL": 301}):
        (problem,) = run_checks(tags=["frontegg"])
        assert (problem.id, problem.msg) == (
            "frontegg.E004",
            'FRONTEGG["ACCESS_TOKEN_TTL"] must be a number of seconds from 0 to 300.',
        )
    without = {name: value for name, value in given.items() if name != "ISSUER"}
    with override_settings(FRONTEGG=without), pytest.raises(ImproperlyConfigured, match="neither DOMAIN nor ISSUER"):
        get_access_token_verifier()


def test_mistakes_of_the_program_raise_in_the_view(key: str) -> None:
    """A client that was closed elsewhere, for example, raises in the view."""
    request = HttpRequest()
    request.META["HTTP_X_API_KEY"] = key
    caller = get_caller(request)
    get_access_token_verifier().close()
    with pytest.raises(ClientClosedError):
        _ = caller.is_authenticated
    close_clients()


@pytest.mark.parametrize("headers", [("authorization", "authorization"), ("x-api-key", "x-api-key")])
def test_headers_that_a_server_joins(headers: tuple[str, str], token: str, key: str) -> None:
    """Under ASGI Django itself joins repeated headers."""
    value = f"Bearer {token}" if headers[0] == "authorization" else key
    raw = [(name.encode(), value.encode()) for name in headers]
    scope = {"type": "http", "method": "GET", "path": "/plain/who", "query_string": b"", "headers": raw}
    caller = get_caller(ASGIRequest(scope, io.BytesIO()))
    assert caller.error is not None
    assert caller.error.reason == "ambiguous"
