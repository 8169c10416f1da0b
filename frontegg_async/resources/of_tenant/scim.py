"""``scim`` of one tenant: the SCIM connections through which identity providers provision the tenant's users."""

from __future__ import annotations

from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import scim as endpoints
from frontegg_async.models.scim import (
    NewScimConfiguration,
    ScimConfiguration,
    ScimConfigurationCreate,
    ScimConfigurationUpdate,
    ScimSource,
    ScimSourceLiteral,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.read_back import Confirmed, removed, shows
from frontegg_async.resources.support.scim_listing import list_configurations
from frontegg_async.resources.support.writes import write

_LOST: Final = "the configuration's token is lost: delete the configuration and create another"
_UNKNOWN: Final = (
    "if the configuration was created, its token is lost: "
    "list the configurations, delete the new one and create another"
)


class AsyncTenantScim:
    """The SCIM configurations of one tenant. Each lets an identity provider provision the tenant's users.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        source: ScimSource | ScimSourceLiteral | None = None,
        connection_name: str | None = None,
        options: Options | None = None,
    ) -> AsyncPages[ScimConfiguration]:
        """List the tenant's SCIM configurations.

        ``GET /directory/resources/v1/configurations/scim2`` (documented).

        Args:
            source: Only configurations of this identity provider: ``frontegg``, ``okta``, ``azure-ad`` or ``other``.
            connection_name: Only configurations with this name.

        Returns:
            A listing of the configurations, without their tokens. The first request is sent when you iterate the
            listing. Each iteration sends the requests again.
        """
        return list_configurations(self._caller, self._caller.tenant_id, source, connection_name, options)

    async def create(
        self,
        *,
        source: ScimSource | ScimSourceLiteral,
        connection_name: str | None = None,
        sync_to_user_management: bool | None = None,
        options: Options | None = None,
    ) -> NewScimConfiguration:
        """Create a SCIM configuration. Only this response has its token: store it. The request is never sent twice.

        ``POST /directory/resources/v1/configurations/scim2`` (documented).

        Args:
            source: The identity provider: ``frontegg``, ``okta``, ``azure-ad`` or ``other``.
            connection_name: The display name.
            sync_to_user_management: Whether the identity provider's users become users of the tenant.

        Returns:
            The configuration. Give its ``token`` to the identity provider, which sends the token in each request.

        Raises:
            BadRequestError: The service refused the configuration.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the SCIM configuration may or may not have been created.
                Nobody has its token. The message names the next step. The error's attribute ``asked`` holds the
                arguments of the call.
            ResultLostError: The configuration was created, but its token was lost with the response: delete the
                configuration and create another.
        """
        if connection_name is not None:
            arguments.check_text(connection_name, "connection_name")
        body = ScimConfigurationCreate(
            source=arguments.check_member(source, ScimSource, "source"),
            connection_name=connection_name,
            sync_to_user_management=sync_to_user_management,
        )
        return await write(self._caller, endpoints.CREATE, body=body, options=options, lost=_LOST, unknown=_UNKNOWN)

    async def get(self, configuration_id: str, *, options: Options | None = None) -> ScimConfiguration:
        """Get a SCIM configuration.

        ``GET /directory/resources/v1/configurations/scim2/{id}`` (documented).

        Args:
            configuration_id: The id of the configuration, 1 to 256 characters.

        Returns:
            The configuration, without its token.

        Raises:
            NotFoundError: The tenant has no such configuration.
            ResponseMismatchError: The response was about another tenant.
        """
        return await self._caller.value(endpoints.GET, path=_path(configuration_id), options=options)

    async def update(
        self, configuration_id: str, *, sync_to_user_management: bool, options: Options | None = None
    ) -> None:
        """Set whether the users of a SCIM configuration become users of the tenant.

        ``PATCH /directory/resources/v1/configurations/scim2/{id}`` (documented).

        Args:
            configuration_id: The id of the configuration, 1 to 256 characters.
            sync_to_user_management: Whether the identity provider's users become users of the tenant.

        Raises:
            BadRequestError: The service refused the change.
            NotFoundError: The tenant has no such configuration.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        body = ScimConfigurationUpdate(sync_to_user_management=sync_to_user_management)
        path = _path(configuration_id)
        is_set = Confirmed(self._caller, endpoints.GET, lambda found: shows(found, body), path)
        await self._caller.value(endpoints.UPDATE, path=path, body=body, options=options, reconcile=is_set)

    async def delete(self, configuration_id: str, *, options: Options | None = None) -> None:
        """Delete a SCIM configuration. Its token becomes invalid.

        ``DELETE /directory/resources/v1/configurations/scim2/{id}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            configuration_id: The id of the configuration, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such configuration.
            OutcomeUnknownError: The response was lost, so the SCIM configuration may or may not have been deleted.
        """
        path = _path(configuration_id)
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)


def _path(configuration_id: str) -> dict[str, str]:
    arguments.check_id(configuration_id, "configuration_id")
    return {"id": configuration_id}
