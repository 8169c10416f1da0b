"""What routes of FastAPI and handlers of aiohttp get."""

from __future__ import annotations

from typing import Annotated, assert_type

from aiohttp import web
from fastapi import Depends, FastAPI

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, AsyncTokenVerifier, Claims, FronteggError, Options
from frontegg_async.integrations import aiohttp, problems
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
