"""The operations that return the environment's identity settings and the public keys of user tokens."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence
from frontegg_async.models.identity import IdentityConfiguration, JwksDocument

CONFIGURATION = Endpoint(
    name="identity.configuration",
    method="GET",
    path="/identity/resources/configurations/v1",
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=IdentityConfiguration,
    evidence=Evidence.DOCUMENTED,
    summary="Get the environment's identity settings, including its public key.",
)

JWKS = Endpoint(
    name="auth.jwks",
    method="GET",
    path="/.well-known/jwks.json",
    auth=Auth.NONE,
    returns=JwksDocument,
    evidence=Evidence.CLIENT,
    client=False,
    summary="Get the public keys that verify user tokens.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (CONFIGURATION, JWKS)
