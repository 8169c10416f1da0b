"""FastAPI: clients and claims in routes, verified requests, and responses to errors."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import httpx
import pytest
from fastapi import Depends, FastAPI, Request, WebSocket

from frontegg_async import (
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncTokenVerifier,
    ClientClosedError,
    ConfigurationError,
    Options,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, MissingExtraError, RateLimitError
from frontegg_async.integrations import fastapi as integration
from frontegg_async.integrations.fastapi import (
    CurrentClaims,
    FronteggDep,
    FronteggUserDep,
    TokenVerifierDep,
    add_problem_details,
    current_claims,
    frontegg_client,
    frontegg_lifespan,
    require,
)
from frontegg_async.models.claims import Claims
from tests.integrations.misplaced_tokens import misplaced_tokens

pytestmark = pytest.mark.anyio

ORDERS: Final = "orders.write"
PROBLEM: Final = "application/problem+json"


def _routes(app: FastAPI) -> FastAPI:
    @app.get("/tenants/{tenant_id}")
    async def show(frontegg: FronteggDep, tenant_id: str) -> dict[str, str]:
        return {"name": (await frontegg.tenants.get(tenant_id)).name}

    @app.get("/who")
    async def who(user: CurrentClaims) -> dict[str, str]:
        return {"subject": user.subject, "tenant": user.tenant_id}

    @app.get("/tree")
    async def tree(user: FronteggUserDep) -> list[str]:
        return [node.tenant_id for node in await user.hierarchy.tree()]

    @app.get("/team")
    async def team(user: FronteggUserDep) -> list[str | None]:
        return [each.email for each in await user.users.list().all()]

    @app.post("/orders", dependencies=[Depends(require(permission=ORDERS))])
    async def order() -> str:
        return "ordered"

    @app.get("/admins")
    async def admins(user: Annotated[Claims, Depends(require(role=["Admin", "Owner"]))]) -> str:
        return user.subject

    @app.get("/limited")
    async def limited() -> None:
        raise RateLimitError("canary")

    @app.websocket("/talk")
    async def talk(socket: WebSocket, user: CurrentClaims, verifier: TokenVerifierDep) -> None:
        await socket.accept()
        await socket.send_text(f"{user.subject} at {verifier.issuer}")
        await socket.close()

    return app


def _lifespan(emulator: EmulatorHandle, own: Any = None, **changes: Any) -> Any:
    made = {
        "client": lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        "verifier": lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
    }
    return frontegg_lifespan(own, **{**made, **changes})


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with an account, its sub-account and its owner."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
        ],
        users=[
            {
                "id": "ann",
                "email": "ann@north.example",
                "tenantId": "north",
                "permissions": ["fe.account-hierarchy.*"],
            }
        ],
    )
    return frontegg_emulator


@contextlib.asynccontextmanager
async def _calling(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of an app while its lifespan runs; requests have its state, as a server passes it."""
    async with app.router.lifespan_context(app) as state:

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        async with _plain(serve) as client:
            yield client


