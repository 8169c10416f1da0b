"""The operations on applications and their assignments to tenants and users."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.applications import (
    Application,
    ApplicationAccessChange,
    ApplicationCreate,
    ApplicationTenants,
    ApplicationToTenant,
    ApplicationUpdate,
    ApplicationUsers,
    AssignedApplication,
    TenantApplicationIds,
    TenantApplications,
)

_V1: Final = "/applications/resources/applications/v1"
_ONE: Final = f"{_V1}/{{app_id}}"
_ASSIGNMENTS: Final = "/applications/resources/applications/tenant-assignments"
_OF_APPLICATION: Final = f"{_ASSIGNMENTS}/v1/{{app_id}}"
_USERS: Final = "/identity/resources/applications/v1"
_ASSIGNMENT_QUERY: Final = ("appIds", "tenantIds", "accessType")

LIST = Endpoint(
    name="applications.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=tuple[Application, ...],
    evidence=Evidence.DOCUMENTED,
    query=(
        "_accessType",
        "_isDefault",
        "_isActive",
        "ids",
        "type",
        "frontendStack",
        "name",
        "_excludeAgents",
    ),
    errors=(400,),
    summary="List the applications of the environment.",
)

GET_DEFAULT = Endpoint(
    name="applications.get_default",
    method="GET",
    path=f"{_V1}/default",
    auth=Auth.ENVIRONMENT,
    returns=Application,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the default application of the environment.",
)

GET = Endpoint(
    name="applications.get",
    method="GET",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=Application,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    _echoed=(("id", "app_id"),),
    summary="Get an application.",
)

CREATE = Endpoint(
    name="applications.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=ApplicationCreate,
    returns=Application,
    _echoed=(("name", "name"),),
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Create an application.",
)

UPDATE = Endpoint(
    name="applications.update",
    method="PATCH",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    body=ApplicationUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Change fields of an application.",
)

DELETE = Endpoint(
    name="applications.delete",
    method="DELETE",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete an application.",
)

ASSIGNED_IDS = Endpoint(
    name="applications.list_assigned_v1",
    method="GET",
    path=f"{_ASSIGNMENTS}/v1",
    auth=Auth.TENANT | Auth.USER,
    returns=tuple[TenantApplicationIds, ...],
    evidence=Evidence.DOCUMENTED,
    query=_ASSIGNMENT_QUERY,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    client=False,
    summary="List the ids of the applications of a tenant, with version 1 of the operation.",
)

ASSIGNED = Endpoint(
    name="applications.list_assigned",
    method="GET",
    path=f"{_ASSIGNMENTS}/v2",
    auth=Auth.TENANT | Auth.USER,
    returns=tuple[TenantApplications, ...],
    evidence=Evidence.DOCUMENTED,
    query=_ASSIGNMENT_QUERY,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    summary="List the applications that are assigned to a tenant.",
)

TENANTS = Endpoint(
    name="applications.list_tenants",
    method="GET",
    path=_OF_APPLICATION,
    auth=Auth.ENVIRONMENT,
    returns=ApplicationTenants,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the tenants to which an application is assigned.",
)

ASSIGN = Endpoint(
    name="applications.assign",
    method="POST",
    path=_OF_APPLICATION,
    auth=Auth.ENVIRONMENT,
    body=ApplicationToTenant,
    returns=TenantApplicationIds,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject="tenant_id",
    errors=(400, 404, 409),
    summary="Assign an application to a tenant.",
)

SET_ACCESS_TYPE = Endpoint(
    name="applications.set_access_type",
    method="PUT",
    path=f"{_OF_APPLICATION}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    body=ApplicationAccessChange,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Set the kind of access to an application in a tenant.",
)

UNASSIGN = Endpoint(
    name="applications.unassign",
    method="DELETE",
    path=f"{_OF_APPLICATION}/{{tenant_id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Remove an application from a tenant.",
)

ASSIGN_USERS = Endpoint(
    name="applications.assign_users",
    method="POST",
    path=_USERS,
    auth=Auth.ENVIRONMENT,
    body=ApplicationUsers,
    returns=tuple[AssignedApplication, ...],
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Assign an application to users of a tenant.",
)

UNASSIGN_USERS = Endpoint(
    name="applications.unassign_users",
    method="DELETE",
    path=_USERS,
    auth=Auth.ENVIRONMENT,
    body=ApplicationUsers,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove an application from users of a tenant.",
)

USERS = Endpoint(
    name="applications.list_users",
    method="GET",
    path=f"{_USERS}/{{app_id}}/users",
    auth=Auth.ENVIRONMENT,
    returns=tuple[str, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the users to whom an application is assigned.",
)

OF_USER = Endpoint(
    name="applications.list_for_user",
    method="GET",
    path=f"{_USERS}/{{user_id}}/apps",
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=tuple[str, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the applications that are assigned to a user.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    GET_DEFAULT,
    GET,
    CREATE,
    UPDATE,
    DELETE,
    ASSIGNED_IDS,
    ASSIGNED,
    TENANTS,
    ASSIGN,
    SET_ACCESS_TYPE,
    UNASSIGN,
    ASSIGN_USERS,
    UNASSIGN_USERS,
    USERS,
    OF_USER,
)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 or 409."""
