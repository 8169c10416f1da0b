"""FastAPI: the verifier of mounted apps, accepted web sockets, and what guards require."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.responses import StreamingResponse

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.integrations.fastapi import (
    CurrentClaims,
    FronteggDep,
    FronteggUserDep,
    ProblemError,
    Requirement,
    TokenVerifierDep,
    access_token_scheme,
    access_token_verifier,
    add_problem_details,
    bearer_scheme,
    current_claims,
    frontegg_lifespan,
    frontegg_user,
    require,
)
from frontegg_async.models.claims import Claims
from tests.support.traceback_frames import frames_of, texts_of

pytestmark = pytest.mark.anyio

NAMES: Final = ("orders.read", "orders.write")
VARY: Final = "Authorization, x-api-key"


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with an account."""
    frontegg_emulator.seed(tenants=[{"tenantId": "north", "name": "North"}])
    return frontegg_emulator


@pytest.fixture
def other(frontegg_emulator_server: EmulatorHandle) -> EmulatorHandle:
    """Return another environment with an account of the same id."""
    found = frontegg_emulator_server.create_environment()
    found.seed(tenants=[{"tenantId": "north", "name": "Other North"}])
    return found


def _lifespan(emulator: EmulatorHandle, own: Any = None, **changes: Any) -> Any:
    made = {
        "client": lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        "verifier": lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
    }
    return frontegg_lifespan(own, **{**made, **changes})


@contextlib.asynccontextmanager
async def _calling(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of an app while its lifespan runs; requests have its state, as a server passes it."""
    async with app.router.lifespan_context(app) as state:

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(serve), base_url="http://test") as client:
            yield client


def _bearer(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    chosen = {"tenant_id": "north", "user_id": "ann", "permissions": ["fe.account-hierarchy.*"], **changes}
    return {"Authorization": f"Bearer {emulator.user_token(**chosen).access_token}"}


async def _nothing() -> None: ...


async def _accept(socket: WebSocket) -> None:
    await socket.accept()


def _routes(app: FastAPI) -> FastAPI:
    @app.get("/name")
    async def name(frontegg: FronteggDep, user: CurrentClaims) -> str:
        return (await frontegg.tenants.get(user.tenant_id)).name

    @app.get("/tree")
    async def tree(user: FronteggUserDep) -> list[str | None]:
        return [node.tenant_name for node in await user.hierarchy.tree()]

    return app


def _nested(outer: EmulatorHandle, inner: EmulatorHandle | None, **changes: Any) -> FastAPI:
    """Return an app with a mounted app, which has its own environment if one is given."""
    part = _routes(FastAPI(lifespan=None if inner is None else _lifespan(inner, **changes)))

    @contextlib.asynccontextmanager
    async def own(_: FastAPI) -> AsyncIterator[None]:
        async with part.router.lifespan_context(part):  # Starlette does not run the lifespans of mounted apps
            yield

    app = _routes(FastAPI(lifespan=_lifespan(outer, own)))
    app.mount("/part", part)
    return app


async def test_a_mounted_app_has_its_own_environment(emulator: EmulatorHandle, other: EmulatorHandle) -> None:
    """The mounted app verifies and calls with its own environment, and the outer app with its own."""
    async with _calling(_nested(emulator, other)) as client:
        for path, environment, response in (
            ("/part/name", other, "Other North"),
            ("/part/tree", other, ["Other North"]),
            ("/name", emulator, "North"),
            ("/tree", emulator, ["North"]),
        ):
            assert (await client.get(path, headers=_bearer(environment))).json() == response
        assert (await client.get("/part/name", headers=_bearer(emulator))).status_code == 401
        assert (await client.get("/name", headers=_bearer(other))).status_code == 401


async def test_a_mounted_app_without_a_lifespan_uses_the_outer_client(emulator: EmulatorHandle) -> None:
    """The mounted app uses the client and the verifier of the outer app."""
    async with _calling(_nested(emulator, None)) as client:
        assert (await client.get("/part/name", headers=_bearer(emulator))).json() == "North"


async def test_a_mounted_app_never_uses_the_verifier_of_another_environment(
    emulator: EmulatorHandle, other: EmulatorHandle
) -> None:
    """Otherwise a token would be verified for one environment and used in another."""
    async with _calling(_nested(emulator, other, verifier=None)) as client:
        with pytest.raises(RuntimeError, match="give frontegg_lifespan verifier="):
            await client.get("/part/name", headers=_bearer(emulator))


async def test_two_servers_of_one_app(emulator: EmulatorHandle) -> None:
    """Each request has the client of its own server, not of the one that started last."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator)))
    async with app.router.lifespan_context(app) as first:
        async with _calling(app) as client:
            assert (await client.get("/name", headers=_bearer(emulator))).json() == "North"

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(first or {})}, receive, send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(serve), base_url="http://test") as client:
            assert (await client.get("/name", headers=_bearer(emulator))).json() == "North"


