"""``frontegg.users``: locks, sessions, verified addresses and second factors of users."""

from __future__ import annotations

from collections.abc import Callable

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.users import User, UserSession
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import Confirmed, unlisted
from frontegg_async.resources.support.user_lookups import check_user_id


class UserSignIn:
    """Sign-in of users: locks, sessions, verified addresses and second factors."""

    __slots__ = ()

    _caller: Caller

    async def lock(self, user_id: str, *, options: Options | None = None) -> None:
        """Lock a user in all tenants: the user cannot sign in until `unlock`.

        ``POST /identity/resources/users/v1/{userId}/lock`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        is_locked = self._shown(user_id, lambda user: user.is_locked is True)
        await self._caller.value(endpoints.LOCK, path={"user_id": user_id}, options=options, reconcile=is_locked)

    async def unlock(self, user_id: str, *, options: Options | None = None) -> None:
        """Unlock a user in all tenants, see `lock`.

        ``POST /identity/resources/users/v1/{userId}/unlock`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        is_open = self._shown(user_id, lambda user: user.is_locked is False)
        await self._caller.value(endpoints.UNLOCK, path={"user_id": user_id}, options=options, reconcile=is_open)

    async def mark_verified(self, user_id: str, *, options: Options | None = None) -> None:
        """Mark the e-mail address of a user as verified.

        ``POST /identity/resources/users/v1/{userId}/verify`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        is_verified = self._shown(user_id, lambda user: user.verified is True)
        await self._caller.value(endpoints.VERIFY, path={"user_id": user_id}, options=options, reconcile=is_verified)

    async def list_sessions(
        self, user_id: str, *, tenant_id: str | None = None, options: Options | None = None
    ) -> tuple[UserSession, ...]:
        """List the sessions of a user, one for each sign-in.

        ``GET /identity/resources/users/sessions/v1/me`` (observed).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: A tenant of the user, 1 to 256 characters; any tenant by default.

        Returns:
            The sessions.

        Raises:
            NotFoundError: There is no such tenant or user, or the user is not in the tenant.
        """
        return await self._of_user(user_id, tenant_id).value(endpoints.SESSIONS, options=options)

    async def end_session(
        self, user_id: str, session_id: str, *, tenant_id: str, options: Options | None = None
    ) -> None:
        """End a session of a user. The session cannot be renewed. Its access token stays valid until it expires.

        ``DELETE /identity/resources/users/sessions/v1/me/{id}`` (observed). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            session_id: The id of the session, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such tenant, user or session.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(session_id, "session_id")
        if session_id == "all":
            raise InvalidArgumentError("session_id must not be 'all': users.end_sessions(...) ends all sessions")
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        has_ended = unlisted(caller, endpoints.SESSIONS, session_id)
        await caller.value(endpoints.END_SESSION, path={"id": session_id}, options=options, reconcile=has_ended)

    async def end_sessions(self, user_id: str, *, tenant_id: str | None = None, options: Options | None = None) -> None:
        """End all sessions of a user. No session can be renewed afterwards. Access tokens stay valid until they expire.

        ``DELETE /identity/resources/users/sessions/v1/me/all`` (observed).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: A tenant of the user, 1 to 256 characters; any tenant by default.

        Raises:
            NotFoundError: There is no such tenant or user, or the user is not in the tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        await self._of_user(user_id, tenant_id).value(endpoints.END_SESSIONS, options=options)

    async def disable_mfa(self, user_id: str, *, tenant_id: str, options: Options | None = None) -> None:
        """Remove the second factor of a user, who enrolls a new one at the next sign-in.

        ``POST /identity/resources/users/v1/mfa/disable`` (observed).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of a tenant of the user, 1 to 256 characters.

        Raises:
            BadRequestError: The user has no second factor; the ``code`` of the error is ``ER-01097``.
            NotFoundError: There is no such tenant, or it has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        caller = self._caller.for_tenant(tenant_id).for_user(user_id)
        is_without = self._shown(user_id, lambda user: user.mfa_enrolled is False)
        await caller.value(endpoints.DISABLE_MFA, options=options, reconcile=is_without)

    def _of_user(self, user_id: str, tenant_id: str | None) -> Caller:
        """Return a caller for calls about a user, in one tenant or in any tenant."""
        caller = self._caller if tenant_id is None else self._caller.for_tenant(tenant_id)
        return caller.for_user(user_id)

    def _shown(self, user_id: str, holds: Callable[[User], bool]) -> Confirmed[User]:
        return Confirmed(self._caller, endpoints.GET, holds, {"user_id": user_id})
