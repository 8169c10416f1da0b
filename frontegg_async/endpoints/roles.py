"""The operations on roles."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.roles import (
    DerivedRoleCreate,
    Role,
    RoleCreates,
    RolePermissions,
    RoleTenant,
    RoleUpdate,
)

_V1: Final = "/identity/resources/roles/v1"
_V2: Final = "/identity/resources/roles/v2"
_ONE: Final = f"{_V1}/{{role_id}}"
_OF_ALL_OR_ONE_TENANT: Final = Auth.ENVIRONMENT | Auth.TENANT | Auth.USER

LIST_V1 = Endpoint(
    name="roles.list_v1",
    method="GET",
    path=_V1,
    auth=_OF_ALL_OR_ONE_TENANT,
    returns=tuple[Role, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the roles of the environment, or the roles that a tenant may use.",
)

LIST = Endpoint(
    name="roles.list",
    method="GET",
    path=_V2,
    auth=_OF_ALL_OR_ONE_TENANT,
    returns=Page[Role],
    evidence=Evidence.DOCUMENTED,
    query=("_limit", "_offset", "_filter", "_sortBy", "_order", "_levels", "_tenantIds"),
    errors=(400, 404),
    summary="Search the roles, page by page.",
)

CREATE = Endpoint(
    name="roles.create",
    method="POST",
    path=_V1,
    auth=_OF_ALL_OR_ONE_TENANT,
    body=RoleCreates,
    returns=tuple[Role, ...],
    _echoed=(("key", "key"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Create roles of the environment, or of a tenant.",
)

CREATE_DERIVED = Endpoint(
    name="roles.create_derived",
    method="POST",
    path=_V2,
    auth=Auth.TENANT | Auth.USER,
    body=DerivedRoleCreate,
    returns=Role,
    _echoed=(("key", "key"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    summary="Create a role of a tenant, with the level of another role.",
)

UPDATE = Endpoint(
    name="roles.update",
    method="PATCH",
    path=_ONE,
    auth=_OF_ALL_OR_ONE_TENANT,
    body=RoleUpdate,
    returns=Role,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    _echoed=(("id", "role_id"),),
    summary="Change fields of a role.",
)

DELETE = Endpoint(
    name="roles.delete",
    method="DELETE",
    path=_ONE,
    auth=_OF_ALL_OR_ONE_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(404,),
    summary="Delete a role.",
)

SET_PERMISSIONS = Endpoint(
    name="roles.set_permissions",
    method="PUT",
    path=f"{_ONE}/permissions",
    auth=_OF_ALL_OR_ONE_TENANT,
    body=RolePermissions,
    returns=Role,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    _echoed=(("id", "role_id"),),
    summary="Replace the permissions of a role.",
)

SET_TENANT = Endpoint(
    name="roles.set_tenant",
    method="PUT",
    path=f"{_ONE}/tenant",
    auth=Auth.ENVIRONMENT,
    body=RoleTenant,
    returns=Role,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    _echoed=(("id", "role_id"),),
    summary="Set the tenant of a role, or give the role to all tenants.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST_V1,
    LIST,
    CREATE,
    CREATE_DERIVED,
    UPDATE,
    DELETE,
    SET_PERMISSIONS,
    SET_TENANT,
)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 and 409."""
