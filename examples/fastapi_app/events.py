"""What Frontegg reports by webhook: the names of the accounts that it told of, as they were when they were read."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from frontegg_async import AsyncFrontegg, NotFoundError
from frontegg_async.integrations.fastapi import webhook_router
from frontegg_async.webhooks import DuplicateGuard, WebhookEvent, WebhookVerifier


def receive(app: FastAPI, verifier: WebhookVerifier) -> APIRouter:
    """Return a router that keeps ``app.state.accounts``, names by ids, as events tell of accounts.

    Args:
        app: The app, whose client reads the accounts.
        verifier: Verifies that Frontegg sent the webhooks.
    """
    names: dict[str, str] = {}
    app.state.accounts = names

    async def handle(event: WebhookEvent) -> None:
        if event.tenant_id is None:
            return
        frontegg: AsyncFrontegg = app.state.frontegg
        try:
            tenant = await frontegg.tenants.get(event.tenant_id)  # the body of a webhook is not signed
        except NotFoundError:
            names.pop(event.tenant_id, None)
        else:
            names[tenant.tenant_id] = tenant.name

    return webhook_router(verifier, handle, guard=DuplicateGuard())
