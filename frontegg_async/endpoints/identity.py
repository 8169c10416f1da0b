"""The operations on the environment's identity settings."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence
from frontegg_async.models.auth import IdentityConfiguration

CONFIGURATION = Endpoint(
    name="identity.configuration",
    method="GET",
    path="/identity/resources/configurations/v1",
    auth=Auth.ENVIRONMENT,
    returns=IdentityConfiguration,
    evidence=Evidence.DOCUMENTED,
    summary="The environment's identity settings, its public key among them.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (CONFIGURATION,)
