"""The operations on access tokens of tenants and of users, and the look-up of their entitlements."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.access_tokens import (
    AccessToken,
    NewTenantAccessToken,
    NewUserAccessToken,
    TenantAccessTokenCreate,
    TenantAccessTokens,
    UserAccessTokenCreate,
    UserAccessTokens,
)

_TENANTS: Final = "/identity/resources/tenants/access-tokens/v1"
_USERS: Final = "/identity/resources/users/access-tokens/v1"
_LOOK_UP_TENANTS: Final = "/identity/resources/vendor-only/tenants/access-tokens/v1"
_LOOK_UP_USERS: Final = "/identity/resources/vendor-only/users/access-tokens/v1"

NO_ID: Final = "active"
"""The routes of lists have this word in the place of an id, so no token can have this word as its id."""

CREATE = Endpoint(
    name="access_tokens.create",
    method="POST",
    path=_TENANTS,
    auth=Auth.TENANT | Auth.USER,
    body=TenantAccessTokenCreate,
    returns=NewTenantAccessToken,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Create an access token of a tenant.",
)

LIST = Endpoint(
    name="access_tokens.list",
    method="GET",
    path=_TENANTS,
    auth=Auth.TENANT | Auth.USER,
    returns=TenantAccessTokens,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the access tokens of a tenant.",
)

DELETE = Endpoint(
    name="access_tokens.delete",
    method="DELETE",
    path=f"{_TENANTS}/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete an access token of a tenant.",
)

CREATE_OF_USER = Endpoint(
    name="user_access_tokens.create",
    method="POST",
    path=_USERS,
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    body=UserAccessTokenCreate,
    returns=NewUserAccessToken,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Create an access token of a user.",
)

LIST_OF_USER = Endpoint(
    name="user_access_tokens.list",
    method="GET",
    path=_USERS,
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    returns=UserAccessTokens,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="List the access tokens of a user.",
)

DELETE_OF_USER = Endpoint(
    name="user_access_tokens.delete",
    method="DELETE",
    path=f"{_USERS}/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Delete an access token of a user.",
)

TENANT_TOKEN = Endpoint(
    name="access_tokens.get_tenant_token",
    method="GET",
    path=f"{_LOOK_UP_TENANTS}/{{id}}",
    auth=Auth.ENVIRONMENT | Auth.TENANT,
    returns=AccessToken,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="Get the entitlements of an access token of a tenant.",
)

ACTIVE_TENANT_TOKENS = Endpoint(
    name="access_tokens.list_active_tenant_tokens",
    method="GET",
    path=f"{_LOOK_UP_TENANTS}/{NO_ID}",
    auth=Auth.ENVIRONMENT | Auth.TENANT,
    returns=tuple[str, ...],
    evidence=Evidence.CLIENT,
    errors=(404,),
    summary="List the ids of the valid access tokens of tenants.",
)

USER_TOKEN = Endpoint(
    name="access_tokens.get_user_token",
    method="GET",
    path=f"{_LOOK_UP_USERS}/{{id}}",
    auth=Auth.ENVIRONMENT | Auth.TENANT,
    returns=AccessToken,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="Get the entitlements of an access token of a user.",
)

ACTIVE_USER_TOKENS = Endpoint(
    name="access_tokens.list_active_user_tokens",
    method="GET",
    path=f"{_LOOK_UP_USERS}/{NO_ID}",
    auth=Auth.ENVIRONMENT | Auth.TENANT,
    returns=tuple[str, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the ids of the valid access tokens of users.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    LIST,
    DELETE,
    TENANT_TOKEN,
    ACTIVE_TENANT_TOKENS,
    USER_TOKEN,
    ACTIVE_USER_TOKENS,
    CREATE_OF_USER,
    LIST_OF_USER,
    DELETE_OF_USER,
)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404.

The reference documents the look-ups with the tenant header. Frontegg's own verifiers send no tenant header, so both
forms are declared.
"""
