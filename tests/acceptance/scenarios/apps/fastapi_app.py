"""A FastAPI service that uses the integration: its lifespan opens client and verifier, and errors get responses."""

# No postponed annotations here: FastAPI reads annotations at run time.
import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from frontegg_async import AsyncTokenVerifier, Options
from frontegg_async.integrations.fastapi import (
    CurrentClaims,
    FronteggDep,
    FronteggUserDep,
    add_problem_details,
    frontegg_lifespan,
)
from tests.acceptance.scenarios.apps.heartbeat import Heartbeat

DEADLINE: Final = 3.0
"""Seconds that a call may take in all."""

MOST: Final = 500
"""Requests under way at once; one more is refused."""

_OWN_WAIT: Final = 1


@contextlib.asynccontextmanager
async def _beating(app: FastAPI) -> AsyncIterator[None]:
    """Read the keys of tokens before the first request, and have the loop watched while the app runs."""
    verifier: AsyncTokenVerifier = app.state.frontegg_verifier
    await verifier.check()
    app.state.heartbeat = heartbeat = Heartbeat()
    beating = asyncio.create_task(heartbeat.beat())
    yield
    beating.cancel()


class Shedding:
    """Refuses excess requests at once: a queue would delay every request.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._free = MOST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless there are too many under way."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._free <= 0:
            refusal = JSONResponse({"error": "Overload"}, 503, {"Retry-After": str(_OWN_WAIT)})
            await refusal(scope, receive, send)
        else:
            self._free -= 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._free += 1


logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
app = FastAPI(lifespan=frontegg_lifespan(_beating, options=Options(timeout=1.0, deadline=DEADLINE)))
app.add_middleware(Shedding)
add_problem_details(app)


@app.get("/health")
async def health(request: Request) -> dict[str, Any]:
    """Say that this service serves, and how its loop did since this was asked last."""
    heartbeat: Heartbeat = request.app.state.heartbeat
    return {"status": "ok", **heartbeat.take()}


@app.get("/tenants")
async def list_tenants(frontegg: FronteggDep) -> dict[str, Any]:
    """Show the first page of the tenants."""
    page = await frontegg.tenants.list(page_size=20).first_page()
    return {"total": page.total, "ids": [tenant.tenant_id for tenant in page.items]}


@app.get("/tenants/{tenant_id}")
async def get_tenant(frontegg: FronteggDep, tenant_id: str) -> dict[str, Any]:
    """Show a tenant."""
    tenant = await frontegg.tenants.get(tenant_id)
    return {"id": tenant.tenant_id, "name": tenant.name}


@app.post("/tenants", status_code=201)
async def create_tenant(
    frontegg: FronteggDep, name: Annotated[str, Body()], id: Annotated[str | None, Body()] = None
) -> dict[str, Any]:
    """Create a tenant."""
    tenant = await frontegg.tenants.create(name=name, tenant_id=id)
    return {"id": tenant.tenant_id, "name": tenant.name}


@app.patch("/tenants/{tenant_id}/metadata")
async def change_metadata(
    frontegg: FronteggDep, tenant_id: str, metadata: Annotated[dict[str, Any], Body()]
) -> dict[str, Any]:
    """Add to the metadata of a tenant."""
    await frontegg.tenants.add_metadata(tenant_id, metadata)
    return {"id": tenant_id}


@app.get("/me/tenants")
async def own_tenants(claims: CurrentClaims, user: FronteggUserDep) -> dict[str, Any]:
    """Show a signed-in user the tenants that are theirs."""
    tenants = await user.tenants.list().all()
    return {"tenant": claims.tenant_id, "ids": [tenant.tenant_id for tenant in tenants]}
