"""The operations on the users of sub-accounts. Users of a parent account may call these operations."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.sub_tenant_users import (
    SubTenantUserAdd,
    SubTenantUserRemoval,
    SubTenantUserRoles,
    SubTenantUsersAdd,
)
from frontegg_async.models.users import User

_V1: Final = "/identity/resources/sub-tenants/users/v1"
_ROLES: Final = f"{_V1}/{{user_id}}/roles"

LIST = Endpoint(
    name="sub_tenants.users.list",
    method="GET",
    path=_V1,
    auth=Auth.USER,
    query=("_limit", "_offset", "_filter", "_sortBy", "_order"),
    returns=Page[User],
    evidence=Evidence.CLIENT,
    errors=(400,),
    summary="List the users of the caller's tenant and its sub-accounts, page by page.",
)

ADD = Endpoint(
    name="sub_tenants.users.add",
    method="POST",
    path=_V1,
    auth=Auth.USER,
    body=SubTenantUserAdd,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 403, 404),
    summary="Add a user to sub-accounts; a new user is invited.",
)

ADD_MANY = Endpoint(
    name="sub_tenants.users.add_many",
    method="POST",
    path="/identity/resources/sub-tenants/users/v2",
    auth=Auth.USER,
    body=SubTenantUsersAdd,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 403, 404),
    summary="Add several users to one sub-account; new users are invited.",
)

REMOVE = Endpoint(
    name="sub_tenants.users.remove",
    method="DELETE",
    path=_V1,
    auth=Auth.USER,
    body=SubTenantUserRemoval,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.CLIENT,
    errors=(400, 403, 404),
    summary="Remove a user from sub-accounts.",
)

ASSIGN_ROLES = Endpoint(
    name="sub_tenants.users.assign_roles",
    method="POST",
    path=_ROLES,
    auth=Auth.USER,
    body=SubTenantUserRoles,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 403, 404),
    summary="Give a user more roles in sub-accounts.",
)

SET_ROLES = Endpoint(
    name="sub_tenants.users.set_roles",
    method="PATCH",
    path=_ROLES,
    auth=Auth.USER,
    body=SubTenantUserRoles,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400, 403, 404),
    summary="Set the roles of a user in sub-accounts.",
)

UNASSIGN_ROLES = Endpoint(
    name="sub_tenants.users.unassign_roles",
    method="DELETE",
    path=_ROLES,
    auth=Auth.USER,
    body=SubTenantUserRoles,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400, 403, 404),
    summary="Remove roles of a user in sub-accounts.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, ADD, ADD_MANY, REMOVE, ASSIGN_ROLES, SET_ROLES, UNASSIGN_ROLES)
"""The operations of this module. No source documents their errors and success statuses. Both are the emulator's."""
