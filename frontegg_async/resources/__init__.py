"""The resources of a client: nouns with the verbs of the API."""

from __future__ import annotations

from frontegg_async.resources.access_tokens import AsyncAccessTokens, AsyncTenantAccessTokens
from frontegg_async.resources.me import AsyncMe
from frontegg_async.resources.migrations import AsyncMigrations
from frontegg_async.resources.own_tenant import AsyncOwnTenant
from frontegg_async.resources.tenants import AsyncTenants

__all__ = [
    "AsyncAccessTokens",
    "AsyncMe",
    "AsyncMigrations",
    "AsyncOwnTenant",
    "AsyncTenantAccessTokens",
    "AsyncTenants",
]
