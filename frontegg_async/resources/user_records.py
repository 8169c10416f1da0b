"""``frontegg.users``: find, read, change and delete users."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import me as me_endpoints
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.user_tenants import UserTenant
from frontegg_async.models.users import (
    User,
    UserEmail,
    UserIdentifier,
    UserIdentifierLiteral,
    UserPreset,
    UserPresetLiteral,
    UserReplacement,
    UserSort,
    UserSortLiteral,
    UserUpdate,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
from frontegg_async.resources.support.chosen_tenant import caller_of
from frontegg_async.resources.support.invited_users import changed_fields, check_picture, json_text
from frontegg_async.resources.support.last_owner import warn_if_last_owner
from frontegg_async.resources.support.read_back import ReadBack, removed, shows
from frontegg_async.resources.support.user_listing import user_pages
from frontegg_async.resources.support.user_lookups import check_user_id, tenant_of
from frontegg_async.resources.support.writes import options_left, write

# The operation belongs to signed-in users, so an error would name `me.tenants`. The caller knows `users.list_tenants`.
_TENANTS: Final = attrs.evolve(me_endpoints.TENANTS, name="users.list_tenants")


class UserRecords:
    """Find, read, change and delete users."""

    __slots__ = ()

    _caller: Caller

    def list(
        self,
        tenant_id: str | Unset = UNSET,
        *,
        email: str | None = None,
        user_ids: Sequence[str] | None = None,
        external_ids: Sequence[str] | None = None,
        name_prefix: str | None = None,
        identifier: str | None = None,
        identifier_type: UserIdentifier | UserIdentifierLiteral | None = None,
        preset: UserPreset | UserPresetLiteral | None = None,
        max_inactive_seconds: int | timedelta | None = None,
        include_sub_tenants: bool = False,
        with_roles: bool = False,
        sort_by: UserSort | UserSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[User]:
        """List the users of a tenant, or of the whole environment.

        ``GET /identity/resources/users/v3`` (documented), a request for each page. The service limits this operation to
        60 to 200 requests a minute for an environment. The response does not contain the users' roles: set
        ``with_roles`` to request the roles, too. The listing may contain users whose tenants were deleted. For a tenant
        that does not exist, the listing is empty; ``tenants.get`` shows whether the tenant exists.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters. By default, the users of all tenants are listed.
            email: Only the user with this address.
            user_ids: Only the users with these ids, at least one. The client sends a request for each 100 ids.
            external_ids: Only the users with these ids of your own system. The client sends a request for each 100 ids.
            name_prefix: Only users whose names begin with this text.
            identifier: Only users whose identifier of the kind ``identifier_type`` begins with this text.
            identifier_type: The kind of ``identifier``: ``email``, ``phoneNumber`` or ``username``.
            preset: Only users without a second factor (``mfa-unenrolled``), with a breached password
                (``breached-passwords``), or who have not signed in for long (``inactive``).
            max_inactive_seconds: Only with the preset ``inactive``: the seconds since the last sign-in after which a
                user is inactive, 1 to 2,147,483,647.
            include_sub_tenants: Whether to list the users of the tenant's sub-accounts too.
            with_roles: Whether the users have their ``roles`` in the tenant. The roles need ``tenant_id``. They take
                one more request for each 100 users of a page, and one request for the list of roles.
            sort_by: The field to sort by: ``id``, the default, ``name``, ``email``, ``createdAt`` and others of
                `UserSort`.
            order: ``asc``, ascending, or ``desc``, descending.
            page_size: The number of users per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the users. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return user_pages(
            caller_of(self._caller, tenant_id),
            email=email,
            user_ids=user_ids,
            external_ids=external_ids,
            name_prefix=name_prefix,
            identifier=identifier,
            identifier_type=identifier_type,
            preset=preset,
            max_inactive_seconds=max_inactive_seconds,
            include_sub_tenants=include_sub_tenants,
            with_roles=with_roles,
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def get(self, user_id: str, *, tenant_id: str | None = None, options: Options | None = None) -> User:
        """Get a user.

        ``GET /identity/resources/vendor-only/users/v1/{userId}`` (documented) returns the roles in all tenants. With
        ``tenant_id``, ``GET /identity/resources/users/v1/{userId}`` (documented) returns the roles and permissions in
        the tenant.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of a tenant that the user must belong to, 1 to 256 characters; any tenant by default.

        Returns:
            The user.

        Raises:
            NotFoundError: There is no such user, or the user is not in the tenant.
            ResponseMismatchError: The response was about another user.
        """
        if tenant_id is not None:
            return await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).get(user_id, options=options)
        check_user_id(user_id)
        return await self._caller.value(endpoints.GET, path={"user_id": user_id}, options=options)

    async def get_by_email(self, email: str, *, options: Options | None = None) -> User:
        """Get the user with an e-mail address.

        ``GET /identity/resources/users/v1/email`` (documented).

        Args:
            email: The address, at most 256 characters.

        Returns:
            The user.

        Raises:
            NotFoundError: There is no such user.
            ResponseMismatchError: The response is about a user with another address.
        """
        arguments.check_email(email, "email")
        query = RedactedQuery((("email", email),))
        return await self._caller.value(endpoints.GET_BY_EMAIL, query=query, options=options)

    async def list_tenants(self, user_id: str, *, options: Options | None = None) -> builtins.list[UserTenant]:
        """List the tenants that a user belongs to.

        ``GET /identity/resources/users/v2/me/tenants`` (documented). The result omits sub-accounts that the user
        reaches through the hierarchy. The service returns all fields of each tenant, or only the id and the name.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The tenants.

        Raises:
            NotFoundError: There is no such user.
        """
        return [*await self._caller.for_user(user_id).value(_TENANTS, options=options)]

    async def delete_everywhere(
        self, user_id: str, *, confirm_user_id: str, warn_last_owner: bool = True, options: Options | None = None
    ) -> None:
        """Delete a user in all tenants. To remove a user from one tenant, use `remove_from_tenant`.

        ``DELETE /identity/resources/users/v1/{userId}`` (documented), without a tenant's header. If a response is lost,
        the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            confirm_user_id: The same id as ``user_id``, as a confirmation.
            warn_last_owner: Whether to emit one `LastOwnerWarning` for all tenants in which the user is the last owner.
                The check takes one request. For each tenant in which the user is an owner, the check also takes the
                requests that ``warn_last_owner`` of `remove_from_tenant` takes.

        Raises:
            InvalidArgumentError: An argument is not allowed, or the two ids differ; nothing was sent.
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the user may or may not have been deleted.
        """
        check_user_id(user_id)
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        if confirm_user_id != user_id:
            raise InvalidArgumentError(
                "confirm_user_id must be the same as user_id: the user would be deleted in all tenants"
            )
        if warn_last_owner:
            await warn_if_last_owner(self._caller, endpoints.REMOVE, user_id, options)
        path = {"user_id": user_id}
        await self._caller.value(
            endpoints.REMOVE, path=path, options=options, reconcile=removed(self._caller, endpoints.GET, path)
        )

    async def update(
        self,
        user_id: str,
        *,
        tenant_id: str | None = None,
        name: str | Unset = UNSET,
        phone_number: str | Unset = UNSET,
        profile_picture_url: str | None | Unset = UNSET,
        metadata: Mapping[str, JsonValue] | Unset = UNSET,
        options: Options | None = None,
    ) -> User:
        """Change fields of a user. Omitted fields keep their values.

        ``PUT /identity/resources/users/v1`` (documented). A user has the same fields in all tenants, so the change
        applies to all of them. Without ``tenant_id``, the client first requests a tenant of the user.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of a tenant that the user must belong to, 1 to 256 characters; any tenant by default.
            name: The name that people see; not empty.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The address of a picture, at most 4,095 characters; ``None`` removes it.
            metadata: A JSON object of your own, which replaces the whole old object.

        Returns:
            The user as it is now.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused a field.
            NotFoundError: There is no such user or tenant, or the tenant has no such user.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = changed_fields(name, phone_number, profile_picture_url, metadata)
        if tenant_id is None:
            started = self._caller.clocks.monotonic()
            tenant_id = await tenant_of(self._caller, endpoints.UPDATE, user_id, options)
            options = options_left(self._caller, options, started)
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        reconcile = _shown_in_tenant(caller, user_id, body)
        return await write(caller, endpoints.UPDATE, body=body, options=options, reconcile=reconcile)

    async def replace_all_fields(
        self,
        user_id: str,
        *,
        name: str | None = None,
        phone_number: str | None = None,
        profile_picture_url: str | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        vendor_metadata: Mapping[str, JsonValue] | None = None,
        mfa_bypass: bool | None = None,
        external_id: str | None = None,
        options: Options | None = None,
    ) -> User:
        """Replace all fields of a user. Omitted fields are cleared. To change only some fields, use `update`.

        ``PUT /identity/resources/users/v1/{userId}`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            name: The name that people see; not empty.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The URL of a picture, at most 4,095 characters.
            metadata: A JSON object of your own.
            vendor_metadata: A JSON object of your own, which the user does not see.
            mfa_bypass: Whether the user needs no second factor.
            external_id: The id of the user in your own system.

        Returns:
            The user as it is now.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            BadRequestError: The service refused a field.
            NotFoundError: There is no such user.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        given = (name, phone_number, profile_picture_url, metadata, vendor_metadata, mfa_bypass, external_id)
        if all(value is None for value in given):
            raise InvalidArgumentError("give at least one field of the user; omitted fields are cleared")
        if name is not None:
            arguments.check_text(name, "name")
        check_picture(profile_picture_url)
        body = UserReplacement(
            name=name,
            phone_number=phone_number,
            profile_picture_url=profile_picture_url,
            metadata=None if metadata is None else json_text(metadata, "metadata"),
            vendor_metadata=None if vendor_metadata is None else json_text(vendor_metadata, "vendor_metadata"),
            mfa_bypass=mfa_bypass,
            external_id=external_id,
        )
        return await self._write_globally(endpoints.REPLACE, user_id, body, options)

    async def set_email(self, user_id: str, *, email: str, options: Options | None = None) -> User:
        """Change the e-mail address of a user in all tenants.

        ``PUT /identity/resources/users/v1/{userId}/email`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            email: The new address, at most 256 characters.

        Returns:
            The user as it is now.

        Raises:
            NotFoundError: There is no such user.
            ConflictError: Another user has this address.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        arguments.check_email(email, "email")
        return await self._write_globally(endpoints.SET_EMAIL, user_id, UserEmail(email=email), options)

    async def _write_globally(
        self,
        endpoint: Endpoint[User],
        user_id: str,
        body: UserReplacement | UserEmail,
        options: Options | None,
    ) -> User:
        path = {"user_id": user_id}
        reconcile = ReadBack(self._caller, endpoints.GET, lambda user: user if shows(user, body) else None, path=path)
        return await write(self._caller, endpoint, path=path, body=body, options=options, reconcile=reconcile)


def _shown_in_tenant(caller: Caller, user_id: str, body: UserUpdate) -> ReadBack[User, User]:
    """Return a reader that checks whether a user has the requested values."""
    path = {"user_id": user_id}
    return ReadBack(caller, endpoints.GET_IN_TENANT, lambda user: user if shows(user, body) else None, path=path)
