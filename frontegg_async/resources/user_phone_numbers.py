"""``frontegg.users.phone_numbers``: the phone numbers of users."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import phone_numbers as endpoints
from frontegg_async.models.phone_numbers import PhoneNumber, UserPhoneNumber
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.contact_listings import contact_pages, listed
from frontegg_async.resources.support.user_lookups import check_user_id


class AsyncUsersPhoneNumbers:
    """The phone numbers of users.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        phone_number: str | None = None,
        user_ids: Sequence[str] | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[UserPhoneNumber]:
        """List the phone numbers of the users of the environment.

        ``GET /identity/resources/users/phone-numbers/v2`` (documented), a request for each page.

        Args:
            phone_number: Only this number, as ``+49301234567``.
            user_ids: Only the numbers of the users with these ids, at least one. The client sends a request for each
                100 ids.
            page_size: The number of phone numbers per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the phone numbers. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        filters: tuple[tuple[str, str], ...] = ()
        if phone_number is not None:
            arguments.check_text(phone_number, "phone_number")
            filters = (("_phoneNumber", phone_number),)
        return contact_pages(
            self._caller,
            endpoints.LIST,
            filters,
            key=attrgetter("id"),
            sort_by="phoneNumber",
            user_ids=user_ids,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def add(self, user_id: str, *, phone_number: str, options: Options | None = None) -> None:
        """Add a phone number to a user. The number counts as verified.

        ``POST /identity/resources/users/phone-numbers/v1/vendor/{userId}`` (documented). After a lost response, the
        client reads the numbers of the user before it sends the request again.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            phone_number: The number, as ``+49301234567``.

        Raises:
            BadRequestError: The service refused the number.
            NotFoundError: There is no such user.
            ConflictError: A user has the number already.
            OutcomeUnknownError: The response was lost, so the number may or may not have been added.
        """
        check_user_id(user_id)
        arguments.check_text(phone_number, "phone_number")
        is_added = listed(
            self._caller,
            endpoints.LIST,
            user_id,
            lambda rows: any(each.phone_number == phone_number and each.verified is True for each in rows),
        )
        body = PhoneNumber(phone_number=phone_number)
        path = {"user_id": user_id}
        await self._caller.value(endpoints.ADD, path=path, body=body, options=options, reconcile=is_added)

    async def remove(self, user_id: str, phone_id: str, *, options: Options | None = None) -> None:
        """Remove a phone number of a user.

        ``DELETE /identity/resources/users/phone-numbers/v1/vendor/{userId}/{phoneId}`` (documented). If a response is
        lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            phone_id: The id of the number, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such user, or the user has no such number.
            OutcomeUnknownError: The response was lost, so the number may or may not have been removed.
        """
        check_user_id(user_id)
        arguments.check_id(phone_id, "phone_id")
        path = {"user_id": user_id, "phone_id": phone_id}
        is_gone = listed(self._caller, endpoints.LIST, user_id, lambda rows: all(each.id != phone_id for each in rows))
        await self._caller.value(endpoints.REMOVE, path=path, options=options, reconcile=is_gone)
