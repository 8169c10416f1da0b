"""The operations on the account settings of a tenant."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.account_settings import PublicTenantSettings, TenantSettings, TenantSettingsUpdate

_V1: Final = "/tenants/resources/account-settings/v1"

GET = Endpoint(
    name="account_settings.get",
    method="GET",
    path=_V1,
    auth=Auth.TENANT | Auth.USER,
    returns=TenantSettings,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(403, 404),
    summary="Get the settings of a tenant.",
)

UPDATE = Endpoint(
    name="account_settings.update",
    method="PUT",
    path=_V1,
    auth=Auth.TENANT | Auth.USER,
    body=TenantSettingsUpdate,
    returns=TenantSettings,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400, 403, 404),
    summary="Change settings of a tenant.",
)

PUBLIC = Endpoint(
    name="account_settings.get_public",
    method="GET",
    path=f"{_V1}/public",
    auth=Auth.TENANT | Auth.USER,
    returns=PublicTenantSettings,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(404,),
    summary="Get the settings of a tenant that a user may read without a permission.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (GET, UPDATE, PUBLIC)
