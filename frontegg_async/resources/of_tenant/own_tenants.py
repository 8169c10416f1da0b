"""``user.tenants``: the tenants that the signed-in user belongs to, and the active tenant."""

from __future__ import annotations

import asyncio
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import me as endpoints
from frontegg_async.errors import OutcomeUnknownError, ResultLostError
from frontegg_async.models.user_tenants import TenantSwitch, UserTenant
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

_SWITCHED: Final = "the tenant was switched; only the user's data is missing from the response"


class AsyncOwnTenants:
    """The tenants that the user belongs to.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[UserTenant]:
        """List the tenants that the user belongs to.

        ``GET /identity/resources/users/v2/me/tenants`` (documented). Sub-accounts that the user reaches only through
        the hierarchy are not listed. The service may return all fields of each tenant, or only the id and the name.

        Returns:
            A listing of the tenants. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return whole_listing(self._caller, endpoints.TENANTS, UserTenant, same, options=options)

    async def get_hierarchy(self, *, options: Options | None = None) -> JsonValue:
        """Get the tenants that the user belongs to, as a part of the hierarchy of tenants.

        ``GET /identity/resources/users/v2/me/hierarchy`` (documented, except the format of its response).

        Returns:
            The unchanged JSON of the response. Its format is not documented.
        """
        return cast("JsonValue", await self._caller.value(endpoints.HIERARCHY, options=options))

    async def switch(self, tenant_id: str, *, options: Options | None = None) -> User:
        """Switch to another tenant of the user, or to a sub-account that the user may enter.

        ``PUT /identity/resources/users/v1/tenant`` (documented). The methods ``sub_tenants.set_hierarchy_settings`` and
        ``set_user_access`` set whether a user may enter the sub-accounts of a tenant. It is assumed that a user who may
        enter a sub-account can also switch to it; otherwise the service refuses the switch, and `PermissionDeniedError`
        is raised. A token keeps the tenant that it was issued for. A client that renews its tokens gets a token for the
        new tenant before its next call. If you gave the client a fixed token, sign in or refresh again to get a token
        for the new tenant.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.

        Returns:
            The user.

        Raises:
            PermissionDeniedError: The tenant is locked, or the user neither belongs to the tenant nor may enter the
                tenant as a sub-account. The message names the tenants in the user's token.
            NotFoundError: There is no such tenant.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        body = TenantSwitch(tenant_id=tenant_id)
        try:
            user = await write(self._caller, endpoints.SWITCH_TENANT, body=body, options=options, lost=_SWITCHED)
        except (OutcomeUnknownError, ResultLostError, asyncio.CancelledError):
            # The token is for the old tenant, but the service has switched, or may have switched, to the new one.
            self._caller.forget_token()
            raise
        self._caller.forget_token()
        return user
