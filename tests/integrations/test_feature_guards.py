"""FastAPI and aiohttp: guards that require features of plans."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from fastapi import APIRouter, Depends, FastAPI, WebSocket

from frontegg_async import (
    AsyncEntitlements,
    AsyncFrontegg,
    AsyncTokenVerifier,
    Claims,
    ConfigurationError,
    InvalidArgumentError,
    Options,
    ServerError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.entitlements import EntitlementsEvent, EntitlementsEventKind
from frontegg_async.integrations import aiohttp, fastapi
from tests.integrations.feature_cases import ANSWERS, GUARDS, answer_of, break_snapshot, credential, seed

pytestmark = pytest.mark.anyio

Ask = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, Any]]]


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with plans."""
    seed(frontegg_emulator)
    return frontegg_emulator


def _settings(emulator: EmulatorHandle, **changes: Any) -> dict[str, Any]:
    return {
        "client": lambda: AsyncFrontegg(
            emulator.client_id, emulator.secret, base_url=emulator.url, options=Options(max_retries=0)
        ),
        "verifier": lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
        "entitlements": AsyncEntitlements,
        **changes,
    }


async def _ok() -> dict[str, str]:
    return {}


async def _respond(_: web.Request) -> web.Response:
    return web.json_response({})


@contextlib.asynccontextmanager
async def _fastapi(emulator: EmulatorHandle, **changes: Any) -> AsyncIterator[Ask]:
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(emulator, **changes)))
    fastapi.add_problem_details(app)
    for name, given in GUARDS.items():
        router = APIRouter(dependencies=[Depends(fastapi.require(**given))])
        router.add_api_route("", _ok)
        app.include_router(router, prefix=f"/{name}")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):

        async def ask(path: str, headers: Mapping[str, str]) -> tuple[int, Any]:
            response = await client.get(path, headers=headers)
            return response.status_code, response.json()

        yield ask


@contextlib.asynccontextmanager
async def _aiohttp(emulator: EmulatorHandle, **changes: Any) -> AsyncIterator[Ask]:
    app = web.Application(middlewares=[aiohttp.verified_users()])
    aiohttp.add_problem_details(app)
    app.cleanup_ctx.append(aiohttp.frontegg_context(**_settings(emulator, **changes)))
    for name, given in GUARDS.items():
        part = web.Application()
        part.router.add_get("", aiohttp.require(**given)(_respond))
        app.add_subapp(f"/{name}", part)
    runner = web.AppRunner(app)
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{runner.addresses[0][1]}") as client:

            async def ask(path: str, headers: Mapping[str, str]) -> tuple[int, Any]:
                response = await client.get(path, headers=headers)
                return response.status_code, response.json()

            yield ask
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("serve", [_fastapi, _aiohttp])
async def test_who_is_answered(serve: Any, emulator: EmulatorHandle) -> None:
    """By account and by user, with bearer tokens and with access tokens; the problem names the feature and why."""
    async with serve(emulator) as ask:
        for guard, answers in ANSWERS.items():
            for caller, wanted in answers.items():
                found = answer_of(*await ask(f"/{guard}", credential(emulator, caller)))
                assert found == wanted, (guard, caller)
            assert (await ask(f"/{guard}", {}))[0] == 401


@pytest.mark.slow
@pytest.mark.parametrize("serve", [_fastapi, _aiohttp])
async def test_a_snapshot_that_is_too_old_opens_nothing(serve: Any, emulator: EmulatorHandle) -> None:
    """Also for an account that was entitled: it is not known whether it still is."""
    stale = asyncio.Event()

    def listen(event: EntitlementsEvent) -> None:
        if event.kind is EntitlementsEventKind.STALE:
            stale.set()

    def make(frontegg: AsyncFrontegg) -> AsyncEntitlements:
        return AsyncEntitlements(frontegg, refresh=0.1, max_age=0.2, on_event=listen)

    async with serve(emulator, entitlements=make) as ask:
        break_snapshot(emulator)
        await stale.wait()
        status, body = await ask("/reports", credential(emulator, "north"))
        assert (status, body["code"]) == (503, "unavailable")
        assert (await ask("/role", credential(emulator, "north")))[0] == 403


@pytest.mark.parametrize("serve", [_fastapi, _aiohttp])
async def test_an_app_does_not_start_without_a_snapshot(serve: Any, emulator: EmulatorHandle) -> None:
    """It could answer nothing that is guarded."""
    break_snapshot(emulator)
    with pytest.raises(ServerError):
        async with serve(emulator):
            pass


@pytest.mark.parametrize("serve", [_fastapi, _aiohttp])
async def test_an_app_does_not_start_without_entitlements(serve: Any, emulator: EmulatorHandle) -> None:
    """The message has the route, the feature, and what to do."""
    message = r"require\(feature='reports'\) guards the route '/reports', .* entitlements=AsyncEntitlements"
    with pytest.raises(ConfigurationError, match=message):
        async with serve(emulator, entitlements=None):
            pass


