"""A FastAPI service: one client for the process, opened by its lifespan, and one handler for all errors of the SDK."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, TypedDict, cast

from fastapi import Body, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.scenarios.apps.heartbeat import Heartbeat
from frontegg_async import (
    AsyncFrontegg,
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    FronteggError,
    InvalidArgumentError,
    MissingPermissionError,
    NotFoundError,
    Options,
    RateLimitError,
    RequestTimeoutError,
    TokenVerificationError,
    TokenVerifier,
)

DEADLINE: Final = 3.0
"""Seconds that a call may take in all."""

MOST: Final = 500
"""Requests under way at once; one more is refused."""

STATUSES: Final[tuple[tuple[type[FronteggError], int], ...]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (InvalidArgumentError, 422),
    (MissingPermissionError, 403),
    (RateLimitError, 429),
    (ConnectionFailedError, 503),
    (RequestTimeoutError, 504),
    (FronteggError, 502),
)
"""How errors are told to whoever asked us; the first that fits counts."""

_OWN_WAIT: Final = 1


class State(TypedDict):
    """What the requests of a process share."""

    frontegg: AsyncFrontegg
    verifier: TokenVerifier
    heartbeat: Heartbeat


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[State]:
    """Open the client and the verifier, and close them when the last request has ended."""
    options = Options(timeout=1.0, deadline=DEADLINE)
    issuer, audience = os.environ["FRONTEGG_BASE_URL"], os.environ["FRONTEGG_CLIENT_ID"]
    async with (
        AsyncFrontegg.from_env(options=options) as frontegg,
        TokenVerifier(issuer=issuer, audience=audience) as verifier,
    ):
        await verifier.check()
        heartbeat = Heartbeat()
        beating = asyncio.create_task(heartbeat.beat())
        yield {"frontegg": frontegg, "verifier": verifier, "heartbeat": heartbeat}
        beating.cancel()


class Shedding:
    """Refuses what is too much, at once: a queue would make every request late, and none the sooner.

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
app = FastAPI(lifespan=lifespan)
app.add_middleware(Shedding)


@app.exception_handler(FronteggError)
async def tell(_: Request, error: Exception) -> JSONResponse:
    """Answer with the status that an error of the SDK stands for."""
    found = cast("FronteggError", error)
    if isinstance(found, TokenVerificationError):
        return answer(found, 503 if found.reason == "keys_unavailable" else 401)
    return answer(found, next(status for kind, status in STATUSES if isinstance(found, kind)))


def answer(error: FronteggError, status: int) -> JSONResponse:
    """Return an answer that says what went wrong, and when to try again where that is known."""
    wait = error.details.retry_after or (_OWN_WAIT if status == 503 else None)  # noqa: PLR2004
    headers = {} if wait is None else {"Retry-After": str(math.ceil(wait))}
    outcome = None if error.outcome is None else error.outcome.value
    return JSONResponse(
        {"error": type(error).__name__, "outcome": outcome, "reason": error.details.reason}, status, headers
    )


def _frontegg(request: Request) -> AsyncFrontegg:
    found: AsyncFrontegg = request.state.frontegg
    return found


@app.get("/health")
async def health(request: Request) -> dict[str, Any]:
    """Say that this service serves, and how its loop did since this was asked last."""
    heartbeat: Heartbeat = request.state.heartbeat
    return {"status": "ok", **heartbeat.take()}


@app.get("/tenants")
async def list_tenants(request: Request) -> dict[str, Any]:
    """Show the first page of the tenants."""
    page = await _frontegg(request).tenants.list(page_size=20).first_page()
    return {"total": page.total, "ids": [tenant.tenant_id for tenant in page.items]}


@app.get("/tenants/{tenant_id}")
async def get_tenant(request: Request, tenant_id: str) -> dict[str, Any]:
    """Show a tenant."""
    tenant = await _frontegg(request).tenants.get(tenant_id)
    return {"id": tenant.tenant_id, "name": tenant.name}


@app.post("/tenants", status_code=201)
async def create_tenant(
    request: Request, name: Annotated[str, Body()], id: Annotated[str | None, Body()] = None
) -> dict[str, Any]:
    """Create a tenant."""
    tenant = await _frontegg(request).tenants.create(name=name, tenant_id=id)
    return {"id": tenant.tenant_id, "name": tenant.name}


@app.patch("/tenants/{tenant_id}/metadata")
async def change_metadata(
    request: Request, tenant_id: str, metadata: Annotated[dict[str, Any], Body()]
) -> dict[str, Any]:
    """Add to the metadata of a tenant."""
    await _frontegg(request).tenants.add_metadata(tenant_id, metadata)
    return {"id": tenant_id}


@app.get("/me/tenants")
async def own_tenants(request: Request, authorization: Annotated[str | None, Header()] = None) -> JSONResponse:
    """Show a signed-in user the tenants that are theirs."""
    verifier: TokenVerifier = request.state.verifier
    claims = await verifier.verify_header(authorization)
    me = _frontegg(request).as_user((authorization or "").removeprefix("Bearer "))
    try:
        tenants = await me.me.tenants()
    except AuthenticationError as error:
        # The user's own token was refused, not ours: who has a new one may try again.
        return answer(error, 401)
    return JSONResponse({"tenant": claims.tenant_id, "ids": [tenant.tenant_id for tenant in tenants]})
