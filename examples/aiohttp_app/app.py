"""The routes of the app and their protection. A server can create the app from the SDK's environment variables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final

from aiohttp import web

from frontegg_async import Options
from frontegg_async.integrations.aiohttp import (
    CLAIMS,
    FRONTEGG,
    add_problem_details,
    frontegg_context,
    frontegg_user,
    require,
    verified_users,
)

PLANS: Final = ("trial", "team", "enterprise")
OPTIONS: Final = Options(timeout=2, deadline=6)
"""The options of the client. The deadline is shorter than the time that callers wait for a response."""


START: Final = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Accounts</title></head>
<body>
<h1>Accounts</h1>
<p>Send a user's token as <code>Authorization: Bearer ...</code> to these addresses:</p>
<dl>
<dt><code>GET /account</code></dt><dd>the caller's account</dd>
<dt><code>PUT /account/plan</code></dt><dd>changes the account's plan; only for owners</dd>
<dt><code>GET /tree</code></dt><dd>the account with all accounts below</dd>
</dl>
<p><a href="/health">Health</a> needs no token.</p>
</body>
</html>
"""


async def start(_: web.Request) -> web.Response:
    """Show the addresses of the app. This route is public."""
    return web.Response(text=START, content_type="text/html")


async def health(_: web.Request) -> web.Response:
    """Report that the app is running. This route is public."""
    return web.json_response({"status": "ok"})


async def account(request: web.Request) -> web.Response:
    """Show the caller's account, read with the credential of the environment."""
    tenant = await request.config_dict[FRONTEGG].tenants.get(request[CLAIMS].tenant_id)
    plan = tenant.metadata.get("plan") if isinstance(tenant.metadata, dict) else None
    return web.json_response({"id": tenant.tenant_id, "name": tenant.name, "plan": plan})


async def tree(request: web.Request) -> web.Response:
    """Draw the tree below the caller's account, read with the caller's token."""
    found = await frontegg_user(request).hierarchy.tree()
    return web.Response(text=f"{found.render()}\n")


@require(role="Owner")
async def change_plan(request: web.Request) -> web.Response:
    """Change the plan of the caller's account."""
    plan = (await request.text()).strip()
    if plan not in PLANS:
        raise web.HTTPUnprocessableEntity(text=f"the plan must be one of {', '.join(PLANS)}\n")
    tenant_id = request[CLAIMS].tenant_id
    await request.config_dict[FRONTEGG].tenants.add_metadata(tenant_id, {"plan": plan})
    return await account(request)


def create_app(context: Callable[[web.Application], AsyncIterator[None]] | None = None) -> web.Application:
    """Create the app.

    Args:
        context: A function that opens the client and the verifier. The default function uses environment variables.
    """
    app = web.Application(middlewares=[verified_users(public=["/", "/health"])])
    add_problem_details(app)
    app.cleanup_ctx.append(frontegg_context(options=OPTIONS) if context is None else context)
    app.router.add_get("/", start)
    app.router.add_get("/health", health)
    app.router.add_get("/account", account)
    app.router.add_put("/account/plan", change_plan)
    app.router.add_get("/tree", tree)
    return app
