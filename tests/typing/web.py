"""What routes of FastAPI, handlers of aiohttp, other ASGI apps and posted events get."""

from __future__ import annotations

from typing import Annotated, assert_type

import django.test
import httpx
import litestar
from aiohttp import ClientResponse, test_utils, web
from fastapi import Depends, FastAPI
from litestar.middleware import DefineMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier, Claims, FronteggError, Options
from frontegg_async.integrations import aiohttp, asgi, problems
from frontegg_async.integrations.fastapi import (
    CurrentClaims,
    FronteggDep,
    FronteggUserDep,
    Requirement,
    TokenVerifierDep,
    add_problem_details,
    frontegg_lifespan,
    require,
)
from frontegg_async.testing import PostEvent
from frontegg_async.webhooks import WebhookEvent

app = FastAPI(lifespan=frontegg_lifespan(options=Options(deadline=3)))
add_problem_details(app)
may_order = require(permission="orders.write", role=["Owner"])
assert_type(may_order, Requirement)


@app.get("/")
async def route(
    frontegg: FronteggDep,
    verifier: TokenVerifierDep,
    claims: CurrentClaims,
    user: FronteggUserDep,
    owner: Annotated[Claims, Depends(may_order)],
) -> None:
    """See what the dependencies give."""
    assert_type(frontegg, AsyncFrontegg)
    assert_type(verifier, AsyncTokenVerifier)
    assert_type(claims, Claims)
    assert_type(user, AsyncFronteggUser)
    assert_type(owner, Claims)


@aiohttp.require(role="Owner")
async def handler(request: web.Request) -> web.Response:
    """See what a request has."""
    assert_type(request.config_dict[aiohttp.FRONTEGG], AsyncFrontegg)
    assert_type(request.config_dict[aiohttp.VERIFIER], AsyncTokenVerifier)
    assert_type(request[aiohttp.CLAIMS], Claims)
    assert_type(aiohttp.frontegg_user(request), AsyncFronteggUser)
    return web.Response()


served = web.Application(middlewares=[aiohttp.verified_users(public=["/health"])])
aiohttp.add_problem_details(served)
served.cleanup_ctx.append(aiohttp.frontegg_context(options=Options(deadline=3)))
served.router.add_get("/", handler)


def problem(error: FronteggError) -> None:
    """See what there is to answer."""
    found = problems.problem_of(error)
    assert_type(found, problems.Problem)
    assert_type(found.headers, dict[str, str])
    assert_type(found.encode(), bytes)


def apps(verifier: AsyncTokenVerifier, request: Request) -> None:
    """See that apps of other frameworks take the middleware."""
    Starlette(middleware=[Middleware(asgi.VerifiedUsers, verifier=verifier)])
    litestar.Litestar(middleware=[DefineMiddleware(asgi.VerifiedUsers, verifier=verifier)])
    asgi.VerifiedUsers(asgi.VerifiedUsers(Starlette(), verifier=verifier), verifier=verifier, public=["/health"])
    assert_type(asgi.current_claims(request.scope), Claims)


async def post(
    post_event: PostEvent,
    event: WebhookEvent,
    sync_client: httpx.Client,
    async_client: httpx.AsyncClient,
    of_aiohttp: test_utils.TestClient[web.Request, web.Application],
) -> None:
    """See that the response is that of the client."""
    assert_type(post_event(sync_client, "/", event, secret="s"), httpx.Response)
    assert_type(await post_event(async_client, "/", {"eventKey": "a"}, secret="s"), httpx.Response)
    assert_type(await post_event(of_aiohttp, "/", event, secret="s"), ClientResponse)
    assert_type(post_event(django.test.Client(), "/", event, secret="s").status_code, int)
