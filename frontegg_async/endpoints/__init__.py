"""The operations of the service as data: every one that the SDK calls or the emulator serves."""

from __future__ import annotations

from frontegg_async.endpoints.all_operations import all_endpoints
from frontegg_async.endpoints.endpoint import (
    TENANT_OF_CALL,
    Auth,
    Endpoint,
    Evidence,
    EvidenceLiteral,
    Retry,
    RetryLiteral,
)
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
    "EvidenceLiteral",
    "Retry",
    "RetryLiteral",
    "all_endpoints",
]
