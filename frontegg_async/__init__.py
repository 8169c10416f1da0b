"""The Python SDK for Frontegg's accounts (tenants) API, asyncio first.

``AsyncFrontegg`` is the client. Each name is loaded when it is looked up here, and not before: a program pays for what
it uses, and HTTP comes with the first client.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from frontegg_async._core.call.shared_rate_limits import RateTurn
    from frontegg_async._core.http.client_ip import client_ip_headers
    from frontegg_async._values.json_values import JsonValue, RawText
    from frontegg_async._values.secret import Secret
    from frontegg_async._values.unset import UNSET, Unset
    from frontegg_async._version import __version__
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.credentials import ApiToken, RotatingTokens, TokenPair
    from frontegg_async.endpoints import Auth, Endpoint, Retry
    from frontegg_async.errors import (
        APIError,
        AuthenticationError,
        BadRequestError,
        ClientClosedError,
        ConfigurationError,
        ConflictError,
        ConnectionFailedError,
        DecodeError,
        ErrorResponse,
        FronteggError,
        InvalidArgumentError,
        MigrationTimeoutError,
        MissingExtraError,
        MissingPermissionError,
        MoveError,
        NotFoundError,
        Outcome,
        OutcomeUnknownError,
        PaginationError,
        PaginationWarning,
        PartialFailureError,
        PermissionDeniedError,
        ProtocolError,
        RateLimitError,
        RequestTimeoutError,
        ResponseMismatchError,
        ResultLostError,
        ServerError,
        ServerOutcomeUnknownError,
        TokenVerificationError,
        UnexpectedRedirectError,
        UnknownValueWarning,
        WriteTimeoutError,
        WrongLoopError,
    )
    from frontegg_async.fleet.files import FileTokenStore
    from frontegg_async.fleet.rates import RateGate
    from frontegg_async.fleet.tokens import StoredToken, TokenStore
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
    from frontegg_async.models.hierarchy import (
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
    from frontegg_async.options import Options
    from frontegg_async.pages import AsyncPages
    from frontegg_async.progress import AsyncMigrationProgress
    from frontegg_async.regions import Region
    from frontegg_async.tenant_view import AsyncTenantView
    from frontegg_async.tree import TenantTree, TreeEntry
    from frontegg_async.user import AsyncFronteggUser
    from frontegg_async.verification.access_token_verifier import AccessTokenVerifier
    from frontegg_async.verification.token_verifier import TokenVerifier

__all__ = [
    "UNSET",
    "APIError",
    "AccessToken",
    "AccessTokenVerifier",
    "ApiToken",
    "AsyncFrontegg",
    "AsyncFronteggUser",
    "AsyncMigrationProgress",
    "AsyncPages",
    "AsyncTenantView",
    "Auth",
    "AuthenticationError",
    "BadRequestError",
    "Claims",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionCheck",
    "ConnectionFailedError",
    "DecodeError",
    "Endpoint",
    "ErrorResponse",
    "FileTokenStore",
    "FronteggError",
    "HierarchyMetadata",
    "HierarchyTenant",
    "IdentityConfiguration",
    "InvalidArgumentError",
    "JsonValue",
    "MigratedTenant",
    "Migration",
    "MigrationStatus",
    "MigrationTimeoutError",
    "MissingExtraError",
    "MissingPermissionError",
    "MoveError",
    "MultipleSsoSettings",
    "NewTenantAccessToken",
    "NewTenantApiToken",
    "NewUserAccessToken",
    "NewUserApiToken",
    "NotFoundError",
    "OidcSettings",
    "Options",
    "Order",
    "Outcome",
    "OutcomeUnknownError",
    "Page",
    "PaginationError",
    "PaginationWarning",
    "PartialFailureError",
    "PermissionDeniedError",
    "ProtocolError",
    "PublicTenantSettings",
    "RateGate",
    "RateLimitError",
    "RateTurn",
    "RawText",
    "Region",
    "RelatedTenant",
    "RequestSnapshot",
    "RequestTimeoutError",
    "Response",
    "ResponseMismatchError",
    "ResponseSnapshot",
    "ResultLostError",
    "Retry",
    "RotatingTokens",
    "SamlSettings",
    "Secret",
    "ServerError",
    "ServerOutcomeUnknownError",
    "SsoConfiguration",
    "SsoDomain",
    "SsoDomainSettings",
    "SsoExcludedEmail",
    "SsoGroup",
    "SsoTxtRecord",
    "SsoType",
    "StartedMigration",
    "StoredToken",
    "SubAccountAccessType",
    "SubTenant",
    "Tenant",
    "TenantAccessToken",
    "TenantApiToken",
    "TenantSettings",
    "TenantSort",
    "TenantTree",
    "TokenPair",
    "TokenStore",
    "TokenType",
    "TokenVerificationError",
    "TokenVerifier",
    "TreeEntry",
    "TreeNode",
    "UnexpectedRedirectError",
    "UnknownValueWarning",
    "Unset",
    "User",
    "UserAccessToken",
    "UserApiToken",
    "UserCount",
    "UserTenant",
    "WriteTimeoutError",
    "WrongLoopError",
    "__version__",
    "client_ip_headers",
]

_LAZY: Final = {
    "APIError": "frontegg_async.errors",
    "AccessToken": "frontegg_async.models.access_tokens",
    "AccessTokenVerifier": "frontegg_async.verification.access_token_verifier",
    "ApiToken": "frontegg_async.credentials",
    "AsyncFrontegg": "frontegg_async.client",
    "AsyncFronteggUser": "frontegg_async.user",
    "AsyncMigrationProgress": "frontegg_async.progress",
    "AsyncPages": "frontegg_async.pages",
    "AsyncTenantView": "frontegg_async.tenant_view",
    "Auth": "frontegg_async.endpoints",
    "AuthenticationError": "frontegg_async.errors",
    "BadRequestError": "frontegg_async.errors",
    "ConnectionCheck": "frontegg_async.models.check",
    "Claims": "frontegg_async.models.claims",
    "ClientClosedError": "frontegg_async.errors",
    "ConfigurationError": "frontegg_async.errors",
    "ConflictError": "frontegg_async.errors",
    "ConnectionFailedError": "frontegg_async.errors",
    "DecodeError": "frontegg_async.errors",
    "Endpoint": "frontegg_async.endpoints",
    "ErrorResponse": "frontegg_async.errors",
    "FileTokenStore": "frontegg_async.fleet.files",
    "FronteggError": "frontegg_async.errors",
    "HierarchyMetadata": "frontegg_async.models.hierarchy",
    "HierarchyTenant": "frontegg_async.models.hierarchy",
    "IdentityConfiguration": "frontegg_async.models.auth",
    "InvalidArgumentError": "frontegg_async.errors",
    "JsonValue": "frontegg_async._values.json_values",
    "MigratedTenant": "frontegg_async.models.migrations",
    "Migration": "frontegg_async.models.migrations",
    "MigrationStatus": "frontegg_async.models.migrations",
    "MigrationTimeoutError": "frontegg_async.errors",
    "MissingExtraError": "frontegg_async.errors",
    "MissingPermissionError": "frontegg_async.errors",
    "MoveError": "frontegg_async.errors",
    "MultipleSsoSettings": "frontegg_async.models.sso",
    "NewTenantAccessToken": "frontegg_async.models.access_tokens",
    "NewTenantApiToken": "frontegg_async.models.api_tokens",
    "NewUserAccessToken": "frontegg_async.models.access_tokens",
    "NewUserApiToken": "frontegg_async.models.api_tokens",
    "NotFoundError": "frontegg_async.errors",
    "OidcSettings": "frontegg_async.models.sso",
    "Options": "frontegg_async.options",
    "Order": "frontegg_async.models.tenants",
    "Outcome": "frontegg_async.errors",
    "OutcomeUnknownError": "frontegg_async.errors",
    "Page": "frontegg_async.models.page",
    "PaginationError": "frontegg_async.errors",
    "PaginationWarning": "frontegg_async.errors",
    "PartialFailureError": "frontegg_async.errors",
    "PermissionDeniedError": "frontegg_async.errors",
    "ProtocolError": "frontegg_async.errors",
    "PublicTenantSettings": "frontegg_async.models.account_settings",
    "RateGate": "frontegg_async.fleet.rates",
    "RateLimitError": "frontegg_async.errors",
    "RawText": "frontegg_async._values.json_values",
    "Region": "frontegg_async.regions",
    "RelatedTenant": "frontegg_async.models.hierarchy",
    "RequestSnapshot": "frontegg_async.models.snapshots",
    "RequestTimeoutError": "frontegg_async.errors",
    "Response": "frontegg_async.models.response",
    "ResponseMismatchError": "frontegg_async.errors",
    "ResultLostError": "frontegg_async.errors",
    "ResponseSnapshot": "frontegg_async.models.snapshots",
    "Retry": "frontegg_async.endpoints",
    "RotatingTokens": "frontegg_async.credentials",
    "SamlSettings": "frontegg_async.models.sso",
    "Secret": "frontegg_async._values.secret",
    "ServerError": "frontegg_async.errors",
    "ServerOutcomeUnknownError": "frontegg_async.errors",
    "SsoConfiguration": "frontegg_async.models.sso",
    "SsoDomain": "frontegg_async.models.sso",
    "SsoDomainSettings": "frontegg_async.models.sso",
    "SsoExcludedEmail": "frontegg_async.models.sso",
    "SsoGroup": "frontegg_async.models.sso",
    "SsoTxtRecord": "frontegg_async.models.sso",
    "SsoType": "frontegg_async.models.sso",
    "StartedMigration": "frontegg_async.models.migrations",
    "StoredToken": "frontegg_async.fleet.tokens",
    "SubAccountAccessType": "frontegg_async.models.hierarchy",
    "SubTenant": "frontegg_async.models.sub_tenants",
    "Tenant": "frontegg_async.models.tenants",
    "TenantAccessToken": "frontegg_async.models.access_tokens",
    "TenantApiToken": "frontegg_async.models.api_tokens",
    "TenantSettings": "frontegg_async.models.account_settings",
    "TenantSort": "frontegg_async.models.tenants",
    "TenantTree": "frontegg_async.tree",
    "TokenPair": "frontegg_async.credentials",
    "TokenStore": "frontegg_async.fleet.tokens",
    "TokenType": "frontegg_async.models.claims",
    "TokenVerificationError": "frontegg_async.errors",
    "TokenVerifier": "frontegg_async.verification.token_verifier",
    "TreeNode": "frontegg_async.models.hierarchy",
    "TreeEntry": "frontegg_async.tree",
    "RateTurn": "frontegg_async._core.call.shared_rate_limits",
    "UNSET": "frontegg_async._values.unset",
    "UnexpectedRedirectError": "frontegg_async.errors",
    "UnknownValueWarning": "frontegg_async.errors",
    "Unset": "frontegg_async._values.unset",
    "User": "frontegg_async.models.sessions",
    "UserAccessToken": "frontegg_async.models.access_tokens",
    "UserApiToken": "frontegg_async.models.api_tokens",
    "UserCount": "frontegg_async.models.users",
    "UserTenant": "frontegg_async.models.sessions",
    "WriteTimeoutError": "frontegg_async.errors",
    "WrongLoopError": "frontegg_async.errors",
    "__version__": "frontegg_async._version",
    "client_ip_headers": "frontegg_async._core.http.client_ip",
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
