"""``access_tokens``: the access tokens of one tenant, for callers with a user's or an environment's credential."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import access_tokens as endpoints
from frontegg_async.models.access_tokens import NewTenantAccessToken, TenantAccessToken, TenantAccessTokenCreate
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.read_back import Confirmed
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.whole_listing import whole_listing
from frontegg_async.resources.support.writes import write

LONGEST: Final = 2**53 - 1
"""The largest number of minutes that every JSON parser preserves. The service documents no limit."""

LOST_JWT: Final = "nobody has its JWT now: find the token with list(), delete it and create another one"
"""The hint in the error if the response with the JWT of a new token is lost."""


class AsyncOwnTenantAccessTokens:
    """The access tokens of one tenant: JWTs that programs send in the header ``x-api-key`` to act as the tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        description: str | None = None,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        expires_in_minutes: int | timedelta | None = None,
        options: Options | None = None,
    ) -> NewTenantAccessToken:
        """Create an access token. Only this response has its JWT: store it.

        ``POST /identity/resources/tenants/access-tokens/v1`` (documented). The request is never sent twice.

        Args:
            description: The purpose of the token.
            role_ids: The ids of the token's roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.
            expires_in_minutes: The lifetime in minutes, at least 1; by default the token never expires.

        Returns:
            The access token. Its ``secret`` is the JWT for the header ``x-api-key``.

        Raises:
            PermissionDeniedError: The credential lacks the permission, or access tokens are disabled for the
                environment.
            NotFoundError: There is no such tenant, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the token may or may not have been created. Nobody has its
                JWT. The error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The token was created, but its JWT was lost with the response: delete the token and create
                another one.
        """
        minutes = arguments.optional_duration(expires_in_minutes, "expires_in_minutes", least=1, most=LONGEST)
        body = TenantAccessTokenCreate(
            description=description,
            role_ids=optional_roles(role_ids, role_keys),
            expires_in_minutes=minutes,
        )
        body, options = await by_ids(self._caller, endpoints.CREATE, body, role_keys, options)
        return await write(self._caller, endpoints.CREATE, body=body, options=options, lost=LOST_JWT)

    def list(self, *, options: Options | None = None) -> AsyncPages[TenantAccessToken]:
        """List the access tokens of the tenant. The access tokens of its users are not listed.

        ``GET /identity/resources/tenants/access-tokens/v1`` (documented).

        Returns:
            A listing of the access tokens, without their JWTs. The first request is sent when you iterate the listing.
            Each iteration sends the requests again.
        """
        return whole_listing(
            self._caller, endpoints.LIST, TenantAccessToken, lambda found: found.access_tokens, options=options
        )

    async def delete(self, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. A verifier that has cached the token accepts it until the cache entry expires.

        ``DELETE /identity/resources/tenants/access-tokens/v1/{id}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            token_id: The token's id.

        Raises:
            PermissionDeniedError: The credential lacks the permission, or access tokens are disabled for the
                environment.
            NotFoundError: The tenant has no such access token.
        """
        arguments.check_path_value(token_id, "token_id")
        is_gone = Confirmed(
            self._caller, endpoints.LIST, lambda found: all(each.id != token_id for each in found.access_tokens)
        )
        await self._caller.value(endpoints.DELETE, path={"id": token_id}, options=options, reconcile=is_gone)
