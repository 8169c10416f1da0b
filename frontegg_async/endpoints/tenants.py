"""The operations on tenants."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import MetadataUpdate, Tenant, TenantIds, UserCount, UserCountQuery, UserMove

_V1: Final = "/tenants/resources/tenants/v1"
_V2: Final = "/tenants/resources/tenants/v2"
_IDENTITY: Final = "/identity/resources"

CREATE = Endpoint(
    name="tenants.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=TenantCreate,
    returns=Tenant,
    retry=Retry.RECONCILE,
    evidence=Evidence.LIVE,
    status=201,
    _subject="tenant_id",
    errors=(400, 404, 409),
    summary="Create a tenant, or re-activate a deleted tenant.",
)

LIST = Endpoint(
    name="tenants.list",
    method="GET",
    path=_V2,
    auth=Auth.ENVIRONMENT,
    returns=Page[Tenant],
    evidence=Evidence.LIVE,
    query=("_limit", "_offset", "_filter", "_sortBy", "_order", "_tenantIds"),
    errors=(400,),
    summary="List tenants, page by page.",
)

LIST_V1 = Endpoint(
    name="tenants.list_v1",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    returns=tuple[Tenant, ...],
    evidence=Evidence.LIVE,
    client=False,
    summary="List all tenants as a bare array.",
)

GET = Endpoint(
    name="tenants.get",
    method="GET",
    path=f"{_V2}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    returns=Tenant,
    evidence=Evidence.CLIENT,
    _subject="tenant_id",
    errors=(404,),
    summary="Get a tenant by its id.",
)

GET_V1 = Endpoint(
    name="tenants.get_v1",
    method="GET",
    path=f"{_V1}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    returns=tuple[Tenant, ...],
    evidence=Evidence.LIVE,
    _subject="tenant_id",
    errors=(400,),
    client=False,
    summary="Get a tenant by its id, as an array of one.",
)

GET_BY_ALIAS = Endpoint(
    name="tenants.get_by_alias",
    method="GET",
    path=f"{_V2}/alias/{{alias}}",
    auth=Auth.ENVIRONMENT,
    returns=Tenant,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("alias", "alias"),),
    errors=(404,),
    summary="Get a tenant with custom login by its alias.",
)

UPDATE = Endpoint(
    name="tenants.update",
    method="PUT",
    path=f"{_V2}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    body=TenantUpdate,
    returns=Tenant,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    _subject="tenant_id",
    errors=(400, 404),
    summary="Change fields of a tenant; metadata is replaced as a whole.",
)

UPDATE_V1 = Endpoint(
    name="tenants.update_v1",
    method="PUT",
    path=f"{_V1}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    body=TenantUpdate,
    returns=Tenant,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject="tenant_id",
    errors=(400, 404),
    client=False,
    summary="Change fields of a tenant, by the older route.",
)

DELETE = Endpoint(
    name="tenants.delete",
    method="DELETE",
    path=f"{_V1}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.LIVE,
    errors=(404,),
    summary="Delete a tenant and all its users; its sub-accounts move to its parent.",
)

DELETE_CURRENT = Endpoint(
    name="tenant.delete_current",
    method="DELETE",
    path=_V1,
    auth=Auth.USER,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    summary="Delete the caller's own tenant.",
)

ADD_METADATA = Endpoint(
    name="tenants.add_metadata",
    method="POST",
    path=f"{_V1}/{{tenant_id}}/metadata",
    auth=Auth.ENVIRONMENT,
    body=MetadataUpdate,
    returns=Tenant,
    retry=Retry.RESEND,
    evidence=Evidence.LIVE,
    status=201,
    _subject="tenant_id",
    errors=(400, 404),
    summary="Merge keys into a tenant's metadata.",
)

DELETE_METADATA = Endpoint(
    name="tenants.delete_metadata",
    method="DELETE",
    path=f"{_V1}/{{tenant_id}}/metadata/{{key}}",
    auth=Auth.ENVIRONMENT,
    returns=Tenant,
    retry=Retry.RESEND,
    evidence=Evidence.LIVE,
    _subject="tenant_id",
    errors=(404,),
    summary="Remove a key from a tenant's metadata.",
)

LOCK = Endpoint(
    name="tenants.lock",
    method="POST",
    path=f"{_V1}/lock",
    auth=Auth.ENVIRONMENT,
    body=TenantIds,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(400,),
    summary="Lock tenants: their users cannot sign in, refresh or switch into them.",
)

UNLOCK = Endpoint(
    name="tenants.unlock",
    method="POST",
    path=f"{_V1}/unlock",
    auth=Auth.ENVIRONMENT,
    body=TenantIds,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(400,),
    summary="Unlock tenants.",
)

USER_COUNTS = Endpoint(
    name="tenants.count_users",
    method="POST",
    path=f"{_IDENTITY}/tenants/users/v1/count",
    auth=Auth.ENVIRONMENT | Auth.USER,
    body=UserCountQuery,
    returns=tuple[UserCount, ...],
    retry=Retry.SAFE,
    evidence=Evidence.CLIENT,
    status=201,
    _subject="tenant_ids",
    errors=(400,),
    summary="Count the users of tenants.",
)

MOVE_USERS = Endpoint(
    name="tenants.move_users",
    method="PUT",
    path=f"{_IDENTITY}/users/v1/tenants/migrate",
    auth=Auth.ENVIRONMENT,
    body=UserMove,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Move all users of one tenant to another.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    LIST,
    LIST_V1,
    GET,
    GET_V1,
    GET_BY_ALIAS,
    UPDATE,
    UPDATE_V1,
    DELETE,
    DELETE_CURRENT,
    ADD_METADATA,
    DELETE_METADATA,
    LOCK,
    UNLOCK,
    USER_COUNTS,
    MOVE_USERS,
)
