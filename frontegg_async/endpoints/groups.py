"""The operations on groups of users."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.groups import (
    Group,
    GroupConfiguration,
    GroupConfigurationUpdate,
    GroupCreate,
    GroupIds,
    GroupList,
    GroupRoleIds,
    GroupUpdate,
    GroupUserIds,
)
from frontegg_async.models.page import Page

_V1: Final = "/identity/resources/groups/v1"
_ONE: Final = f"{_V1}/{{group_id}}"
_CONFIG: Final = f"{_V1}/config"
_OF_A_TENANT: Final = Auth.TENANT | Auth.USER
_RELATIONS: Final = "_groupsRelations"

LIST_V1 = Endpoint(
    name="groups.list_v1",
    method="GET",
    path=_V1,
    auth=_OF_A_TENANT,
    returns=GroupList,
    evidence=Evidence.DOCUMENTED,
    query=(_RELATIONS,),
    errors=(400, 404),
    summary="List the groups of a tenant.",
)

LIST = Endpoint(
    name="groups.list",
    method="GET",
    path="/identity/resources/groups/v2",
    auth=_OF_A_TENANT,
    returns=Page[Group],
    evidence=Evidence.DOCUMENTED,
    query=("_limit", "_offset", "_sortBy", "_order", _RELATIONS),
    errors=(400, 404),
    summary="List the groups of a tenant, page by page.",
)

GET = Endpoint(
    name="groups.get",
    method="GET",
    path=_ONE,
    auth=_OF_A_TENANT,
    returns=Group,
    evidence=Evidence.DOCUMENTED,
    query=(_RELATIONS,),
    errors=(400, 404),
    _echoed=(("id", "group_id"),),
    summary="Get a group.",
)

GET_MANY = Endpoint(
    name="groups.get_many",
    method="POST",
    path=f"{_V1}/bulkGet",
    auth=_OF_A_TENANT,
    body=GroupIds,
    returns=GroupList,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    query=(_RELATIONS,),
    status=201,
    errors=(400, 404),
    summary="Get groups by their ids.",
)

CREATE = Endpoint(
    name="groups.create",
    method="POST",
    path=_V1,
    auth=_OF_A_TENANT,
    body=GroupCreate,
    returns=Group,
    _echoed=(("name", "name"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Create a group.",
)

UPDATE = Endpoint(
    name="groups.update",
    method="PATCH",
    path=_ONE,
    auth=_OF_A_TENANT,
    body=GroupUpdate,
    returns=Group,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    _echoed=(("id", "group_id"),),
    summary="Change fields of a group.",
)

DELETE = Endpoint(
    name="groups.delete",
    method="DELETE",
    path=_ONE,
    auth=_OF_A_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a group; its users stay.",
)

ADD_ROLES = Endpoint(
    name="groups.add_roles",
    method="POST",
    path=f"{_ONE}/roles",
    auth=_OF_A_TENANT,
    body=GroupRoleIds,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Add roles to a group.",
)

REMOVE_ROLES = Endpoint(
    name="groups.remove_roles",
    method="DELETE",
    path=f"{_ONE}/roles",
    auth=_OF_A_TENANT,
    body=GroupRoleIds,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove roles from a group.",
)

ADD_USERS = Endpoint(
    name="groups.add_users",
    method="POST",
    path=f"{_ONE}/users",
    auth=_OF_A_TENANT,
    body=GroupUserIds,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Add users to a group.",
)

REMOVE_USERS = Endpoint(
    name="groups.remove_users",
    method="DELETE",
    path=f"{_ONE}/users",
    auth=_OF_A_TENANT,
    body=GroupUserIds,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove users from a group.",
)

GET_CONFIGURATION = Endpoint(
    name="groups.get_config",
    method="GET",
    path=_CONFIG,
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=GroupConfiguration,
    evidence=Evidence.DOCUMENTED,
    summary="Get whether tenants have groups.",
)

SET_CONFIGURATION = Endpoint(
    name="groups.set_config",
    method="POST",
    path=_CONFIG,
    auth=Auth.ENVIRONMENT,
    body=GroupConfigurationUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Set whether tenants have groups.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST_V1,
    LIST,
    GET,
    GET_MANY,
    CREATE,
    UPDATE,
    DELETE,
    ADD_ROLES,
    REMOVE_ROLES,
    ADD_USERS,
    REMOVE_USERS,
    GET_CONFIGURATION,
    SET_CONFIGURATION,
)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 and 409."""
