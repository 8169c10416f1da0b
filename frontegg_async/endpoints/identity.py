"""The operations of the identity service that concern tenants."""

from __future__ import annotations

from types import NoneType

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.auth import IdentityConfiguration
from frontegg_async.models.users import UserCount, UserCountQuery, UserMove

CONFIGURATION = Endpoint(
    name="identity.configuration",
    method="GET",
    path="/identity/resources/configurations/v1",
    auth=Auth.ENVIRONMENT,
    returns=IdentityConfiguration,
    evidence=Evidence.DOCUMENTED,
    summary="The environment's identity settings, its public key among them.",
)

USER_COUNTS = Endpoint(
    name="tenants.user_counts",
    method="POST",
    path="/identity/resources/tenants/users/v1/count",
    auth=Auth.ENVIRONMENT | Auth.USER,
    body=UserCountQuery,
    returns=tuple[UserCount, ...],
    retry=Retry.SAFE,
    evidence=Evidence.CLIENT,
    status=201,
    subject="tenant_ids",
    errors=(400,),
    summary="Count the users of tenants.",
)

MOVE_USERS = Endpoint(
    name="tenants.move_users",
    method="PUT",
    path="/identity/resources/users/v1/tenants/migrate",
    auth=Auth.ENVIRONMENT,
    body=UserMove,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Move all users of one tenant to another.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (CONFIGURATION, USER_COUNTS, MOVE_USERS)
