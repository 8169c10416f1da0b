"""The values that the operations take and return: frozen, slotted, the same in both packages."""

from __future__ import annotations

from frontegg_async.models.auth import IdentityConfiguration
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Order, Tenant, TenantSort
from frontegg_async.models.users import UserCount

__all__ = ["IdentityConfiguration", "Order", "Page", "Tenant", "TenantSort", "UserCount"]
