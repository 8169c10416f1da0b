"""``user.sessions``: the sessions of the signed-in user."""

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
    """The sessions of the user. Each sign-in starts a session.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[UserSession]:
        """List the sessions of the user.

        ``GET /identity/resources/users/sessions/v1/me`` (observed). Requests with an environment's token were
        observed; Frontegg's own SDKs send this request with a user's token.

        Returns:
            A listing of the sessions. The first request is sent when you iterate the listing. Each iteration sends the
            requests again. ``current`` is true for the session of the client's token.
        """
        return whole_listing(self._caller, endpoints.SESSIONS, UserSession, same, options=options)

    async def end(self, session_id: str, *, options: Options | None = None) -> None:
        """End a session of the user. The session's access token stays valid until it expires.

        ``DELETE /identity/resources/users/sessions/v1/me/{id}`` (observed). Requests with an environment's token
        were observed; Frontegg's own SDKs send this request with a user's token. If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

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
        """End all sessions of the user except the current one. Access tokens stay valid until they expire.

        ``DELETE /identity/resources/users/sessions/v1/me/all`` (observed). Requests with an environment's token
        were observed; Frontegg's own SDKs send this request with a user's token, and state that the session of this
        token continues.

        Raises:
            OutcomeUnknownError: The response was lost, so the sessions may or may not have ended.
        """
        await self._caller.value(endpoints.END_SESSIONS, options=options)
