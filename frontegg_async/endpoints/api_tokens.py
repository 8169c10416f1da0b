"""The operations on API tokens (client credentials) of tenants and of users."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.api_tokens import (
    ApiTokenUpdate,
    NewTenantApiToken,
    NewUserApiToken,
    TenantApiToken,
    TenantApiTokenCreate,
    UserApiToken,
    UserApiTokenCreate,
)

_TENANTS: Final = "/identity/resources/tenants/api-tokens"
_USERS: Final = "/identity/resources/users/api-tokens/v1"

CREATE = Endpoint(
    name="api_tokens.create",
    method="POST",
    path=f"{_TENANTS}/v2",
    auth=Auth.TENANT | Auth.USER,
    body=TenantApiTokenCreate,
    returns=NewTenantApiToken,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    summary="Create an API token of a tenant.",
)

CREATE_V1 = Endpoint(
    name="api_tokens.create_v1",
    method="POST",
    path=f"{_TENANTS}/v1",
    auth=Auth.TENANT | Auth.USER,
    body=TenantApiTokenCreate,
    returns=NewTenantApiToken,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    client=False,
    summary="Create an API token of a tenant, with version 1 of the operation.",
)

LIST = Endpoint(
    name="api_tokens.list",
    method="GET",
    path=f"{_TENANTS}/v1",
    auth=Auth.TENANT | Auth.USER,
    returns=tuple[TenantApiToken, ...],
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(404,),
    summary="List the API tokens of a tenant.",
)

UPDATE = Endpoint(
    name="api_tokens.update",
    method="PATCH",
    path=f"{_TENANTS}/v1/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    body=ApiTokenUpdate,
    returns=TenantApiToken,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    _echoed=(("client_id", "id"),),
    summary="Change fields of an API token of a tenant.",
)

DELETE = Endpoint(
    name="api_tokens.delete",
    method="DELETE",
    path=f"{_TENANTS}/v1/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete an API token of a tenant.",
)

CREATE_OF_USER = Endpoint(
    name="user_api_tokens.create",
    method="POST",
    path=_USERS,
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    body=UserApiTokenCreate,
    returns=NewUserApiToken,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Create an API token of a user.",
)

LIST_OF_USER = Endpoint(
    name="user_api_tokens.list",
    method="GET",
    path=_USERS,
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    returns=tuple[UserApiToken, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="List the API tokens of a user.",
)

DELETE_OF_USER = Endpoint(
    name="user_api_tokens.delete",
    method="DELETE",
    path=f"{_USERS}/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Delete an API token of a user.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    CREATE_V1,
    LIST,
    UPDATE,
    DELETE,
    CREATE_OF_USER,
    LIST_OF_USER,
    DELETE_OF_USER,
)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