async def _talk(app: FastAPI, header: str | None) -> list[dict[str, Any]]:
    """Return the messages that a web socket receives."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [] if header is None else [(b"authorization", header.encode())]
    scope = {"type": "websocket", "path": "/talk", "query_string": b"", "headers": headers}
    async with app.router.lifespan_context(app):
        await app({**scope, "extensions": {"websocket.http.response": {}}}, receive, send)
    return sent


@pytest.mark.parametrize(
    ("header", "reason"), [(None, "token_missing"), ("Bearer nonsense", "token_invalid"), ("", "permission_missing")]
)
async def test_a_web_socket_that_is_accepted_is_closed(
    emulator: EmulatorHandle, caplog: pytest.LogCaptureFixture, header: str | None, reason: str
) -> None:
    """A route may accept first and verify afterwards: it is too late for a status then."""
    app = FastAPI(lifespan=_lifespan(emulator))
    add_problem_details(app)

    @app.websocket("/talk")
    async def talk(socket: WebSocket, verifier: TokenVerifierDep) -> None:
        await socket.accept()
        tokens, keys = await bearer_scheme(socket), await access_token_scheme(socket)
        user = await current_claims(tokens, keys, verifier, await access_token_verifier(socket))
        await require(permission="orders.write")(user=user)

    sent = await _talk(app, header or (None if header is None else _bearer(emulator)["Authorization"]))

    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert (sent[1]["code"], sent[1]["reason"]) == (1011, reason)
    assert "closing a web socket" in caplog.text


async def test_a_dependency_may_accept_a_web_socket(emulator: EmulatorHandle) -> None:
    """A dependency may accept before the token is verified."""
    app = FastAPI(lifespan=_lifespan(emulator))
    add_problem_details(app)

    @app.websocket("/talk")
    async def talk(socket: WebSocket, _: Annotated[None, Depends(_accept)], user: CurrentClaims) -> None:
        await socket.send_text(user.subject)

    refused, taken = await _talk(app, "Bearer nonsense"), await _talk(app, _bearer(emulator)["Authorization"])
    assert (refused[1]["type"], refused[1]["code"], refused[1]["reason"]) == ("websocket.close", 1011, "token_invalid")
    assert taken[1]["text"] == "ann"


async def test_a_requirement_without_parentheses() -> None:
    """Nobody is let in, not even a caller who names a permission in the query."""
    with pytest.raises(TypeError, match=r"write dependencies=\[Depends\(require\(permission="):
        require(lambda: None)  # type: ignore[arg-type]
    app = FastAPI()
    app.get("/", dependencies=[Depends(require)])(lambda: "in")
    async with _calling(app) as client:
        with pytest.raises(TypeError, match="handler"):
            await client.get("/?permission=orders.write")


def test_a_requirement_is_not_a_decorator() -> None:
    """Above the route's decorator it would guard nothing; below, FastAPI would not get a function."""
    app = FastAPI()
    with pytest.raises(TypeError, match="positional"):

        @require(role="Owner")  # type: ignore[misc]  # which is what is tested
        @app.get("/")
        async def show() -> None: ...


