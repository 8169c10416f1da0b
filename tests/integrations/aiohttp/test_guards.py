"""aiohttp: public routes, the choice of the verifier, and the handlers that ``require`` decorates."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.integrations.aiohttp import (
    CLAIMS,
    FRONTEGG,
    VERIFIER,
    add_problem_details,
    frontegg_context,
    frontegg_user,
    require,
    verified_users,
)

pytestmark = pytest.mark.anyio

Client = TestClient[web.Request, web.Application]
NAMES: Final = ("orders.read", "orders.write")


def _context(emulator: EmulatorHandle, **changes: Any) -> Any:
    made = {
        "client": lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        "verifier": lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
    }
    return frontegg_context(**{**made, **changes})


def _app(emulator: EmulatorHandle | None, *, public: Iterable[str] | None = ()) -> web.Application:
    """Return an app, with a context if an environment is given, and with the middleware if public routes are given."""
    app = web.Application(middlewares=[] if public is None else [verified_users(public=tuple(public))])
    add_problem_details(app)
    if emulator is not None:
        app.cleanup_ctx.append(_context(emulator))
    return app


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


def _serving(app: web.Application) -> Client:
    return TestClient(TestServer(app))


async def _start(app: web.Application) -> None:
    runner = web.AppRunner(app)
    try:
        await runner.setup()
    finally:
        await runner.cleanup()


def _bearer(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    chosen = {"tenant_id": "north", "user_id": "ann", "permissions": ["fe.account-hierarchy.*"], **changes}
    return {"Authorization": f"Bearer {emulator.user_token(**chosen).access_token}"}


async def _status(client: Client, path: str, **options: Any) -> int:
    async with client.request(options.pop("method", "GET"), path, **options) as response:
        return response.status


async def _text(client: Client, path: str, **options: Any) -> str:
    async with client.get(path, **options) as response:
        return await response.text()


async def _ok(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _by_expression(app: web.Application) -> None:
    app.router.add_get("/files/{name:secret-.+}", _ok)
    app.router.add_get("/files/{name}", _ok)


def _by_directory(app: web.Application) -> None:
    app.router.add_static("/files", Path(__file__).parent)
    app.router.add_get("/files", _ok)


def _by_part(app: web.Application) -> None:
    part = web.Application()
    part.router.add_get("/{name}", _ok)
    app.router.add_post("/files/{name}", _ok)
    app.add_subapp("/files", part)


def _by_domain(app: web.Application) -> None:
    part = web.Application()
    part.router.add_get("/files/{name}", _ok)
    app.add_domain("*.example.com", part)
    app.router.add_get("/files/{name}", _ok)


def _deep_below(app: web.Application) -> None:
    part, deeper = web.Application(), web.Application()
    deeper.router.add_get("/{name:secret-.+}", _ok)
    deeper.router.add_get("/{name}", _ok)
    part.add_subapp("/files", deeper)
    app.add_domain("*.example.com", part)


_AMBIGUOUS: Final = [_by_expression, _by_directory, _by_part, _by_domain, _deep_below]


@pytest.mark.parametrize("add", _AMBIGUOUS)
async def test_an_ambiguous_public_path_does_not_start(
    emulator: EmulatorHandle, add: Callable[[web.Application], None]
) -> None:
    """A path that belongs to several resources could make a protected one public."""
    app = _app(emulator, public=["/files/{name}", "/files"])
    add(app)
    with pytest.raises(ConfigurationError, match=r"public has '/files.*', which belongs to 2 resources") as caught:
        await _start(app)
    assert "_ok" in str(caught.value)


@pytest.mark.parametrize("add", _AMBIGUOUS[:3])
async def test_an_ambiguous_public_path_of_a_sub_app_does_not_start(
    emulator: EmulatorHandle, add: Callable[[web.Application], None]
) -> None:
    """The middleware may belong to a sub-app, and the context to the main app."""
    app, part = _app(emulator, public=None), _app(None, public=["/part/files/{name}", "/part/files"])
    add(part)
    app.add_subapp("/part", part)
    with pytest.raises(ConfigurationError, match="public has"):
        await _start(app)


async def test_a_public_path_that_no_route_has_is_logged(
    emulator: EmulatorHandle, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be misspelled; an app and its sub-app may have one middleware, and each some of its paths."""
    guard = verified_users(public=["/health", "/heatlh", "/part/ok"])
    app, part = web.Application(middlewares=[guard]), web.Application(middlewares=[guard])
    app.cleanup_ctx.append(_context(emulator))
    app.router.add_get("/health", _ok)
    part.router.add_get("/ok", _ok)
    app.add_subapp("/part", part)
    await _start(app)
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "public has '/heatlh', and no route has this path: is it misspelled?"
    ]


