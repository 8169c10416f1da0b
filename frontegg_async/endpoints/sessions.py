"""The operations that begin and renew sessions of users and of API tokens."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.sessions import (
    ApiTokenAuthentication,
    ApiTokenRefresh,
    SessionTokens,
    SessionTokensV2,
    TokenRefresh,
    UserLogin,
)

_AUTH: Final = "/identity/resources/auth"

LOGIN = Endpoint(
    name="sessions.login",
    method="POST",
    path=f"{_AUTH}/v1/user",
    auth=Auth.NONE,
    body=UserLogin,
    returns=SessionTokens,
    retry=Retry.NEVER,
    writes=False,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Sign a user in with a password.",
)

REFRESH = Endpoint(
    name="sessions.refresh",
    method="POST",
    path=f"{_AUTH}/v1/user/token/refresh",
    auth=Auth.NONE,
    body=TokenRefresh,
    returns=SessionTokens,
    retry=Retry.NEVER,
    writes=False,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Exchange a user's refresh token for new tokens.",
)

EXCHANGE_API_TOKEN_V1 = Endpoint(
    name="sessions.exchange_api_token_v1",
    method="POST",
    path=f"{_AUTH}/v1/api-token",
    auth=Auth.NONE,
    body=ApiTokenAuthentication,
    returns=SessionTokens,
    retry=Retry.SAFE,
    evidence=Evidence.CLIENT,
    summary="Exchange an API token for a session, with version 1 of the operation.",
)

EXCHANGE_API_TOKEN = Endpoint(
    name="sessions.exchange_api_token",
    method="POST",
    path=f"{_AUTH}/v2/api-token",
    auth=Auth.NONE,
    body=ApiTokenAuthentication,
    returns=SessionTokensV2,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    summary="Exchange an API token for a session.",
)

REFRESH_API_TOKEN_V1 = Endpoint(
    name="sessions.refresh_api_token_v1",
    method="POST",
    path=f"{_AUTH}/v1/api-token/token/refresh",
    auth=Auth.NONE,
    body=ApiTokenRefresh,
    returns=SessionTokens,
    retry=Retry.NEVER,
    writes=False,
    evidence=Evidence.CLIENT,
    errors=(400,),
    summary="Exchange the refresh token of an API token's session for new tokens, with version 1 of the operation.",
)

REFRESH_API_TOKEN = Endpoint(
    name="sessions.refresh_api_token",
    method="POST",
    path=f"{_AUTH}/v2/api-token/token/refresh",
    auth=Auth.NONE,
    body=ApiTokenRefresh,
    returns=SessionTokensV2,
    retry=Retry.NEVER,
    writes=False,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Exchange the refresh token of an API token's session for new tokens.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LOGIN,
    REFRESH,
    EXCHANGE_API_TOKEN_V1,
    EXCHANGE_API_TOKEN,
    REFRESH_API_TOKEN_V1,
    REFRESH_API_TOKEN,
)
