"""aiohttp: clients and claims in handlers, verified requests, and responses to errors."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from multidict import CIMultiDict

from frontegg_async import (
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncTokenVerifier,
    Claims,
    ClientClosedError,
    ConfigurationError,
    Secret,
    Tenant,
    TokenVerificationError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, RateLimitError
from frontegg_async.integrations.aiohttp import (
    ACCESS_TOKEN_VERIFIER,
    CLAIMS,
    FRONTEGG,
    VERIFIER,
    _problem_details,
    add_problem_details,
    current_claims,
    dumps,
    frontegg_context,
    frontegg_user,
    require,
    verified_users,
)
from frontegg_async.models import NewTenantApiToken
from tests.integrations.misplaced_tokens import misplaced_tokens

pytestmark = pytest.mark.anyio

Client = TestClient[web.Request, web.Application]
PROBLEM: Final = "application/problem+json"
_ANN: Final = Claims(
    type="userToken",
    subject="ann",
    tenant_id="north",
    issued_at=datetime(2026, 1, 1, tzinfo=UTC),
    expires_at=datetime(2026, 1, 2, tzinfo=UTC),
    audience=("a",),
    issuer="b",
)


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _show(request: web.Request) -> web.Response:
    return web.Response(text=(await request.config_dict[FRONTEGG].tenants.get(request.match_info["tenant_id"])).name)


async def _who(request: web.Request) -> web.Response:
    return web.Response(text=current_claims(request).subject)


async def _tree(request: web.Request) -> web.Response:
    return web.json_response([node.tenant_id for node in await frontegg_user(request).hierarchy.tree()])


async def _whole(request: web.Request) -> web.Response:
    tenant = await request.config_dict[FRONTEGG].tenants.get("north")
    return web.json_response({"tenants": [tenant], "claims": request[CLAIMS]}, dumps=dumps)


@require(permission="orders.write", role="Owner")
async def _order(_: web.Request) -> web.Response:
    return web.Response(text="ordered")


async def _limited(_: web.Request) -> web.Response:
    raise RateLimitError("canary")


def _routes(app: web.Application) -> web.Application:
    app.router.add_get("/health", _health)
    app.router.add_get("/tenants/{tenant_id}", _show)
    app.router.add_get("/who", _who)
    app.router.add_get("/whole", _whole)
    app.router.add_get("/tree", _tree)
    app.router.add_post("/orders", _order)
    app.router.add_get("/limited", _limited)
    return app


def _app(emulator: EmulatorHandle, **changes: Any) -> web.Application:
    made = {
        "client": lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        "verifier": lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
    }
    guard = verified_users(public=["/health", "/tenants/{tenant_id}", "/limited"])
    app = web.Application(middlewares=[guard])
    add_problem_details(app)
    app.cleanup_ctx.append(frontegg_context(**{**made, **changes}))
    return app


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with an account, its sub-account and its owner."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
        ]
    )
    return frontegg_emulator


def _serving(app: web.Application) -> Client:
    return TestClient(TestServer(app))


@pytest.fixture
async def client(emulator: EmulatorHandle) -> AsyncIterator[Client]:
    """Yield a client of a running app."""
    async with _serving(_routes(_app(emulator))) as client:
        yield client


def _bearer(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    chosen = {"tenant_id": "north", "user_id": "ann", "permissions": ["fe.account-hierarchy.*"], **changes}
    return {"Authorization": f"Bearer {emulator.user_token(**chosen).access_token}"}


async def _status(asked: Any) -> tuple[int, str]:
    async with asked as response:
        return response.status, await response.text()


async def test_handlers_get_client_and_claims(client: Client, emulator: EmulatorHandle) -> None:
    """A handler has the client of the app, and the claims of a verified request."""
    assert await _status(client.get("/health")) == (200, "ok")
    assert await _status(client.get("/tenants/north")) == (200, "North")
    assert await _status(client.get("/who", headers=_bearer(emulator))) == (200, "ann")


async def test_handlers_act_as_the_user(client: Client, emulator: EmulatorHandle) -> None:
    """The self-service client uses the token of the request, not the credential of the environment."""
    emulator.clear_journal()

    assert await _status(client.get("/tree", headers=_bearer(emulator))) == (200, '["north", "kiosk"]')
    assert "auth.authenticate" not in [entry.route for entry in emulator.journal()]


@pytest.mark.parametrize("kind", ["missing", "another environment", "nonsense", "revoked"])
async def test_an_invalid_token_is_401(
    client: Client, emulator: EmulatorHandle, frontegg_emulator_server: EmulatorHandle, kind: str
) -> None:
    """Every invalid token gets 401."""
    headers = {
        "missing": {},
        "another environment": _bearer(frontegg_emulator_server.create_environment()),
        "nonsense": {"Authorization": "Bearer nonsense"},
        "revoked": _bearer(emulator),
    }[kind]
    emulator.revoke_tokens()
    async with client.get("/tree", headers=headers) as response:
        assert response.status == 401
        assert response.content_type == PROBLEM
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert (await response.json())["code"] == ("token_missing" if kind == "missing" else "token_invalid")


@pytest.mark.parametrize(
    ("held", "status"),
    [
        ({"permissions": ["orders.*"], "roles": ["Owner"]}, 200),
        ({"permissions": ["orders.*"], "roles": []}, 403),
        ({"permissions": [], "roles": ["Owner"]}, 403),
    ],
)
async def test_requirements(client: Client, emulator: EmulatorHandle, held: dict[str, list[str]], status: int) -> None:
    """A token that lacks the required permission or role gets 403."""
    assert (await _status(client.post("/orders", headers=_bearer(emulator, **held))))[0] == status


async def test_errors_of_calls_are_problem_details(client: Client) -> None:
    """Errors that a handler raises become problem details; an unknown route is still 404."""
    async with client.get("/limited") as response:
        assert (response.status, response.content_type, response.headers["Retry-After"]) == (429, PROBLEM, "1")
        assert "canary" not in await response.text()
    assert (await _status(client.get("/tenants/nobody")))[0] == 404
    assert await _status(client.get("/nothing")) == (404, "404: Not Found")


async def _stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"first")
    raise RateLimitError("canary")


async def _talk(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_str("first")
    raise RateLimitError("canary")


async def test_a_started_response_is_aborted(caplog: pytest.LogCaptureFixture) -> None:
    """The connection is closed, since problem details would be read as part of the response; the error is logged."""
    app = web.Application()
    add_problem_details(app)
    app.router.add_get("/stream", _stream)
    app.router.add_get("/talk", _talk)
    async with _serving(app) as client:
        async with client.get("/stream") as response:
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
        async with client.ws_connect("/talk") as socket:
            assert await socket.receive_str() == "first"
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSED
    assert "RateLimitError: canary" in caplog.text


async def test_a_mocked_request_is_answered() -> None:
    """A handler can be tested with a mocked request, without a server."""

    async def fail(_: web.Request) -> web.StreamResponse:
        raise RateLimitError("canary")

    assert (await _problem_details(make_mocked_request("GET", "/"), fail)).status == 429


async def test_sub_apps_use_the_client_of_the_main_app(emulator: EmulatorHandle) -> None:
    """Sub-apps use the context of the main app."""
    app = _app(emulator)
    app.add_subapp("/part", _routes(web.Application(middlewares=[verified_users()])))
    async with _serving(app) as client:
        headers = _bearer(emulator)
        assert await _status(client.get("/part/tenants/north", headers=headers)) == (200, "North")
        assert await _status(client.get("/part/who", headers=headers)) == (200, "ann")
        assert (await _status(client.get("/part/health")))[0] == 401


async def test_settings_come_from_the_environment(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments, environment variables configure client and verifier; both are closed at the end."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)
    app = web.Application()
    app.cleanup_ctx.append(frontegg_context())
    async with _serving(app):
        frontegg, verifier = app[FRONTEGG], app[VERIFIER]
        assert (await frontegg.tenants.get("north")).name == "North"
    with pytest.raises(ClientClosedError):
        await frontegg.tenants.get("north")
    with pytest.raises(ClientClosedError):
        await verifier.verify("nonsense")


async def test_an_app_without_an_issuer_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region does not say who issues tokens; an app that verifies no callers says so."""
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", "acme")
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", "secret")
    monkeypatch.delenv("FRONTEGG_BASE_URL", raising=False)
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)
    app = web.Application()
    app.cleanup_ctx.append(frontegg_context())
    with pytest.raises(ConfigurationError, match="give frontegg_context verifier="):
        await web.AppRunner(app).setup()
    app = web.Application()
    app.cleanup_ctx.append(frontegg_context(verifier=None))
    async with _serving(app):
        assert VERIFIER not in app


