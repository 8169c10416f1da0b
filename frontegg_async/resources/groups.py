"""``frontegg.groups``: the groups of tenants' users, and whether tenants can have groups."""

from __future__ import annotations

from frontegg_async.endpoints import groups as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.groups import GroupConfiguration, GroupConfigurationUpdate
from frontegg_async.options import Options
from frontegg_async.resources.by_id.groups import GroupsById
from frontegg_async.resources.support.read_back import kept


class AsyncGroups(GroupsById):
    """The groups of tenants' users, and whether tenants can have groups.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def get_config(self, *, options: Options | None = None) -> GroupConfiguration:
        """Get whether the tenants of the environment can have groups.

        ``GET /identity/resources/groups/v1/config`` (documented).

        Returns:
            Whether groups are enabled, and whether groups may have roles.
        """
        return await self._caller.value(endpoints.GET_CONFIGURATION, options=options)

    async def set_config(
        self, *, enabled: bool | None = None, roles_enabled: bool | None = None, options: Options | None = None
    ) -> None:
        """Set whether the tenants of the environment can have groups.

        ``POST /identity/resources/groups/v1/config`` (documented).

        Args:
            enabled: Whether tenants can have groups.
            roles_enabled: Whether groups may have roles.

        Raises:
            InvalidArgumentError: No setting is given; nothing was sent.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        body = GroupConfigurationUpdate(enabled=enabled, roles_enabled=roles_enabled)
        if body == GroupConfigurationUpdate():
            raise InvalidArgumentError("nothing to change: give enabled, roles_enabled or both")
        is_set = kept(self._caller, endpoints.GET_CONFIGURATION, body)
        await self._caller.value(endpoints.SET_CONFIGURATION, body=body, options=options, reconcile=is_set)
