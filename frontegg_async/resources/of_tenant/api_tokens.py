"""``frontegg.api_tokens``: the client ids and secrets with which programs authenticate as a tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import api_tokens as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.api_tokens import ApiTokenUpdate, NewTenantApiToken, TenantApiToken, TenantApiTokenCreate
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.created_by_name import check_new_ids
from frontegg_async.resources.support.read_back import ReadBack, shows, unlisted
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

_LONGEST: Final = 2**53 - 1
"""The largest integer that every JSON parser preserves. The service documents no limit."""


LOST_SECRET: Final = "nobody has its secret now: find the token with list(), delete it and create another one"  # noqa: S105 - no secret
"""The hint in the error if the response with the secret of a new token is lost."""


class AsyncTenantApiTokens:
    """The API tokens of one tenant: credentials with which programs authenticate as the tenant.

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
        permission_ids: Sequence[str] | None = None,
        expires_in_minutes: int | timedelta | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> NewTenantApiToken:
        """Create an API token. Only this response has its secret: store it.

        ``POST /identity/resources/tenants/api-tokens/v2`` (documented). The request is never sent twice.

        Args:
            description: The purpose of the token.
            role_ids: The ids of the token's roles. Give either roles or permissions.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.
            permission_ids: The ids of the token's permissions. Give either roles or permissions.
            expires_in_minutes: The lifetime in minutes, at least 1; by default the token never expires.
            metadata: Metadata that the service puts into the JWTs that it issues for this API token.

        Returns:
            The API token with its secret.

        Raises:
            PermissionDeniedError: The user may not create API tokens.
            NotFoundError: There is no such tenant, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the token may or may not have been created. Nobody has its
                secret. The error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The token was created, but its secret was lost with the response: delete the token and
                create another one.
        """
        roles = optional_roles(role_ids, role_keys)
        if roles is not None and permission_ids is not None:
            raise InvalidArgumentError("give either role_ids or permission_ids: the service does not take both")
        minutes = arguments.optional_duration(expires_in_minutes, "expires_in_minutes", least=1, most=_LONGEST)
        if metadata is not None:
            arguments.check_mapping(metadata, "metadata")
        body = TenantApiTokenCreate(
            description=description,
            role_ids=roles,
            permission_ids=None if permission_ids is None else arguments.check_ids(permission_ids, "permission_ids"),
            expires_in_minutes=minutes,
            metadata=metadata,
        )
        body, options = await by_ids(self._caller, endpoints.CREATE, body, role_keys, options)
        return await write(self._caller, endpoints.CREATE, body=body, options=options, lost=LOST_SECRET)

    def list(self, *, options: Options | None = None) -> AsyncPages[TenantApiToken]:
        """List the API tokens of the tenant. The API tokens of its users are not listed.

        ``GET /identity/resources/tenants/api-tokens/v1`` (documented).

        Returns:
            A listing of the API tokens, without their secrets. The first request is sent when you iterate the listing.
            Each iteration sends the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST, TenantApiToken, same, options=options)

    async def update(
        self,
        client_id: str,
        *,
        description: str | None | Unset = UNSET,
        role_ids: Sequence[str] | Unset = UNSET,
        role_keys: Sequence[str] | Unset = UNSET,
        permission_ids: Sequence[str] | Unset = UNSET,
        metadata: Mapping[str, JsonValue] | Unset = UNSET,
        options: Options | None = None,
    ) -> TenantApiToken:
        """Change fields of an API token. Omitted fields keep their values.

        ``PATCH /identity/resources/tenants/api-tokens/v1/{id}`` (documented).

        Args:
            client_id: The client id of the API token.
            description: The purpose of the token.
            role_ids: The ids of the new roles, which replace all current roles. Give either roles or permissions.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.
            permission_ids: The ids of the new permissions, which replace all current permissions. Give either roles or
                permissions.
            metadata: The new metadata, which replaces the current metadata.

        Returns:
            The API token after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            PermissionDeniedError: The user may not change API tokens.
            NotFoundError: The tenant has no such API token, or ``role_keys`` has an unknown key.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_path_value(client_id, "client_id")
        roles = optional_roles(role_ids, role_keys, check=check_new_ids)
        if roles is not None and permission_ids is not UNSET:
            raise InvalidArgumentError("give either role_ids or permission_ids: the service does not take both")
        if metadata is not UNSET:
            arguments.check_mapping(metadata, "metadata")
        body = ApiTokenUpdate(
            description=description,
            role_ids=UNSET if roles is None else roles,
            permission_ids=UNSET if permission_ids is UNSET else check_new_ids(permission_ids, "permission_ids"),
            metadata=metadata,
        )
        if body == ApiTokenUpdate():
            raise InvalidArgumentError(
                "nothing to change: give at least one of description, role_ids, role_keys, permission_ids and metadata"
            )
        body, options = await by_ids(self._caller, endpoints.UPDATE, body, role_keys, options)
        reconcile = ReadBack(self._caller, endpoints.LIST, lambda tokens: _find(tokens, client_id, body))
        path = {"id": client_id}
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, client_id: str, *, options: Options | None = None) -> None:
        """Delete an API token. Programs can no longer authenticate with it.

        ``DELETE /identity/resources/tenants/api-tokens/v1/{id}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            client_id: The client id of the API token.

        Raises:
            PermissionDeniedError: The user may not delete API tokens.
            NotFoundError: The tenant has no such API token.
        """
        arguments.check_path_value(client_id, "client_id")
        is_gone = unlisted(self._caller, endpoints.LIST, client_id, by="client_id")
        await self._caller.value(endpoints.DELETE, path={"id": client_id}, options=options, reconcile=is_gone)


def _find(tokens: Sequence[TenantApiToken], client_id: str, body: ApiTokenUpdate) -> TenantApiToken | None:
    return next((token for token in tokens if token.client_id == client_id and shows(token, body)), None)
