"""``user.users``: the temporary users of the user's own tenant."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import user_flags as endpoints
from frontegg_async.endpoints.users import GET_IN_TENANT
from frontegg_async.models.user_flags import TemporaryUserConfiguration, UserExpiration
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import Confirmed
from frontegg_async.resources.support.user_lookups import check_user_id

_SHORTEST: Final = 300
_LONGEST: Final = 2**31 - 1


class OwnTemporaryUsers:
    """Temporary users, whom the service removes from the tenant after a set time."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def set_expiration(
        self, user_id: str, *, expiration_in_seconds: int | timedelta, options: Options | None = None
    ) -> None:
        """Set the time after which the service removes a user from the tenant.

        ``PUT /identity/resources/users/temporary/v1/{userId}`` (documented). It is assumed that the operation needs the
        permission ``fe.secure.write.tenantInvites``.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            expiration_in_seconds: The number of seconds from now until the service removes the user, at least 300.

        Raises:
            NotFoundError: The tenant has no such user.
        """
        check_user_id(user_id)
        seconds = arguments.check_duration(
            expiration_in_seconds, "expiration_in_seconds", least=_SHORTEST, most=_LONGEST
        )
        body = UserExpiration(expiration_in_seconds=seconds)
        await self._caller.value(endpoints.SET_EXPIRATION, path={"user_id": user_id}, body=body, options=options)

    async def make_permanent(self, user_id: str, *, options: Options | None = None) -> None:
        """Make a temporary user a permanent user of the tenant.

        ``DELETE /identity/resources/users/temporary/v1/{userId}`` (documented). It is assumed that the operation needs
        the permission ``fe.secure.write.tenantInvites``.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such user.
        """
        check_user_id(user_id)
        path = {"user_id": user_id}
        tenant_id = self._caller.own_tenant_id

        def stays(user: User) -> bool:
            return any(each.tenant_id == tenant_id and each.expires_at is None for each in user.tenants)

        reconcile = Confirmed(self._caller, GET_IN_TENANT, stays, path)
        await self._caller.value(endpoints.MAKE_PERMANENT, path=path, options=options, reconcile=reconcile)

    async def get_temporary_config(self, *, options: Options | None = None) -> TemporaryUserConfiguration:
        """Check whether temporary users are enabled in the environment.

        ``GET /identity/resources/users/temporary/v1/configuration`` (documented).

        Returns:
            The configuration of temporary users.
        """
        return await self._caller.value(endpoints.GET_TEMPORARY_CONFIG, options=options)
