"""The values that the operations take and return: frozen, slotted, the same in both packages."""

from __future__ import annotations

from frontegg_async.models.account_settings import PublicTenantSettings, TenantSettings
from frontegg_async.models.api_tokens import NewTenantApiToken, NewUserApiToken, TenantApiToken, UserApiToken
from frontegg_async.models.auth import IdentityConfiguration
from frontegg_async.models.hierarchy import (
    HierarchyMarks,
    HierarchyMetadata,
    HierarchyTenant,
    RelatedTenant,
    SubAccountAccessType,
    TreeNode,
)
from frontegg_async.models.migrations import MigratedTenant, Migration, MigrationStatus, StartedMigration
from frontegg_async.models.page import Page
from frontegg_async.models.sso import (
    MultipleSsoSettings,
    OidcSettings,
    SamlSettings,
    SsoConfiguration,
    SsoDomain,
    SsoDomainSettings,
    SsoExcludedEmail,
    SsoGroup,
    SsoType,
)
from frontegg_async.models.sub_tenants import SubTenant
from frontegg_async.models.tenants import Order, Tenant, TenantSort
from frontegg_async.models.users import UserCount

__all__ = [
    "HierarchyMarks",
    "HierarchyMetadata",
    "HierarchyTenant",
    "IdentityConfiguration",
    "MigratedTenant",
    "Migration",
    "MigrationStatus",
    "MultipleSsoSettings",
    "NewTenantApiToken",
    "NewUserApiToken",
    "OidcSettings",
    "Order",
    "Page",
    "PublicTenantSettings",
    "RelatedTenant",
    "SamlSettings",
    "SsoConfiguration",
    "SsoDomain",
    "SsoDomainSettings",
    "SsoExcludedEmail",
    "SsoGroup",
    "SsoType",
    "StartedMigration",
    "SubAccountAccessType",
    "SubTenant",
    "Tenant",
    "TenantApiToken",
    "TenantSettings",
    "TenantSort",
    "TreeNode",
    "UserApiToken",
    "UserCount",
]