async def test_an_ambiguous_public_path_is_never_served(emulator: EmulatorHandle) -> None:
    """Without the SDK's context nothing is checked at startup, and every request for that path fails."""
    app = _app(None, public=["/files/{name}"])
    app[VERIFIER] = AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id)
    _by_expression(app)
    async with _serving(app) as client:
        assert await _status(client, "/files/a") == 500
        assert await _status(client, "/files/secret-a") == 500


async def test_overlapping_routes_keep_their_guards(emulator: EmulatorHandle) -> None:
    """A route is public by its own path, not by a URL that another route matches too."""
    app = _app(emulator, public=["/files/{name}", "/x", "/static"])
    app.router.add_get("/files/{secret:secret-.+}", _ok)
    app.router.add_get("/files/{name}", _ok)
    app.router.add_get("/x", _ok)
    app.router.add_get("/y", _ok)
    app.router.add_post("/x", _ok)
    app.router.add_static("/static", Path(__file__).parent)
    app.router.add_get("/{rest:.*}", _ok)
    async with _serving(app) as client:
        for method, path, status in (
            ("GET", "/files/open", 200),
            ("GET", "/files/secret-plan", 401),
            ("GET", "/files/%73ecret-plan", 401),
            ("HEAD", "/files/secret-plan", 401),
            ("POST", "/files/secret-plan", 405),
            ("GET", "/x", 200),
            ("POST", "/x", 200),
            ("GET", "/x/", 401),
            ("GET", "/X", 401),
            ("GET", "/y", 401),
            ("GET", "/static/__init__.py", 200),
            ("GET", "/static/../y", 401),
            ("GET", "/nothing", 401),
        ):
            assert (method, path, await _status(client, path, method=method)) == (method, path, status)


@pytest.mark.parametrize("public", ["/health", [5], [b"/health"]])
async def test_public_is_a_collection_of_paths(public: Any) -> None:
    """A string would be a collection of letters, and would make none of the intended paths public."""
    with pytest.raises(InvalidArgumentError, match=r"public (must be|may only have)"):
        verified_users(public=public)


async def _tree(request: web.Request) -> web.Response:
    return web.json_response([node.tenant_name for node in await frontegg_user(request).hierarchy.tree()])


async def _name(request: web.Request) -> web.Response:
    return web.Response(text=(await request.config_dict[FRONTEGG].tenants.get(request[CLAIMS].tenant_id)).name)


@pytest.mark.parametrize("guarded_by", ["outer", "inner", "both"])
async def test_a_sub_app_with_its_own_environment(
    emulator: EmulatorHandle, other: EmulatorHandle, guarded_by: str
) -> None:
    """Verifier and client come from the same app: the sub-app's own, whichever app has the middleware."""
    app = _app(emulator, public=None if guarded_by == "inner" else ())
    part = _app(other, public=None if guarded_by == "outer" else ())
    part.router.add_get("/name", _name)
    part.router.add_get("/tree", _tree)
    app.add_subapp("/part", part)
    async with _serving(app) as client:
        assert await _text(client, "/part/name", headers=_bearer(other)) == "Other North"
        assert await _text(client, "/part/tree", headers=_bearer(other)) == '["Other North"]'
        assert await _status(client, "/part/name", headers=_bearer(emulator)) == 401


async def test_a_sub_app_never_uses_the_verifier_of_another_environment(
    emulator: EmulatorHandle, other: EmulatorHandle
) -> None:
    """Otherwise a token would be verified for one environment and used in another."""
    app, part = _app(emulator), web.Application()
    part.cleanup_ctx.append(_context(other, verifier=None))
    part.router.add_get("/name", _name)
    app.add_subapp("/part", part)
    async with _serving(app) as client:
        assert await _status(client, "/part/name", headers=_bearer(emulator)) == 500


