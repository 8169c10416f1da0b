"""``user.sessions``: where the user is signed in."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import users as endpoints
from frontegg_async.models.users import UserSession
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.read_back import unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing


class AsyncOwnSessions:
    """The sessions of the user: one for each sign-in.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[UserSession]:
        """List the sessions of the user; nothing is sent before the listing is read.

        ``GET /identity/resources/users/sessions/v1/me`` (seen live with an environment; users call it in shipped
        clients).

        Returns:
            A listing to iterate, as often as you like: the sessions; ``current`` is true for that of the token.
        """
        return whole_listing(self._caller, endpoints.SESSIONS, UserSession, same, options=options)

    async def end(self, session_id: str, *, options: Options | None = None) -> None:
        """End a session of the user. Its access token is valid until it expires.

        ``DELETE /identity/resources/users/sessions/v1/me/{id}`` (seen live with an environment; users call it in
        shipped clients). If a response is lost, the request is sent again; a 404 then counts as success, unless the
        option ``strict_delete`` is set.

        Args:
            session_id: The id of the session.

        Raises:
            NotFoundError: The user has no such session.
            OutcomeUnknownError: The response was lost, so the session may or may not have ended.
        """
        arguments.check_id(session_id, "session_id")
        is_gone = unlisted(self._caller, endpoints.SESSIONS, session_id)
        await self._caller.value(endpoints.END_SESSION, path={"id": session_id}, options=options, reconcile=is_gone)

    async def end_others(self, *, options: Options | None = None) -> None:
        """End all sessions of the user but that of the token. Their access tokens are valid until they expire.

        ``DELETE /identity/resources/users/sessions/v1/me/all`` (seen live with an environment; users call it in shipped
        clients, which say that the session of the call goes on).

        Raises:
            OutcomeUnknownError: The response was lost, so they may or may not have ended.
        """
        await self._caller.value(endpoints.END_SESSIONS, options=options)
