"""An aiohttp application with the routes of a table, behind the middleware that guards them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

import aiohttp
from aiohttp import web
from yarl import URL

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.integrations.aiohttp import add_problem_details, frontegg_context, require, verified_users
from tests.acceptance.scoreboard.rows.guards.route_tables import MARK, PERMISSION, ROLE, Route, Segment

if TYPE_CHECKING:
    from tests.acceptance.scoreboard.rows.guards.guards import Ask

_RENDERED: Final[Mapping[str, str]] = {
    "word": "{0}",
    "field": "{{{0}}}",
    "expression": "{{{0}:secret-.+}}",
    "rest": "{{{0}:.*}}",
}


def _path(route: Route, rendered: Callable[[Segment], str]) -> str:
    end = "/" if route.ends_with_slash else ""
    return "".join(f"/{rendered(segment)}" for segment in route.segments) + end


def _pattern(segment: Segment) -> str:
    return _RENDERED[segment.kind].format(segment.text)


def _canonical(segment: Segment) -> str:
    return segment.text if segment.kind == "word" else f"{{{segment.text}}}"


def _handler(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(headers={MARK: route.name})

    class View(web.View):
        async def get(self) -> web.StreamResponse:
            return await handle(self.request)

        post = get

    guard = require(permission=iter([PERMISSION]), role=ROLE)
    if route.guard == "entitled":
        return guard(View if route.form % 2 else handle)
    return View if route.form % 2 else handle


@contextlib.asynccontextmanager
async def serve_aiohttp(emulator: AsyncEmulatorHandle, table: list[Route]) -> AsyncIterator[Ask]:
    """Serve a table on a socket; its public routes are named by their canonical paths.

    Args:
        emulator: Whose tokens are taken.
        table: The routes.
    """
    public = {
        f"{'/part' if route.is_nested else ''}{_path(route, _canonical)}" for route in table if route.guard == "public"
    }
    app = web.Application(middlewares=[verified_users(public=public)])
    add_problem_details(app)
    app.cleanup_ctx.append(
        frontegg_context(
            client=lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
            verifier=lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
        )
    )
    part = web.Application()
    used: set[tuple[bool, str, str]] = set()
    for route in table:
        path = _path(route, _pattern)
        if (key := (route.is_nested, path, route.method)) not in used:  # aiohttp refuses the same route twice
            used.add(key)
            (part if route.is_nested else app).router.add_route(route.method, path, _handler(route))
    app.add_subapp("/part", part)
    runner = web.AppRunner(app)
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        async with aiohttp.ClientSession() as session:

            async def ask(method: str, path: str, headers: Mapping[str, str]) -> str | None:
                url = URL(f"http://127.0.0.1:{port}{path}", encoded=True)
                async with session.request(method, url, headers=headers, allow_redirects=False) as answer:
                    return answer.headers.get(MARK)

            yield ask
    finally:
        await runner.cleanup()
