"""``frontegg.user_access_tokens``: the access tokens of users."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import access_tokens as endpoints
from frontegg_async.errors import FronteggError, OutcomeUnknownError, ResultLostError
from frontegg_async.models.access_tokens import NewUserAccessToken, UserAccessToken, UserAccessTokenCreate
from frontegg_async.options import Options
from frontegg_async.resources.own_tenant_access_tokens import LONGEST, LOST_JWT
from frontegg_async.resources.writes import with_user, write


class AsyncOwnAccessTokens:
    """The access tokens of one user: JWTs that programs send in ``x-api-key``, as the user."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        description: str | None = None,
        expires_in_minutes: int | None = None,
        options: Options | None = None,
    ) -> NewUserAccessToken:
        """Create an access token. Its JWT is in this answer and in no other: store it.

        ``POST /identity/resources/users/access-tokens/v1`` (documented). It is never sent twice.

        Args:
            description: What the token is for.
            expires_in_minutes: Minutes that it is good for, at least 1; without end by default.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access token; its ``secret`` is the JWT that travels in ``x-api-key``.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The user may not create access tokens, or they are disabled for the environment.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its JWT. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its JWT is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        if expires_in_minutes is not None:
            arguments.check_count(expires_in_minutes, "expires_in_minutes", least=1, most=LONGEST)
        body = UserAccessTokenCreate(description=description, expires_in_minutes=expires_in_minutes)
        return await write(self._caller, endpoints.CREATE_OF_USER, body=body, options=options, lost=LOST_JWT)

    async def list(self, *, options: Options | None = None) -> tuple[UserAccessToken, ...]:
        """List the access tokens of the user.

        ``GET /identity/resources/users/access-tokens/v1`` (documented).

        Args:
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access tokens, without their JWTs.

        Raises:
            PermissionDeniedError: The user may not see access tokens, or they are disabled for the environment.
            FronteggError: Any other failure of the call.
        """
        return (await self._caller.value(endpoints.LIST_OF_USER, options=options)).access_tokens

    async def delete(self, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. Verifiers that remember its look-up take it until they look again.

        ``DELETE /identity/resources/users/access-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a 404
        on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The user may not delete access tokens, or they are disabled for the environment.
            NotFoundError: The user has no such access token.
            FronteggError: Any other failure of the call.
        """
        arguments.check_path_value(token_id, "token_id")
        await self._caller.value(endpoints.DELETE_OF_USER, path={"id": token_id}, options=options)


class AsyncTenantUserAccessTokens:
    """The access tokens of one tenant's users: JWTs that programs send in ``x-api-key``, as a user."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        user_id: str,
        *,
        description: str | None = None,
        expires_in_minutes: int | None = None,
        options: Options | None = None,
    ) -> NewUserAccessToken:
        """Create an access token. Its JWT is in this answer and in no other: store it.

        ``POST /identity/resources/users/access-tokens/v1`` (documented). It is never sent twice.

        Args:
            user_id: The user of the tenant, 1 to 256 characters.
            description: What the token is for.
            expires_in_minutes: Minutes that it is good for, at least 1; without end by default.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access token; its ``secret`` is the JWT that travels in ``x-api-key``.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such user.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its JWT. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its JWT is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        tokens = self._of(user_id)
        try:
            return await tokens.create(
                description=description,
                expires_in_minutes=expires_in_minutes,
                options=options,
            )
        except (OutcomeUnknownError, ResultLostError) as error:
            failure: FronteggError = with_user(error, user_id)
        raise failure

    async def list(self, user_id: str, *, options: Options | None = None) -> tuple[UserAccessToken, ...]:
        """List the access tokens of the user.

        ``GET /identity/resources/users/access-tokens/v1`` (documented).

        Args:
            user_id: The user of the tenant, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access tokens, without their JWTs.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such user.
            FronteggError: Any other failure of the call.
        """
        return await self._of(user_id).list(options=options)

    async def delete(self, user_id: str, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. Verifiers that remember its look-up take it until they look again.

        ``DELETE /identity/resources/users/access-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a 404
        on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            user_id: The user of the tenant, 1 to 256 characters.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The user has no such access token.
            FronteggError: Any other failure of the call.
        """
        await self._of(user_id).delete(token_id, options=options)

    def _of(self, user_id: str) -> AsyncOwnAccessTokens:
        arguments.check_id(user_id, "user_id")
        return AsyncOwnAccessTokens(self._caller.for_tenant(str(self._caller.tenant_id), user_id=user_id))


class AsyncUserAccessTokens:
    """The access tokens of users: JWTs that programs send in ``x-api-key``, as a user."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        tenant_id: str,
        user_id: str,
        *,
        description: str | None = None,
        expires_in_minutes: int | None = None,
        options: Options | None = None,
    ) -> NewUserAccessToken:
        """Create an access token. Its JWT is in this answer and in no other: store it.

        ``POST /identity/resources/users/access-tokens/v1`` (documented). It is never sent twice.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            user_id: The user of it, 1 to 256 characters.
            description: What the token is for.
            expires_in_minutes: Minutes that it is good for, at least 1; without end by default.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access token; its ``secret`` is the JWT that travels in ``x-api-key``.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its JWT. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its JWT is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).create(
            user_id,
            description=description,
            expires_in_minutes=expires_in_minutes,
            options=options,
        )

    async def list(
        self, tenant_id: str, user_id: str, *, options: Options | None = None
    ) -> tuple[UserAccessToken, ...]:
        """List the access tokens of the user.

        ``GET /identity/resources/users/access-tokens/v1`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            user_id: The user of it, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The access tokens, without their JWTs.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).list(user_id, options=options)

    async def delete(self, tenant_id: str, user_id: str, token_id: str, *, options: Options | None = None) -> None:
        """Delete an access token. Verifiers that remember its look-up take it until they look again.

        ``DELETE /identity/resources/users/access-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a 404
        on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            user_id: The user of it, 1 to 256 characters.
            token_id: The token's id.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant or user, or the user has no such access token.
            FronteggError: Any other failure of the call.
        """
        await self._of(tenant_id).delete(user_id, token_id, options=options)

    def _of(self, tenant_id: str) -> AsyncTenantUserAccessTokens:
        return AsyncTenantUserAccessTokens(self._caller.for_tenant(tenant_id))
