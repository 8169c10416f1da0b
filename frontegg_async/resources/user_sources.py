"""``frontegg.user_sources``: external directories whose users may sign in to an environment."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import user_sources as endpoints
from frontegg_async.models.user_sources import UserOfSource, UserSource, UserSourceApplications
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.listing import PagedListing, check_sizes
from frontegg_async.resources.support.read_back import Confirmed, removed
from frontegg_async.resources.support.whole_listing import same, whole_listing


class AsyncUserSources:
    """The user sources of the environment: external directories, such as Auth0 or Cognito, whose users may sign in.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[UserSource]:
        """List the user sources of the environment.

        ``GET /identity/resources/user-sources/v1`` (documented).

        Returns:
            A listing of the user sources, each with the number of its users. The first request is sent when you iterate
            the listing. Each iteration sends the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST, UserSource, same, options=options)

    async def get(self, user_source_id: str, *, options: Options | None = None) -> UserSource:
        """Get a user source.

        ``GET /identity/resources/user-sources/v1/{id}`` (documented).

        Args:
            user_source_id: The id of the user source, 1 to 256 characters.

        Returns:
            The user source, without the number of its users.

        Raises:
            NotFoundError: There is no such user source.
            ResponseMismatchError: The response was about another user source.
        """
        return await self._caller.value(endpoints.GET, path=_path(user_source_id), options=options)

    def list_users(
        self, user_source_id: str, *, page_size: int = 200, prefetch: int = 2, options: Options | None = None
    ) -> AsyncPages[UserOfSource]:
        """List the users of a user source.

        ``GET /identity/resources/user-sources/v1/{id}/users`` (documented), a request for each page. It is assumed that
        this operation has the same parameters for pages as other listings.

        Args:
            user_source_id: The id of the user source, 1 to 256 characters.
            page_size: The number of users per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the e-mail addresses, each with the time of the user's last sign-in. The first request is sent
            when you iterate the listing. Each iteration sends the requests again.
        """
        path = _path(user_source_id)
        check_sizes(page_size, prefetch)
        listing = PagedListing(self._caller, endpoints.LIST_USERS, (), page_size, options, path=path)
        incomplete = self._caller.options_for(options).incomplete_listing
        return AsyncPages([listing], key=attrgetter("email"), prefetch=prefetch, incomplete=incomplete)

    async def delete(self, user_source_id: str, *, options: Options | None = None) -> None:
        """Delete a user source. The SDK has no operation to create user sources.

        ``DELETE /identity/resources/user-sources/v1/{id}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_source_id: The id of the user source, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such user source.
            OutcomeUnknownError: The response was lost, so the user source may or may not have been deleted.
        """
        path = _path(user_source_id)
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def assign_applications(
        self, user_source_id: str, *, app_ids: Sequence[str], options: Options | None = None
    ) -> None:
        """Assign more applications to a user source.

        ``POST /identity/resources/user-sources/v1/assign`` (documented). After a lost response, the client reads the
        user source, and sends the request again only if an application is missing.

        Args:
            user_source_id: The id of the user source, 1 to 256 characters.
            app_ids: The ids of the applications, at least one.

        Raises:
            NotFoundError: There is no such user source or application.
            OutcomeUnknownError: The response was lost, and the user source could not be read either.
        """
        path, body = _path(user_source_id), _body(user_source_id, app_ids)
        are_assigned = Confirmed(
            self._caller, endpoints.GET, lambda found: set(body.app_ids).issubset(found.app_ids), path
        )
        await self._caller.value(endpoints.ASSIGN_APPLICATIONS, body=body, options=options, reconcile=are_assigned)

    async def unassign_applications(
        self, user_source_id: str, *, app_ids: Sequence[str], options: Options | None = None
    ) -> None:
        """Remove applications from a user source. Its other applications stay.

        ``POST /identity/resources/user-sources/v1/unassign`` (documented). After a lost response, the client reads the
        user source, and sends the request again only if the user source still has one of the applications.

        Args:
            user_source_id: The id of the user source, 1 to 256 characters.
            app_ids: The ids of the applications, at least one.

        Raises:
            NotFoundError: There is no such user source.
            OutcomeUnknownError: The response was lost, and the user source could not be read either.
        """
        path, body = _path(user_source_id), _body(user_source_id, app_ids)
        are_gone = Confirmed(
            self._caller, endpoints.GET, lambda found: set(body.app_ids).isdisjoint(found.app_ids), path
        )
        await self._caller.value(endpoints.UNASSIGN_APPLICATIONS, body=body, options=options, reconcile=are_gone)


def _path(user_source_id: str) -> dict[str, str]:
    arguments.check_id(user_source_id, "user_source_id")
    return {"id": user_source_id}


def _body(user_source_id: str, app_ids: Sequence[str]) -> UserSourceApplications:
    return UserSourceApplications(user_source_id=user_source_id, app_ids=arguments.check_ids(app_ids, "app_ids"))
