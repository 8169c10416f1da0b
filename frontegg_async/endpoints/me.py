"""The operations of a signed-in user on its own account and its tenants.

`TENANTS` also serves another user with an environment's credential: ``send(TENANTS, user_id=...)``. The method
``user.tenants.list`` calls `TENANTS` instead of `TENANTS_V3`, since only `TENANTS` is documented. Only Frontegg's own
clients show `TENANTS_V3`.
"""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.own_profile import UserAuthorization
from frontegg_async.models.user_tenants import TenantSwitch, UserTenant, UserTenants
from frontegg_async.models.users import User, UserUpdate

TENANTS = Endpoint(
    name="me.tenants",
    method="GET",
    path="/identity/resources/users/v2/me/tenants",
    auth=Auth.ENVIRONMENT | Auth.USER,
    user_header=True,
    returns=tuple[UserTenant, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="List the tenants of the caller, or of the user whom an environment's call names.",
)

TENANTS_V3 = Endpoint(
    name="me.tenants_v3",
    method="GET",
    path="/identity/resources/users/v3/me/tenants",
    auth=Auth.USER,
    returns=UserTenants,
    evidence=Evidence.CLIENT,
    client=False,
    summary="List the tenants of the caller, together with the active tenant.",
)

HIERARCHY = Endpoint(
    name="me.hierarchy",
    method="GET",
    path="/identity/resources/users/v2/me/hierarchy",
    auth=Auth.USER,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    summary="List the tenants of the caller, with their places in the hierarchy.",
)

SWITCH_TENANT = Endpoint(
    name="me.switch_tenant",
    method="PUT",
    path="/identity/resources/users/v1/tenant",
    auth=Auth.TENANT | Auth.USER,
    user_header=True,
    body=TenantSwitch,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 403, 404),
    summary="Set the active tenant of the caller, or of the user whom an environment's call names.",
)

PROFILE = Endpoint(
    name="me.profile",
    method="GET",
    path="/identity/resources/users/v2/me",
    auth=Auth.USER,
    returns=User,
    evidence=Evidence.DOCUMENTED,
    summary="Get the caller, with roles and permissions.",
)

PROFILE_V3 = Endpoint(
    name="me.profile_v3",
    method="GET",
    path="/identity/resources/users/v3/me",
    auth=Auth.USER,
    returns=User,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="Get the caller, without roles and permissions.",
)

UPDATE_PROFILE = Endpoint(
    name="me.update_profile",
    method="PUT",
    path="/identity/resources/users/v2/me",
    auth=Auth.USER,
    body=UserUpdate,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Change fields of the caller's profile.",
)

AUTHORIZATION = Endpoint(
    name="me.authorization",
    method="GET",
    path="/identity/resources/users/v1/me/authorization",
    auth=Auth.USER,
    returns=UserAuthorization,
    evidence=Evidence.DOCUMENTED,
    summary="Get the roles and permissions of the caller.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    TENANTS,
    TENANTS_V3,
    HIERARCHY,
    SWITCH_TENANT,
    PROFILE,
    PROFILE_V3,
    UPDATE_PROFILE,
    AUTHORIZATION,
)