async def _own(_: web.Request) -> web.Response:
    return web.Response(headers={"Vary": "Cookie, authorization"})


async def _missing(_: web.Request) -> web.Response:
    raise web.HTTPNotFound


async def _stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Vary": "Cookie"})
    await response.prepare(request)
    return response


@pytest.mark.parametrize("takes_keys", [True, False])
async def test_vary_names_the_token_headers(emulator: EmulatorHandle, *, takes_keys: bool) -> None:
    """``Vary`` names the token headers in use and keeps the handler's own; rejections are not cached."""
    app = web.Application(middlewares=[verified_users(public=["/open"])])
    add_problem_details(app)
    app.cleanup_ctx.append(_context(emulator, **({} if takes_keys else {"access_token_verifier": None})))
    for path, handler in (("/ok", _ok), ("/open", _ok), ("/own", _own), ("/missing", _missing), ("/stream", _stream)):
        app.router.add_get(path, handler)
    app.router.add_get("/guarded", require(role="Owner")(_ok))
    ours = ["Authorization", "x-api-key"][: 2 if takes_keys else 1]
    async with _serving(app) as client:
        for path, vary in (
            ("/ok", ours),
            ("/missing", ours),
            ("/guarded", ours),
            ("/own", ["Cookie, authorization", *ours[1:]]),
            ("/stream", ["Cookie"]),
            ("/open", []),
        ):
            async with client.get(path, headers=_bearer(emulator)) as response:
                assert [path, response.headers.getall("Vary", [])] == [path, vary]
        for path, headers in (("/ok", {}), ("/guarded", _bearer(emulator))):
            async with client.get(path, headers=headers) as response:
                assert response.status in (401, 403)
                assert response.headers["Cache-Control"] == "no-store"
                assert response.headers.getall("Vary") == ours


class _Callable:
    async def __call__(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")


class _View(web.View):
    @require(permission="orders.read")
    async def get(self) -> web.Response:
        return web.Response(text="ok")

    async def post(self) -> web.Response:
        return web.Response(text="ok")


class _Handlers:
    @require(permission="orders.read")
    async def show(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")


async def _named(text: str, _: web.Request) -> web.Response:
    return web.Response(text=text)


async def test_what_is_decorated(emulator: EmulatorHandle) -> None:
    """Functions, methods, views and objects are decorated: all handlers that aiohttp accepts."""
    decorated = require(permission="orders.read")
    app = _app(emulator)
    app.router.add_get("/function", decorated(_ok))
    app.router.add_get("/object", decorated(_Callable()))
    app.router.add_get("/partial", decorated(functools.partial(_named, "ok")))
    app.router.add_get("/method", _Handlers().show)
    app.router.add_view("/view-method", _View)
    app.router.add_view("/view", decorated(_View))
    async with _serving(app) as client:
        good, poor = _bearer(emulator, permissions=["orders.*"]), _bearer(emulator)
        for path in ("/function", "/object", "/partial", "/method", "/view-method", "/view"):
            assert [path, await _text(client, path, headers=good)] == [path, "ok"]
            assert [path, await _status(client, path, headers=poor)] == [path, 403]
        assert await _status(client, "/view", method="POST", headers=poor) == 403


def _plain(_: web.Request) -> web.Response:
    return web.Response(text="ok")


@pytest.mark.parametrize("handler", [_plain, _Handlers, 5, "handler", None])
async def test_only_handlers_are_decorated(handler: Any) -> None:
    """The decorator raises, not the first request."""
    with pytest.raises(InvalidArgumentError, match="require decorates async handlers"):
        require(role="Owner")(handler)


def test_require_without_parentheses() -> None:
    """It says what to write."""
    with pytest.raises(TypeError, match=r"write @require\(permission="):
        require(_plain)  # type: ignore[arg-type]


async def test_a_handler_needs_a_request() -> None:
    """Without a request nothing can be checked, so the call fails."""
    with pytest.raises(TypeError, match="without a request"):
        await require(role="Owner")(_ok)("/")  # type: ignore[arg-type]  # which is what is tested