@pytest.mark.parametrize("require", [fastapi.require, aiohttp.require])
@pytest.mark.parametrize("feature", ["", [], b"reports", ["reports", 1], 1])
async def test_wrong_features_are_refused_when_the_guard_is_made(require: Any, feature: Any) -> None:
    """An empty collection of features is no guard without features."""
    with pytest.raises(InvalidArgumentError, match="feature must"):
        require(feature=feature)


def _bearer(emulator: EmulatorHandle, caller: str) -> str:
    return credential(emulator, caller)["Authorization"]


async def test_routes_decide_themselves(emulator: EmulatorHandle) -> None:
    """With attributes of the app."""
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(emulator)))

    @app.get("/mine")
    async def mine(user: fastapi.CurrentClaims, entitlements: fastapi.EntitlementsDep) -> list[str]:
        return sorted(entitlements.features_of(user, attributes={"country": "DE"}))

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        response = await client.get("/mine", headers=credential(emulator, "west/ann"))
    assert response.json() == ["exports", "reports"]


async def test_a_mounted_app_uses_the_outer_entitlements(emulator: EmulatorHandle) -> None:
    """Or its own; without any, its guarded requests fail."""
    part = FastAPI()
    part.add_api_route("/", _ok, dependencies=[Depends(fastapi.require(feature="reports"))])
    headers = credential(emulator, "north")
    for changes, wanted in (({}, 200), ({"entitlements": None}, 500)):
        app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(emulator, **changes)))
        app.mount("/part", part)
        async with app.router.lifespan_context(app) as state:

            async def serve(scope: Any, receive: Any, send: Any, app: FastAPI = app, state: Any = state) -> None:
                await app({**scope, "state": dict(state or {})}, receive, send)

            transport = httpx.ASGITransport(serve, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                assert (await client.get("/part/", headers=headers)).status_code == wanted


async def test_a_sub_application_with_entitlements_of_its_own(emulator: EmulatorHandle) -> None:
    """The outer application needs none."""
    app, part = web.Application(middlewares=[aiohttp.verified_users()]), web.Application()
    app.cleanup_ctx.append(aiohttp.frontegg_context(**_settings(emulator, entitlements=None)))
    part.cleanup_ctx.append(aiohttp.frontegg_context(**_settings(emulator)))
    part.router.add_get("/", aiohttp.require(feature="reports")(_respond))
    app.add_subapp("/part", part)
    async with TestClient(TestServer(app)) as client:
        for caller, wanted in (("north", 200), ("west", 403)):
            async with client.get("/part/", headers=credential(emulator, caller)) as response:
                assert response.status == wanted


async def test_a_guard_that_is_called_by_hand(emulator: EmulatorHandle) -> None:
    """For a web socket, which has the entitlements of its app; without a connection there are none."""
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(emulator)))
    guard = fastapi.require(feature="reports")
    outcomes: list[object] = []

    @app.websocket("/talk")
    async def talk(socket: WebSocket, user: fastapi.CurrentClaims) -> None:
        outcomes.append(await guard(user=user, connection=socket))
        with pytest.raises(RuntimeError, match="needs connection="):
            await guard(user=user)
        await socket.accept()
        await socket.close()

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(_: Any) -> None: ...

    headers = [(b"authorization", _bearer(emulator, "north").encode())]
    scope = {"type": "websocket", "path": "/talk", "query_string": b"", "headers": headers}
    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    assert [type(each) for each in outcomes] == [Claims]


async def test_the_document_names_the_features() -> None:
    """Beside permissions and roles, with the members of the problem; other guarded routes stay as they were."""
    app = FastAPI()
    fastapi.add_problem_details(app)

    async def needs(_: Any = Depends(fastapi.require(feature="exports", role="Support"))) -> None: ...  # noqa: B008

    router = APIRouter(dependencies=[Depends(needs)])
    router.add_api_route("/both", _ok, methods=["POST"], dependencies=[Depends(fastapi.require(feature="reports"))])
    app.include_router(router, prefix="/x")
    app.add_api_route("/role", _ok, dependencies=[Depends(fastapi.require(role="Support"))])
    document = app.openapi()

    responses = document["paths"]["/x/both"]["post"]["responses"]
    assert {*responses} == {"200", "401", "403", "503"}
    assert "'reports'" in responses["403"]["description"]
    assert "'exports'" in responses["503"]["description"]
    assert {*document["paths"]["/role"]["get"]["responses"]} == {"200", "401", "403"}
    assert {"feature", "reason"} <= {*document["components"]["schemas"]["FronteggProblem"]["properties"]}
