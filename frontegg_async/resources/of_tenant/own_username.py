"""``user.profile.username``: the user name of the signed-in user."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import usernames as endpoints
from frontegg_async.models.usernames import Username, UsernameCreate
from frontegg_async.options import Options
from frontegg_async.resources.support.invited_users import check_username
from frontegg_async.resources.support.read_back import Confirmed


class AsyncOwnUsername:
    """The user name of the signed-in user. The user can sign in with this name instead of an e-mail address.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> Username:
        """Get the user's user name.

        ``GET /identity/resources/usernames/v1/me`` (documented).

        Returns:
            The user name.

        Raises:
            NotFoundError: The user has no user name.
        """
        return await self._caller.value(endpoints.GET_OWN, options=options)

    async def create(self, username: str, *, options: Options | None = None) -> None:
        """Set the user's user name.

        ``POST /identity/resources/usernames/v1`` (documented). After a lost response, the client reads the name before
        it sends the request again.

        Args:
            username: The user name, at most 255 letters, digits, ``.``, ``_`` and ``-``.

        Raises:
            BadRequestError: The service refused the name.
            NotFoundError: The user was deleted.
            ConflictError: Another user has the name.
            OutcomeUnknownError: The response was lost, so the user name may or may not have been set.
        """
        check_username(username)
        is_created = Confirmed(
            self._caller, endpoints.GET_OWN, lambda found: folded(found.username) == folded(username)
        )
        body = UsernameCreate(username=username)
        await self._caller.value(endpoints.CREATE_OWN, body=body, options=options, reconcile=is_created)

    async def delete(self, username: str, *, options: Options | None = None) -> None:
        """Delete the user's user name.

        ``DELETE /identity/resources/usernames/v1/{username}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            username: The current user name.

        Raises:
            NotFoundError: The user does not have this name.
            OutcomeUnknownError: The response was lost, so the user name may or may not have been deleted.
        """
        arguments.check_id(username, "username")
        is_gone = Confirmed(
            self._caller, endpoints.GET_OWN, lambda found: folded(found.username) != folded(username), is_removal=True
        )
        await self._caller.value(endpoints.DELETE_OWN, path={"username": username}, options=options, reconcile=is_gone)
