"""``frontegg.users``: memberships of users in tenants, from invitation to removal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import me as me_endpoints
from frontegg_async.endpoints import users as endpoints
from frontegg_async.models.user_tenants import TenantSwitch
from frontegg_async.models.users import (
    BulkInvitation,
    InvitationTask,
    InvitedUser,
    NewMembership,
    User,
    UserStatus,
    UserStatuses,
    UserStatusLiteral,
    UserToInvite,
)
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.invited_users import bulk_by_ids, bulk_invitations, skips_email
from frontegg_async.resources.support.user_lookups import check_user_id, looked_up
from frontegg_async.resources.support.writes import write

# The operation belongs to signed-in users, so an error would name `me.switch_tenant`. The caller knows
# `users.switch_tenant`.
_SWITCH_TENANT: Final = attrs.evolve(me_endpoints.SWITCH_TENANT, name="users.switch_tenant")


class UserMemberships:
    """Memberships of users in tenants: invitations, additions, removals, and access."""

    __slots__ = ()

    _caller: Caller

    async def invite(
        self,
        tenant_id: str,
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
        """Invite a new or an existing user to a tenant.

        ``POST /identity/resources/users/v2`` (documented). The environment needs a default application. The client
        checks by the e-mail address whether the user is in the tenant before it sends the request, and again after a
        lost response. The service accepts about 30 invitations a minute from one IP address.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The address of the user, at most 256 characters.
            name: The name that people see; not empty.
            role_ids: The ids of the roles that the user gets, at least one: roles of the environment or of the tenant;
                the service chooses by default.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            send_email: ``False`` to send no e-mail.
            username: A name to sign in with, at most 255 letters, digits, ``.``, ``_`` and ``-``.
            phone_number: The phone number, as ``+49301234567``.
            profile_picture_url: The URL of a picture, at most 4,095 characters.
            metadata: A JSON object of your own.
            email_metadata: A JSON object with values for the template of the e-mail.
            expiration_in_seconds: The seconds after which the user leaves the tenant automatically, at least 300.

        Returns:
            The user with its roles and permissions in the tenant.

        Raises:
            BadRequestError: The service refused a field, or the tenant may not use one of the roles.
            PermissionDeniedError: The environment has no default application.
            NotFoundError: There is no such tenant, or no role has one of the keys.
            ConflictError: The user is in the tenant already.
            OutcomeUnknownError: The response was lost: the user may or may not have been invited.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        return await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).invite(
            email=email,
            name=name,
            role_ids=role_ids,
            role_keys=role_keys,
            send_email=send_email,
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
        """Send a user a new invitation to a tenant. The earlier invitation is no longer valid.

        ``POST /identity/resources/users/v1/invitation/reset`` (documented), or ``POST
        /identity/resources/users/v1/invitation/reset/all`` (documented) with sub-accounts. The request is never sent
        twice.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The address of the user, at most 256 characters.
            include_sub_tenants: Whether to renew the invitations to the tenant's sub-accounts too.

        Raises:
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the e-mail may or may not have been sent.
        """
        await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).resend_invitation(
            email=email, include_sub_tenants=include_sub_tenants, options=options
        )

    async def invite_many(
        self, tenant_id: str, users: Sequence[UserToInvite], *, options: Options | None = None
    ) -> InvitationTask:
        """Invite many users to a tenant. The service sends the invitations later.

        ``POST /identity/resources/users/bulk/v1/invite`` (documented). The request is never sent twice.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            users: The users, 1 to 1,000. No two users may have the same e-mail address.

        Returns:
            The task. `get_invitation_task` takes its id.

        Raises:
            BadRequestError: The service refused a field, or the tenant may not use one of the roles.
            PermissionDeniedError: The environment has no default application.
            NotFoundError: There is no such tenant, or no role has one of the keys.
            OutcomeUnknownError: The response was lost: the users may or may not be invited.
            ResultLostError: The task was started, but the response with its id was lost.
        """
        caller = self._caller.for_tenant(tenant_id)
        body, options = await bulk_by_ids(caller, users, BulkInvitation(users=bulk_invitations(users)), options)
        return await caller.value(endpoints.BULK_INVITE, body=body, options=options)

    async def get_invitation_task(self, task_id: str, *, options: Options | None = None) -> InvitationTask:
        """Get the progress of an invitation of many users.

        ``GET /identity/resources/users/bulk/v1/status/{id}`` (documented). No source describes the form of the
        response.

        Args:
            task_id: The id that `invite_many` returned, 1 to 256 characters.

        Returns:
            The task. Its ``extra`` has the fields of the response.

        Raises:
            NotFoundError: There is no such task.
            ResponseMismatchError: The response was about another task.
        """
        arguments.check_id(task_id, "task_id")
        return await self._caller.value(endpoints.BULK_INVITE_STATUS, path={"id": task_id}, options=options)

    async def add_to_tenant(
        self, user_id: str, *, tenant_id: str, send_email: bool | None = None, options: Options | None = None
    ) -> User:
        """Add a user to an existing tenant.

        ``POST /identity/resources/users/v1/{userId}/tenant`` (documented). The client always asks the service to refuse
        a tenant that does not exist. Otherwise the service would create the tenant. The client checks whether the user
        is in the tenant before it sends the request, and again after a lost response.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            send_email: ``False`` to send no e-mail.

        Returns:
            The user.

        Raises:
            PermissionDeniedError: The tenant is locked.
            NotFoundError: There is no such user or no such tenant.
            ConflictError: The user is in the tenant already.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        arguments.check_id(tenant_id, "tenant_id")
        path = {"user_id": user_id}
        body = NewMembership(
            tenant_id=tenant_id, validate_tenant_exist=True, skip_invite_email=skips_email(send_email, "send_email")
        )
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
        self, user_id: str, *, tenant_id: str, warn_last_owner: bool = True, options: Options | None = None
    ) -> None:
        """Remove a user from one tenant. The service deletes a user who is in no other tenant.

        ``DELETE /identity/resources/users/v1/{userId}`` (documented), with a header that names the tenant. Without this
        header the service would delete the user everywhere: see `delete_everywhere`. If a response is lost, the request
        is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set. Tokens of the user stay
        valid until they expire.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            warn_last_owner: Whether to emit a `LastOwnerWarning` if the user is the last owner of the tenant. The check
                takes one request or more. An owner has a role that the first user of a tenant gets, or a role with the
                key ``Admin`` or ``Owner``.

        Raises:
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).remove(
            user_id, warn_last_owner=warn_last_owner, options=options
        )

    async def switch_tenant(self, user_id: str, *, tenant_id: str, options: Options | None = None) -> User:
        """Change the active tenant of a user: the tenant to which the user signs in.

        ``PUT /identity/resources/users/v1/tenant`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Returns:
            The user.

        Raises:
            PermissionDeniedError: The user neither belongs to the tenant nor may enter it as a sub-account, or the
                tenant is locked.
            NotFoundError: There is no such user or no such tenant.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        body = TenantSwitch(tenant_id=tenant_id)
        return await write(caller, _SWITCH_TENANT, body=body, options=options)

    async def list_statuses(
        self,
        user_ids: Sequence[str],
        *,
        statuses: Sequence[UserStatus | UserStatusLiteral] | None = None,
        options: Options | None = None,
    ) -> tuple[UserStatuses, ...]:
        """Get the statuses of users in their tenants, for example invited or activated.

        ``GET /identity/resources/tenants/users/v1/statuses`` (documented), a request for each 100 users. The service
        returns at most 2,000 tenants of a user.

        Args:
            user_ids: The ids of the users, at least one, without commas.
            statuses: Only tenants in which a user has one of these statuses.

        Returns:
            The statuses for each of the users.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        chosen = () if statuses is None else [arguments.check_member(each, UserStatus, "statuses") for each in statuses]
        more = [("userTenantStatuses", each.value) for each in chosen]
        return await looked_up(self._caller, endpoints.STATUSES, user_ids, options, more)

    async def disable(self, user_id: str, *, tenant_id: str, options: Options | None = None) -> None:
        """Disable a user in a tenant. The user stays a member, but cannot sign in or switch to the tenant.

        ``POST /identity/resources/tenants/users/v1/{userId}/disable`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).disable(user_id, options=options)

    async def enable(self, user_id: str, *, tenant_id: str, options: Options | None = None) -> None:
        """Enable a user in a tenant again, see `disable`.

        ``POST /identity/resources/tenants/users/v1/{userId}/enable`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).enable(user_id, options=options)
