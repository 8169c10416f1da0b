"""The resources of a client: nouns with the verbs of the API."""

from __future__ import annotations

from frontegg_async.resources.access_tokens import AsyncAccessTokens, AsyncTenantAccessTokens
from frontegg_async.resources.account_settings import AsyncAccountSettings, AsyncTenantAccountSettings
from frontegg_async.resources.api_tokens import AsyncApiTokens, AsyncTenantApiTokens
from frontegg_async.resources.hierarchy import AsyncHierarchy
from frontegg_async.resources.me import AsyncMe
from frontegg_async.resources.migrations import AsyncMigrations
from frontegg_async.resources.own_tenant import AsyncOwnTenant
from frontegg_async.resources.own_tenant_access_tokens import AsyncOwnTenantAccessTokens
from frontegg_async.resources.sso import AsyncSso
from frontegg_async.resources.sso_domains import AsyncSsoDomains, AsyncTenantSsoDomains
from frontegg_async.resources.sso_emails import AsyncSsoExcludedEmails
from frontegg_async.resources.sso_groups import AsyncSsoGroups, AsyncTenantSsoGroups
from frontegg_async.resources.sso_roles import AsyncSsoDefaultRoles, AsyncTenantSsoDefaultRoles
from frontegg_async.resources.sso_settings import AsyncSsoSettings
from frontegg_async.resources.sub_tenants import AsyncSubTenants
from frontegg_async.resources.tenant_hierarchy import AsyncTenantHierarchy
from frontegg_async.resources.tenant_sso import AsyncTenantSso
from frontegg_async.resources.tenants import AsyncTenants
from frontegg_async.resources.user_access_tokens import (
    AsyncOwnAccessTokens,
    AsyncTenantUserAccessTokens,
    AsyncUserAccessTokens,
)
from frontegg_async.resources.user_api_tokens import AsyncOwnApiTokens, AsyncTenantUserApiTokens, AsyncUserApiTokens

__all__ = [
    "AsyncAccessTokens",
    "AsyncAccountSettings",
    "AsyncApiTokens",
    "AsyncHierarchy",
    "AsyncMe",
    "AsyncMigrations",
    "AsyncOwnAccessTokens",
    "AsyncOwnApiTokens",
    "AsyncOwnTenant",
    "AsyncOwnTenantAccessTokens",
    "AsyncSso",
    "AsyncSsoDefaultRoles",
    "AsyncSsoDomains",
    "AsyncSsoExcludedEmails",
    "AsyncSsoGroups",
    "AsyncSsoSettings",
    "AsyncSubTenants",
    "AsyncTenantAccessTokens",
    "AsyncTenantAccountSettings",
    "AsyncTenantApiTokens",
    "AsyncTenantHierarchy",
    "AsyncTenantSso",
    "AsyncTenantSsoDefaultRoles",
    "AsyncTenantSsoDomains",
    "AsyncTenantSsoGroups",
    "AsyncTenantUserAccessTokens",
    "AsyncTenantUserApiTokens",
    "AsyncTenants",
    "AsyncUserAccessTokens",
    "AsyncUserApiTokens",
]
