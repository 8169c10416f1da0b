"""``frontegg.users``: flags of users, temporary users, and the second factor of a user in all tenants."""

from __future__ import annotations

from datetime import timedelta

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import user_flags as endpoints
from frontegg_async.endpoints import users
from frontegg_async.endpoints.endpoint import Endpoint
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.user_flags import (
    TemporaryUserConfiguration,
    TemporaryUserConfigurationUpdate,
    UserInvisible,
    UserSuperuser,
)
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.own_temporary_users import OwnTemporaryUsers
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, shows
from frontegg_async.resources.support.user_lookups import check_user_id
from frontegg_async.resources.support.writes import write


class UserFlags:
    """Flags of users, temporary users, and the second factor of a user in all tenants."""

    __slots__ = ()

    _caller: Caller

    async def set_invisible(self, user_id: str, *, invisible: bool, options: Options | None = None) -> User:
        """Hide a user from the other users of its tenants, or show the user again. The user keeps its tenants and data.

        ``PUT /identity/resources/users/v1/{userId}/invisible`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            invisible: Whether the user is hidden.

        Returns:
            The user as it is now.

        Raises:
            NotFoundError: There is no such user.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        check_flag(invisible, "invisible", InvalidArgumentError)
        return await self._set(endpoints.SET_INVISIBLE, user_id, UserInvisible(invisible=invisible), options)

    async def set_superuser(self, user_id: str, *, super_user: bool, options: Options | None = None) -> User:
        """Give a user access to all tenants, or remove that access. Frontegg no longer maintains this operation.

        ``PUT /identity/resources/users/v1/{userId}/superuser`` (documented). Frontegg's description says that newer
        features are not compatible with this operation.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            super_user: Whether the user has access to all tenants.

        Returns:
            The user as it is now.

        Raises:
            NotFoundError: There is no such user.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        check_flag(super_user, "super_user", InvalidArgumentError)
        return await self._set(endpoints.SET_SUPERUSER, user_id, UserSuperuser(super_user=super_user), options)

    async def _set(
        self, endpoint: Endpoint[User], user_id: str, body: UserInvisible | UserSuperuser, options: Options | None
    ) -> User:
        path = {"user_id": user_id}
        reconcile = ReadBack(self._caller, users.GET, lambda user: user if shows(user, body) else None, path=path)
        return await write(self._caller, endpoint, path=path, body=body, options=options, reconcile=reconcile)

    async def set_expiration(
        self,
        user_id: str,
        *,
        tenant_id: str,
        expiration_in_seconds: int | timedelta,
        options: Options | None = None,
    ) -> None:
        """Set the time after which a user leaves a tenant automatically.

        ``PUT /identity/resources/users/temporary/v1/{userId}`` (documented). It is assumed that the tenant header of
        the request names the tenant.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            expiration_in_seconds: The seconds from now after which the user leaves the tenant, at least 300.

        Raises:
            NotFoundError: There is no such tenant, or it has no such user.
        """
        await OwnTemporaryUsers(self._caller.for_tenant(tenant_id)).set_expiration(
            user_id, expiration_in_seconds=expiration_in_seconds, options=options
        )

    async def make_permanent(self, user_id: str, *, tenant_id: str, options: Options | None = None) -> None:
        """Make the membership of a temporary user in a tenant permanent.

        ``DELETE /identity/resources/users/temporary/v1/{userId}`` (documented). It is assumed that the tenant header of
        the request names the tenant.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such tenant, or it has no such user.
        """
        await OwnTemporaryUsers(self._caller.for_tenant(tenant_id)).make_permanent(user_id, options=options)

    async def get_temporary_config(self, *, options: Options | None = None) -> TemporaryUserConfiguration:
        """Get whether the environment allows temporary users.

        ``GET /identity/resources/users/temporary/v1/configuration`` (documented).

        Returns:
            Whether the environment allows temporary users.
        """
        return await self._caller.value(endpoints.GET_TEMPORARY_CONFIG, options=options)

    async def set_temporary_config(
        self, *, enabled: bool, options: Options | None = None
    ) -> TemporaryUserConfiguration:
        """Set whether the environment allows temporary users.

        ``PUT /identity/resources/users/temporary/v1/configuration`` (documented).

        Args:
            enabled: Whether the environment allows temporary users.

        Returns:
            Whether the environment allows temporary users now.

        Raises:
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_flag(enabled, "enabled", InvalidArgumentError)
        body = TemporaryUserConfigurationUpdate(enabled=enabled)
        reconcile = ReadBack(
            self._caller, endpoints.GET_TEMPORARY_CONFIG, lambda found: found if shows(found, body) else None
        )
        return await write(
            self._caller, endpoints.SET_TEMPORARY_CONFIG, body=body, options=options, reconcile=reconcile
        )

    async def unenroll_mfa(self, user_id: str, *, options: Options | None = None) -> None:
        """Remove the second factor of a user. No tenant is needed; `disable_mfa` needs a tenant of the user.

        ``POST /identity/resources/vendor-only/users/v1/{userId}/mfa/unenroll`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            BadRequestError: The user has no second factor (assumed).
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        path = {"user_id": user_id}
        is_without = Confirmed(self._caller, users.GET, lambda user: user.mfa_enrolled is False, path)
        await self._caller.value(endpoints.UNENROLL_MFA, path=path, options=options, reconcile=is_without)
