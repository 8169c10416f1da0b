"""The possible values of the claim ``type`` in access tokens."""

from __future__ import annotations

from typing import Final

TENANT_ACCESS: Final = "tenantAccessToken"
USER_ACCESS: Final = "userAccessToken"
ACCESS_TOKEN_TYPES: Final = (TENANT_ACCESS, USER_ACCESS)
