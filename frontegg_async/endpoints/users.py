"""The operations on the users of tenants."""

from __future__ import annotations

from types import NoneType

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.users import UserCount, UserCountQuery, UserMove

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

ENDPOINTS: tuple[Endpoint[object], ...] = (USER_COUNTS, MOVE_USERS)
