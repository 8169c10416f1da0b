"""FastAPI: the security schemes of tokens in the OpenAPI document."""

# No postponed annotations here: FastAPI reads annotations at run time.
from typing import Final

from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
from fastapi.openapi.models import SecurityBase as SecurityBaseModel
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from frontegg_async._values.secret import Secret
from frontegg_async.integrations.request_credentials import API_KEY, AUTHORIZATION, hidden


class _BearerScheme(SecurityBase):
    """The scheme of required tokens in the OpenAPI document. It returns the headers, and verifies nothing."""

    model: SecurityBaseModel

    def __init__(self) -> None:
        self.model = HTTPBearer(
            bearerFormat="JWT", description="The JWT of a signed-in user, or of an API token, from Frontegg."
        )
        self.scheme_name = "Frontegg"

    async def __call__(self, connection: HTTPConnection) -> tuple[Secret, ...]:
        """Return the values of all ``Authorization`` headers."""
        return hidden(connection.headers.getlist(AUTHORIZATION))


class _AccessTokenScheme(SecurityBase):
    """The scheme of access tokens in the OpenAPI document. It returns the headers, and verifies nothing."""

    model: SecurityBaseModel

    def __init__(self) -> None:
        self.model = APIKey.model_validate(
            {"in": APIKeyIn.header, "name": API_KEY, "description": "The JWT of an access token of Frontegg."}
        )
        self.scheme_name = "FronteggAccessToken"

    async def __call__(self, connection: HTTPConnection) -> tuple[Secret, ...]:
        """Return the values of all ``x-api-key`` headers."""
        return hidden(connection.headers.getlist(API_KEY))


bearer_scheme: Final = _BearerScheme()
"""The security scheme of `CurrentClaims` for tokens of users and of API tokens, shown in the OpenAPI document."""

access_token_scheme: Final = _AccessTokenScheme()
"""The security scheme of `CurrentClaims` for access tokens, shown in the OpenAPI document."""
