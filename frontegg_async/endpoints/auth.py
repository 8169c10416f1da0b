"""The operations that return the environment's token and the public keys of user tokens."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.auth import EnvironmentAuthentication, EnvironmentToken, JwksDocument

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

JWKS = Endpoint(
    name="auth.jwks",
    method="GET",
    path="/.well-known/jwks.json",
    auth=Auth.NONE,
    returns=JwksDocument,
    evidence=Evidence.CLIENT,
    client=False,
    summary="The public keys that user tokens are signed with.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (AUTHENTICATE, JWKS)
