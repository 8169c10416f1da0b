"""The operations of the service as data: every one that the SDK calls or the emulator serves."""

from __future__ import annotations

from frontegg_async.endpoints import (
    access_tokens,
    account_settings,
    api_tokens,
    auth,
    hierarchy,
    identity,
    me,
    migrations,
    sessions,
    sso,
    sso_settings,
    sub_tenants,
    tenants,
)
from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.endpoints.tenants import CREATE as CREATE_TENANT
from frontegg_async.endpoints.tenants import DELETE as DELETE_TENANT
from frontegg_async.endpoints.tenants import GET as GET_TENANT
from frontegg_async.endpoints.tenants import LIST as LIST_TENANTS
from frontegg_async.endpoints.tenants import UPDATE as UPDATE_TENANT

__all__ = [
    "CREATE_TENANT",
    "DELETE_TENANT",
    "GET_TENANT",
    "LIST_TENANTS",
    "TENANT_OF_CALL",
    "UPDATE_TENANT",
    "Auth",
    "Endpoint",
    "Evidence",
    "Retry",
    "all_endpoints",
]


def all_endpoints() -> tuple[Endpoint[object], ...]:
    """Return every declared operation, those included that only the emulator serves (``client=False``)."""
    return (
        *auth.ENDPOINTS,
        *sessions.ENDPOINTS,
        *tenants.ENDPOINTS,
        *hierarchy.ENDPOINTS,
        *sub_tenants.ENDPOINTS,
        *identity.ENDPOINTS,
        *me.ENDPOINTS,
        *access_tokens.ENDPOINTS,
        *account_settings.ENDPOINTS,
        *api_tokens.ENDPOINTS,
        *migrations.ENDPOINTS,
        *sso.ENDPOINTS,
        *sso_settings.ENDPOINTS,
    )
