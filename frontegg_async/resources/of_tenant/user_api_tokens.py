"""``frontegg.user_api_tokens``: the client ids and secrets with which programs authenticate as a user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import api_tokens as endpoints
from frontegg_async.models.api_tokens import NewUserApiToken, UserApiToken, UserApiTokenCreate
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.api_tokens import LOST_SECRET
from frontegg_async.resources.support.read_back import unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

_TEN_YEARS: Final = 5_256_000
"""The largest lifetime that the service accepts, in minutes."""


class AsyncOwnApiTokens:
    """The API tokens of one user: credentials with which programs authenticate as the user.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        description: str | None = None,
        expires_in_minutes: int | timedelta | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> NewUserApiToken:
        """Create an API token. Only this response has its secret: store it.

        ``POST /identity/resources/users/api-tokens/v1`` (documented). The request is never sent twice.

        Args:
            description: The purpose of the token.
            expires_in_minutes: The lifetime in minutes, 1 to 5,256,000 (ten years); by default the token never expires.
            metadata: Metadata that the service puts into the JWTs that it issues for this API token.

        Returns:
            The API token with its secret.

        Raises:
            OutcomeUnknownError: The response was lost, so the token may or may not have been created. Nobody has its
                secret. The error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The token was created, but its secret was lost with the response: delete the token and
                create another one.
        """
        minutes = arguments.optional_duration(expires_in_minutes, "expires_in_minutes", least=1, most=_TEN_YEARS)
        if metadata is not None:
            arguments.check_mapping(metadata, "metadata")
        body = UserApiTokenCreate(description=description, expires_in_minutes=minutes, metadata=metadata)
        return await write(self._caller, endpoints.CREATE_OF_USER, body=body, options=options, lost=LOST_SECRET)

    def list(self, *, options: Options | None = None) -> AsyncPages[UserApiToken]:
        """List the API tokens of the user.

        ``GET /identity/resources/users/api-tokens/v1`` (documented).

        Returns:
            A listing of the API tokens, without their secrets. The first request is sent when you iterate the listing.
            Each iteration sends the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST_OF_USER, UserApiToken, same, options=options)

    async def delete(self, client_id: str, *, options: Options | None = None) -> None:
        """Delete an API token. Programs can no longer authenticate with it.

        ``DELETE /identity/resources/users/api-tokens/v1/{id}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            client_id: The client id of the API token.

        Raises:
            NotFoundError: The user has no such API token.
        """
        arguments.check_path_value(client_id, "client_id")
        is_gone = unlisted(self._caller, endpoints.LIST_OF_USER, client_id, by="client_id")
        await self._caller.value(endpoints.DELETE_OF_USER, path={"id": client_id}, options=options, reconcile=is_gone)
