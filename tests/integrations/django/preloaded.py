"""The example site with clients that were used before a fork, as gunicorn's master preloads it."""

from __future__ import annotations

import asyncio

from backoffice.wsgi import application

from frontegg_sync.integrations.django import get_async_client, get_client, get_entitlements

__all__ = ["application"]


async def _look() -> None:
    await get_async_client().tenants.get("north")


get_client().tenants.get("north")
get_entitlements()
asyncio.run(_look())
