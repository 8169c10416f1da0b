"""FastAPI and aiohttp: guards that ask for the caller's own tenant, or for the tenant of operators."""

from __future__ import annotations

import contextlib
import functools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Annotated, Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, Header, Path
from pydantic import AfterValidator, StringConstraints

from frontegg_async import (
    AsyncFrontegg,
    AsyncTokenVerifier,
    Claims,
    ConfigurationError,
    InvalidArgumentError,
    MissingPermissionError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.integrations import aiohttp, fastapi
from frontegg_async.models.access_tokens import AccessToken
from tests.integrations.tenant_guard_cases import GUARDS, SPELLINGS, STATUSES, WRONG, credentials, seed

pytestmark = pytest.mark.anyio

Ask = Callable[[str, Mapping[str, str]], Awaitable[int]]


def _settings(emulator: EmulatorHandle) -> dict[str, Any]:
    return {
        "client": lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        "verifier": lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
    }


@contextlib.asynccontextmanager
async def _fastapi(emulator: EmulatorHandle) -> AsyncIterator[Ask]:
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(emulator)))
    fastapi.add_problem_details(app)
    for name, given in GUARDS.items():
        # The parameter is part of the prefix, and the guard is that of the router.
        router = APIRouter(prefix="/{tenant_id}", dependencies=[Depends(fastapi.require(**given))])
        router.add_api_route("", lambda tenant_id: {"id": tenant_id})
        app.include_router(router, prefix=f"/{name}")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):

        async def ask(path: str, headers: Mapping[str, str]) -> int:
            return (await client.get(path, headers=headers)).status_code

        yield ask


@contextlib.asynccontextmanager
async def _aiohttp(emulator: EmulatorHandle) -> AsyncIterator[Ask]:
    async def show(request: web.Request) -> web.Response:
        return web.Response(text=request.match_info["tenant_id"])

    app = web.Application(middlewares=[aiohttp.verified_users()])
    aiohttp.add_problem_details(app)
    app.cleanup_ctx.append(aiohttp.frontegg_context(**_settings(emulator)))
    for name, given in GUARDS.items():
        part = web.Application()
        part.router.add_get("/{tenant_id}", aiohttp.require(**given)(show))
        app.add_subapp(f"/{name}", part)
    async with TestClient(TestServer(app)) as client:

        async def ask(path: str, headers: Mapping[str, str]) -> int:
            async with client.get(path, headers=headers) as response:
                return response.status

        yield ask


@pytest.mark.parametrize("serve", [_fastapi, _aiohttp])
async def test_who_is_answered(serve: Any, frontegg_emulator: EmulatorHandle) -> None:
    """By bearer token and by access tokens: a role of another tenant opens nothing, and no other tenant is shown."""
    seed(frontegg_emulator)
    async with serve(frontegg_emulator) as ask:
        for guard, statuses in STATUSES.items():
            for (tenant_id, entitled), wanted in statuses.items():
                for headers in credentials(frontegg_emulator, tenant_id, entitled=entitled):
                    answers = [await ask(f"/{guard}/{each}", headers) for each in ("north", "south")]
                    assert tuple(answers) == wanted, (guard, tenant_id, entitled, [*headers])
            assert await ask(f"/{guard}/north", {}) == 401
        headers = credentials(frontegg_emulator, "north", entitled=False)[0]
        assert {each: await ask(f"/own/{each}", headers) for each in SPELLINGS} == SPELLINGS


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("require", [aiohttp.require, fastapi.require])
async def test_wrong_arguments_are_refused_when_the_guard_is_made(require: Any, case: str) -> None:
    """A tenant that comes from a setting that is missing is no guard without a tenant."""
    given, message = WRONG[case]
    with pytest.raises(InvalidArgumentError, match=message):
        require(**given)


async def _nothing() -> None: ...


