"""Create the app from the SDK's settings and a password for operators.

A server can create the app if the SDK's environment variables and ``ADMIN_PASSWORD`` are set. ``MIRROR_URL`` may
name the database for the accounts. This command starts a server::

    uvicorn --app-dir examples --factory fastapi_app.app:create_app
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator, Callable

from fastapi import FastAPI

from fastapi_app import admin, plan, sign_up, start, sub_accounts
from fastapi_app.accounts import open_accounts
from frontegg_async import AsyncEntitlements, AsyncFrontegg, AsyncTokenVerifier, Options
from frontegg_async.integrations.fastapi import add_problem_details, frontegg_lifespan, webhook_router
from frontegg_async.webhooks import WebhookEvent, WebhookVerifier

OPTIONS = Options(timeout=2, deadline=6)
"""The options of the client. The deadline is shorter than the time that callers wait for a response."""


def create_app(
    *,
    admin_password: str | None = None,
    client: Callable[[], AsyncFrontegg] | None = None,
    verifier: Callable[[AsyncFrontegg], AsyncTokenVerifier] | None = None,
    webhook_secret: str | None = None,
    mirror_url: str | None = None,
) -> FastAPI:
    """Create the app.

    Args:
        admin_password: The password of the operator ``admin``. The default is ``ADMIN_PASSWORD``.
        client: A function that creates the client of the SDK. The default function uses environment variables.
        verifier: A function that creates the verifier of users' tokens. The default function uses environment
            variables.
        webhook_secret: The secret of the webhook to ``/webhooks/frontegg``. The default is ``WEBHOOK_SECRET``. Without
            a secret, the app receives no webhooks.
        mirror_url: The address of the database for the accounts, as in `open_accounts`. The default is ``MIRROR_URL``,
            or a temporary file.

    Raises:
        RuntimeError: There is no password.
    """
    password = admin_password or os.environ.get("ADMIN_PASSWORD")
    if not password:
        raise RuntimeError("set ADMIN_PASSWORD: the password of the operator 'admin'")

    @contextlib.asynccontextmanager
    async def keep_accounts(app: FastAPI) -> AsyncGenerator[None]:
        async with open_accounts(app.state.frontegg, mirror_url or os.environ.get("MIRROR_URL")) as accounts:
            app.state.accounts = accounts
            yield

    if client is None:
        # Allow http for the emulator in docker compose. The SDK never sends the credentials of the service by http.
        lifespan = frontegg_lifespan(keep_accounts, entitlements=AsyncEntitlements, options=OPTIONS, allow_http=True)
    else:
        lifespan = frontegg_lifespan(keep_accounts, client=client, verifier=verifier, entitlements=AsyncEntitlements)
    app = FastAPI(title="Accounts", lifespan=lifespan)
    app.state.admin_password = password
    add_problem_details(app)
    app.include_router(start.router)
    app.include_router(sign_up.router)
    app.include_router(sub_accounts.router)
    app.include_router(plan.router)
    app.include_router(admin.router)
    webhook_secret = webhook_secret or os.environ.get("WEBHOOK_SECRET")
    if webhook_secret:

        async def receive(event: WebhookEvent) -> None:
            await app.state.accounts.mirror.receive(event)

        app.include_router(webhook_router(WebhookVerifier(webhook_secret), receive))
    return app
