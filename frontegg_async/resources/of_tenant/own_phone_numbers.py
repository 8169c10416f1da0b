"""``user.profile.phone_numbers``: the phone numbers of the signed-in user."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.secret import Hidden, Secret, reveal
from frontegg_async._values.unset import UNSET
from frontegg_async.endpoints import phone_numbers as endpoints
from frontegg_async.models.phone_numbers import (
    PhoneNumber,
    PhoneNumberCode,
    PhoneNumberCreate,
    PhoneNumberVerification,
    UserPhoneNumber,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.read_back import unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing


class AsyncOwnPhoneNumbers:
    """The phone numbers of the user. Adding or removing a number requires a code from a text message of the service.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[UserPhoneNumber]:
        """List the user's phone numbers.

        ``GET /identity/resources/users/phone-numbers/v1/me`` (documented).

        Returns:
            A listing of the phone numbers. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST_OWN, UserPhoneNumber, same, options=options)

    async def add(
        self, *, phone_number: str, send_code: bool = True, options: Options | None = None
    ) -> PhoneNumberCode:
        """Add a phone number. The service sends a code to verify the number. The request is never sent twice.

        ``POST /identity/resources/users/phone-numbers/v1`` (documented). Frontegg's own SDKs are the only source for
        the fields of the response.

        Args:
            phone_number: The number, such as ``+49301234567``.
            send_code: Whether the service sends a code to the number immediately.

        Returns:
            The token for `verify`. `verify` also needs the code.

        Raises:
            BadRequestError: The service refused the number.
            NotFoundError: The user was deleted.
            ConflictError: A user already has the number.
            OutcomeUnknownError: The response was lost, so the number may or may not have been added.
            ResultLostError: The number was added, but the token was lost with the response. `send_code` returns another
                token.
        """
        arguments.check_text(phone_number, "phone_number")
        body = PhoneNumberCreate(phone_number=phone_number, verify=UNSET if send_code is True else send_code)
        arguments.check_body(body)
        return await self._caller.value(endpoints.ADD_OWN, body=body, options=options)

    async def send_code(self, *, phone_number: str, options: Options | None = None) -> PhoneNumberCode:
        """Send a code to a phone number that the user has or wants to add. The request is never sent twice.

        ``POST /identity/resources/users/phone-numbers/v1/preverify`` (documented). Frontegg's own SDKs are the only
        source for the fields of the response.

        Args:
            phone_number: The number, such as ``+49301234567``.

        Returns:
            The token for `verify`. `verify` also needs the code.

        Raises:
            BadRequestError: The service refused the number.
            NotFoundError: The user was deleted.
            ConflictError: Another user has the number.
            OutcomeUnknownError: The response was lost, so the code may or may not have been sent.
            ResultLostError: The code was sent, but the token was lost with the response. Send another code to get
                another token.
        """
        arguments.check_text(phone_number, "phone_number")
        body = PhoneNumber(phone_number=phone_number)
        return await self._caller.value(endpoints.SEND_CODE, body=body, options=options)

    async def verify(self, *, otc_token: str | Secret, code: str, options: Options | None = None) -> None:
        """Verify a phone number with the code that the service sent. The request is never sent twice.

        ``POST /identity/resources/users/phone-numbers/v1/verify`` (documented).

        Args:
            otc_token: The ``otc_token`` that `add` or `send_code` returned.
            code: The code in the service's text message.

        Raises:
            BadRequestError: The code or the token is wrong.
            NotFoundError: The user was deleted.
            ConflictError: Another user has taken the number.
            OutcomeUnknownError: The response was lost, so the number may or may not have been verified.
        """
        token, hidden_code = Hidden(otc_token), Hidden(code)
        del otc_token, code
        await self._caller.value(endpoints.VERIFY_OWN, body=_verification(token, hidden_code), options=options)

    async def request_removal(self, phone_id: str, *, options: Options | None = None) -> PhoneNumberCode:
        """Send a code to a phone number that is to be removed. `confirm_removal` then removes the number.

        ``DELETE /identity/resources/users/phone-numbers/v1/{id}`` (documented). The request is never sent twice.
        Frontegg's own SDKs are the only source for the fields of the response.

        Args:
            phone_id: The id of the number, 1 to 256 characters.

        Returns:
            The token for `confirm_removal`. `confirm_removal` also needs the code.

        Raises:
            NotFoundError: The user has no such number.
            OutcomeUnknownError: The response was lost, so the code may or may not have been sent.
            ResultLostError: The code was sent, but the token was lost with the response. Request the removal again to
                get another token.
        """
        arguments.check_id(phone_id, "phone_id")
        return await self._caller.value(endpoints.REQUEST_REMOVAL, path={"id": phone_id}, options=options)

    async def confirm_removal(
        self, phone_id: str, *, otc_token: str | Secret, code: str, options: Options | None = None
    ) -> None:
        """Remove a phone number. `request_removal` must have sent a code to the number.

        ``POST /identity/resources/users/phone-numbers/v1/{id}/delete/verify`` (documented). After a lost response, the
        client reads the numbers before it sends the request again.

        Args:
            phone_id: The id of the number, 1 to 256 characters.
            otc_token: The ``otc_token`` that `request_removal` returned.
            code: The code in the service's text message.

        Raises:
            BadRequestError: The code or the token is wrong.
            NotFoundError: The user has no such number.
            OutcomeUnknownError: The response was lost, so the phone number may or may not have been removed.
        """
        token, hidden_code = Hidden(otc_token), Hidden(code)
        del otc_token, code
        arguments.check_id(phone_id, "phone_id")
        body = _verification(token, hidden_code)
        path = {"id": phone_id}
        is_gone = unlisted(self._caller, endpoints.LIST_OWN, phone_id)
        await self._caller.value(endpoints.CONFIRM_REMOVAL, path=path, body=body, options=options, reconcile=is_gone)


@without_frames
def _verification(otc_token: Hidden[str | Secret], code: Hidden[str]) -> Hidden[PhoneNumberVerification]:
    arguments.check_text(reveal(otc_token.reveal()), "otc_token")
    arguments.check_text(code.reveal(), "code")
    return Hidden(PhoneNumberVerification(otc_token=reveal(otc_token.reveal()), code=code.reveal()))