def _routes() -> dict[str, Callable[[FastAPI], object]]:
    wrong = [Depends(fastapi.require(own_tenant="account"))]

    async def nested(claims: Any = wrong[0]) -> None:
        del claims

    def with_router(app: FastAPI) -> None:
        router = APIRouter(prefix="/tenants/{tenant_id}")
        router.add_api_route("/x", _nothing)
        app.include_router(router, dependencies=wrong)

    def mounted(app: FastAPI) -> None:
        part = FastAPI(dependencies=wrong)
        part.add_api_route("/x", _nothing)
        app.mount("/tenants/{tenant_id}", part)

    return {
        "route": lambda app: app.add_api_route("/tenants/{tenant_id}", _nothing, dependencies=wrong),
        "socket": lambda app: app.add_api_websocket_route("/tenants/{tenant_id}", nested),
        "router": with_router,
        "mount": mounted,
        "nested": lambda app: app.add_api_route("/x", _nothing, dependencies=[Depends(nested)]),
    }


@pytest.mark.parametrize("add", _routes().values(), ids=_routes())
async def test_an_app_of_fastapi_does_not_start_with_an_unknown_parameter(
    add: Callable[[FastAPI], object], frontegg_emulator: EmulatorHandle
) -> None:
    """The message names the route; a parameter of the mount or of the router's prefix is known."""
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(frontegg_emulator)))
    add(app)
    with pytest.raises(ConfigurationError, match=r"require\(own_tenant='account'\) guards the route '/.*', which has"):
        async with app.router.lifespan_context(app):
            pass
    known = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(frontegg_emulator)))
    part = FastAPI(dependencies=[Depends(fastapi.require(own_tenant="tenant_id"))])
    part.add_api_route("/x", _nothing)
    known.mount("/tenants/{tenant_id}", part)
    async with known.router.lifespan_context(known):
        pass


async def _of_query(tenant_id: str) -> str:
    return tenant_id


async def _of_header(tenant_id: Annotated[str, Header()]) -> str:
    return tenant_id


async def _of_cookie(other: Annotated[str, Cookie(alias="tenant_id")]) -> str:
    return other


async def _of_body(tenant_id: Annotated[str, Body()]) -> str:
    return tenant_id


async def _nested(found: Annotated[str, Depends(_of_query)]) -> str:
    return found


async def _of_path(tenant_id: Annotated[str, Path()]) -> str:
    return tenant_id


def _mounted(emulator: EmulatorHandle, show: Callable[..., object]) -> FastAPI:
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(emulator)))
    part = FastAPI(dependencies=[Depends(fastapi.require(own_tenant="tenant_id"))])
    part.add_api_route("/show", show, methods=["POST"])
    app.mount("/t/{tenant_id}", part)
    return app


@pytest.mark.parametrize(
    ("show", "place"),
    [
        (_of_query, "query"),
        (_of_header, "header"),
        (_of_cookie, "cookie"),
        (_of_body, "body"),
        (_nested, "query"),
    ],
)
async def test_a_route_that_would_read_another_tenant_than_is_guarded(
    show: Callable[..., object], place: str, frontegg_emulator: EmulatorHandle
) -> None:
    """FastAPI takes the name of the mount's parameter from elsewhere: the app does not start."""
    app = _mounted(frontegg_emulator, show)
    with pytest.raises(ConfigurationError, match=rf"'tenant_id' is read from the {place}: declare it as Annotated"):
        async with app.router.lifespan_context(app):
            pass


@pytest.mark.parametrize(
    "kind",
    [
        int,
        uuid.UUID,
        Annotated[str, StringConstraints(to_lower=True)],
        Annotated[str, StringConstraints(strip_whitespace=True)],
        Annotated[str, Path(), AfterValidator(str.lower)],
    ],
)
async def test_a_route_that_changes_the_id_that_is_guarded(kind: Any, frontegg_emulator: EmulatorHandle) -> None:
    """A token of tenant ``007`` must not read tenant ``7``: the app does not start."""

    async def show(tenant_id: str) -> str:
        return tenant_id

    show.__annotations__["tenant_id"] = kind
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(frontegg_emulator)))
    guard = Depends(fastapi.require(own_tenant="tenant_id"))
    app.add_api_route("/show/{tenant_id}", show, dependencies=[guard])
    with pytest.raises(ConfigurationError, match="converts the parameter 'tenant_id': declare"):
        async with app.router.lifespan_context(app):
            pass


