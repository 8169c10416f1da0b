"""The operations on sub-accounts. Users of the parent account may call these operations too."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.sub_tenants import (
    SubTenant,
    SubTenantCreate,
    SubTenantHierarchySettings,
    SubTenantManagement,
    SubTenantRename,
    SubTenantUserAccess,
)

_V1: Final = "/tenants/resources/sub-tenants/v1"
_ONE: Final = f"{_V1}/{{tenant_id}}"
_WRITERS: Final = Auth.ENVIRONMENT | Auth.USER

CREATE = Endpoint(
    name="sub_tenants.create",
    method="POST",
    path=_V1,
    auth=_WRITERS,
    body=SubTenantCreate,
    returns=SubTenant,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject="tenant_id",
    errors=(400,),
    summary="Create a sub-account of a tenant, or re-activate a deleted sub-account.",
)

RENAME = Endpoint(
    name="sub_tenants.rename",
    method="PATCH",
    path=_ONE,
    auth=_WRITERS,
    body=SubTenantRename,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400,),
    summary="Rename a sub-account.",
)

SET_MANAGEMENT = Endpoint(
    name="sub_tenants.set_management",
    method="PUT",
    path=f"{_ONE}/management",
    auth=_WRITERS,
    body=SubTenantManagement,
    returns=SubTenant,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject="tenant_id",
    errors=(400,),
    summary="Set whether a sub-account may have its own sub-accounts.",
)

SET_HIERARCHY_SETTINGS = Endpoint(
    name="sub_tenants.set_hierarchy_settings",
    method="PUT",
    path=f"{_ONE}/hierarchy-settings",
    auth=_WRITERS,
    body=SubTenantHierarchySettings,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Set whether the users of a tenant may enter its sub-accounts.",
)

DELETE = Endpoint(
    name="sub_tenants.delete",
    method="DELETE",
    path=_ONE,
    auth=_WRITERS,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a sub-account and all its users; its own sub-accounts move to its parent.",
)

SET_USER_ACCESS = Endpoint(
    name="sub_tenants.set_user_access",
    method="PUT",
    path="/identity/resources/sub-tenants/users/v1/{user_id}/access",
    auth=_WRITERS,
    body=SubTenantUserAccess,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Set whether one user may enter the sub-accounts.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    RENAME,
    SET_MANAGEMENT,
    SET_HIERARCHY_SETTINGS,
    DELETE,
    SET_USER_ACCESS,
)
