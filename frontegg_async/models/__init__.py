"""The models: values that the operations return, and what they consist of; frozen, and the same in both packages.

Each name is loaded when it is looked up here, and not before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from frontegg_async._values.json_values import JsonValue, RawText
    from frontegg_async._values.records import Record
    from frontegg_async._values.value import Value
    from frontegg_async.models.access_tokens import (
        AccessToken,
        NewTenantAccessToken,
        NewUserAccessToken,
        TenantAccessToken,
        UserAccessToken,
    )
    from frontegg_async.models.account_settings import PublicTenantSettings, TenantSettings
    from frontegg_async.models.api_tokens import NewTenantApiToken, NewUserApiToken, TenantApiToken, UserApiToken
    from frontegg_async.models.auth import IdentityConfiguration
    from frontegg_async.models.check import ConnectionCheck
    from frontegg_async.models.claims import Claims, TokenType
    from frontegg_async.models.entitlements import Names
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
    from frontegg_async.models.response import Response
    from frontegg_async.models.sessions import User, UserTenant
    from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot
    from frontegg_async.models.sso import (
        MultipleSsoSettings,
        OidcSettings,
        SamlSettings,
        SsoConfiguration,
        SsoDomain,
        SsoDomainSettings,
        SsoExcludedEmail,
        SsoGroup,
        SsoTxtRecord,
        SsoType,
    )
    from frontegg_async.models.sub_tenants import SubTenant
    from frontegg_async.models.tenants import Order, Tenant, TenantSort
    from frontegg_async.models.users import UserCount

__all__ = [
    "AccessToken",
    "Claims",
    "ConnectionCheck",
    "HierarchyMarks",
    "HierarchyMetadata",
    "HierarchyTenant",
    "IdentityConfiguration",
    "JsonValue",
    "MigratedTenant",
    "Migration",
    "MigrationStatus",
    "MultipleSsoSettings",
    "Names",
    "NewTenantAccessToken",
    "NewTenantApiToken",
    "NewUserAccessToken",
    "NewUserApiToken",
    "OidcSettings",
    "Order",
    "Page",
    "PublicTenantSettings",
    "RawText",
    "Record",
    "RelatedTenant",
    "RequestSnapshot",
    "Response",
    "ResponseSnapshot",
    "SamlSettings",
    "SsoConfiguration",
    "SsoDomain",
    "SsoDomainSettings",
    "SsoExcludedEmail",
    "SsoGroup",
    "SsoTxtRecord",
    "SsoType",
    "StartedMigration",
    "SubAccountAccessType",
    "SubTenant",
    "Tenant",
    "TenantAccessToken",
    "TenantApiToken",
    "TenantSettings",
    "TenantSort",
    "TokenType",
    "TreeNode",
    "User",
    "UserAccessToken",
    "UserApiToken",
    "UserCount",
    "UserTenant",
    "Value",
]

_LAZY: Final = {
    "AccessToken": "frontegg_async.models.access_tokens",
    "Claims": "frontegg_async.models.claims",
    "ConnectionCheck": "frontegg_async.models.check",
    "HierarchyMarks": "frontegg_async.models.hierarchy",
    "HierarchyMetadata": "frontegg_async.models.hierarchy",
    "HierarchyTenant": "frontegg_async.models.hierarchy",
    "IdentityConfiguration": "frontegg_async.models.auth",
    "JsonValue": "frontegg_async._values.json_values",
    "MigratedTenant": "frontegg_async.models.migrations",
    "Migration": "frontegg_async.models.migrations",
    "MigrationStatus": "frontegg_async.models.migrations",
    "MultipleSsoSettings": "frontegg_async.models.sso",
    "Names": "frontegg_async.models.entitlements",
    "NewTenantAccessToken": "frontegg_async.models.access_tokens",
    "NewTenantApiToken": "frontegg_async.models.api_tokens",
    "NewUserAccessToken": "frontegg_async.models.access_tokens",
    "NewUserApiToken": "frontegg_async.models.api_tokens",
    "OidcSettings": "frontegg_async.models.sso",
    "Order": "frontegg_async.models.tenants",
    "Page": "frontegg_async.models.page",
    "PublicTenantSettings": "frontegg_async.models.account_settings",
    "RawText": "frontegg_async._values.json_values",
    "Record": "frontegg_async._values.records",
    "RelatedTenant": "frontegg_async.models.hierarchy",
    "RequestSnapshot": "frontegg_async.models.snapshots",
    "Response": "frontegg_async.models.response",
    "ResponseSnapshot": "frontegg_async.models.snapshots",
    "SamlSettings": "frontegg_async.models.sso",
    "SsoConfiguration": "frontegg_async.models.sso",
    "SsoDomain": "frontegg_async.models.sso",
    "SsoDomainSettings": "frontegg_async.models.sso",
    "SsoExcludedEmail": "frontegg_async.models.sso",
    "SsoGroup": "frontegg_async.models.sso",
    "SsoTxtRecord": "frontegg_async.models.sso",
    "SsoType": "frontegg_async.models.sso",
    "StartedMigration": "frontegg_async.models.migrations",
    "SubAccountAccessType": "frontegg_async.models.hierarchy",
    "SubTenant": "frontegg_async.models.sub_tenants",
    "Tenant": "frontegg_async.models.tenants",
    "TenantAccessToken": "frontegg_async.models.access_tokens",
    "TenantApiToken": "frontegg_async.models.api_tokens",
    "TenantSettings": "frontegg_async.models.account_settings",
    "TenantSort": "frontegg_async.models.tenants",
    "TokenType": "frontegg_async.models.claims",
    "TreeNode": "frontegg_async.models.hierarchy",
    "User": "frontegg_async.models.sessions",
    "UserAccessToken": "frontegg_async.models.access_tokens",
    "UserApiToken": "frontegg_async.models.api_tokens",
    "UserCount": "frontegg_async.models.users",
    "UserTenant": "frontegg_async.models.sessions",
    "Value": "frontegg_async._values.value",
}


def __getattr__(name: str) -> object:
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
