"""``user.users``: the team, which is all users of the signed-in user's own tenant."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from datetime import timedelta

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.users import (
    InvitationReset,
    InvitedUser,
    RoleAssignment,
    RoleIds,
    User,
    UserGroups,
    UserIdentifier,
    UserIdentifierLiteral,
    UserPreset,
    UserPresetLiteral,
    UserRoleIds,
    UserSort,
    UserSortLiteral,
    UserToInvite,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.own_temporary_users import OwnTemporaryUsers
from frontegg_async.resources.support.invited_users import Invited, invitation
from frontegg_async.resources.support.last_owner import warn_if_last_owner
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, removed
from frontegg_async.resources.support.role_keys import by_ids, required_roles
from frontegg_async.resources.support.user_listing import user_pages
from frontegg_async.resources.support.user_lookups import check_user_id, looked_up
from frontegg_async.resources.support.writes import write


class AsyncOwnUsers(OwnTemporaryUsers):
    """The team: all users of the signed-in user's own tenant. Users need permissions to manage the team.

    Some of the permissions that the methods name are assumed. A client with an environment's credential needs no such
    permissions.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    def list(
        self,
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
        """List the users of the team.

        ``GET /identity/resources/users/v3`` (documented). The client sends one request for each page. The operation
        needs the permission ``fe.secure.read.users``. The returned users have their roles only if ``with_roles`` is
        set.

        Args:
            email: Only the user with this address.
            user_ids: Only the users with these ids, at least one. The client sends one request for each 100 ids.
            external_ids: Only the users with these external ids, which you assign. The client sends one request for
                each 100 ids.
            name_prefix: Only users whose names begin with this text.
            identifier: Only users whose identifier of the type ``identifier_type`` begins with this text.
            identifier_type: The type of the identifier: ``email``, ``phoneNumber`` or ``username``.
            preset: Only one kind of users: users without a second factor (``mfa-unenrolled``), users with a leaked
                password (``breached-passwords``), or inactive users (``inactive``).
            max_inactive_seconds: The number of seconds after the last sign-in when a user becomes inactive, 1 to
                2,147,483,647. Required with the preset ``inactive``, and not allowed otherwise.
            include_sub_tenants: Whether to list the users of the tenant's sub-accounts as well.
            with_roles: Whether the returned users have their ``roles``. The roles take one more request for each 100
                users of a page. One further request reads the list of roles, which needs the permission
                ``fe.secure.read.roles``.
            sort_by: The field to sort by: ``id`` (the default), ``name``, ``email``, ``createdAt`` and others of
                `UserSort`.
            order: ``asc`` (ascending) or ``desc`` (descending).
            page_size: The number of users in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the users. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return user_pages(
            self._caller,
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

    async def get(self, user_id: str, *, options: Options | None = None) -> User:
        """Get a user of the team.

        ``GET /identity/resources/users/v1/{userId}`` (documented). The operation needs the permission
        ``fe.secure.read.users``.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The user with the user's roles and permissions in the tenant.

        Raises:
            NotFoundError: The tenant has no such user.
            ResponseMismatchError: The response was about another user.
        """
        check_user_id(user_id)
        return await self._caller.value(endpoints.GET_IN_TENANT, path={"user_id": user_id}, options=options)

    async def invite(
        self,
        *,
        email: str,
        name: str | None = None,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        send_email: bool | None = None,
        username: str | None = None,
        phone_number: str | None = None,
        profile_picture_url: str | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        email_metadata: Mapping[str, JsonValue] | None = None,
        expiration_in_seconds: int | timedelta | None = None,
        options: Options | None = None,
    ) -> InvitedUser:
        """Create a user in the tenant. If a user with this e-mail address exists, invite that user to the tenant.

        ``POST /identity/resources/users/v2`` (documented). The operation needs the permission
        ``fe.secure.write.tenantInvites``, and a default application in the environment. The client looks up the user by
        e-mail address before it sends the request, and again after a lost response. The look-up needs the permission
        ``fe.secure.read.users``. The service accepts about 30 invitations a minute from one IP address.

        Args:
            email: The e-mail address for the invitation, at most 256 characters.
            name: The display name; not empty.
            role_ids: The ids of the user's roles in the tenant, at least one: roles of the environment or of the
                tenant. By default the service chooses the roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.
            send_email: ``False`` to send no e-mail.
            username: A name to sign in with, at most 255 letters, digits, ``.``, ``_`` and ``-``.
            phone_number: The phone number, such as ``+49301234567``.
            profile_picture_url: The address of a picture, as a URL of at most 4,095 characters.
            metadata: A JSON object of your own.
            email_metadata: A JSON object with values for the template of the e-mail.
            expiration_in_seconds: The number of seconds after which the service removes the user from the tenant, at
                least 300.

        Returns:
            The user with the user's roles and permissions in the tenant.

        Raises:
            BadRequestError: The service refused a field, or the tenant may not use one of the roles.
            PermissionDeniedError: The user lacks the permission, a role is stronger than the signed-in user's roles, or
                the environment has no default application.
            NotFoundError: ``role_keys`` has an unknown key. Nothing was written.
            ConflictError: The user is already in the tenant.
            OutcomeUnknownError: The response was lost, so the user may or may not have been invited.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = invitation(
            UserToInvite(
                email=email,
                name=name,
                role_ids=role_ids,
                role_keys=role_keys,
                send_email=send_email,
                username=username,
                phone_number=phone_number,
                profile_picture_url=profile_picture_url,
                metadata=metadata,
                expiration_in_seconds=expiration_in_seconds,
            ),
            email_metadata=email_metadata,
        )
        body, options = await by_ids(self._caller, endpoints.INVITE, body, role_keys, options)
        reconcile = Invited(self._caller, body)
        return await write(self._caller, endpoints.INVITE, body=body, options=options, reconcile=reconcile)

    async def resend_invitation(
        self, *, email: str, include_sub_tenants: bool = False, options: Options | None = None
    ) -> None:
        """Send a user a new invitation to the tenant. The previous invitation becomes invalid.

        ``POST /identity/resources/users/v1/invitation/reset`` (documented), or ``POST
        /identity/resources/users/v1/invitation/reset/all`` (documented) with sub-accounts. The operation needs the
        permission ``fe.secure.write.resendActivationEmail``. The request is never sent twice.

        Args:
            email: The address of the user, at most 256 characters.
            include_sub_tenants: Whether to send new invitations to the tenant's sub-accounts too.

        Raises:
            NotFoundError: The tenant has no such user.
            OutcomeUnknownError: The response was lost, so the e-mail may or may not have been sent.
        """
        arguments.check_email(email, "email")
        check_flag(include_sub_tenants, "include_sub_tenants", InvalidArgumentError)
        chosen = endpoints.RESEND_ALL_INVITATIONS if include_sub_tenants else endpoints.RESEND_INVITATION
        await self._caller.value(chosen, body=InvitationReset(email=email), options=options)

    async def assign_roles(
        self,
        user_id: str,
        *,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> RoleAssignment:
        """Give a user of the team additional roles.

        ``POST /identity/resources/users/v1/{userId}/roles`` (documented). It is assumed that the service accepts a
        user's token. The operation needs the permission ``fe.secure.write.usersRoles``.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Returns:
            All roles of the user in the tenant after the change.

        Raises:
            BadRequestError: One of the roles does not exist, or belongs to another tenant.
            PermissionDeniedError: The user lacks the permission, or a role is stronger than the user's roles.
            NotFoundError: The tenant has no such user, or ``role_keys`` has an unknown key.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = _checked_roles(user_id, role_ids, role_keys)
        body, options = await by_ids(self._caller, endpoints.ASSIGN_ROLES, body, role_keys, options)
        return await self._change_roles(endpoints.ASSIGN_ROLES, user_id, body, options)

    async def unassign_roles(
        self,
        user_id: str,
        *,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        warn_last_owner: bool = True,
        options: Options | None = None,
    ) -> RoleAssignment:
        """Take roles from a user of the team.

        ``DELETE /identity/resources/users/v1/{userId}/roles`` (documented). It is assumed that the service accepts a
        user's token. The operation needs the permission ``fe.secure.delete.usersRoles``.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.
            warn_last_owner: Whether to emit a `LastOwnerWarning` if the user is the last owner of the tenant and loses
                the last role of an owner. The check takes as many requests as in `remove`.

        Returns:
            The user's remaining roles in the tenant.

        Raises:
            BadRequestError: One of the roles does not exist, or belongs to another tenant.
            NotFoundError: The tenant has no such user, or ``role_keys`` has an unknown key.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        body = _checked_roles(user_id, role_ids, role_keys)
        body, options = await by_ids(self._caller, endpoints.UNASSIGN_ROLES, body, role_keys, options)
        if warn_last_owner:
            await warn_if_last_owner(self._caller, endpoints.UNASSIGN_ROLES, user_id, options, taken=body.role_ids)
        return await self._change_roles(endpoints.UNASSIGN_ROLES, user_id, body, options)

    async def list_roles(self, user_ids: Sequence[str], *, options: Options | None = None) -> tuple[UserRoleIds, ...]:
        """Get the role ids of some users of the team.

        ``GET /identity/resources/users/v3/roles`` (observed). The client sends one request for each 100 users. The
        operation needs the permission ``fe.secure.read.users``.

        Args:
            user_ids: The ids of the users, at least one, without commas.

        Returns:
            The ids for each user of the tenant.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        return await looked_up(self._caller, endpoints.ROLES, user_ids, options)

    async def list_groups(self, user_ids: Sequence[str], *, options: Options | None = None) -> tuple[UserGroups, ...]:
        """Get the group ids of some users of the team.

        ``GET /identity/resources/users/v3/groups`` (observed). The client sends one request for each 100 users. The
        operation needs the permission ``fe.secure.read.users``.

        Args:
            user_ids: The ids of the users, at least one, without commas.

        Returns:
            The ids for each user of the tenant.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        return await looked_up(self._caller, endpoints.GROUPS, user_ids, options)

    async def disable(self, user_id: str, *, options: Options | None = None) -> None:
        """Disable a user in the tenant. The user stays a member, but can neither sign in nor switch to the tenant.

        ``POST /identity/resources/tenants/users/v1/{userId}/disable`` (documented). The operation needs the permission
        ``fe.secure.write.enableDisable``.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        shown = self._shown(user_id, is_disabled=True)
        await self._caller.value(endpoints.DISABLE, path={"user_id": user_id}, options=options, reconcile=shown)

    async def enable(self, user_id: str, *, options: Options | None = None) -> None:
        """Enable a user of the tenant whom `disable` has disabled.

        ``POST /identity/resources/tenants/users/v1/{userId}/enable`` (documented). The operation needs the permission
        ``fe.secure.write.enableDisable``.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        shown = self._shown(user_id, is_disabled=False)
        await self._caller.value(endpoints.ENABLE, path={"user_id": user_id}, options=options, reconcile=shown)

    async def remove(self, user_id: str, *, warn_last_owner: bool = True, options: Options | None = None) -> None:
        """Remove a user from the tenant. If this is the user's only tenant, the user is deleted.

        ``DELETE /identity/resources/users/v1/{userId}`` (documented). The operation needs the permission
        ``fe.secure.delete.users``. If a response is lost, the request is sent again; a 404 then counts as success,
        unless the option ``strict_delete`` is set. The user's tokens stay valid until they expire.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            warn_last_owner: Whether to emit a `LastOwnerWarning` if the user is the last owner of the tenant. The check
                sends at least one more request before the removal. An owner is a user with an owner role. An owner role
                is the role of a tenant's first user, or a role with the key ``Admin`` or ``Owner``.

        Raises:
            NotFoundError: The tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        if warn_last_owner:
            await warn_if_last_owner(self._caller, endpoints.REMOVE, user_id, options)
        path = {"user_id": user_id}
        is_gone = removed(self._caller, endpoints.GET_IN_TENANT, path)
        await self._caller.value(endpoints.REMOVE, path=path, options=options, reconcile=is_gone)

    def _shown(self, user_id: str, *, is_disabled: bool) -> Confirmed[User]:
        """Return a check that reads whether a user may enter the tenant."""
        caller = self._caller

        def holds(user: User) -> bool:
            tenant_id = _tenant_of(caller, user)
            return any(each.tenant_id == tenant_id and each.is_disabled is is_disabled for each in user.tenants)

        endpoint = endpoints.GET_IN_TENANT if caller.is_user else endpoints.GET
        return Confirmed(caller, endpoint, holds, {"user_id": user_id})

    def _change_roles(
        self, endpoint: Endpoint[RoleAssignment], user_id: str, body: RoleIds, options: Options | None
    ) -> Coroutine[object, object, RoleAssignment]:
        """Return the coroutine of a change of roles. Tracebacks of its errors do not contain this method's frame."""
        caller, path = self._caller, {"user_id": user_id}

        def find(user: User) -> RoleAssignment:
            return RoleAssignment(tenant_id=_tenant_of(caller, user) or "", user_id=user_id, roles=user.roles or ())

        reconcile = ReadBack(caller, endpoints.GET_IN_TENANT, find, path=path)
        return write(caller, endpoint, path=path, body=body, options=options, reconcile=reconcile)


@without_frames
def _checked_roles(user_id: str, role_ids: Sequence[str] | None, role_keys: Sequence[str] | None) -> RoleIds:
    check_user_id(user_id)
    return RoleIds(role_ids=required_roles(role_ids, role_keys))


def _tenant_of(caller: Caller, member: User) -> str | None:
    """Return the tenant for a call about a member."""
    if caller.own_tenant_id is None and len(member.tenant_ids) == 1:
        return member.tenant_ids[0]
    return caller.own_tenant_id
