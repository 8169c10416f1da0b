"""``sso.groups``: groups of the identity provider, whose members get roles when they sign in."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import sso as endpoints
from frontegg_async.models.sso import SsoGroup
from frontegg_async.models.sso_writes import SsoGroupCreate, SsoGroupUpdate
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.sso.checks import check_role_ids
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import ReadBack, shows, unlisted
from frontegg_async.resources.support.role_keys import by_ids, required_roles
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write


class AsyncTenantSsoGroups:
    """The groups of one tenant's SSO configurations. Each maps a group of the identity provider to roles.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        sso_config_id: str,
        *,
        group: str,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> SsoGroup:
        """Map a group of the identity provider to roles. The request is never sent twice.

        ``POST /team/resources/sso/v1/configurations/{configurationId}/groups`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            group: The name of the group at the identity provider.
            role_ids: The ids of the roles that the group's members get.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Returns:
            The new group, as the service returns it.

        Raises:
            BadRequestError: The service refused the group.
            NotFoundError: The tenant has no such configuration, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the group may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        arguments.check_text(group, "group")
        path = {"configuration_id": sso_config_id}
        body = SsoGroupCreate(group=group, role_ids=required_roles(role_ids, role_keys, check=check_role_ids))
        body, options = await by_ids(self._caller, endpoints.CREATE_GROUP, body, role_keys, options)
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

    def list(self, sso_config_id: str, *, options: Options | None = None) -> AsyncPages[SsoGroup]:
        """List the groups of an SSO configuration.

        ``GET /team/resources/sso/v1/configurations/{configurationId}/groups`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.

        Returns:
            A listing of the groups. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        path = {"configuration_id": sso_config_id}
        return whole_listing(self._caller, endpoints.LIST_GROUPS, SsoGroup, same, path=path, options=options)

    async def update(
        self,
        sso_config_id: str,
        group_id: str,
        *,
        group: str,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> SsoGroup:
        """Change the name and the roles of a group. The service requires both. The last write wins.

        ``PATCH /team/resources/sso/v1/configurations/{configurationId}/groups/{groupId}`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            group_id: The id of the group, not the group's name.
            group: The name of the group at the identity provider.
            role_ids: The ids of the roles that the group's members get, which replace all current roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Returns:
            The group after the change.

        Raises:
            BadRequestError: The service refused the group.
            NotFoundError: The tenant has no such configuration, the configuration has no such group, or ``role_keys``
                has an unknown key.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        path = _path(sso_config_id, group_id)
        arguments.check_text(group, "group")
        body = SsoGroupUpdate(group=group, role_ids=required_roles(role_ids, role_keys, check=check_role_ids))
        body, options = await by_ids(self._caller, endpoints.UPDATE_GROUP, body, role_keys, options)
        reconcile = ReadBack(
            self._caller,
            endpoints.LIST_GROUPS,
            lambda groups: next((each for each in groups if each.id == group_id and shows(each, body)), None),
            path={"configuration_id": sso_config_id},
        )
        return await write(
            self._caller, endpoints.UPDATE_GROUP, path=path, body=body, options=options, reconcile=reconcile
        )

    async def delete(self, sso_config_id: str, group_id: str, *, options: Options | None = None) -> None:
        """Delete a group of an SSO configuration.

        ``DELETE /team/resources/sso/v1/configurations/{configurationId}/groups/{groupId}`` (documented). If a response
        is lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            group_id: The id of the group, not the group's name.

        Raises:
            NotFoundError: The tenant has no such configuration, or the configuration has no such group.
            OutcomeUnknownError: The response was lost, so the group may or may not have been deleted.
        """
        path = _path(sso_config_id, group_id)
        is_gone = unlisted(self._caller, endpoints.LIST_GROUPS, group_id, path={"configuration_id": sso_config_id})
        await self._caller.value(endpoints.DELETE_GROUP, path=path, options=options, reconcile=is_gone)


def _path(sso_config_id: str, group_id: str) -> dict[str, str]:
    arguments.check_id(sso_config_id, "sso_config_id")
    arguments.check_id(group_id, "group_id")
    return {"configuration_id": sso_config_id, "group_id": group_id}
