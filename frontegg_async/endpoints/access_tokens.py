"""The operations that tell what opaque access tokens entitle to."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint
from frontegg_async.models.access_tokens import AccessToken

_TENANTS: Final = "/identity/resources/vendor-only/tenants/access-tokens/v1"
_USERS: Final = "/identity/resources/vendor-only/users/access-tokens/v1"

NO_ID: Final = "active"
"""What stands in the place of an id in the routes of lists, so that no token can have it as its id."""

TENANT_TOKEN = Endpoint(
    name="access_tokens.tenant_token",
    method="GET",
    path=f"{_TENANTS}/{{id}}",
    auth=Auth.TENANT,
    returns=AccessToken,
    evidence="D",
    subject=TENANT_OF_CALL,
    errors=(404,),
    summary="What an access token of a tenant entitles to.",
)

ACTIVE_TENANT_TOKENS = Endpoint(
    name="access_tokens.active_tenant_tokens",
    method="GET",
    path=f"{_TENANTS}/{NO_ID}",
    auth=Auth.TENANT,
    returns=tuple[str, ...],
    evidence="D",
    errors=(404,),
    summary="The ids of the tenant's own access tokens that are good.",
)

USER_TOKEN = Endpoint(
    name="access_tokens.user_token",
    method="GET",
    path=f"{_USERS}/{{id}}",
    auth=Auth.TENANT,
    returns=AccessToken,
    evidence="D",
    subject=TENANT_OF_CALL,
    errors=(404,),
    summary="What an access token of a user of a tenant entitles to.",
)

ACTIVE_USER_TOKENS = Endpoint(
    name="access_tokens.active_user_tokens",
    method="GET",
    path=f"{_USERS}/{NO_ID}",
    auth=Auth.TENANT,
    returns=tuple[str, ...],
    evidence="D",
    errors=(404,),
    summary="The ids of the access tokens of a tenant's users that are good.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (TENANT_TOKEN, ACTIVE_TENANT_TOKENS, USER_TOKEN, ACTIVE_USER_TOKENS)
