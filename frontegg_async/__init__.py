"""The Python SDK for Frontegg's accounts (tenants) API, asyncio first.

``AsyncFrontegg`` is the client. HTTP is loaded when it is looked up here, and not before: programs that only name the
models or the errors start faster.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from frontegg_async._version import __version__
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
    ServerError,
    ServerOutcomeUnknownError,
    TokenVerificationError,
    UnexpectedRedirectError,
    UnknownValueWarning,
    WriteTimeoutError,
    WrongLoopError,
)
from frontegg_async.jsonvalue import JsonValue, RawText
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.models.account_settings import PublicTenantSettings, TenantSettings
from frontegg_async.models.api_tokens import NewTenantApiToken, NewUserApiToken, TenantApiToken, UserApiToken
from frontegg_async.models.auth import IdentityConfiguration
from frontegg_async.models.check import Check
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
from frontegg_async.options import Options
from frontegg_async.regions import Region
from frontegg_async.secret import Secret
from frontegg_async.tree import TenantTree, TreePlace
from frontegg_async.unset import UNSET, Unset

if TYPE_CHECKING:
    from frontegg_async.access_token_verifier import AccessTokenVerifier
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.pages import AsyncPages
    from frontegg_async.progress import AsyncMigrationProgress
    from frontegg_async.tenant_view import AsyncTenantView
    from frontegg_async.token_verifier import TokenVerifier
    from frontegg_async.user import AsyncFronteggUser

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
    "Check",
    "Claims",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "DecodeError",
    "Endpoint",
    "ErrorResponse",
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
    "NewTenantApiToken",
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
    "RateLimitError",
    "RawText",
    "Region",
    "RelatedTenant",
    "RequestTimeoutError",
    "Response",
    "ResponseMismatchError",
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
    "SsoType",
    "StartedMigration",
    "SubAccountAccessType",
    "SubTenant",
    "Tenant",
    "TenantApiToken",
    "TenantSettings",
    "TenantSort",
    "TenantTree",
    "TokenPair",
    "TokenType",
    "TokenVerificationError",
    "TokenVerifier",
    "TreeNode",
    "TreePlace",
    "UnexpectedRedirectError",
    "UnknownValueWarning",
    "Unset",
    "User",
    "UserApiToken",
    "UserCount",
    "UserTenant",
    "WriteTimeoutError",
    "WrongLoopError",
    "__version__",
]

_LAZY: Final = {
    "AccessTokenVerifier": "frontegg_async.access_token_verifier",
    "AsyncFrontegg": "frontegg_async.client",
    "AsyncMigrationProgress": "frontegg_async.progress",
    "AsyncPages": "frontegg_async.pages",
    "AsyncFronteggUser": "frontegg_async.user",
    "AsyncTenantView": "frontegg_async.tenant_view",
    "TokenVerifier": "frontegg_async.token_verifier",
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
