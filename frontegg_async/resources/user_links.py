"""``frontegg.users``: links with which users activate their account or set a new password."""

from __future__ import annotations

from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import user_links as endpoints
from frontegg_async.models.user_links import NewUserLink
from frontegg_async.options import Options
from frontegg_async.resources.support.user_lookups import check_user_id
from frontegg_async.resources.support.writes import write

_LOST: Final = "nobody has the link now: create another link"


class UserLinks:
    """Links with which users activate their account or set a new password."""

    __slots__ = ()

    _caller: Caller

    async def generate_activation_link(self, user_id: str, *, options: Options | None = None) -> NewUserLink:
        """Create a link with which a user activates its account. No e-mail is sent: give the link to the user.

        ``POST /identity/resources/users/v1/{userId}/links/generate-activation-token`` (documented). The request is
        never sent twice.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The link and its token. Only this response contains the link and the token.

        Raises:
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the link may or may not have been created. Nobody has the
                link.
            ResultLostError: The link was created, but the response was lost: create another one.
        """
        check_user_id(user_id)
        path = {"user_id": user_id}
        return await write(self._caller, endpoints.GENERATE_ACTIVATION, path=path, options=options, lost=_LOST)

    async def generate_password_reset_link(self, user_id: str, *, options: Options | None = None) -> NewUserLink:
        """Create a link with which a user sets a new password. No e-mail is sent: give the link to the user.

        ``POST /identity/resources/users/v1/{userId}/links/generate-password-reset-token`` (documented). The request is
        never sent twice.

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The link and its token. Only this response contains the link and the token.

        Raises:
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the link may or may not have been created. Nobody has the
                link.
            ResultLostError: The link was created, but the response was lost: create another one.
        """
        check_user_id(user_id)
        path = {"user_id": user_id}
        return await write(self._caller, endpoints.GENERATE_PASSWORD_RESET, path=path, options=options, lost=_LOST)
