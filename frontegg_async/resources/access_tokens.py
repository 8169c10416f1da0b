"""``frontegg.access_tokens``: what the opaque access tokens of a tenant and its users entitle to."""

from __future__ import annotations

from frontegg_async import arguments
from frontegg_async.endpoints import access_tokens as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.options import Options
from frontegg_async.wire.caller import Caller


class AsyncTenantAccessTokens:
    """The access tokens of one tenant. To check those of incoming requests, use ``AccessTokenVerifier``."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def tenant_token(self, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get what an access token of the tenant entitles to.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/{id}`` (documented).

        Args:
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The token's roles and permissions.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such token, or it expired.
            FronteggError: Any other failure of the call.
        """
        _check_token_id(token_id)
        return await self._caller.value(endpoints.TENANT_TOKEN, path={"id": token_id}, options=options)

    async def user_token(self, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get what an access token of a user of the tenant entitles to.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/{id}`` (documented).

        Args:
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The token's roles and permissions, and whose it is.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no user with such a token, or it expired.
            FronteggError: Any other failure of the call.
        """
        _check_token_id(token_id)
        return await self._caller.value(endpoints.USER_TOKEN, path={"id": token_id}, options=options)

    async def active_tenant_tokens(self, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the tenant's own access tokens that are good.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/active`` (documented).

        Args:
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The ids.

        Raises:
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._caller.value(endpoints.ACTIVE_TENANT_TOKENS, options=options)

    async def active_user_tokens(self, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the access tokens of the tenant's users that are good.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/active`` (documented).

        Args:
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The ids.

        Raises:
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._caller.value(endpoints.ACTIVE_USER_TOKENS, options=options)


class AsyncAccessTokens:
    """The access tokens of tenants. To check those of incoming requests, use ``AccessTokenVerifier``."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def tenant_token(self, tenant_id: str, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get what an access token of the tenant entitles to.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/{id}`` (documented).

        Args:
            tenant_id: The tenant's id.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The token's roles and permissions.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such token, or it expired.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).tenant_token(token_id, options=options)

    async def user_token(self, tenant_id: str, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get what an access token of a user of the tenant entitles to.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/{id}`` (documented).

        Args:
            tenant_id: The tenant's id.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The token's roles and permissions, and whose it is.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no user with such a token, or it expired.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).user_token(token_id, options=options)

    async def active_tenant_tokens(self, tenant_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the tenant's own access tokens that are good.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/active`` (documented).

        Args:
            tenant_id: The tenant's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The ids.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).active_tenant_tokens(options=options)

    async def active_user_tokens(self, tenant_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the access tokens of the tenant's users that are good.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/active`` (documented).

        Args:
            tenant_id: The tenant's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The ids.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).active_user_tokens(options=options)

    def _of(self, tenant_id: str) -> AsyncTenantAccessTokens:
        return AsyncTenantAccessTokens(self._caller.for_tenant(tenant_id))


def _check_token_id(token_id: object) -> None:
    arguments.check_path_value(token_id, "token_id")
    if token_id == endpoints.NO_ID:
        raise InvalidArgumentError(
            f"token_id must not be {endpoints.NO_ID!r}: the service would list all that are good"
        )
