"""The operation on the environment itself."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence
from frontegg_async.models.environment import EnvironmentDetails

GET = Endpoint(
    name="environment.get",
    method="GET",
    path="/vendors",
    auth=Auth.ENVIRONMENT,
    returns=EnvironmentDetails,
    evidence=Evidence.DOCUMENTED,
    summary="Get the environment to which the credential belongs.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (GET,)
