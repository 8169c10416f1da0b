"""``frontegg.user_access_tokens``: the access tokens of users."""

from __future__ import annotations

from datetime import timedelta

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import access_tokens as endpoints
from frontegg_async.models.access_tokens import NewUserAccessToken, UserAccessToken, UserAccessTokenCreate
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.own_tenant_access_tokens import LONGEST, LOST_JWT
from frontegg_async.resources.support.read_back import Confirmed
from frontegg_async.resources.support.whole_listing import whole_listing
from frontegg_async.resources.support.writes import write


class AsyncOwnAccessTokens:
    """The access tokens of one user: JWTs that programs send in the header ``x-api-key`` to act as the user.

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
        options: Options | None = None,
    ) -> NewUserAccessToken:
        """Create an access token. Only this response has its JWT: store it.

        ``POST /identity/resources/users/access-tokens/v1`` (documented). The request is never sent twice.

        Args:
            description: The purpose of the token.
            expires_in_minutes: The lifetime in minutes, at least 1; by default the token never expires.

        Returns:
            The access token. Its ``secret`` is the JWT for the header ``x-api-key``.

        Raises:
            PermissionDeniedError: The credential lacks the permission, or access tokens are disabled for the
                environment.
            OutcomeUnknownError: The response was lost, so the token may or may not have been created. Nobody has its
                JWT. The error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The token was created, but its JWT was lost with the response: delete the token and create
                another one.
        """
        minutes = arguments.optional_duration(expires_in_minutes, "expires_in_minutes", least=1, most=LONGEST)
        body = UserAccessTokenCreate(description=description, expires_in_minutes=minutes)
        return await write(self._caller, endpoints.CREATE_OF_USER, body=body, options=options, lost=LOST_JWT)

    def list(self, *, options: Options | None = None) -> AsyncPages[UserAccessToken]:
        """List the access tokens of the user.

        ``GET /identity/resources/users/access-tokens/v1`` (documented).

        Returns:
            A listing of the access tokens, without their JWTs. The first request is sent when you iterate the listing.
            Each iteration sends the requests again.
        """
        return whole_listing(
            self._caller, endpoints.LIST_OF_USER, UserAccessToken, lambda found: found.access_tokens, options=options
        )

    async def delete(self, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. A verifier that has cached the token accepts it until the cache entry expires.

        ``DELETE /identity/resources/users/access-tokens/v1/{id}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            token_id: The token's id.

        Raises:
            PermissionDeniedError: The credential lacks the permission, or access tokens are disabled for the
                environment.
            NotFoundError: The user has no such access token.
        """
        arguments.check_path_value(token_id, "token_id")
        is_gone = Confirmed(
            self._caller, endpoints.LIST_OF_USER, lambda found: all(each.id != token_id for each in found.access_tokens)
        )
        await self._caller.value(endpoints.DELETE_OF_USER, path={"id": token_id}, options=options, reconcile=is_gone)