async def test_vary_names_the_token_headers(emulator: EmulatorHandle) -> None:
    """``Vary`` names the token headers in use and keeps the route's own; rejections are not cached."""
    app = _routes(FastAPI(lifespan=_lifespan(emulator)))

    @app.get("/own")
    async def own(user: CurrentClaims, request: Request, response: Response) -> str:
        response.headers.append("Vary", "Accept-Language")
        return f"{user.subject} {request.url.path}"

    @app.get("/open")
    async def open_to_all() -> str:
        return "all the same"

    async with _calling(app) as client:
        headers = _bearer(emulator)
        assert (await client.get("/name", headers=headers)).headers["Vary"] == VARY
        assert (await client.get("/own", headers=headers)).headers["Vary"] == f"{VARY}, Accept-Language"
        assert "Vary" not in (await client.get("/open", headers=headers)).headers
        assert (await client.get("/name")).headers["Cache-Control"] == "no-store"
    app.router.lifespan_context = _lifespan(emulator, access_token_verifier=None)
    async with _calling(app) as client:
        assert (await client.get("/name", headers=headers)).headers["Vary"] == "Authorization"


async def test_requirements_can_be_overridden() -> None:
    """Tests can override requirements; equal requirements compare equal, however they are written."""
    app = FastAPI()
    app.get("/", dependencies=[Depends(require(permission=iter(["orders.read"])))])(_nothing)
    replaced: Requirement = require(permission="orders.read")
    app.dependency_overrides[replaced] = lambda: Claims
    async with _calling(app) as client:
        assert (await client.get("/")).status_code == 200


async def test_vary_of_responses_that_routes_make(emulator: EmulatorHandle) -> None:
    """Whatever answers a caller varies on the token headers, also below a mount; other responses stay as they are."""
    app, part = FastAPI(lifespan=_lifespan(emulator)), FastAPI()
    for each in (app, part):
        add_problem_details(each)

        @each.get("/own")
        async def own(user: CurrentClaims) -> Response:
            return Response(user.subject, headers={"Cache-Control": "max-age=60", "Vary": "Accept, X-API-Key"})

        @each.get("/missing")
        async def missing(_: CurrentClaims) -> None:
            raise HTTPException(404)

        @each.get("/stream")
        async def stream(_: CurrentClaims) -> StreamingResponse:
            return StreamingResponse(iter(["a", "b"]))

        @each.get("/open")
        async def opened() -> Response:
            return Response("all the same")

    app.mount("/part", part)
    async with _calling(app) as client:
        for headers in (_bearer(emulator), {"x-api-key": emulator.access_token(tenant_id="north").secret}, {}):
            for prefix in ("", "/part"):
                got = {
                    path: await client.get(f"{prefix}/{path}", headers=headers) for path in ("own", "missing", "stream")
                }
                assert got["own"].headers["Vary"] == (VARY if not headers else "Accept, X-API-Key, Authorization")
                assert {got[each].headers["Vary"] for each in ("missing", "stream")} == {VARY}
                assert "Vary" not in (await client.get(f"{prefix}/open", headers=headers)).headers


@pytest.mark.parametrize("header", ["Authorization", "x-api-key"])
@pytest.mark.parametrize("path", ["/refused", "/raised", "/called"])
async def test_no_frame_of_an_error_has_the_token(emulator: EmulatorHandle, path: str, header: str) -> None:
    """Error reporters collect the local variables of frames: of a refusal, and of an error of the route itself."""
    app = FastAPI(lifespan=_lifespan(emulator))
    add_problem_details(app)
    refusals: list[Exception] = []

    async def refuse(_: Request, error: Exception) -> Response:
        refusals.append(error)
        return Response()

    app.add_exception_handler(ProblemError, refuse)

    @app.get("/refused")
    async def refused(_: CurrentClaims) -> None: ...

    @app.get("/raised")
    async def raised(
        tokens: Annotated[Any, Depends(bearer_scheme)], keys: Annotated[Any, Depends(access_token_scheme)]
    ) -> None:
        assert [each.reveal() for each in (*tokens, *keys)] == ["Bearer canary7f3a9c"]
        raise LookupError

    @app.get("/called", dependencies=[Depends(frontegg_user)])
    async def called() -> None: ...

    errors: list[BaseException] = refusals
    async with _calling(app) as client:
        try:
            await client.get(path, headers={header: "Bearer canary7f3a9c"})
        except LookupError as error:
            errors = [error]
    shown = [
        f"{frame.f_code.co_qualname} {name}"
        for error in errors
        for frame in frames_of(error)
        if str(frame.f_globals["__name__"]).startswith("frontegg_")
        for name, value in frame.f_locals.items()
        if any("canary7f3a9c" in text for text in texts_of(value))
    ]
    assert len(errors) == 1
    assert shown == []
