"""The operation that returns the environment's token."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.auth import EnvironmentAuthentication, EnvironmentToken

AUTHENTICATE = Endpoint(
    name="auth.authenticate",
    method="POST",
    path="/auth/vendor",
    auth=Auth.NONE,
    body=EnvironmentAuthentication,
    returns=EnvironmentToken,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    summary="Exchange client id and secret of an environment for a token.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (AUTHENTICATE,)