async def test_tokens_expire_by_the_clock_that_is_given(
    emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default verifier follows the clock of the emulator."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)
    app = web.Application()
    app.cleanup_ctx.append(frontegg_context(clock=emulator.time))
    async with _serving(app):
        token = emulator.user_token(tenant_id="north").access_token
        assert (await app[VERIFIER].verify(token)).tenant_id == "north"
        emulator.clock(advance=86_500)
        with pytest.raises(TokenVerificationError, match="expired"):
            await app[VERIFIER].verify(token)


async def _told(app: web.Application, path: str, headers: dict[str, str] | None = None) -> str:
    """Return the error message that a developer sees when a handler fails; it is not a response to the caller."""
    said: list[str] = []

    @web.middleware
    async def hear(request: web.Request, handler: Any) -> web.StreamResponse:
        try:
            return await handler(request)
        except RuntimeError as error:
            said.append(str(error))
            return web.Response(status=500)

    app.middlewares.insert(0, hear)
    async with _serving(app) as client:
        await _status(client.get(path, headers=headers))
    return said[0]


async def test_messages_name_the_missing_part(emulator: EmulatorHandle) -> None:
    """The message names the missing context, verifier or middleware."""
    guarded = _routes(web.Application(middlewares=[verified_users()]))

    assert "app.cleanup_ctx.append(frontegg_context())" in await _told(guarded, "/who")
    assert "give frontegg_context verifier=" in await _told(_routes(_app(emulator, verifier=None)), "/who")
    for path in ("/tree", "/who"):
        assert "add verified_users()" in await _told(_routes(web.Application()), path)


async def test_claims_of_another_middleware_give_no_client(emulator: EmulatorHandle) -> None:
    """If another middleware sets the claims, there is no token for self-service calls."""

    @web.middleware
    async def be_ann(request: web.Request, handler: Any) -> web.StreamResponse:
        request[CLAIMS] = _ANN
        return await handler(request)

    without, whole = _routes(web.Application(middlewares=[be_ann])), _routes(_app(emulator))
    whole.middlewares[1] = be_ann
    async with _serving(whole) as client:
        assert await _status(client.get("/who")) == (200, "ann")
        assert (await _status(client.get("/tree")))[0] == 401
    assert "frontegg_context()" in await _told(without, "/tree", headers={"Authorization": "Bearer a.b.c"})


async def test_unreachable_keys_are_503(emulator: EmulatorHandle) -> None:
    """The token could not be verified, so the caller may retry with it."""
    nowhere = "http://127.0.0.1:9/keys.json"
    verifier = lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id, jwks_url=nowhere)  # noqa: E731
    async with _serving(_routes(_app(emulator, verifier=verifier))) as client:
        response: aiohttp.ClientResponse = await client.get("/who", headers=_bearer(emulator))
        assert response.status == 503
        assert int(response.headers["Retry-After"]) >= 1


