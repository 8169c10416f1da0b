"""A FastAPI application with the routes of a table, and the dependencies that guard them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Final

import httpx
from fastapi import APIRouter, Depends, FastAPI, Response
from starlette.types import Receive, Scope, Send

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.integrations.fastapi import add_problem_details, current_claims, frontegg_lifespan, require
from tests.acceptance.scoreboard.rows.guards.route_tables import MARK, PERMISSION, ROLE, Route

if TYPE_CHECKING:
    from tests.acceptance.scoreboard.rows.guards.guards import Ask

_RENDERED: Final[Mapping[str, str]] = {
    "word": "{0}",
    "field": "{{{0}}}",
    "expression": "secret-{{{0}}}",
    "rest": "{{{0}:path}}",
}
_FORMS: Final = 3


def _add(app: FastAPI, route: Route) -> None:
    """Add a route, guarded by itself, by a router, or by what includes the router."""
    segments = (_RENDERED[segment.kind].format(segment.text) for segment in route.segments)
    path = f"/{'/'.join(segments)}{'/' if route.ends_with_slash else ''}"

    async def handle(response: Response) -> None:
        response.headers[MARK] = route.name

    guards = {
        "public": [],
        "signed in": [Depends(current_claims)],
        "entitled": [Depends(require(permission=iter([PERMISSION]), role=ROLE))],
    }[route.guard]
    form = route.form % _FORMS
    router = APIRouter(dependencies=guards if form == 1 else None)
    router.add_api_route(path, handle, methods=[route.method], dependencies=guards if form == 0 else None)
    app.include_router(router, dependencies=guards if form > 1 else None)


@contextlib.asynccontextmanager
async def serve_fastapi(emulator: AsyncEmulatorHandle, table: list[Route]) -> AsyncIterator[Ask]:
    """Have an app answer a table; nested routes are those of an app that is mounted in it.

    Args:
        emulator: Whose tokens are taken.
        table: The routes.
    """
    app = FastAPI(
        openapi_url=None,
        lifespan=frontegg_lifespan(
            client=lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
            verifier=lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
        ),
    )
    part = FastAPI(openapi_url=None)
    add_problem_details(app)
    add_problem_details(part)
    middle = len(table) // 2
    for index, route in enumerate(table):
        if index == middle:
            app.mount("/part", part)
        _add(part if route.is_nested else app, route)
    async with app.router.lifespan_context(app) as state:

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(serve)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

            async def ask(method: str, path: str, headers: Mapping[str, str]) -> str | None:
                answer = await client.request(method, f"http://test{path}", headers=headers)
                found: str | None = answer.headers.get(MARK)
                return found

            yield ask
