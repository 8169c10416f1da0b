"""The middleware in apps of Starlette, of Litestar, and of no framework."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import AsyncGenerator
from typing import Any, Final

import httpx
import litestar
import pytest
from litestar.middleware import DefineMiddleware
from litestar.testing import TestClient as LitestarClient
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from frontegg_async import AsyncAccessTokenVerifier, AsyncTokenVerifier, Claims, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.integrations.asgi import VerifiedUsers, current_claims
from frontegg_async.testing import EmulatorClock, Factory, SeededUser

pytestmark = pytest.mark.anyio

VARY: Final = "Accept, Authorization, x-api-key"
SOCKET: Final = "the socket was closed"


async def _show(request: Request) -> Response:
    claims = current_claims(request.scope)
    assert claims is request.user
    return PlainTextResponse(claims.tenant_id, headers={"Vary": "Accept"})


async def _health(request: Request) -> Response:
    return PlainTextResponse(str("user" in request.scope))


async def _fail(request: Request) -> Response:
    raise KeyError(request.url.path)


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(current_claims(socket.scope).tenant_id)
    await socket.close(reason=SOCKET)


@pytest.fixture
def site(frontegg_verifier: AsyncTokenVerifier, frontegg_access_token_verifier: AsyncAccessTokenVerifier) -> Starlette:
    """An app of Starlette whose users are verified."""
    routes = [Route("/show", _show), Route("/health", _health), Route("/fail", _fail), WebSocketRoute("/ws", _socket)]
    verified = Middleware(
        VerifiedUsers,
        verifier=frontegg_verifier,
        access_token_verifier=frontegg_access_token_verifier,
        public=["/health"],
    )
    return Starlette(routes=routes, middleware=[verified])


def _signed_in(user: SeededUser) -> dict[str, str]:
    return {"Authorization": f"Bearer {user.token}"}


def test_starlette_has_the_user(
    site: Starlette, frontegg_seeded_user: SeededUser, frontegg_emulator: EmulatorHandle, frontegg_clock: EmulatorClock
) -> None:
    """By either header; caches keep callers apart."""
    access = frontegg_emulator.access_token(tenant_id=frontegg_seeded_user.tenant_id).secret
    with TestClient(site) as client:
        for headers in (_signed_in(frontegg_seeded_user), {"x-api-key": access}):
            response = client.get("/show", headers=headers)
            assert (response.status_code, response.text) == (200, frontegg_seeded_user.tenant_id)
            assert response.headers.get_list("Vary") == [VARY]
        assert client.get("/health").text == "False"
        frontegg_clock.advance(100_000)
        expired = client.get("/show", headers=_signed_in(frontegg_seeded_user))
        both = client.get("/show", headers={**_signed_in(frontegg_seeded_user), "x-api-key": access})
    assert (expired.status_code, expired.json()["code"]) == (401, "token_expired")
    assert (both.status_code, both.json()["code"]) == (401, "token_invalid")


@pytest.mark.parametrize("path", ["/show", "/health/", "/nowhere", "//health"])
def test_a_request_without_a_token_is_refused(site: Starlette, path: str) -> None:
    """On every path but those that are public as they are written."""
    with TestClient(site) as client:
        response = client.get(f"http://testserver{path}")
    assert (response.status_code, response.json()["code"]) == (401, "token_missing")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["vary"] == "Authorization, x-api-key"


def test_web_sockets_are_verified(site: Starlette, frontegg_seeded_user: SeededUser) -> None:
    """One without a token gets the same response as a request."""
    with TestClient(site) as client:
        with client.websocket_connect("/ws", headers=_signed_in(frontegg_seeded_user)) as socket:
            assert socket.receive_text() == frontegg_seeded_user.tenant_id
        with pytest.raises(WebSocketDenialResponse) as caught, client.websocket_connect("/ws"):
            pass
    assert (caught.value.status_code, caught.value.json()["code"]) == (401, "token_missing")


async def test_a_server_without_responses_to_web_sockets_closes_them(frontegg_verifier: AsyncTokenVerifier) -> None:
    """The reason is the code of the problem."""
    sent: list[dict[str, Any]] = []

    async def receive() -> object:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    app = VerifiedUsers(_no_app, verifier=frontegg_verifier)
    await app({"type": "websocket", "path": "/", "headers": []}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "token_missing"}]


async def _no_app(*_: object) -> None:
    raise AssertionError("a refused request reached the app")


def test_the_lifespan_reaches_the_app(frontegg_verifier: AsyncTokenVerifier) -> None:
    """Also if the middleware is around the app."""
    began: list[str] = []

    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        began.append("begun")
        yield

    inner = Starlette(routes=[Route("/health", _health)], lifespan=contextlib.asynccontextmanager(lifespan))
    with TestClient(VerifiedUsers(inner, verifier=frontegg_verifier, public=["/health"])) as client:
        assert client.get("/health").text == "False"
    assert began == ["begun"]


def test_a_traceback_shows_no_token(site: Starlette, frontegg_seeded_user: SeededUser) -> None:
    """As a tool that records local variables would show it."""
    with TestClient(site) as client, pytest.raises(KeyError) as caught:
        client.get("/fail", headers=_signed_in(frontegg_seeded_user))
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.value.__traceback__), capture_locals=True)
    own = [frame for frame in frames if "frontegg_async" in frame.filename]
    assert own
    assert all(frontegg_seeded_user.token not in str(frame.locals) for frame in own)


def test_litestar_has_the_user(
    frontegg_verifier: AsyncTokenVerifier, frontegg_factory: Factory, frontegg_seeded_user: SeededUser
) -> None:
    """As a middleware of the app; its own errors keep their responses."""

    @litestar.get("/show")
    async def show(request: litestar.Request[Claims, None, Any]) -> str:
        return request.user.tenant_id

    @litestar.get("/health")
    async def health() -> str:
        return "well"

    verified = DefineMiddleware(VerifiedUsers, verifier=frontegg_verifier, public=["/health"])
    app = litestar.Litestar([show, health], middleware=[verified], openapi_config=None, logging_config=None)
    other = frontegg_factory.user()
    with LitestarClient(app) as client:
        assert client.get("/health").text == "well"
        for user in (frontegg_seeded_user, other):
            response = client.get("/show", headers=_signed_in(user))
            assert (response.text, response.headers["vary"]) == (user.tenant_id, "Authorization")
        refused = client.get("/show")
        assert (refused.status_code, refused.json()["code"]) == (401, "token_missing")
        assert client.get("/nowhere", headers=_signed_in(other)).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"verifier": None}, "^verifier must be an AsyncTokenVerifier, not None"),
        ({"access_token_verifier": 1}, "^access_token_verifier must be an AsyncAccessTokenVerifier, not int$"),
        ({"public": "/health"}, r"^public must be a collection of paths, such as \['/health'\], not str$"),
        ({"public": ["health"]}, "^public may only have paths that begin with a slash"),
    ],
)
async def test_a_bad_argument_is_named(
    frontegg_verifier: AsyncTokenVerifier, given: dict[str, Any], message: str
) -> None:
    """When the middleware is made."""
    arguments: dict[str, Any] = {"verifier": frontegg_verifier, **given}
    with pytest.raises(InvalidArgumentError, match=message):
        VerifiedUsers(_no_app, **arguments)
    with pytest.raises(RuntimeError, match="put VerifiedUsers around the app"):
        current_claims({"type": "http"})


@pytest.mark.slow
def test_a_public_path_of_litestar_opens_no_mounted_app(frontegg_verifier: AsyncTokenVerifier) -> None:
    """Litestar gives its middleware the path below the mount, which may look as a public one."""

    @litestar.asgi("/admin", is_mount=True, copy_scope=True)
    async def admin(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("of the admin")(scope, receive, send)

    @litestar.get("/")
    async def index() -> str:
        return "welcome"

    verified = DefineMiddleware(VerifiedUsers, verifier=frontegg_verifier, public=["/", "/health", "/health/"])
    app = litestar.Litestar([index, admin], middleware=[verified], logging_config=None)
    with LitestarClient(app) as client:
        paths = ("/", "/admin", "/admin/", "/admin/health", "/admin/health/", "/%61dmin/")
        assert [client.get(path).status_code for path in paths] == [200, 401, 401, 401, 401, 401]


async def test_a_scope_of_another_kind_is_verified(frontegg_verifier: AsyncTokenVerifier) -> None:
    """Only the lifespan has no token."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {}

    async def app(*_: Any) -> None:
        raise AssertionError

    scope = {"type": "webtransport", "path": "/", "headers": []}
    await VerifiedUsers(app, verifier=frontegg_verifier)(scope, receive, send)
    assert sent[0]["status"] == 401
