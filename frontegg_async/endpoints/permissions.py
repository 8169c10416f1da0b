"""The operations on permissions."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.permissions import (
    Permission,
    PermissionCategory,
    PermissionCategoryCreate,
    PermissionCategoryUpdate,
    PermissionCreates,
    PermissionRoles,
    PermissionUpdate,
)

_V1: Final = "/identity/resources/permissions/v1"
_ONE: Final = f"{_V1}/{{permission_id}}"
_CATEGORIES: Final = f"{_V1}/categories"
_CATEGORY: Final = f"{_CATEGORIES}/{{category_id}}"

LIST = Endpoint(
    name="permissions.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=tuple[Permission, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List the permissions of the environment.",
)

CREATE = Endpoint(
    name="permissions.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=PermissionCreates,
    returns=tuple[Permission, ...],
    _echoed=(("key", "key"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 409),
    summary="Create permissions.",
)

UPDATE = Endpoint(
    name="permissions.update",
    method="PATCH",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    body=PermissionUpdate,
    returns=Permission,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    _echoed=(("id", "permission_id"),),
    summary="Change fields of a permission.",
)

DELETE = Endpoint(
    name="permissions.delete",
    method="DELETE",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(404,),
    summary="Delete a permission, also from all roles.",
)

ADD_TO_ROLES = Endpoint(
    name="permissions.add_to_roles",
    method="PUT",
    path=f"{_ONE}/roles",
    auth=Auth.ENVIRONMENT,
    body=PermissionRoles,
    returns=Permission,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    _echoed=(("id", "permission_id"),),
    summary="Give a permission to more roles.",
)

CATEGORIES = Endpoint(
    name="permissions.list_categories",
    method="GET",
    path=_CATEGORIES,
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=tuple[PermissionCategory, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List the categories of permissions.",
)

CREATE_CATEGORY = Endpoint(
    name="permissions.create_category",
    method="POST",
    path=_CATEGORIES,
    auth=Auth.ENVIRONMENT,
    body=PermissionCategoryCreate,
    returns=PermissionCategory,
    _echoed=(("name", "name"),),
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Create a category of permissions.",
)

UPDATE_CATEGORY = Endpoint(
    name="permissions.update_category",
    method="PATCH",
    path=_CATEGORY,
    auth=Auth.ENVIRONMENT,
    body=PermissionCategoryUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Change fields of a category of permissions.",
)

DELETE_CATEGORY = Endpoint(
    name="permissions.delete_category",
    method="DELETE",
    path=_CATEGORY,
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a category of permissions.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    CREATE,
    UPDATE,
    DELETE,
    ADD_TO_ROLES,
    CATEGORIES,
    CREATE_CATEGORY,
    UPDATE_CATEGORY,
    DELETE_CATEGORY,
)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 and 409."""
