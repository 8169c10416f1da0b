"""``frontegg.invitations``: invitations, which are links with which people join tenants."""

from __future__ import annotations

from frontegg_async._core.checks import arguments
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async.endpoints import invitations as endpoints
from frontegg_async.models.invitations import Invitation, InvitationConfiguration, InvitationVerification
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.by_id.invitations import InvitationsById
from frontegg_async.resources.support.read_back import unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing


class AsyncInvitations(InvitationsById):
    """The invitations to tenants.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    def list(self, *, options: Options | None = None) -> AsyncPages[Invitation]:
        """List the invitations to all tenants, with their tokens.

        ``GET /identity/resources/tenants/invites/v1/all`` (documented).

        Returns:
            A listing of the invitations. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST, Invitation, same, options=options)

    async def delete(self, invitation_id: str, *, options: Options | None = None) -> None:
        """Delete an invitation. Nobody can join the tenant with this invitation afterwards.

        ``DELETE /identity/resources/tenants/invites/v1/token/{id}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            invitation_id: The id of the invitation, 1 to 256 characters; not its token.

        Raises:
            NotFoundError: There is no such invitation.
            OutcomeUnknownError: The response was lost, so the invitation may or may not have been deleted.
        """
        arguments.check_id(invitation_id, "invitation_id")
        is_gone = unlisted(self._caller, endpoints.LIST, invitation_id)
        await self._caller.value(endpoints.DELETE, path={"id": invitation_id}, options=options, reconcile=is_gone)

    async def verify(self, *, token: str | Secret, options: Options | None = None) -> Invitation:
        """Check the token of an invitation, and get the name of its tenant.

        ``POST /identity/resources/tenants/invites/v1/verify`` (documented).

        Args:
            token: The text of the token, from the link.

        Returns:
            The invitation.

        Raises:
            NotFoundError: There is no such invitation, or it has expired.
        """
        token = hide(token)
        arguments.check_text(reveal(token), "token")
        return await self._caller.value(
            endpoints.VERIFY, body=Hidden(InvitationVerification(token=reveal(token))), options=options
        )

    async def get_config(self, *, options: Options | None = None) -> InvitationConfiguration:
        """Get whether people may be invited to the tenants of the environment.

        ``GET /identity/resources/tenants/invites/v1/configuration`` (documented).

        Returns:
            Whether invitations are allowed, and whether the service sends e-mails.
        """
        return await self._caller.value(endpoints.CONFIGURATION, options=options)
