"""``frontegg.for_tenant(...).invitations``: links that let people join one tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import invitations as endpoints
from frontegg_async.models.invitations import Invitation, InvitationCreate
from frontegg_async.options import Options
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.writes import write

LONGEST: Final = 2**53 - 1
"""The largest number of minutes that every JSON parser preserves. The service documents no limit."""

_UNKNOWN: Final = "look for the invitation with frontegg.invitations.list() before you create another one"
_LOST: Final = "frontegg.invitations.list() returns the invitation: use that one, or delete it and create another one"


class AsyncTenantInvitations:
    """The invitations to one tenant: links with which people join the tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        user_id: str | None = None,
        expires_in_minutes: int | timedelta | None = None,
        send_email: bool | None = None,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> Invitation:
        """Create an invitation. Everybody who has its token can join the tenant. The request is never sent twice.

        ``POST /identity/resources/tenants/invites/v1`` (documented).

        Args:
            user_id: The id of the only user who can use the invitation, 1 to 256 characters. By default everybody can
                use it.
            expires_in_minutes: The lifetime in minutes, at least 1. By default the service chooses the lifetime.
            send_email: Whether the service sends the user an e-mail.
            role_ids: The ids of the roles that users get when they join, at least one. The default is the environment's
                default roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Returns:
            The invitation with its token.

        Raises:
            BadRequestError: The service refused the invitation.
            PermissionDeniedError: The tenant is locked.
            NotFoundError: There is no such tenant, the tenant has no such user, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the invitation may or may not have been created. ``list``
                shows whether it exists. The error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The invitation was created, but the response was lost. ``list`` returns the invitation with
                its token.
        """
        if user_id is not None:
            arguments.check_id(user_id, "user_id")
        minutes = arguments.optional_duration(expires_in_minutes, "expires_in_minutes", least=1, most=LONGEST)
        body = InvitationCreate(
            tenant_id=str(self._caller.tenant_id),
            user_id=user_id,
            expires_in_minutes=minutes,
            send_email=send_email,
            role_ids=optional_roles(role_ids, role_keys),
        )
        body, options = await by_ids(self._caller, endpoints.CREATE, body, role_keys, options)
        return await write(self._caller, endpoints.CREATE, body=body, options=options, lost=_LOST, unknown=_UNKNOWN)
