"""``user.users``: the team, which is the users of the user's own tenant."""

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
    """The team: the users of the user's own tenant, whom users with the permissions manage.

    Which routes ask for which permission is partly assumed; `users` of a management client needs none.

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
        """List the team; nothing is sent before the listing is read.

        ``GET /identity/resources/users/v3`` (documented), a request for each page. It needs the permission
        ``fe.secure.read.users``. The listing has no roles, unless you ask for them by ``with_roles``.

        Args:
            email: Only the user with this address.
            user_ids: Only the users with these ids, at least one; a request for each 100.
            external_ids: Only the users with these ids of your own; a request for each 100.
            name_prefix: Only users whose names begin with this.
            identifier: Only users whose identifier begins with this; ``identifier_type`` says which.
            identifier_type: ``email``, ``phoneNumber`` or ``username``.
            preset: Only users without a second factor, ``mfa-unenrolled``, with a password that others know,
                ``breached-passwords``, or who are ``inactive``.
            max_inactive_seconds: With ``inactive``, and only with it: users who have not signed in for more than
                so many seconds, 1 to 2,147,483,647.
            include_sub_tenants: Whether to list the users of the tenant's sub-accounts, too.
            with_roles: Whether the users come with their ``roles``: for each page one more request for each 100 users,
                and for the first page one for the list of roles, which needs the permission ``fe.secure.read.roles``.
            sort_by: What to sort by: ``id``, the default, ``name``, ``email``, ``createdAt`` and others of `UserSort`.
            order: ``asc``, ascending, or ``desc``, descending.
            page_size: How many users a page has, 1 to 200.
            prefetch: How many pages are read ahead, 0 to 16.

        Returns:
            A listing to iterate, as often as you like.
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

        ``GET /identity/resources/users/v1/{userId}`` (documented). It needs the permission ``fe.secure.read.users``.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The user with its roles and permissions in the tenant.

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
        """Create a user in the tenant, or invite one that exists.

        ``POST /identity/resources/users/v2`` (documented). It needs the permission ``fe.secure.write.tenantInvites``,
        and the environment a default application. The client reads by the e-mail address whether the user is in the
        tenant before it sends the request, and again after a lost response, which needs ``fe.secure.read.users``. The
        service takes about 30 invitations a minute from one address.

        Args:
            email: The address that the invitation goes to, at most 256 characters.
            name: The name that people see; not empty.
            role_ids: The ids of the roles that the user gets, at least one: roles of the environment or of the tenant;
                the service chooses by default.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            send_email: ``False`` to send no e-mail.
            username: A name to sign in with, at most 255 letters, digits, ``.``, ``_`` and ``-``.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The address of a picture, as a URL of at most 4,095 characters.
            metadata: A JSON object of your own.
            email_metadata: A JSON object with values for the template of the e-mail.
            expiration_in_seconds: After how many seconds the user leaves the tenant by itself, at least 300.

        Returns:
            The user with its roles and permissions in the tenant.

        Raises:
            BadRequestError: The service refused a field, or a role is not one that the tenant may use.
            PermissionDeniedError: The user may not do this, a role is stronger than those of the user, or the
                environment has no default application.
            NotFoundError: No role has one of the keys; nothing was written.
            ConflictError: The user is in the tenant already.
            OutcomeUnknownError: The response was lost: the user may or may not have been invited.
            ResultLostError: The write was done, but its result could not be read; ``asked`` has the arguments.
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
        """Send a user a new invitation to the tenant; the one before is no longer valid.

        ``POST /identity/resources/users/v1/invitation/reset`` (documented), or ``POST
        /identity/resources/users/v1/invitation/reset/all`` (documented) with sub-accounts. It needs the permission
        ``fe.secure.write.resendActivationEmail``. The request is never sent twice.

        Args:
            email: The address of the user, at most 256 characters.
            include_sub_tenants: Whether to renew the invitations to the tenant's sub-accounts, too.

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
        """Give a user of the team roles, beside those that it has.

        ``POST /identity/resources/users/v1/{userId}/roles`` (documented; that it takes the token of a user is
        assumed). It needs the permission ``fe.secure.write.usersRoles``.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.

        Returns:
            The roles of the user in the tenant.

        Raises:
            BadRequestError: One of the roles does not exist, or is one of another tenant.
            PermissionDeniedError: The user may not do this, or a role is stronger than those of the user.
            NotFoundError: The tenant has no such user, or no role has one of the keys.
            ResultLostError: The write was done, but its result could not be read; ``asked`` has the arguments.
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

        ``DELETE /identity/resources/users/v1/{userId}/roles`` (documented; that it takes the token of a user is
        assumed). It needs the permission ``fe.secure.delete.usersRoles``.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            warn_last_owner: Whether to read first, with as many requests as `remove`, whether the user is
                the last owner of the tenant and keeps no role of an owner, and to emit a `LastOwnerWarning` if so.

        Returns:
            The roles that the user still has in the tenant.

        Raises:
            BadRequestError: One of the roles does not exist, or is one of another tenant.
            NotFoundError: The tenant has no such user, or no role has one of the keys.
            ResultLostError: The write was done, but its result could not be read; ``asked`` has the arguments.
        """
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        body = _checked_roles(user_id, role_ids, role_keys)
        body, options = await by_ids(self._caller, endpoints.UNASSIGN_ROLES, body, role_keys, options)
        if warn_last_owner:
            await warn_if_last_owner(self._caller, endpoints.UNASSIGN_ROLES, user_id, options, taken=body.role_ids)
        return await self._change_roles(endpoints.UNASSIGN_ROLES, user_id, body, options)

    async def list_roles(self, user_ids: Sequence[str], *, options: Options | None = None) -> tuple[UserRoleIds, ...]:
        """Get the ids of the roles of some users of the team.

        ``GET /identity/resources/users/v3/roles`` (seen live), a request for each 100 users. It needs the
        permission ``fe.secure.read.users``.

        Args:
            user_ids: The ids of the users, at least one, without commas.

        Returns:
            The ids for each of the users that the tenant has.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        return await looked_up(self._caller, endpoints.ROLES, user_ids, options)

    async def list_groups(self, user_ids: Sequence[str], *, options: Options | None = None) -> tuple[UserGroups, ...]:
        """Get the ids of the groups of some users of the team.

        ``GET /identity/resources/users/v3/groups`` (seen live), a request for each 100 users. It needs the
        permission ``fe.secure.read.users``.

        Args:
            user_ids: The ids of the users, at least one, without commas.

        Returns:
            The ids for each of the users that the tenant has.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        return await looked_up(self._caller, endpoints.GROUPS, user_ids, options)

    async def disable(self, user_id: str, *, options: Options | None = None) -> None:
        """Keep a user out of the tenant: it stays a member, and may neither sign in to it nor switch to it.

        ``POST /identity/resources/tenants/users/v1/{userId}/disable`` (documented). It needs the permission
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
        """Let a user into the tenant again, see `disable`.

        ``POST /identity/resources/tenants/users/v1/{userId}/enable`` (documented). It needs the permission
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
        """Remove a user from the tenant. One that is in no other tenant is then deleted.

        ``DELETE /identity/resources/users/v1/{userId}`` (documented). It needs the permission
        ``fe.secure.delete.users``. If a response is lost, the request is sent again; a 404 then counts as success,
        unless the option ``strict_delete`` is set. Tokens of the user stay valid until they expire.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            warn_last_owner: Whether to read first, with one request or more, whether the user is the last with the role
                of an owner there, and to emit a `LastOwnerWarning` if so. A role is one of an owner if the first user
                of a tenant gets it, or if its key is ``Admin`` or ``Owner``.

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
        """Return what reads whether a user may enter the tenant."""
        caller = self._caller

        def holds(user: User) -> bool:
            tenant_id = _tenant_of(caller, user)
            return any(each.tenant_id == tenant_id and each.is_disabled is is_disabled for each in user.tenants)

        endpoint = endpoints.GET_IN_TENANT if caller.is_user else endpoints.GET
        return Confirmed(caller, endpoint, holds, {"user_id": user_id})

    def _change_roles(
        self, endpoint: Endpoint[RoleAssignment], user_id: str, body: RoleIds, options: Options | None
    ) -> Coroutine[object, object, RoleAssignment]:
        """Return the coroutine of a change, so that its errors have no frame of this method."""
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
    """Return the tenant of the calls about a member: where the token does not name it, the member's only tenant."""
    if caller.own_tenant_id is None and len(member.tenant_ids) == 1:
        return member.tenant_ids[0]
    return caller.own_tenant_id