async def test_public_must_not_be_a_string() -> None:
    """A string would be a collection of letters, and would make none of the intended paths public."""
    with pytest.raises(InvalidArgumentError, match="collection"):
        verified_users(public="/health")


def _key(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    return {"x-api-key": emulator.access_token(**{"tenant_id": "north", **changes}).secret}


async def _entitled(request: web.Request) -> web.Response:
    claims = request[CLAIMS]
    return web.json_response([claims.type, claims.subject, claims.tenant_id, claims.user_id, list(claims.roles)])


async def test_access_tokens_are_accepted(emulator: EmulatorHandle) -> None:
    """The claims are those that the service returns for the access token; requirements are checked against them."""
    app = _routes(_app(emulator))
    app.router.add_get("/entitled", _entitled)
    emulator.seed(users=[{"id": "ann", "email": "ann@north.example", "tenantId": "north", "roles": ["Owner"]}])
    made = emulator.access_token(tenant_id="north", user_id="ann", permissions=["orders.*"])
    async with _serving(app) as client:
        headers = {"X-Api-Key": made.secret}
        async with client.get("/entitled", headers=headers) as response:
            assert await response.json() == ["userAccessToken", made.id, "north", "ann", ["Owner"]]
        assert await _status(client.post("/orders", headers=headers)) == (200, "ordered")
        assert (await _status(client.post("/orders", headers=_key(emulator))))[0] == 403
        assert (await _status(client.get("/who", headers=_key(emulator))))[0] == 200
        assert isinstance(app[ACCESS_TOKEN_VERIFIER], AsyncAccessTokenVerifier)


async def test_more_than_one_token_and_tokens_in_the_wrong_header(client: Client, emulator: EmulatorHandle) -> None:
    """Each header accepts its own types, and a request has one token: anything else gets 401."""
    refused = misplaced_tokens(emulator, _bearer(emulator)["Authorization"])
    emulator.clear_journal()
    for kind, headers in refused.items():
        async with client.get("/who", headers=CIMultiDict(headers)) as response:
            assert (response.status, response.content_type) == (401, PROBLEM), kind
            assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"', kind
            assert (await response.json())["code"] == "token_invalid", kind
    assert not [entry.route for entry in emulator.journal() if entry.route and "access_tokens" in entry.route]


async def test_an_access_token_gives_no_self_service_client(client: Client, emulator: EmulatorHandle) -> None:
    """An access token gives no self-service client."""
    assert (await _status(client.get("/tree", headers=_key(emulator))))[0] == 401


async def test_a_failed_lookup_is_503(client: Client, emulator: EmulatorHandle) -> None:
    """The token could not be verified, so the caller may retry with it."""
    key = _key(emulator)
    emulator.add_fault(
        stage="accept",
        action={"type": "status", "status": 400},
        match={"path": "/identity/resources/vendor-only/*"},
    )
    async with client.get("/who", headers=key) as response:
        assert (response.status, (await response.json())["code"]) == (503, "unavailable")
        assert response.headers["Retry-After"] == "1"


async def test_access_tokens_are_not_accepted_without_a_verifier(emulator: EmulatorHandle) -> None:
    """Without an access token verifier the header is ignored; without a token verifier there is none by default."""
    async with _serving(_routes(_app(emulator, access_token_verifier=None))) as client:
        assert (await _status(client.get("/who", headers=_key(emulator))))[0] == 401
        assert (await _status(client.get("/who", headers=_bearer(emulator))))[0] == 200
        beside = {**_bearer(emulator), "x-api-key": "of a gateway"}
        assert (await _status(client.get("/who", headers=beside)))[0] == 200
    own = lambda frontegg: AsyncAccessTokenVerifier(frontegg, audience="another")  # noqa: E731
    async with _serving(_routes(_app(emulator, access_token_verifier=own))) as client:
        assert (await _status(client.get("/who", headers=_key(emulator))))[0] == 401
    app = _app(emulator, verifier=None)
    async with _serving(app):
        assert ACCESS_TOKEN_VERIFIER not in app


async def test_handlers_return_models(client: Client, emulator: EmulatorHandle) -> None:
    """In lists and dicts; read back, they are the models."""
    async with client.get("/whole", headers=_bearer(emulator)) as response:
        answer = await response.json()
    assert Tenant.from_dict(answer["tenants"][0]).name == "North"
    assert Claims.from_dict(answer["claims"]).subject == "ann"


def test_dumps_writes_no_secrets_and_no_other_objects() -> None:
    """As ``to_dict`` does; what is neither a model nor JSON is an error."""
    token = NewTenantApiToken(client_id="c", secret=Secret("hunter2"))
    assert json.loads(dumps({"token": token})) == {"token": token.to_dict()}
    with pytest.raises(TypeError, match=r"^JSON cannot hold a value of type object$"):
        dumps([object()])
    assert json.loads(dumps([Tenant(tenant_id="a", metadata=math.nan)]))[0]["metadata"] is None
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"share": math.nan})
