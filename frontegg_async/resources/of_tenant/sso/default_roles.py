"""``sso.default_roles``: the roles of users who sign in with an SSO configuration."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import sso as endpoints
from frontegg_async.models.sso_writes import SsoDefaultRolesUpdate
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.sso.checks import check_role_ids
from frontegg_async.resources.support.read_back import Confirmed
from frontegg_async.resources.support.role_keys import by_ids, required_roles


class AsyncTenantSsoDefaultRoles:
    """The default roles of one tenant's SSO configurations: the roles of users who sign in with a configuration.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, sso_config_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """Get the default roles of an SSO configuration.

        ``GET /team/resources/sso/v1/configurations/{configurationId}/roles`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.

        Returns:
            The ids of the roles.

        Raises:
            NotFoundError: The tenant has no such configuration.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        path = {"configuration_id": sso_config_id}
        roles = await self._caller.value(endpoints.GET_DEFAULT_ROLES, path=path, options=options)
        return roles.role_ids

    async def set(
        self,
        sso_config_id: str,
        *,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> None:
        """Replace the default roles of an SSO configuration.

        ``PUT /team/resources/sso/v1/configurations/{configurationId}/roles`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            role_ids: The ids of the new default roles, which replace all current default roles. An empty sequence
                removes all default roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Raises:
            BadRequestError: The service refused the roles.
            NotFoundError: The tenant has no such configuration, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        path = {"configuration_id": sso_config_id}
        body = SsoDefaultRolesUpdate(role_ids=required_roles(role_ids, role_keys, check=check_role_ids))
        body, options = await by_ids(self._caller, endpoints.SET_DEFAULT_ROLES, body, role_keys, options)
        are_set = Confirmed(
            self._caller, endpoints.GET_DEFAULT_ROLES, lambda found: set(found.role_ids) == set(body.role_ids), path
        )
        await self._caller.value(endpoints.SET_DEFAULT_ROLES, path=path, body=body, options=options, reconcile=are_set)
