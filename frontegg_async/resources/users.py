"""``frontegg.users``: the users of the environment and of its tenants, with the environment credential."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
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
from frontegg_async.models.user_tenants import TenantSwitch, UserTenant
from frontegg_async.models.users import (
    BulkInvitation,
    InvitationTask,
    InvitedUser,
    NewMembership,
    NewUser,
    RoleAssignment,
    RoleIdsByTenant,
    RolesTask,
    User,
    UserEmail,
    UserGroups,
    UserIdentifier,
    UserIdentifierLiteral,
    UserPreset,
    UserPresetLiteral,
    UserReplacement,
    UserRoleIds,
    UserSession,
    UserSort,
    UserSortLiteral,
    UserStatus,
    UserStatuses,
    UserStatusLiteral,
    UserUpdate,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.own_users import AsyncOwnUsers
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.invited_users import (
    bulk_invitations,
    changed_fields,
    check_picture,
    json_text,
)
from frontegg_async.resources.support.last_owner import warn_if_last_owner
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, removed, shows, unlisted
from frontegg_async.resources.support.user_listing import user_pages
from frontegg_async.resources.support.user_lookups import check_user_id, looked_up, task_of
from frontegg_async.resources.support.writes import write

# The operations of signed-in users, under the names by which errors tell the callers of these methods what failed.
_TENANTS: Final = attrs.evolve(me_endpoints.TENANTS, name="users.tenants")
_SWITCH_TENANT: Final = attrs.evolve(me_endpoints.SWITCH_TENANT, name="users.switch_tenant")


class AsyncUsers:
    """The users of the environment. A user is one person, who may belong to many tenants."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        tenant_id: str | None = None,
        *,
        email: str | None = None,
        ids: Sequence[str] | None = None,
        external_ids: Sequence[str] | None = None,
        name_prefix: str | None = None,
        identifier: str | None = None,
        identifier_type: UserIdentifier | UserIdentifierLiteral | None = None,
        preset: UserPreset | UserPresetLiteral | None = None,
        max_inactive_seconds: int | None = None,
        include_sub_tenants: bool = False,
        sort_by: UserSort | UserSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[User]:
        """List the users of a tenant, or of the whole environment; nothing is sent before the listing is read.

        ``GET /identity/resources/users/v3`` (documented), a request for each page. The service limits this operation to
        60 to 200 requests a minute for an environment. It leaves out the roles of users, which `roles` reads, and may
        list users whose tenants were deleted. No source says that it refuses a tenant that does not exist: the listing
        is empty then, and ``tenants.get`` tells whether there is such a tenant.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters; all tenants by default.
            email: Only the user with this address.
            ids: Only the users with these ids, at least one; a request for each 100.
            external_ids: Only the users with these ids of your own; a request for each 100.
            name_prefix: Only users whose names begin with this.
            identifier: Only users whose identifier begins with this; ``identifier_type`` says which.
            identifier_type: ``email``, ``phoneNumber`` or ``username``.
            preset: Only users without a second factor, ``mfa-unenrolled``, with a password that others know,
                ``breached-passwords``, or who are ``inactive``.
            max_inactive_seconds: With ``inactive``, and only with it: users who have not signed in for more than
                so many seconds, 1 to 2,147,483,647.
            include_sub_tenants: Whether to list the users of the tenant's sub-accounts, too.
            sort_by: What to sort by: ``id``, the default, ``name``, ``email``, ``createdAt`` and others of `UserSort`.
            order: ``asc``, ascending, or ``desc``, descending.
            page_size: How many users a page has, 1 to 200.
            prefetch: How many pages are read ahead, 0 to 16.
            options: Options for each request; those that are not set come from the client.

        Returns:
            A listing to iterate, as often as you like.

        Raises:
            InvalidArgumentError: An argument is not allowed.
        """
        return user_pages(
            self._caller if tenant_id is None else self._caller.for_tenant(tenant_id),
            email=email,
            ids=ids,
            external_ids=external_ids,
            name_prefix=name_prefix,
            identifier=identifier,
            identifier_type=identifier_type,
            preset=preset,
            max_inactive_seconds=max_inactive_seconds,
            include_sub_tenants=include_sub_tenants,
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def get(self, user_id: str, tenant_id: str | None = None, *, options: Options | None = None) -> User:
        """Get a user.

        ``GET /identity/resources/vendor-only/users/v1/{userId}`` (documented), which tells the roles in all tenants; in
        a tenant ``GET /identity/resources/users/v1/{userId}`` (documented), which tells roles and permissions there.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The tenant whose user it must be, 1 to 256 characters; any by default.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user, or not in the tenant.
            ResponseMismatchError: The response was about another user.
            FronteggError: Any other failure of the call.
        """
        if tenant_id is not None:
            return await self._in(tenant_id).get(user_id, options=options)
        check_user_id(user_id)
        return await self._caller.value(endpoints.GET, path={"user_id": user_id}, options=options)

    async def get_by_email(self, email: str, *, options: Options | None = None) -> User:
        """Get the user with an e-mail address.

        ``GET /identity/resources/users/v1/email`` (documented).

        Args:
            email: The address, at most 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user.
            ResponseMismatchError: The response is about a user with another address.
            FronteggError: Any other failure of the call.
        """
        arguments.check_email(email, "email")
        query = RedactedQuery((("email", email),))
        return await self._caller.value(endpoints.GET_BY_EMAIL, query=query, options=options)

    async def tenants(self, user_id: str, *, options: Options | None = None) -> builtins.list[UserTenant]:
        """List the tenants that a user belongs to.

        ``GET /identity/resources/users/v2/me/tenants`` (documented). Sub-accounts that the user reaches through the
        hierarchy are not among them. The service tells all fields of each tenant, or its id and name only.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The tenants.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user.
            FronteggError: Any other failure of the call.
        """
        return [*await self._caller.for_user(user_id).value(_TENANTS, options=options)]

    async def invite(
        self,
        tenant_id: str,
        *,
        email: str,
        name: str | None = None,
        role_ids: Sequence[str] | None = None,
        skip_invite_email: bool | None = None,
        username: str | None = None,
        phone_number: str | None = None,
        profile_picture_url: str | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        email_metadata: Mapping[str, JsonValue] | None = None,
        expiration_in_seconds: int | None = None,
        options: Options | None = None,
    ) -> InvitedUser:
        """Create a user in a tenant, or invite one that exists.

        ``POST /identity/resources/users/v2`` (documented). The environment needs a default application. The client
        reads by the e-mail address whether the user is in the tenant before it sends the request, and again after a
        lost response. The service takes about 30 invitations a minute from one address.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The address that the invitation goes to, at most 256 characters.
            name: The name that people see; not empty.
            role_ids: The ids of the roles that the user gets, at least one: roles of the environment or of the tenant;
                the service chooses by default.
            skip_invite_email: ``True`` to send no e-mail.
            username: A name to sign in with, at most 255 letters, digits, ``.``, ``_`` and ``-``.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The address of a picture, as a URL of at most 4,095 characters.
            metadata: A JSON object of your own.
            email_metadata: A JSON object with values for the template of the e-mail.
            expiration_in_seconds: After how many seconds the user leaves the tenant by itself, at least 300.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user with its roles and permissions in the tenant.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused a field, or a role is not one that the tenant may use.
            PermissionDeniedError: The environment has no default application.
            NotFoundError: There is no such tenant.
            ConflictError: The user is in the tenant already.
            OutcomeUnknownError: The response was lost: the user may or may not have been invited.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        return await self._in(tenant_id).invite(
            email=email,
            name=name,
            role_ids=role_ids,
            skip_invite_email=skip_invite_email,
            username=username,
            phone_number=phone_number,
            profile_picture_url=profile_picture_url,
            metadata=metadata,
            email_metadata=email_metadata,
            expiration_in_seconds=expiration_in_seconds,
            options=options,
        )

    async def resend_invitation(
        self, tenant_id: str, *, email: str, include_sub_tenants: bool = False, options: Options | None = None
    ) -> None:
        """Send a user a new invitation to a tenant; the one before is no longer valid.

        ``POST /identity/resources/users/v1/invitation/reset`` (documented), or ``.../reset/all`` with sub-accounts. The
        request is never sent twice.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The address of the user, at most 256 characters.
            include_sub_tenants: Whether to renew the invitations to the tenant's sub-accounts, too.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the e-mail may or may not have been sent.
            FronteggError: Any other failure of the call.
        """
        await self._in(tenant_id).resend_invitation(
            email=email, include_sub_tenants=include_sub_tenants, options=options
        )

    async def bulk_invite(
        self, tenant_id: str, users: Sequence[NewUser], *, options: Options | None = None
    ) -> InvitationTask:
        """Invite many users to a tenant; the service carries it out later.

        ``POST /identity/resources/users/bulk/v1/invite`` (documented). The request is never sent twice.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            users: The users, 1 to 1,000, each with an address of its own.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The task, whose id `bulk_invite_status` takes.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The service refused a field, or a role is not one that the tenant may use.
            PermissionDeniedError: The environment has no default application.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost: the users may or may not be invited.
            ResultLostError: It was started, and the id of the task is lost with the response.
            FronteggError: Any other failure of the call.
        """
        body = BulkInvitation(users=bulk_invitations(users))
        caller = self._caller.for_tenant(tenant_id)
        return await caller.value(endpoints.BULK_INVITE, body=body, options=options)

    async def bulk_invite_status(self, task_id: str, *, options: Options | None = None) -> InvitationTask:
        """Get how far an invitation of many users has come.

        ``GET /identity/resources/users/bulk/v1/status/{id}`` (documented). No source tells the form of the response.

        Args:
            task_id: The id that `bulk_invite` returned, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The task; ``extra`` has what the service says of it.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such task.
            ResponseMismatchError: The response was about another task.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(task_id, "task_id")
        return await self._caller.value(endpoints.BULK_INVITE_STATUS, path={"id": task_id}, options=options)

    async def add_to_tenant(
        self, user_id: str, tenant_id: str, *, skip_invite_email: bool | None = None, options: Options | None = None
    ) -> User:
        """Add a user to a tenant that exists.

        ``POST /identity/resources/users/v1/{userId}/tenant`` (documented). The service is always asked to refuse a
        tenant that does not exist, which it would create otherwise. The client reads whether the user is in the tenant
        before it sends the request, and again after a lost response.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            skip_invite_email: ``True`` to send no e-mail.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The tenant is locked.
            NotFoundError: There is no such user or no such tenant.
            ConflictError: The user is in the tenant already.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        arguments.check_id(tenant_id, "tenant_id")
        path = {"user_id": user_id}
        body = NewMembership(tenant_id=tenant_id, validate_tenant_exist=True, skip_invite_email=skip_invite_email)
        reconcile = Created(
            self._caller,
            endpoints.GET,
            body,
            lambda user: (user,) if tenant_id in user.tenant_ids else (),
            lambda user: user,
            lambda user: user.id,
            path=path,
        )
        return await write(
            self._caller, endpoints.ADD_TO_TENANT, path=path, body=body, options=options, reconcile=reconcile
        )

    async def remove_from_tenant(
        self, user_id: str, tenant_id: str, *, warn_last_owner: bool = True, options: Options | None = None
    ) -> None:
        """Remove a user from one tenant. One that is in no other tenant is then deleted.

        ``DELETE /identity/resources/users/v1/{userId}`` (documented), with the tenant's header, without which the
        service would delete the user everywhere: see `delete_everywhere`. If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set. Tokens of the user stay valid
        until they expire.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            warn_last_owner: Whether to read first, with one request or more, whether the user is the last with the role
                of an owner there, and to emit a `LastOwnerWarning` if so. A role is one of an owner if the first user
                of a tenant gets it, or if its key is ``Admin`` or ``Owner``.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        await self._in(tenant_id).remove(user_id, warn_last_owner=warn_last_owner, options=options)

    async def delete_everywhere(
        self, user_id: str, *, confirm_user_id: str, warn_last_owner: bool = True, options: Options | None = None
    ) -> None:
        """Delete a user in all tenants. To remove a user from one tenant, use `remove_from_tenant`.

        ``DELETE /identity/resources/users/v1/{userId}`` (documented), without a tenant's header. If a response is lost,
        the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            confirm_user_id: The same id once more.
            warn_last_owner: Whether to read first of which tenants the user is the last owner, and to emit one
                `LastOwnerWarning` about them. That is a request, and for each tenant in which the user has the role of
                an owner the others of `remove_from_tenant`: as many as there, for a user of one tenant.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed, or the two ids differ; nothing was sent.
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the user may or may not have been deleted.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        if confirm_user_id != user_id:
            raise InvalidArgumentError(
                "confirm_user_id must be the same as user_id: the user would be deleted in all tenants"
            )
        if warn_last_owner:
            await warn_if_last_owner(self._caller, user_id, options)
        path = {"user_id": user_id}
        await self._caller.value(
            endpoints.REMOVE, path=path, options=options, reconcile=removed(self._caller, endpoints.GET, path)
        )

    async def update(
        self,
        user_id: str,
        tenant_id: str,
        *,
        name: str | Unset = UNSET,
        phone_number: str | Unset = UNSET,
        profile_picture_url: str | None | Unset = UNSET,
        metadata: Mapping[str, JsonValue] | Unset = UNSET,
        options: Options | None = None,
    ) -> User:
        """Change fields of a user of a tenant. What is not given stays as it is; metadata are replaced as a whole.

        ``PUT /identity/resources/users/v1`` (documented). A user is the same in all of its tenants, so that they all
        see the change.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            name: The name that people see; not empty.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The address of a picture, at most 4,095 characters; ``None`` removes it.
            metadata: A JSON object of your own, which replaces the present one.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed, or nothing is to be changed; nothing was sent.
            BadRequestError: The service refused a field.
            NotFoundError: There is no such tenant, or it has no such user.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        body = changed_fields(name, phone_number, profile_picture_url, metadata)
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        reconcile = _shown_in_tenant(caller, user_id, body)
        return await write(caller, endpoints.UPDATE, body=body, options=options, reconcile=reconcile)

    async def replace(
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
        """Replace all fields of a user: what is not given is cleared. To change some of them, use `update`.

        ``PUT /identity/resources/users/v1/{userId}`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            name: The name that people see; not empty.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The address of a picture, as a URL of at most 4,095 characters.
            metadata: A JSON object of your own.
            vendor_metadata: A JSON object of your own, which the user does not see.
            mfa_bypass: Whether the user needs no second factor.
            external_id: The id of the user in your own system.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed, or no field is given; nothing was sent.
            BadRequestError: The service refused a field.
            NotFoundError: There is no such user.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        given = (name, phone_number, profile_picture_url, metadata, vendor_metadata, mfa_bypass, external_id)
        if all(value is None for value in given):
            raise InvalidArgumentError("give at least one field of the user: those that are not given are cleared")
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
        """Give a user another e-mail address, in all tenants.

        ``PUT /identity/resources/users/v1/{userId}/email`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            email: The new address, at most 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user.
            ConflictError: Another user has this address.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        arguments.check_email(email, "email")
        return await self._write_globally(endpoints.SET_EMAIL, user_id, UserEmail(email=email), options)

    async def switch_tenant(self, user_id: str, tenant_id: str, *, options: Options | None = None) -> User:
        """Make another tenant of a user the active one: the user signs in to it.

        ``PUT /identity/resources/users/v1/tenant`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The user.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The user neither belongs to the tenant nor may enter it as a sub-account, or the
                tenant is locked.
            NotFoundError: There is no such user or no such tenant.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        body = TenantSwitch(tenant_id=tenant_id)
        return await write(caller, _SWITCH_TENANT, body=body, options=options)

    async def assign_roles(
        self, user_id: str, tenant_id: str, *, role_ids: Sequence[str], options: Options | None = None
    ) -> RoleAssignment:
        """Give a user roles in a tenant, beside those that it has there.

        ``POST /identity/resources/users/v1/{userId}/roles`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The roles of the user there.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: One of the roles does not exist, or is one of another tenant.
            NotFoundError: There is no such tenant, or it has no such user.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        return await self._in(tenant_id).assign_roles(user_id, role_ids=role_ids, options=options)

    async def unassign_roles(
        self,
        user_id: str,
        tenant_id: str,
        *,
        role_ids: Sequence[str],
        warn_last_owner: bool = True,
        options: Options | None = None,
    ) -> RoleAssignment:
        """Take roles from a user in a tenant.

        ``DELETE /identity/resources/users/v1/{userId}/roles`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            warn_last_owner: Whether to read first, with as many requests as `remove_from_tenant`, whether the user is
                the last owner of the tenant and keeps no role of an owner, and to emit a `LastOwnerWarning` if so.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The roles that the user still has there.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: One of the roles does not exist, or is one of another tenant.
            NotFoundError: There is no such tenant, or it has no such user.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        return await self._in(tenant_id).unassign_roles(
            user_id, role_ids=role_ids, warn_last_owner=warn_last_owner, options=options
        )

    async def change_roles(
        self,
        user_id: str,
        *,
        add_role_ids: Sequence[str] | None = None,
        remove_role_ids: Sequence[str] | None = None,
        tenant_ids: Sequence[str] | None = None,
        warn_last_owner: bool = True,
        options: Options | None = None,
    ) -> RolesTask:
        """Add and remove roles of a user in many tenants at once.

        ``PATCH /identity/resources/vendor-only/users/v1/{userId}/roles/bulk`` (documented). The service does it at once
        or later: a task that ``is_over`` is done, and of any other `roles_task` tells the progress.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            add_role_ids: The ids of the roles to add, at least one; none by default.
            remove_role_ids: The ids of the roles to remove, at least one; none by default.
            tenant_ids: The ids of the tenants, at least one; all tenants of the user by default.
            warn_last_owner: Whether to read first, if roles are removed, of which tenants the user is the last owner
                and keeps no role of an owner, and to emit one `LastOwnerWarning` about them. That takes as many
                requests as `delete_everywhere`, and one more for each of these tenants if roles are added as well.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The task.

        Raises:
            InvalidArgumentError: An argument is not allowed, there is no role to add or remove, or one is to be both
                added and removed; nothing was sent.
            BadRequestError: One of the roles does not exist.
            NotFoundError: There is no such user.
            ResultLostError: It was done, but its result could not be read; ``asked`` has the arguments.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        if add_role_ids is None and remove_role_ids is None:
            raise InvalidArgumentError("give add_role_ids or remove_role_ids")
        added = None if add_role_ids is None else arguments.check_ids(add_role_ids, "add_role_ids")
        removed = None if remove_role_ids is None else arguments.check_ids(remove_role_ids, "remove_role_ids")
        if not {*(added or ())}.isdisjoint(removed or ()):
            raise InvalidArgumentError("add_role_ids and remove_role_ids must not have a role in common")
        chosen = None if tenant_ids is None else arguments.check_ids(tenant_ids, "tenant_ids")
        if warn_last_owner and removed:
            await warn_if_last_owner(
                self._caller, user_id, options, taken=removed, given=added or (), tenant_ids=chosen
            )
        body = RoleIdsByTenant(add_role_ids=added, remove_role_ids=removed, tenant_ids=chosen)
        path = {"user_id": user_id}
        change = await write(self._caller, endpoints.CHANGE_ROLES, path=path, body=body, options=options)
        return task_of(change, user_id)

    async def roles_task(self, task_id: str, *, options: Options | None = None) -> RolesTask:
        """Get how far a change of roles in many tenants has come.

        ``GET /identity/resources/vendor-only/users/v1/bulk-roles/status/{taskId}`` (documented).

        Args:
            task_id: The id of the task that `change_roles` returned, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The task as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such task.
            ResponseMismatchError: The response was about another task.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(task_id, "task_id")
        return await self._caller.value(endpoints.ROLES_TASK, path={"task_id": task_id}, options=options)

    async def roles(
        self, user_ids: Sequence[str], tenant_id: str, *, options: Options | None = None
    ) -> tuple[UserRoleIds, ...]:
        """Get the ids of the roles of some users in a tenant.

        ``GET /identity/resources/users/v3/roles`` (seen live), a request for each 100 users.

        Args:
            user_ids: The ids of the users, at least one, without commas.
            tenant_id: The id of the tenant, 1 to 256 characters.
            options: Options for each request; those that are not set come from the client.

        Returns:
            The ids for each of the users that the tenant has.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PartialFailureError: There were more than 100 ids, and some requests failed.
            FronteggError: Any other failure of the call.
        """
        return await self._in(tenant_id).roles(user_ids, options=options)

    async def groups(
        self, user_ids: Sequence[str], tenant_id: str, *, options: Options | None = None
    ) -> tuple[UserGroups, ...]:
        """Get the ids of the groups of some users in a tenant.

        ``GET /identity/resources/users/v3/groups`` (seen live), a request for each 100 users.

        Args:
            user_ids: The ids of the users, at least one, without commas.
            tenant_id: The id of the tenant, 1 to 256 characters.
            options: Options for each request; those that are not set come from the client.

        Returns:
            The ids for each of the users that the tenant has.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PartialFailureError: There were more than 100 ids, and some requests failed.
            FronteggError: Any other failure of the call.
        """
        return await self._in(tenant_id).groups(user_ids, options=options)

    async def statuses(
        self,
        user_ids: Sequence[str],
        *,
        statuses: Sequence[UserStatus | UserStatusLiteral] | None = None,
        options: Options | None = None,
    ) -> tuple[UserStatuses, ...]:
        """Get how far some users have come in their tenants: invited, activated and so on.

        ``GET /identity/resources/tenants/users/v1/statuses`` (documented), a request for each 100 users. The service
        tells at most 2,000 tenants of a user.

        Args:
            user_ids: The ids of the users, at least one, without commas.
            statuses: Only tenants in which a user has one of these statuses.
            options: Options for each request; those that are not set come from the client.

        Returns:
            The statuses for each of the users.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PartialFailureError: There were more than 100 ids, and some requests failed.
            FronteggError: Any other failure of the call.
        """
        chosen = () if statuses is None else [arguments.check_member(each, UserStatus, "statuses") for each in statuses]
        more = [("userTenantStatuses", each.value) for each in chosen]
        return await looked_up(self._caller, endpoints.STATUSES, user_ids, options, more)

    async def disable(self, user_id: str, tenant_id: str, *, options: Options | None = None) -> None:
        """Keep a user out of a tenant: it stays a member, and may neither sign in to it nor switch to it.

        ``POST /identity/resources/tenants/users/v1/{userId}/disable`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        await self._in(tenant_id).disable(user_id, options=options)

    async def enable(self, user_id: str, tenant_id: str, *, options: Options | None = None) -> None:
        """Let a user into a tenant again, see `disable`.

        ``POST /identity/resources/tenants/users/v1/{userId}/enable`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        await self._in(tenant_id).enable(user_id, options=options)

    async def lock(self, user_id: str, *, options: Options | None = None) -> None:
        """Keep a user from signing in at all, see `unlock`.

        ``POST /identity/resources/users/v1/{userId}/lock`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        is_locked = self._shown(user_id, lambda user: user.is_locked is True)
        await self._caller.value(endpoints.LOCK, path={"user_id": user_id}, options=options, reconcile=is_locked)

    async def unlock(self, user_id: str, *, options: Options | None = None) -> None:
        """Let a user sign in again, see `lock`.

        ``POST /identity/resources/users/v1/{userId}/unlock`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        is_open = self._shown(user_id, lambda user: user.is_locked is False)
        await self._caller.value(endpoints.UNLOCK, path={"user_id": user_id}, options=options, reconcile=is_open)

    async def verify(self, user_id: str, *, options: Options | None = None) -> None:
        """Mark the e-mail address of a user as verified.

        ``POST /identity/resources/users/v1/{userId}/verify`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        check_user_id(user_id)
        is_verified = self._shown(user_id, lambda user: user.verified is True)
        await self._caller.value(endpoints.VERIFY, path={"user_id": user_id}, options=options, reconcile=is_verified)

    async def sessions(
        self, user_id: str, tenant_id: str | None = None, *, options: Options | None = None
    ) -> tuple[UserSession, ...]:
        """List the sessions of a user: where it is signed in.

        ``GET /identity/resources/users/sessions/v1/me`` (seen live).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: A tenant of the user, 1 to 256 characters; the user in any tenant by default.
            options: Options for this call; those that are not set come from the client.

        Returns:
            The sessions.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant or user, or the user is not in the tenant.
            FronteggError: Any other failure of the call.
        """
        return await self._of_user(user_id, tenant_id).value(endpoints.SESSIONS, options=options)

    async def end_session(
        self, user_id: str, tenant_id: str, session_id: str, *, options: Options | None = None
    ) -> None:
        """End a session of a user: it cannot be renewed. Its access token stays valid until it expires.

        ``DELETE /identity/resources/users/sessions/v1/me/{id}`` (seen live). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            session_id: The id of the session, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant, user or session.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(session_id, "session_id")
        if session_id == "all":
            raise InvalidArgumentError("session_id must not be 'all': end_sessions() ends all sessions")
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        has_ended = unlisted(caller, endpoints.SESSIONS, session_id)
        await caller.value(endpoints.END_SESSION, path={"id": session_id}, options=options, reconcile=has_ended)

    async def end_sessions(self, user_id: str, tenant_id: str | None = None, *, options: Options | None = None) -> None:
        """End all sessions of a user: none can be renewed. Access tokens stay valid until they expire.

        ``DELETE /identity/resources/users/sessions/v1/me/all`` (seen live).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: A tenant of the user, 1 to 256 characters; the user in any tenant by default.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            NotFoundError: There is no such tenant or user, or the user is not in the tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        await self._of_user(user_id, tenant_id).value(endpoints.END_SESSIONS, options=options)

    async def disable_mfa(self, user_id: str, tenant_id: str, *, options: Options | None = None) -> None:
        """Take the second factor from a user, who lost it for example; the user enrolls a new one at the next sign-in.

        ``POST /identity/resources/users/v1/mfa/disable`` (seen live).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of a tenant of the user, 1 to 256 characters.
            options: Options for this call; those that are not set come from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            BadRequestError: The user has no second factor: its ``code`` is ``ER-01097``.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            FronteggError: Any other failure of the call.
        """
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        is_without = self._shown(user_id, lambda user: user.mfa_enrolled is False)
        await caller.value(endpoints.DISABLE_MFA, options=options, reconcile=is_without)

    def _in(self, tenant_id: str) -> AsyncOwnUsers:
        """Return the users of one tenant."""
        return AsyncOwnUsers(self._caller.for_tenant(tenant_id))

    def _of_user(self, user_id: str, tenant_id: str | None) -> Caller:
        """Return a caller whose calls are about a user, in one tenant or in any."""
        caller = self._caller if tenant_id is None else self._caller.for_tenant(tenant_id)
        return caller.for_user(user_id)

    def _shown(self, user_id: str, holds: Callable[[User], bool]) -> Confirmed[User]:
        return Confirmed(self._caller, endpoints.GET, holds, {"user_id": user_id})

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
    """Return what reads whether a user has what was asked for."""
    path = {"user_id": user_id}
    return ReadBack(caller, endpoints.GET_IN_TENANT, lambda user: user if shows(user, body) else None, path=path)
