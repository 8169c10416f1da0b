"""The operations of users on themselves."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Retry
from frontegg_async.models.sessions import TenantSwitch, User, UserTenant

TENANTS = Endpoint(
    name="me.tenants",
    method="GET",
    path="/identity/resources/users/v2/me/tenants",
    auth=Auth.USER,
    returns=tuple[UserTenant, ...],
    evidence="D",
    summary="The tenants that the caller belongs to.",
)

HIERARCHY = Endpoint(
    name="me.hierarchy",
    method="GET",
    path="/identity/resources/users/v2/me/hierarchy",
    auth=Auth.USER,
    returns=object,
    evidence="D",
    summary="The tenants that the caller belongs to, with their places in the hierarchy.",
)

SWITCH_TENANT = Endpoint(
    name="me.switch_tenant",
    method="PUT",
    path="/identity/resources/users/v1/tenant",
    auth=Auth.USER,
    body=TenantSwitch,
    returns=User,
    retry=Retry.RESEND,
    evidence="D",
    errors=(400, 403, 404),
    summary="Make another of the caller's tenants the active one.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (TENANTS, HIERARCHY, SWITCH_TENANT)