async def test_a_mounted_route_reads_the_tenant_that_is_guarded(frontegg_emulator: EmulatorHandle) -> None:
    """Declared as the message says."""
    seed(frontegg_emulator)
    app = _mounted(frontegg_emulator, _of_path)
    headers = credentials(frontegg_emulator, "north", entitled=False)[0]
    async with app.router.lifespan_context(app) as state:

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(serve)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            answers = [await client.post(f"/t/{each}/show?tenant_id=south") for each in ("north", "south")]
    assert [each.status_code for each in answers] == [200, 404]
    assert answers[0].json() == "north"


async def _answer(_: web.Request) -> web.Response:
    return web.Response()


class _View(web.View):
    @aiohttp.require(own_tenant="account")
    async def get(self) -> web.Response:
        return web.Response()


class _Site:
    @aiohttp.require(own_tenant="account")
    async def show(self, request: web.Request) -> web.Response:
        return await _answer(request)


_HANDLERS: dict[str, Any] = {
    "function": aiohttp.require(own_tenant="account")(_answer),
    "method": _Site().show,
    "class": aiohttp.require(own_tenant="account")(_View),
    "method of a class": _View,
    "two guards": aiohttp.require(own_tenant="account")(aiohttp.require(own_tenant="tenant_id")(_answer)),
    "below another guard": aiohttp.require(role="Support")(aiohttp.require(own_tenant="account")(_answer)),
    "partial": functools.partial(aiohttp.require(own_tenant="account")(_answer)),
}


@pytest.mark.parametrize("handler", _HANDLERS.values(), ids=_HANDLERS)
async def test_an_app_of_aiohttp_does_not_start_with_an_unknown_parameter(
    handler: Any, frontegg_emulator: EmulatorHandle
) -> None:
    """In a sub-app too; the message names the route."""
    for path, known in (("/tenants/{tenant_id}", "only tenant_id"), ("/tenants", "no path parameters")):
        app, part = web.Application(), web.Application()
        app.cleanup_ctx.append(aiohttp.frontegg_context(**_settings(frontegg_emulator)))
        part.router.add_get(path, handler)
        app.add_subapp("/api", part)
        runner = web.AppRunner(app)
        with pytest.raises(ConfigurationError, match=rf"guards the route '/api/tenants.*', which has {known}"):
            await runner.setup()
        await runner.cleanup()


async def test_a_guard_that_no_start_has_checked_fails_closed(frontegg_emulator: EmulatorHandle) -> None:
    """A route that is added later, whose path lacks the parameter, answers nobody."""
    seed(frontegg_emulator)
    headers = credentials(frontegg_emulator, "north", entitled=True)[0]
    app = FastAPI(lifespan=fastapi.frontegg_lifespan(**_settings(frontegg_emulator)))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        app.add_api_route("/late", _nothing, dependencies=[Depends(fastapi.require(own_tenant="tenant_id"))])
        with pytest.raises(RuntimeError, match="own_tenant='tenant_id'"):
            await client.get("/late", headers=headers)


async def test_roles_of_another_tenant_do_not_count(frontegg_emulator: EmulatorHandle) -> None:
    """Also without a framework: `Claims` and `AccessToken` have the same argument."""
    seed(frontegg_emulator)
    issued = frontegg_emulator.user_token(tenant_id="north", user_id="u-north", roles=["Support"])
    async with AsyncTokenVerifier(issuer=frontegg_emulator.url, audience=frontegg_emulator.client_id) as verifier:
        claims = await verifier.verify(issued.access_token)
    held: list[Claims | AccessToken] = [claims, AccessToken(id="t", tenant_id="north", roles=("Support",))]
    for each in held:
        each.require(role="Support")
        each.require(role="Support", in_tenant="north")
        with pytest.raises(MissingPermissionError, match="for tenant 'north'") as caught:
            each.require(role="Support", in_tenant="our-company")
        assert caught.value.missing == ("Support",)
        for wrong in (None, "", " "):
            with pytest.raises(InvalidArgumentError, match="in_tenant must be"):
                each.require(role="Support", in_tenant=wrong)  # type: ignore[arg-type]  # which is what is tested
        with pytest.raises(InvalidArgumentError, match="give permission or role"):
            each.require(in_tenant="north")
