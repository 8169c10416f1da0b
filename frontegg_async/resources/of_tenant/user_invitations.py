"""``frontegg.user_invitations``: the links with which users invite others to their tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import invitations as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.invitations import (
    Invitation,
    InvitationConfiguration,
    UserInvitationCreate,
    UserInvitationUpdate,
)
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.invitations import LONGEST
from frontegg_async.resources.of_tenant.sso.checks import check_role_ids
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import ReadBack, removed, shows
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.writes import write


class AsyncUserOwnInvitation:
    """The link with which one user invites others to a tenant. A user has at most one such invitation in each tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        expires_in_minutes: int | timedelta,
        send_email: bool = False,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> Invitation:
        """Create the invitation. Everybody who has its token can join the tenant. The request is never sent twice.

        ``POST /identity/resources/tenants/invites/v2/user`` (documented). It is assumed that the new invitation
        replaces the user's current invitation.

        Args:
            expires_in_minutes: The lifetime in minutes, at least 1.
            send_email: Whether the service sends an e-mail about the invitation.
            role_ids: The ids of the roles that users get when they join, at least one. The default is the environment's
                default roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Returns:
            The invitation with its token.

        Raises:
            BadRequestError: The service refused the invitation.
            PermissionDeniedError: The user may not invite others, or invitations are disabled.
            NotFoundError: ``role_keys`` has an unknown key. Nothing was written.
            OutcomeUnknownError: The response was lost, so the invitation may or may not have been created. ``get``
                shows whether it exists. The error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The invitation was created, but the response was lost. ``get`` returns the invitation with
                its token.
        """
        expires_in_minutes = arguments.check_duration(expires_in_minutes, "expires_in_minutes", least=1, most=LONGEST)
        body = UserInvitationCreate(
            expires_in_minutes=expires_in_minutes,
            send_email=send_email,
            role_ids=optional_roles(role_ids, role_keys, check=check_role_ids) or (),
        )
        body, options = await by_ids(self._caller, endpoints.CREATE_OF_USER, body, role_keys, options)
        reconcile = Created(
            self._caller,
            endpoints.GET_OF_USER,
            body,
            lambda found: (found,),
            lambda found: found,
            lambda found: found.id or "",
        )
        return await write(self._caller, endpoints.CREATE_OF_USER, body=body, options=options, reconcile=reconcile)

    async def get(self, *, options: Options | None = None) -> Invitation:
        """Get the invitation, with its token.

        ``GET /identity/resources/tenants/invites/v1/user`` (documented).

        Returns:
            The invitation.

        Raises:
            PermissionDeniedError: The user may not invite others.
            NotFoundError: The user has no invitation.
        """
        return await self._caller.value(endpoints.GET_OF_USER, options=options)

    async def update(
        self,
        *,
        expires_in_minutes: int | timedelta | Unset = UNSET,
        send_email: bool | Unset = UNSET,
        options: Options | None = None,
    ) -> Invitation:
        """Change the invitation. Its token stays the same.

        ``PATCH /identity/resources/tenants/invites/v1/user`` (documented).

        Args:
            expires_in_minutes: The new lifetime, in minutes from now, at least 1.
            send_email: Whether the service sends an e-mail about the invitation.

        Returns:
            The invitation after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            PermissionDeniedError: The user may not invite others.
            NotFoundError: The user has no invitation.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        minutes: int | Unset = UNSET
        if expires_in_minutes is not UNSET:
            minutes = arguments.check_duration(expires_in_minutes, "expires_in_minutes", least=1, most=LONGEST)
        body = UserInvitationUpdate(expires_in_minutes=minutes, send_email=send_email)
        if body == UserInvitationUpdate():
            raise InvalidArgumentError("nothing to change: give at least one of expires_in_minutes and send_email")
        reconcile = ReadBack(
            self._caller,
            endpoints.GET_OF_USER,
            lambda found: found if shows(found, body) else None,
            is_of_the_object=True,
        )
        return await write(self._caller, endpoints.UPDATE_OF_USER, body=body, options=options, reconcile=reconcile)

    async def delete(self, *, options: Options | None = None) -> None:
        """Delete the invitation. Nobody can join with the invitation any more.

        ``DELETE /identity/resources/tenants/invites/v1/user`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Raises:
            PermissionDeniedError: The user may not invite others.
            NotFoundError: The user has no invitation.
            OutcomeUnknownError: The response was lost, so the invitation may or may not have been deleted.
        """
        is_gone = removed(self._caller, endpoints.GET_OF_USER)
        await self._caller.value(endpoints.DELETE_OF_USER, options=options, reconcile=is_gone)


class AsyncOwnInvitation(AsyncUserOwnInvitation):
    """The link with which the signed-in user invites others to the tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def get_config(self, *, options: Options | None = None) -> InvitationConfiguration:
        """Check whether users may invite others to their tenant.

        ``GET /identity/resources/tenants/invites/v1/configuration`` (documented for an environment's token). Frontegg's
        own SDKs send this request with a user's token.

        Returns:
            The configuration: whether users may invite others, and whether the service sends e-mails.
        """
        return await self._caller.value(endpoints.CONFIGURATION, options=options)
