"""The operations on active tenants: for each application, the tenant in which a user works."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.active_tenants import ActiveTenantChanges, ActiveTenantsOfUser

_ACTIVE: Final = "/identity/resources/applications/user-tenants/active/v1"

GET = Endpoint(
    name="applications.get_active_tenants",
    method="GET",
    path=_ACTIVE,
    auth=Auth.ENVIRONMENT,
    user_header=True,
    returns=ActiveTenantsOfUser,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    client=False,
    summary="List the tenants in which a user works, for each application.",
)

SET = Endpoint(
    name="applications.set_active_tenants",
    method="PUT",
    path=_ACTIVE,
    auth=Auth.ENVIRONMENT,
    user_header=True,
    body=ActiveTenantChanges,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    client=False,
    summary="Set the tenants in which a user works, for some applications.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (GET, SET)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
