"""``frontegg.user_api_tokens``: the client credentials of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import api_tokens as endpoints
from frontegg_async.errors import FronteggError, InvalidArgumentError, OutcomeUnknownError, ResultLostError
from frontegg_async.models.api_tokens import NewUserApiToken, UserApiToken, UserApiTokenCreate
from frontegg_async.options import Options
from frontegg_async.resources.api_tokens import LOST_SECRET
from frontegg_async.resources.writes import with_user, write

_TEN_YEARS: Final = 5_256_000
"""The most minutes that the service takes."""


class AsyncOwnApiTokens:
    """The API tokens of one user: what programs authenticate with as the user."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        description: str | None = None,
        expires_in_minutes: int | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> NewUserApiToken:
        """Create an API token. Its secret is in this answer and in no other: store it.

        ``POST /identity/resources/users/api-tokens/v1`` (documented). It is never sent twice.

        Args:
            description: What the token is for.
            expires_in_minutes: Minutes that it is good for, 1 to 5,256,000 (ten years); for ever by default.
            metadata: What the JWTs of its sessions carry as metadata.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The API token with its secret.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The user may not create API tokens.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its secret. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its secret is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        if expires_in_minutes is not None:
            arguments.check_count(expires_in_minutes, "expires_in_minutes", least=1, most=_TEN_YEARS)
        if metadata is not None and not isinstance(metadata, Mapping):
            raise InvalidArgumentError(f"metadata must be a mapping, not {type(metadata).__name__}")
        body = UserApiTokenCreate(description=description, expires_in_minutes=expires_in_minutes, metadata=metadata)
        return await write(self._caller, endpoints.CREATE_OF_USER, body=body, options=options, lost=LOST_SECRET)

    async def list(self, *, options: Options | None = None) -> tuple[UserApiToken, ...]:
        """List the API tokens of the user.

        ``GET /identity/resources/users/api-tokens/v1`` (documented).

        Args:
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The API tokens, without their secrets.

        Raises:
            PermissionDeniedError: The user may not see API tokens.
            FronteggError: Any other failure of the call.
        """
        return await self._caller.value(endpoints.LIST_OF_USER, options=options)

    async def delete(self, client_id: str, *, options: Options | None = None) -> None:
        """Delete an API token; nobody authenticates with it any more.

        ``DELETE /identity/resources/users/api-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a 404
        on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            client_id: The client id of the API token.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The user may not delete API tokens.
            NotFoundError: The user has no such API token.
            FronteggError: Any other failure of the call.
        """
        arguments.check_path_value(client_id, "client_id")
        await self._caller.value(endpoints.DELETE_OF_USER, path={"id": client_id}, options=options)


class AsyncTenantUserApiTokens:
    """The API tokens of one tenant's users: what programs authenticate with as a user."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        user_id: str,
        *,
        description: str | None = None,
        expires_in_minutes: int | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> NewUserApiToken:
        """Create an API token. Its secret is in this answer and in no other: store it.

        ``POST /identity/resources/users/api-tokens/v1`` (documented). It is never sent twice.

        Args:
            user_id: The user of the tenant, 1 to 256 characters.
            description: What the token is for.
            expires_in_minutes: Minutes that it is good for, 1 to 5,256,000 (ten years); for ever by default.
            metadata: What the JWTs of its sessions carry as metadata.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The API token with its secret.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such user.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its secret. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its secret is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        tokens = self._of(user_id)
        try:
            return await tokens.create(
                description=description,
                expires_in_minutes=expires_in_minutes,
                metadata=metadata,
                options=options,
            )
        except (OutcomeUnknownError, ResultLostError) as error:
            failure: FronteggError = with_user(error, user_id)
        raise failure

    async def list(self, user_id: str, *, options: Options | None = None) -> tuple[UserApiToken, ...]:
        """List the API tokens of the user.

        ``GET /identity/resources/users/api-tokens/v1`` (documented).

        Args:
            user_id: The user of the tenant, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The API tokens, without their secrets.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such user.
            FronteggError: Any other failure of the call.
        """
        return await self._of(user_id).list(options=options)

    async def delete(self, user_id: str, client_id: str, *, options: Options | None = None) -> None:
        """Delete an API token; nobody authenticates with it any more.

        ``DELETE /identity/resources/users/api-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a 404
        on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            user_id: The user of the tenant, 1 to 256 characters.
            client_id: The client id of the API token.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The user has no such API token.
            FronteggError: Any other failure of the call.
        """
        await self._of(user_id).delete(client_id, options=options)

    def _of(self, user_id: str) -> AsyncOwnApiTokens:
        arguments.check_id(user_id, "user_id")
        return AsyncOwnApiTokens(self._caller.for_tenant(str(self._caller.tenant_id), user_id=user_id))


class AsyncUserApiTokens:
    """The API tokens of users: what programs authenticate with as a user."""

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
        metadata: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> NewUserApiToken:
        """Create an API token. Its secret is in this answer and in no other: store it.

        ``POST /identity/resources/users/api-tokens/v1`` (documented). It is never sent twice.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            user_id: The user of it, 1 to 256 characters.
            description: What the token is for.
            expires_in_minutes: Minutes that it is good for, 1 to 5,256,000 (ten years); for ever by default.
            metadata: What the JWTs of its sessions carry as metadata.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The API token with its secret.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: No answer tells whether the token was made; if it was, nobody has its secret. ``asked``
                has what was asked for.
            ResultLostError: It was made, and its secret is lost with the answer: delete it and create another one.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).create(
            user_id,
            description=description,
            expires_in_minutes=expires_in_minutes,
            metadata=metadata,
            options=options,
        )

    async def list(self, tenant_id: str, user_id: str, *, options: Options | None = None) -> tuple[UserApiToken, ...]:
        """List the API tokens of the user.

        ``GET /identity/resources/users/api-tokens/v1`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            user_id: The user of it, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The API tokens, without their secrets.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            FronteggError: Any other failure of the call.
        """
        return await self._of(tenant_id).list(user_id, options=options)

    async def delete(self, tenant_id: str, user_id: str, client_id: str, *, options: Options | None = None) -> None:
        """Delete an API token; nobody authenticates with it any more.

        ``DELETE /identity/resources/users/api-tokens/v1/{id}`` (documented). When an attempt's answer is lost, a 404
        on the next one means that it was deleted, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            user_id: The user of it, 1 to 256 characters.
            client_id: The client id of the API token.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant or user, or the user has no such API token.
            FronteggError: Any other failure of the call.
        """
        await self._of(tenant_id).delete(user_id, client_id, options=options)

    def _of(self, tenant_id: str) -> AsyncTenantUserApiTokens:
        return AsyncTenantUserApiTokens(self._caller.for_tenant(tenant_id))
