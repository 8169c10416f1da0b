"""The operations on the SCIM configurations of a tenant."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.scim import (
    NewScimConfiguration,
    ScimConfiguration,
    ScimConfigurationCreate,
    ScimConfigurationDelete,
    ScimConfigurationUpdate,
)

_V1: Final = "/directory/resources/v1/configurations/scim2"

LIST = Endpoint(
    name="scim.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=tuple[ScimConfiguration, ...],
    evidence=Evidence.DOCUMENTED,
    query=("tenantId", "source", "connectionName"),
    _subject="tenantId",
    summary="List the SCIM configurations of an environment, or of a user's tenant.",
)

CREATE = Endpoint(
    name="scim.create",
    method="POST",
    path=_V1,
    auth=Auth.TENANT | Auth.USER,
    body=ScimConfigurationCreate,
    returns=NewScimConfiguration,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Create a SCIM configuration of a tenant.",
)

GET = Endpoint(
    name="scim.get",
    method="GET",
    path=f"{_V1}/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    returns=ScimConfiguration,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(404,),
    summary="Get a SCIM configuration of a tenant.",
)

UPDATE = Endpoint(
    name="scim.update",
    method="PATCH",
    path=f"{_V1}/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    body=ScimConfigurationUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(400, 404),
    summary="Change a SCIM configuration of a tenant.",
)

DELETE = Endpoint(
    name="scim.delete",
    method="DELETE",
    path=f"{_V1}/{{id}}",
    auth=Auth.TENANT | Auth.USER,
    body=ScimConfigurationDelete,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    status=204,
    errors=(400, 404),
    summary="Delete a SCIM configuration of a tenant.",
)

COUNT_USERS = Endpoint(
    name="scim.count_users",
    method="GET",
    path="/directory/resources/scim/temp/{id}/Users/count",
    auth=Auth.USER,
    returns=object,
    evidence=Evidence.CLIENT,
    errors=(404,),
    client=False,
    summary="Count the users whom a SCIM configuration has provisioned.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, CREATE, GET, UPDATE, DELETE, COUNT_USERS)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
