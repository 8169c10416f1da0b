"""The operations of the service as data: all operations that the SDK calls or the emulator serves.

An operation is loaded when it is looked up here, since its module imports models.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from frontegg_async.endpoints.endpoint import (
    Auth,
    Endpoint,
    Evidence,
    EvidenceLiteral,
    Retry,
    RetryLiteral,
)

if TYPE_CHECKING:
    from frontegg_async.endpoints.all_operations import all_endpoints
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
    "UPDATE_TENANT",
    "Auth",
    "Endpoint",
    "Evidence",
    "EvidenceLiteral",
    "Retry",
    "RetryLiteral",
    "all_endpoints",
]

_LAZY: Final = {
    "CREATE_TENANT": ("tenants", "CREATE"),
    "DELETE_TENANT": ("tenants", "DELETE"),
    "GET_TENANT": ("tenants", "GET"),
    "LIST_TENANTS": ("tenants", "LIST"),
    "UPDATE_TENANT": ("tenants", "UPDATE"),
    "all_endpoints": ("all_operations", "all_endpoints"),
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY[name]
    value: object = getattr(importlib.import_module(f"{__name__}.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
