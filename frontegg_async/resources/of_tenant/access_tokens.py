"""``frontegg.access_tokens``: the access tokens of tenants, and the roles and permissions of each token."""

from __future__ import annotations

from frontegg_async.endpoints import access_tokens as endpoints
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.own_tenant_access_tokens import AsyncOwnTenantAccessTokens
from frontegg_async.resources.support.access_token_lookups import look_up


class AsyncTenantAccessTokens(AsyncOwnTenantAccessTokens):
    """The access tokens of one tenant. To verify the token of an incoming request, use ``AsyncAccessTokenVerifier``.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def get_tenant_token(self, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get the roles and permissions of an access token of the tenant.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/{id}`` (documented).

        Args:
            token_id: The token's id.

        Returns:
            The token's roles and permissions.

        Raises:
            NotFoundError: The tenant has no such token, or the token expired.
            PermissionDeniedError: Access tokens are disabled for the environment.
            ResponseMismatchError: The response is about another token or tenant.
        """
        return await look_up(self._caller, endpoints.TENANT_TOKEN, token_id, options)

    async def get_user_token(self, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get the roles and permissions of a user's access token. The user belongs to the tenant.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/{id}`` (documented).

        Args:
            token_id: The token's id.

        Returns:
            The token's roles and permissions, and the user who owns the token.

        Raises:
            NotFoundError: No user of the tenant has such a token, or the token expired.
            PermissionDeniedError: Access tokens are disabled for the environment.
            ResponseMismatchError: The response is about another token or tenant.
        """
        return await look_up(self._caller, endpoints.USER_TOKEN, token_id, options)

    async def list_active_tenant_tokens(self, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the tenant's valid access tokens. The tokens of its users are not listed.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/active`` (used by other clients).

        Returns:
            The ids of the tokens.

        Raises:
            NotFoundError: There is no such tenant.
        """
        return await self._caller.value(endpoints.ACTIVE_TENANT_TOKENS, options=options)

    async def list_active_user_tokens(self, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the valid access tokens of the tenant's users.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/active`` (documented).

        Returns:
            The ids of the tokens.

        Raises:
            NotFoundError: There is no such tenant.
        """
        return await self._caller.value(endpoints.ACTIVE_USER_TOKENS, options=options)
