"""``frontegg.access_tokens``: the access tokens of tenants, and what access tokens entitle to."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import access_tokens as endpoints
from frontegg_async.models.access_tokens import AccessToken, NewTenantAccessToken, TenantAccessToken
from frontegg_async.options import Options
from frontegg_async.resources.access_token_lookups import look_up
from frontegg_async.resources.own_tenant_access_tokens import AsyncOwnTenantAccessTokens


class AsyncTenantAccessTokens:
    """The access tokens of one tenant. To check those of incoming requests, use ``AccessTokenVerifier``."""

    __slots__ = ("_caller", "_tokens")

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._tokens = AsyncOwnTenantAccessTokens(caller)

    async def create(
        self,
        *,
        description: str | None = None,
        role_ids: Sequence[str] | None = None,
        expires_in_minutes: int | None = None,
        options: Options | None = None,
    ) -> NewTenantAccessToken:
        """Create an access token. Its JWT is in this answer and in no other: store it.

        ``POST /identity/resources/tenants/access-tokens/v1`` (documented). It is never sent twice.

        Args:
            description: What the token is for.
            role_ids: The roles that it has.
            expires_in_minutes: Minutes that it is good for, at least 1; without end by default.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access token; its ``secret`` is the JWT that travels in ``x-api-key``.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its JWT. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its JWT is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        return await self._tokens.create(
            description=description, role_ids=role_ids, expires_in_minutes=expires_in_minutes, options=options
        )

    async def list(self, *, options: Options | None = None) -> tuple[TenantAccessToken, ...]:
        """List the tenant's access tokens, without those of its users.

        ``GET /identity/resources/tenants/access-tokens/v1`` (documented).

        Args:
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access tokens, without their JWTs.

        Raises:
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._tokens.list(options=options)

    async def delete(self, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. Verifiers that remember its look-up take it until they look again.

        ``DELETE /identity/resources/tenants/access-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a
        404 on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such access token.
            FronteggError: Any other failure of the call.
        """
        await self._tokens.delete(token_id, options=options)

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
            PermissionDeniedError: Access tokens are disabled for the environment.
            ResponseMismatchError: The answer is about another token or tenant.
            FronteggError: Any other failure of the call.
        """
        return await look_up(self._caller, endpoints.TENANT_TOKEN, token_id, options)

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
            PermissionDeniedError: Access tokens are disabled for the environment.
            ResponseMismatchError: The answer is about another token or tenant.
            FronteggError: Any other failure of the call.
        """
        return await look_up(self._caller, endpoints.USER_TOKEN, token_id, options)

    async def active_tenant_tokens(self, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the tenant's own access tokens that are good.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/active`` (in shipped clients).

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

    async def create(
        self,
        tenant_id: str,
        *,
        description: str | None = None,
        role_ids: Sequence[str] | None = None,
        expires_in_minutes: int | None = None,
        options: Options | None = None,
    ) -> NewTenantAccessToken:
        """Create an access token. Its JWT is in this answer and in no other: store it.

        ``POST /identity/resources/tenants/access-tokens/v1`` (documented). It is never sent twice.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            description: What the token is for.
            role_ids: The roles that it has.
            expires_in_minutes: Minutes that it is good for, at least 1; without end by default.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access token; its ``secret`` is the JWT that travels in ``x-api-key``.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its JWT. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its JWT is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).create(
            description=description, role_ids=role_ids, expires_in_minutes=expires_in_minutes, options=options
        )

    async def list(self, tenant_id: str, *, options: Options | None = None) -> tuple[TenantAccessToken, ...]:
        """List the tenant's access tokens, without those of its users.

        ``GET /identity/resources/tenants/access-tokens/v1`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access tokens, without their JWTs.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).list(options=options)

    async def delete(self, tenant_id: str, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. Verifiers that remember its look-up take it until they look again.

        ``DELETE /identity/resources/tenants/access-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a
        404 on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such access token.
            FronteggError: Any other failure of the call.
        """
        await self._of(tenant_id).delete(token_id, options=options)

    async def tenant_token(self, tenant_id: str, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get what an access token of the tenant entitles to.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/{id}`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The token's roles and permissions.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such token, or it expired.
            PermissionDeniedError: Access tokens are disabled for the environment.
            ResponseMismatchError: The answer is about another token or tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).tenant_token(token_id, options=options)

    async def user_token(self, tenant_id: str, token_id: str, *, options: Options | None = None) -> AccessToken:
        """Get what an access token of a user of the tenant entitles to.

        ``GET /identity/resources/vendor-only/users/access-tokens/v1/{id}`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The token's roles and permissions, and whose it is.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no user with such a token, or it expired.
            PermissionDeniedError: Access tokens are disabled for the environment.
            ResponseMismatchError: The answer is about another token or tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).user_token(token_id, options=options)

    async def active_tenant_tokens(self, tenant_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """List the ids of the tenant's own access tokens that are good.

        ``GET /identity/resources/vendor-only/tenants/access-tokens/v1/active`` (in shipped clients).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
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
            tenant_id: The tenant, 1 to 256 characters.
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