def _plain(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def client(emulator: EmulatorHandle) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of an app with exception handlers, while its lifespan runs."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator)))
    add_problem_details(app)
    async with _calling(app) as client:
        yield client


def _bearer(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    chosen = {"tenant_id": "north", "email": "ann@north.example", **changes}
    return {"Authorization": f"Bearer {emulator.user_token(**chosen).access_token}"}


async def test_routes_get_the_client(client: httpx.AsyncClient) -> None:
    """A route calls the service with the app's client."""
    assert (await client.get("/tenants/north")).json() == {"name": "North"}


async def test_routes_get_the_user(client: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """A valid token identifies the user."""
    assert (await client.get("/who", headers=_bearer(emulator))).json() == {"subject": "ann", "tenant": "north"}


@pytest.mark.parametrize("kind", ["userToken", "userApiToken", "tenantApiToken"])
async def test_routes_manage_the_team_of_the_caller(
    client: httpx.AsyncClient, emulator: EmulatorHandle, kind: Any
) -> None:
    """Users and API tokens manage the users of their own tenant, if they have the permission."""
    allowed = _bearer(emulator, type=kind, permissions=["fe.secure.read.users"])
    assert (await client.get("/team", headers=allowed)).json() == ["ann@north.example"]
    assert (await client.get("/team", headers=_bearer(emulator, type=kind, permissions=[]))).status_code == 403


async def test_routes_act_as_the_user(client: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """The self-service client uses the token of the request, not the credential of the environment."""
    emulator.clear_journal()

    assert (await client.get("/tree", headers=_bearer(emulator))).json() == ["north", "kiosk"]
    assert "auth.authenticate" not in [entry.route for entry in emulator.journal()]


@pytest.mark.parametrize("path", ["/who", "/tree", "/admins"])
async def test_a_missing_token_is_401(client: httpx.AsyncClient, path: str) -> None:
    """The response names the authentication scheme, and nothing else."""
    response = await client.get(path)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert response.headers["Content-Type"] == PROBLEM
    assert response.json()["code"] == "token_missing"


@pytest.mark.parametrize("path", ["/who", "/tree", "/admins"])
@pytest.mark.parametrize("kind", ["another environment", "expired", "nonsense", "tampered", "basic"])
async def test_an_invalid_token_is_401(
    client: httpx.AsyncClient, emulator: EmulatorHandle, frontegg_emulator_server: EmulatorHandle, kind: str, path: str
) -> None:
    """A token of another environment, an expired one and a malformed one get 401."""
    good = _bearer(emulator)["Authorization"]
    header = {
        "another environment": _bearer(frontegg_emulator_server.create_environment())["Authorization"],
        "expired": _expired(emulator),
        "nonsense": "Bearer nonsense",
        "tampered": f"{good[:-8]}AAAAAAAA",
        "basic": "Basic YW5uOnB3",
    }[kind]
    response = await client.get(path, headers={"Authorization": header})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert (response.json()["code"] == "token_expired") == (kind == "expired")
    assert header.rpartition(" ")[2] not in response.text


def _expired(emulator: EmulatorHandle) -> str:
    emulator.clock(advance=-86_400)
    header = _bearer(emulator, expires_in=60)["Authorization"]
    emulator.clock(advance=86_400)
    return header


async def test_a_revoked_token_is_401(client: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """A valid token that the service refuses gets 401 too."""
    header = _bearer(emulator)
    emulator.revoke_tokens()
    response = await client.get("/tree", headers=header)

    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize(
    ("route", "held", "status"),
    [
        (("POST", "/orders"), {"permissions": ["orders.*"]}, 200),
        (("POST", "/orders"), {"permissions": ["orders.read"]}, 403),
        (("GET", "/admins"), {"roles": ["Owner", "Admin"]}, 200),
        (("GET", "/admins"), {"roles": ["Admin"]}, 403),
    ],
)
async def test_requirements(
    client: httpx.AsyncClient, emulator: EmulatorHandle, route: tuple[str, str], held: dict[str, list[str]], status: int
) -> None:
    """A token that lacks the required permission or one of the roles gets 403."""
    method, path = route
    response = await client.request(method, path, headers=_bearer(emulator, **held))

    assert response.status_code == status
    assert (response.headers.get("WWW-Authenticate") == 'Bearer error="insufficient_scope"') == (status == 403)


@pytest.mark.parametrize("arguments", [{}, {"permission": ""}, {"permission": []}, {"role": 5}, {"role": [None]}])
def test_a_requirement_is_checked_when_it_is_made(arguments: dict[str, Any]) -> None:
    """An invalid requirement raises when the route is declared, not at its first request."""
    with pytest.raises(InvalidArgumentError):
        require(**arguments)


async def test_errors_of_calls_are_problem_details(client: httpx.AsyncClient) -> None:
    """Errors that a route raises become problem details."""
    missing, limited = await client.get("/tenants/nobody"), await client.get("/limited")

    assert (missing.status_code, missing.headers["Content-Type"]) == (404, PROBLEM)
    assert missing.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "The requested object does not exist.",
        "code": "not_found",
    }
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "1")
    assert "canary" not in limited.text


@pytest.mark.slow
async def test_unreachable_keys_are_503(emulator: EmulatorHandle) -> None:
    """The token could not be verified, so the caller may retry with it."""
    nowhere = "http://127.0.0.1:9/keys.json"
    verifier = lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id, jwks_url=nowhere)  # noqa: E731
    app = _routes(FastAPI(lifespan=_lifespan(emulator, verifier=verifier)))
    async with _calling(app) as client:
        response = await client.get("/who", headers=_bearer(emulator))

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) >= 1


async def test_rejections_need_no_exception_handlers(emulator: EmulatorHandle) -> None:
    """Without the handlers, a rejection looks like FastAPI's own responses."""
    async with _calling(_routes(FastAPI(lifespan=_lifespan(emulator)))) as client:
        response = await client.get("/who")

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json() == {"detail": "Sign in, and send the token with the request."}


async def test_a_websocket_knows_its_user(emulator: EmulatorHandle) -> None:
    """The dependencies work for web sockets too."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator)))
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async with app.router.lifespan_context(app):
        for header in (_bearer(emulator)["Authorization"], "Bearer nonsense"):
            scope = {
                "type": "websocket",
                "path": "/talk",
                "query_string": b"",
                "headers": [(b"authorization", header.encode())],
                "extensions": {"websocket.http.response": {}},
            }
            await app(scope, receive, send)

    assert [message["type"] for message in sent[:3]] == ["websocket.accept", "websocket.send", "websocket.close"]
    assert sent[1]["text"] == f"ann at {emulator.url}"
    assert (sent[3]["type"], sent[3]["status"]) == ("websocket.http.response.start", 401)


@pytest.mark.parametrize("closes_itself", [False, True])
@pytest.mark.parametrize("is_gone", [False, True])
async def test_a_websocket_that_talks_is_closed(
    caplog: pytest.LogCaptureFixture, *, closes_itself: bool, is_gone: bool
) -> None:
    """It is too late for a status: the close code is 1011 with the problem's code, and the error is logged."""
    app = FastAPI()
    add_problem_details(app)

    @app.websocket("/talk")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        if closes_itself:
            await socket.close()
        raise RateLimitError("canary")

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        if is_gone and message.get("code") == 1011:
            raise OSError
        sent.append(message)

    scope = {"type": "websocket", "path": "/talk", "query_string": b"", "headers": []}
    await app(scope, receive, send)

    closed = [{"type": "websocket.close", "code": 1011, "reason": "rate_limited"}]
    own = [{"type": "websocket.close", "code": 1000, "reason": ""}]
    assert sent[1:] == (own if closes_itself else [] if is_gone else closed)
    assert "RateLimitError: canary" in caplog.text


async def test_the_document_shows_the_scheme(client: httpx.AsyncClient) -> None:
    """The OpenAPI document has one scheme per header, either of which suffices, and a lock at each protected route."""
    document = (await client.get("/openapi.json")).json()
    locked = {path for path, verbs in document["paths"].items() for verb in verbs.values() if verb.get("security")}

    scheme = document["components"]["securitySchemes"]["Frontegg"]
    assert (scheme["type"], scheme["scheme"], scheme["bearerFormat"]) == ("http", "bearer", "JWT")
    scheme = document["components"]["securitySchemes"]["FronteggAccessToken"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "x-api-key")
    assert locked == {"/who", "/tree", "/team", "/orders", "/admins"}
    assert document["paths"]["/who"]["get"]["security"] == [{"Frontegg": []}, {"FronteggAccessToken": []}]


async def test_settings_come_from_the_environment(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments, environment variables configure client and verifier."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)
    app = _routes(FastAPI(lifespan=frontegg_lifespan(options=Options(deadline=3))))
    async with _calling(app) as client:
        assert app.state.frontegg.options.deadline == 3
        assert (await client.get("/tenants/north")).status_code == 200
        assert (await client.get("/who", headers=_bearer(emulator))).status_code == 200


async def test_the_sub_domain_says_who_issues_tokens(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """``FRONTEGG_DOMAIN`` has precedence over the base URL."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    monkeypatch.setenv("FRONTEGG_DOMAIN", "app-acme")
    app = FastAPI(lifespan=frontegg_lifespan())
    async with app.router.lifespan_context(app):
        assert app.state.frontegg_verifier.issuer == "https://app-acme.frontegg.com"


async def test_an_app_without_an_issuer_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region does not say who issues tokens; an app that verifies no callers says so."""
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", "acme")
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", "secret")
    monkeypatch.delenv("FRONTEGG_BASE_URL", raising=False)
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)

    app = FastAPI(lifespan=frontegg_lifespan())
    with pytest.raises(ConfigurationError, match=r"set FRONTEGG_DOMAIN.*give frontegg_lifespan verifier=.*None is for"):
        async with app.router.lifespan_context(app):
            pytest.fail("it has begun")
    app = FastAPI(lifespan=frontegg_lifespan(verifier=None))
    async with app.router.lifespan_context(app):
        assert app.state.frontegg_verifier is None


async def test_expired_tokens(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service refuses a token that has expired, when it is issued or later by the clock of the emulator."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)
    app = _routes(FastAPI(lifespan=frontegg_lifespan(clock=emulator.time)))
    add_problem_details(app)
    async with _calling(app) as client:
        for lifetime, status in ((60, 200), (0, 200), (-9, 200), (-60, 401)):  # the leeway is ten seconds
            emulator.clock(freeze=True)
            token = emulator.user_token(tenant_id="north", user_id="ann", expires_in=lifetime)
            assert token.expires_in == lifetime
            response = await client.get("/who", headers={"Authorization": f"Bearer {token.access_token}"})
            assert response.status_code == status, lifetime
            emulator.clock(freeze=False)
        headers, key = _bearer(emulator), emulator.access_token(tenant_id="north", expires_in=86_400).secret
        assert (await client.get("/who", headers=headers)).status_code == 200
        assert (await client.get("/who", headers={"x-api-key": key})).status_code == 200
        emulator.clock(advance=86_500)
        for late in (headers, {"x-api-key": key}):
            response = await client.get("/who", headers=late)
            assert (response.status_code, response.json()["code"]) == (401, "token_expired")


async def test_http_in_a_private_network(emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable allows it to the client; only code allows it to verifiers."""
    monkeypatch.setenv("FRONTEGG_BASE_URL", "http://emulator:8080")
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    monkeypatch.setenv("FRONTEGG_ALLOW_HTTP", "1")
    monkeypatch.delenv("FRONTEGG_DOMAIN", raising=False)
    app = FastAPI(lifespan=frontegg_lifespan())
    with pytest.raises(ConfigurationError, match="allow_http=True allows http"):
        async with app.router.lifespan_context(app):
            pytest.fail("it has begun")
    monkeypatch.delenv("FRONTEGG_ALLOW_HTTP")
    app = FastAPI(lifespan=frontegg_lifespan(allow_http=True))
    async with app.router.lifespan_context(app):
        assert app.state.frontegg_verifier.issuer == "http://emulator:8080"


async def test_options_beside_a_client_factory_are_refused(emulator: EmulatorHandle) -> None:
    """Options are refused beside a client factory, which sets its own."""
    app = FastAPI(lifespan=_lifespan(emulator, options=Options()))
    with pytest.raises(ConfigurationError, match="options"):
        async with app.router.lifespan_context(app):
            pytest.fail("it has begun")


async def test_without_an_issuer_the_message_names_the_setting(emulator: EmulatorHandle) -> None:
    """An app without a verifier serves until a route needs the user."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator, verifier=None)))
    async with _calling(app) as client:
        assert (await client.get("/tenants/north")).status_code == 200
        with pytest.raises(RuntimeError, match=r"set FRONTEGG_DOMAIN.*give frontegg_lifespan verifier="):
            await client.get("/who")


@pytest.mark.parametrize("path", ["/tenants/north", "/who"])
async def test_without_the_lifespan_the_message_names_it(path: str) -> None:
    """The developer gets an exception, and not a response to the caller."""
    app = _routes(FastAPI())
    add_problem_details(app)
    with pytest.raises(RuntimeError, match=r"FastAPI\(lifespan=frontegg_lifespan\(\)\).*with TestClient\(app\)"):
        await _plain(app).get(path)


async def test_lifespans_compose(emulator: EmulatorHandle) -> None:
    """The own lifespan runs inside: the client is open before it starts and until it ends."""
    seen: list[str] = []

    @contextlib.asynccontextmanager
    async def own(app: FastAPI) -> AsyncIterator[dict[str, object]]:
        frontegg: AsyncFrontegg = app.state.frontegg
        seen.append((await frontegg.tenants.get("north")).name)
        yield {"greeting": "hello"}
        seen.append((await frontegg.tenants.get("kiosk")).name)

    app = FastAPI(lifespan=_lifespan(emulator, own))

    @app.get("/state")
    async def state(request: Request) -> list[str]:
        return [request.state.greeting, (await request.state.frontegg.tenants.get("north")).name]

    async with _calling(app) as client:
        assert (await client.get("/state")).json() == ["hello", "North"]
    assert seen == ["North", "Kiosk"]


async def test_the_client_is_closed_at_shutdown(emulator: EmulatorHandle) -> None:
    """The own lifespan may yield nothing; afterwards all is closed, and it can run again."""

    @contextlib.asynccontextmanager
    async def own(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(lifespan=_lifespan(emulator, own))
    for _ in range(2):
        async with app.router.lifespan_context(app):
            frontegg: AsyncFrontegg = app.state.frontegg
            assert (await frontegg.tenants.get("north")).name == "North"
        with pytest.raises(ClientClosedError):
            await frontegg.tenants.get("north")


async def test_dependencies_can_be_replaced() -> None:
    """Tests can override the client, the user and requirements."""
    app = _routes(FastAPI())
    ann = Claims(
        type="userToken",
        subject="ann",
        tenant_id="north",
        permissions=(ORDERS,),
        issued_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=datetime(2026, 1, 2, tzinfo=UTC),
        audience=("a",),
        issuer="b",
    )
    app.dependency_overrides[current_claims] = lambda: ann
    app.dependency_overrides[require(role=("Admin", "Owner"))] = lambda: ann
    client = _plain(app)

    assert (await client.get("/who")).json()["subject"] == "ann"
    assert (await client.post("/orders")).json() == "ordered"
    assert (await client.get("/admins")).json() == "ann"

    app.dependency_overrides[frontegg_client] = lambda: AsyncFrontegg("emu_id", "emu_secret", base_url="http://[::1]:9")
    assert (await client.get("/tree")).status_code == 401  # an overridden user has no token


async def test_a_mounted_app_has_the_client_of_the_outer_one(emulator: EmulatorHandle) -> None:
    """Only the outer lifespan runs, and mounted apps use its client."""
    outer = FastAPI(lifespan=_lifespan(emulator))
    outer.mount("/inner", _routes(FastAPI()))
    async with _calling(outer) as client:
        assert (await client.get("/inner/tenants/north")).json() == {"name": "North"}


def test_without_fastapi_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The import without FastAPI fails and names the extra."""
    monkeypatch.setitem(sys.modules, "fastapi", None)
    spec = importlib.util.spec_from_file_location("without_fastapi", integration.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(MissingExtraError, match=r"pip install 'frontegg-async\[fastapi\]'"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def _key(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    return {"x-api-key": emulator.access_token(**{"tenant_id": "north", **changes}).secret}


async def test_access_tokens_are_accepted(emulator: EmulatorHandle) -> None:
    """The claims are those that the service returns for the access token; requirements are checked against them."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator)))

    @app.get("/entitled")
    async def entitled(user: CurrentClaims) -> list[Any]:
        return [user.type, user.subject, user.tenant_id, user.user_id, user.roles, user.expires_at]

    emulator.seed(users=[{"id": "eve", "email": "eve@north.example", "tenantId": "north", "roles": ["Owner"]}])
    made = emulator.access_token(tenant_id="north", user_id="eve", permissions=["orders.*"])
    async with _calling(app) as client:
        headers = {"X-Api-Key": made.secret}
        response = await client.get("/entitled", headers=headers)
        assert response.json() == ["userAccessToken", made.id, "north", "eve", ["Owner"], None]
        assert (await client.post("/orders", headers=headers)).json() == "ordered"
        assert (await client.post("/orders", headers=_key(emulator))).status_code == 403
        both = _key(emulator, roles=["Admin", "Owner"])
        assert (await client.get("/admins", headers=both)).status_code == 200
        assert (await client.get("/who", headers=_key(emulator))).json()["tenant"] == "north"
        assert isinstance(app.state.frontegg_access_token_verifier, AsyncAccessTokenVerifier)


@pytest.mark.parametrize("path", ["/who", "/tree", "/admins"])
async def test_more_than_one_token_and_tokens_in_the_wrong_header(
    client: httpx.AsyncClient, emulator: EmulatorHandle, path: str
) -> None:
    """Each header accepts its own types, and a request has one token: anything else gets 401."""
    refused = misplaced_tokens(emulator, _bearer(emulator)["Authorization"])
    key = dict(refused["both"])["x-api-key"]
    emulator.clear_journal()
    for kind, headers in refused.items():
        response = await client.get(path, headers=headers)

        assert (response.status_code, response.headers["Content-Type"]) == (401, PROBLEM), kind
        assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"', kind
        assert response.json()["code"] == "token_invalid", kind
        assert key not in response.text, kind
    assert not [entry.route for entry in emulator.journal() if entry.route and "access_tokens" in entry.route]


async def test_an_access_token_gives_no_self_service_client(
    client: httpx.AsyncClient, emulator: EmulatorHandle
) -> None:
    """An access token gives no self-service client."""
    response = await client.get("/tree", headers=_key(emulator))

    assert (response.status_code, response.json()["code"]) == (401, "token_missing")


async def test_a_failed_lookup_is_503(client: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """The token could not be verified, so the caller may retry with it."""
    key = _key(emulator)
    for action, wait in (({"type": "status", "status": 400}, "1"), ({"type": "rate_limit", "reset_in": 200}, "200")):
        emulator.add_fault(stage="accept", action=action, match={"path": "/identity/resources/vendor-only/*"})
        response = await client.get("/who", headers=key)
        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert int(response.headers["Retry-After"]) == pytest.approx(int(wait), abs=2)
        emulator.delete_faults()


async def test_access_tokens_are_not_accepted_without_a_verifier(emulator: EmulatorHandle) -> None:
    """Without an access token verifier the header is ignored; without a token verifier there is none by default."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator, access_token_verifier=None)))
    async with _calling(app) as client:
        assert (await client.get("/who", headers=_key(emulator))).status_code == 401
        assert (await client.get("/who", headers=_bearer(emulator))).status_code == 200
        beside = {**_bearer(emulator), "x-api-key": "of a gateway"}
        assert (await client.get("/who", headers=beside)).status_code == 200
        assert (await client.get("/tree", headers=beside)).status_code == 200
    own = lambda frontegg: AsyncAccessTokenVerifier(frontegg, audience="another")  # noqa: E731
    app = _routes(FastAPI(lifespan=_lifespan(emulator, access_token_verifier=own)))
    async with _calling(app) as client:
        assert (await client.get("/who", headers=_key(emulator))).status_code == 401
    app = FastAPI(lifespan=_lifespan(emulator, verifier=None))
    async with app.router.lifespan_context(app):
        assert app.state.frontegg_access_token_verifier is None


async def test_verifiers_are_closed_at_shutdown(emulator: EmulatorHandle) -> None:
    """The token verifier and the access token verifier are closed."""
    app = FastAPI(lifespan=_lifespan(emulator))
    async with app.router.lifespan_context(app):
        verifier: AsyncAccessTokenVerifier = app.state.frontegg_access_token_verifier
        await verifier.check()
    with pytest.raises(ClientClosedError, match="the verifier is closed"):
        await verifier.verify("nonsense")
