"""``sso.groups``: the groups of the identity provider, and the roles that their members get."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import sso as endpoints
from frontegg_async.models.sso import SsoGroup
from frontegg_async.models.sso_writes import SsoGroupCreate, SsoGroupUpdate
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.sso.checks import check_role_ids
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import ReadBack, shows, unlisted
from frontegg_async.resources.support.writes import write


class AsyncTenantSsoGroups:
    """The groups of one tenant's SSO configurations."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self, configuration_id: str, *, group: str, role_ids: Sequence[str], options: Options | None = None
    ) -> SsoGroup:
        """Map a group of the identity provider to roles. The request is never sent twice.

        ``POST /team/resources/sso/v1/configurations/{configurationId}/groups`` (documented).

        Args:
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            group: The group's name at the identity provider.
            role_ids: The ids of the roles that its members get.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The group as the service made it.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused the group.
            NotFoundError: The tenant has no such configuration.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: The response was lost, so it may or may not have been created; ``asked`` has the
                arguments.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(configuration_id, "configuration_id")
        arguments.check_text(group, "group")
        path = {"configuration_id": configuration_id}
        body = SsoGroupCreate(group=group, role_ids=check_role_ids(role_ids, "role_ids"))
        reconcile = Created(
            self._caller,
            endpoints.LIST_GROUPS,
            body,
            lambda groups: groups,
            lambda found: found,
            lambda found: found.id,
            is_unique=False,
            path=path,
        )
        return await write(
            self._caller, endpoints.CREATE_GROUP, path=path, body=body, options=options, reconcile=reconcile
        )

    async def list(self, configuration_id: str, *, options: Options | None = None) -> tuple[SsoGroup, ...]:
        """List the groups of an SSO configuration.

        ``GET /team/resources/sso/v1/configurations/{configurationId}/groups`` (documented).

        Args:
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The groups.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such configuration.
            PermissionDeniedError: The credential may not do this.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(configuration_id, "configuration_id")
        path = {"configuration_id": configuration_id}
        return await self._caller.value(endpoints.LIST_GROUPS, path=path, options=options)

    async def update(
        self,
        configuration_id: str,
        group_id: str,
        *,
        group: str,
        role_ids: Sequence[str],
        options: Options | None = None,
    ) -> SsoGroup:
        """Change a group and its roles. The service requires both; the last writer wins.

        ``PATCH /team/resources/sso/v1/configurations/{configurationId}/groups/{groupId}`` (documented).

        Args:
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            group_id: The id of the group, which is not its name.
            group: The group's name at the identity provider.
            role_ids: The ids of the roles that its members get, which replace the old ones.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The group as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused the group.
            NotFoundError: The tenant has no such configuration, or the configuration has no such group.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        path = _path(configuration_id, group_id)
        arguments.check_text(group, "group")
        body = SsoGroupUpdate(group=group, role_ids=check_role_ids(role_ids, "role_ids"))
        reconcile = ReadBack(
            self._caller,
            endpoints.LIST_GROUPS,
            lambda groups: next((each for each in groups if each.id == group_id and shows(each, body)), None),
            path={"configuration_id": configuration_id},
        )
        return await write(
            self._caller, endpoints.UPDATE_GROUP, path=path, body=body, options=options, reconcile=reconcile
        )

    async def delete(self, configuration_id: str, group_id: str, *, options: Options | None = None) -> None:
        """Delete a group of an SSO configuration.

        ``DELETE /team/resources/sso/v1/configurations/{configurationId}/groups/{groupId}`` (documented). If a response
        is lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            configuration_id: The id of the SSO configuration, 1 to 256 characters.
            group_id: The id of the group, which is not its name.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: The tenant has no such configuration, or the configuration has no such group.
            PermissionDeniedError: The credential may not do this.
            OutcomeUnknownError: The response was lost, so it may or may not have been deleted.
            FronteggError: Any other failure of the call.
        """
        path = _path(configuration_id, group_id)
        is_gone = unlisted(self._caller, endpoints.LIST_GROUPS, group_id, path={"configuration_id": configuration_id})
        await self._caller.value(endpoints.DELETE_GROUP, path=path, options=options, reconcile=is_gone)


def _path(configuration_id: str, group_id: str) -> dict[str, str]:
    arguments.check_id(configuration_id, "configuration_id")
    arguments.check_id(group_id, "group_id")
    return {"configuration_id": configuration_id, "group_id": group_id}
