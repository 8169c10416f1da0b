"""A bad argument in an app: the response names it."""

from __future__ import annotations

from typing import Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient as AiohttpClient
from aiohttp.test_utils import TestServer
from fastapi import FastAPI
from starlette.testclient import TestClient

from frontegg_async import AsyncFrontegg
from frontegg_async.integrations import aiohttp, fastapi

ERRORS: Final = [{"argument": "name", "message": "name must not be empty"}]


def test_fastapi_names_the_argument(frontegg_client: AsyncFrontegg) -> None:
    """As a form needs it."""
    app = FastAPI()
    fastapi.add_problem_details(app)

    @app.post("/tenants")
    async def create(name: str) -> str:
        return (await frontegg_client.tenants.create(name=name)).tenant_id

    with TestClient(app) as client:
        response = client.post("/tenants", params={"name": ""})
    assert (response.status_code, response.json()["errors"]) == (422, ERRORS)


@pytest.mark.anyio
async def test_aiohttp_names_the_argument(frontegg_client: AsyncFrontegg) -> None:
    """As a form needs it."""

    async def create(request: web.Request) -> web.Response:
        return web.Response(text=(await frontegg_client.tenants.create(name=request.query["name"])).tenant_id)

    app = web.Application()
    app.router.add_post("/tenants", create)
    aiohttp.add_problem_details(app)
    async with AiohttpClient(TestServer(app)) as client:
        response = await client.post("/tenants?name=")
        assert (response.status, (await response.json(content_type=None))["errors"]) == (422, ERRORS)
