"""``frontegg.users.usernames``: the user names of users."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import usernames as endpoints
from frontegg_async.models.usernames import Username
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.contact_listings import contact_pages


class AsyncUsersUsernames:
    """The user names of users. Only users create and delete their own names.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        prefix: str | None = None,
        user_ids: Sequence[str] | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[Username]:
        """List the user names of the users of the environment.

        ``GET /identity/resources/usernames/v1`` (documented), a request for each page. The documentation shows a single
        name as the response, but Frontegg's own clients expect a page of names.

        Args:
            prefix: Only names that begin with this text.
            user_ids: Only the names of the users with these ids, at least one. The client sends a request for each 100
                ids.
            page_size: The number of names per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the user names. Users without a user name are left out. The first request is sent when you
            iterate the listing. Each iteration sends the requests again.
        """
        filters: tuple[tuple[str, str], ...] = ()
        if prefix is not None:
            arguments.check_text(prefix, "prefix")
            filters = (("_usernamePrefix", prefix),)
        return contact_pages(
            self._caller,
            endpoints.LIST,
            filters,
            key=attrgetter("username"),
            sort_by="username",
            user_ids=user_ids,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )
