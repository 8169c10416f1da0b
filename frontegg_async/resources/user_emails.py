"""``frontegg.users.emails``: the e-mail addresses of users."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.unset import UNSET
from frontegg_async.endpoints import user_emails as endpoints
from frontegg_async.models.user_emails import UserEmailAddress, UserEmailAddressCreate
from frontegg_async.models.users import UserEmail
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.contact_listings import contact_pages, listed, query_of
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.user_lookups import check_user_id
from frontegg_async.resources.support.writes import write


class AsyncUsersEmails:
    """The e-mail addresses of users. A user may have several addresses, one of which is primary.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        email: str | None = None,
        user_ids: Sequence[str] | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[UserEmailAddress]:
        """List the e-mail addresses of the users of the environment.

        ``GET /identity/resources/users/emails/v1`` (documented), a request for each page.

        Args:
            email: Only this address, at most 256 characters.
            user_ids: Only the addresses of the users with these ids, at least one. The client sends a request for each
                100 ids.
            page_size: The number of addresses per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the addresses. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        filters: tuple[tuple[str, str], ...] = ()
        if email is not None:
            arguments.check_email(email, "email")
            filters = (("_email", email),)
        return contact_pages(
            self._caller,
            endpoints.LIST,
            filters,
            key=attrgetter("id"),
            sort_by="email",
            user_ids=user_ids,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def add(
        self, user_id: str, *, email: str, verified: bool | None = None, options: Options | None = None
    ) -> UserEmailAddress:
        """Add an e-mail address to a user.

        ``POST /identity/resources/users/emails/v1/vendor/{userId}`` (documented). After a lost response, the client
        reads the addresses of the user before it sends the request again. No source says whether the service sends a
        code to an unverified address.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            email: The address, at most 256 characters.
            verified: Whether the address counts as verified; the service chooses by default.

        Returns:
            The address with its id.

        Raises:
            BadRequestError: The service refused the address.
            NotFoundError: There is no such user.
            ConflictError: A user has the address already.
            OutcomeUnknownError: The response was lost, so the address may or may not have been added. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        arguments.check_email(email, "email")
        body = UserEmailAddressCreate(email=email, verified=UNSET if verified is None else verified)
        reconcile = Created(
            self._caller,
            endpoints.LIST,
            body,
            lambda page: [each for each in page.items if each.user_id == user_id and _is(each, email)],
            lambda found: found,
            lambda found: found.id,
            query=query_of(user_id),
        )
        path = {"user_id": user_id}
        return await write(self._caller, endpoints.ADD, path=path, body=body, options=options, reconcile=reconcile)

    async def remove(self, user_id: str, email_id: str, *, options: Options | None = None) -> None:
        """Remove an e-mail address of a user. To remove the primary address, make another address primary first.

        ``DELETE /identity/resources/users/emails/v1/vendor/{userId}/{emailId}`` (documented). If a response is lost,
        the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            email_id: The id of the address, 1 to 256 characters.

        Raises:
            BadRequestError: The address is the primary address.
            NotFoundError: There is no such user, or the user has no such address.
            OutcomeUnknownError: The response was lost, so the address may or may not have been removed.
        """
        check_user_id(user_id)
        arguments.check_id(email_id, "email_id")
        path = {"user_id": user_id, "email_id": email_id}
        is_gone = listed(self._caller, endpoints.LIST, user_id, lambda rows: all(each.id != email_id for each in rows))
        await self._caller.value(endpoints.REMOVE, path=path, options=options, reconcile=is_gone)

    async def set_primary(self, user_id: str, *, email: str, options: Options | None = None) -> None:
        """Make one of a user's e-mail addresses the primary address.

        ``POST /identity/resources/users/emails/v1/vendor/{userId}/primary`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            email: One of the addresses of the user, at most 256 characters.

        Raises:
            BadRequestError: The service refused the address, for example because it is not verified.
            NotFoundError: There is no such user, or the user does not have the address.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        check_user_id(user_id)
        arguments.check_email(email, "email")
        is_primary = listed(
            self._caller,
            endpoints.LIST,
            user_id,
            lambda rows: any(_is(each, email) and each.is_primary for each in rows),
        )
        body = UserEmail(email=email)
        path = {"user_id": user_id}
        await self._caller.value(endpoints.SET_PRIMARY, path=path, body=body, options=options, reconcile=is_primary)


def _is(found: UserEmailAddress, email: str) -> bool:
    return folded(found.email or "") == folded(email)
