"""``user.profile.emails``: the e-mail addresses of the signed-in user."""

from __future__ import annotations

from collections.abc import Callable

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.secret import Hidden
from frontegg_async.endpoints import user_emails as endpoints
from frontegg_async.models.user_emails import EmailVerification, UserEmailAddress
from frontegg_async.models.users import UserEmail
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import Confirmed, unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write


class AsyncOwnEmails:
    """The e-mail addresses of the user. One address is primary. The service sends a code to a new address.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[UserEmailAddress]:
        """List the user's e-mail addresses.

        ``GET /identity/resources/users/emails/v1/me`` (documented).

        Returns:
            A listing of the addresses. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return whole_listing(self._caller, endpoints.LIST_OWN, UserEmailAddress, same, options=options)

    async def add(self, *, email: str, options: Options | None = None) -> UserEmailAddress:
        """Add an e-mail address. The service sends a code to the address; `verify` needs this code.

        ``POST /identity/resources/users/emails/v1`` (documented). After a lost response, the client reads the
        addresses before it sends the request again.

        Args:
            email: The address, at most 256 characters.

        Returns:
            The address with its id.

        Raises:
            BadRequestError: The service refused the address.
            NotFoundError: The user was deleted.
            ConflictError: A user already has the address.
            OutcomeUnknownError: The response was lost, so the address may or may not have been added. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_email(email, "email")
        body = UserEmail(email=email)
        reconcile = Created(
            self._caller,
            endpoints.LIST_OWN,
            body,
            lambda rows: [each for each in rows if _is(each, email)],
            lambda found: found,
            lambda found: found.id,
        )
        return await write(self._caller, endpoints.ADD_OWN, body=body, options=options, reconcile=reconcile)

    async def verify(self, *, email: str, code: str, options: Options | None = None) -> None:
        """Verify an added e-mail address with the code that the service sent to this address.

        ``POST /identity/resources/users/emails/v1/verify`` (documented). After a lost response, the client reads the
        addresses before it sends the request again.

        Args:
            email: The address, at most 256 characters.
            code: The code in the service's e-mail.

        Raises:
            BadRequestError: The code is wrong.
            NotFoundError: The user does not have the address.
            OutcomeUnknownError: The response was lost, so the address may or may not have been verified.
        """
        hidden = Hidden(code)
        del code
        body = _verification(email, hidden)
        is_verified = self._shown(email, lambda found: found.verified is True)
        await self._caller.value(endpoints.VERIFY_OWN, body=body, options=options, reconcile=is_verified)

    async def remove(self, email_id: str, *, options: Options | None = None) -> None:
        """Remove an e-mail address. The primary address cannot be removed: make another address primary first.

        ``DELETE /identity/resources/users/emails/v1/{emailId}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            email_id: The id of the address, 1 to 256 characters.

        Raises:
            BadRequestError: The address is the primary one.
            NotFoundError: The user has no such address.
            OutcomeUnknownError: The response was lost, so the address may or may not have been removed.
        """
        arguments.check_id(email_id, "email_id")
        is_gone = unlisted(self._caller, endpoints.LIST_OWN, email_id)
        await self._caller.value(endpoints.REMOVE_OWN, path={"email_id": email_id}, options=options, reconcile=is_gone)

    async def set_primary(self, *, email: str, options: Options | None = None) -> None:
        """Make one of the user's e-mail addresses the primary one.

        ``POST /identity/resources/users/emails/v1/me/primary`` (documented).

        Args:
            email: One of the user's addresses, at most 256 characters.

        Raises:
            BadRequestError: The service refused the address, for example because it is not verified.
            NotFoundError: The user does not have the address.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_email(email, "email")
        is_primary = self._shown(email, lambda found: found.is_primary is True)
        body = UserEmail(email=email)
        await self._caller.value(endpoints.SET_OWN_PRIMARY, body=body, options=options, reconcile=is_primary)

    async def change(self, *, email: str, options: Options | None = None) -> None:
        """Make the service send a code to a new primary e-mail address. The request is never sent twice.

        ``POST /identity/resources/users/v1/email/me`` (documented). The primary address changes when you call
        `confirm_change` with the code.

        Args:
            email: The new address, at most 256 characters.

        Raises:
            BadRequestError: The service refused the address.
            NotFoundError: The user was deleted.
            ConflictError: Another user has the address.
            OutcomeUnknownError: The response was lost, so the code may or may not have been sent.
        """
        arguments.check_email(email, "email")
        await self._caller.value(endpoints.CHANGE_OWN, body=UserEmail(email=email), options=options)

    async def confirm_change(self, *, email: str, code: str, options: Options | None = None) -> None:
        """Replace the primary e-mail address. `change` must have sent a code to the new address.

        ``POST /identity/resources/users/v1/email/me/verify`` (documented). After a lost response, the client reads the
        addresses before it sends the request again.

        Args:
            email: The new address, at most 256 characters.
            code: The code in the service's e-mail.

        Raises:
            BadRequestError: The code is wrong.
            NotFoundError: The user was deleted.
            ConflictError: Another user has taken the address.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        hidden = Hidden(code)
        del code
        body = _verification(email, hidden)
        is_primary = self._shown(email, lambda found: found.is_primary is True)
        await self._caller.value(endpoints.CONFIRM_OWN_CHANGE, body=body, options=options, reconcile=is_primary)

    def _shown(self, email: str, holds: Callable[[UserEmailAddress], bool]) -> Confirmed[tuple[UserEmailAddress, ...]]:
        """Return a check that reads whether an address of the user is in the requested state."""
        return Confirmed(
            self._caller, endpoints.LIST_OWN, lambda rows: any(_is(each, email) and holds(each) for each in rows)
        )


def _is(found: UserEmailAddress, email: str) -> bool:
    return folded(found.email or "") == folded(email)


@without_frames
def _verification(email: str, code: Hidden[str]) -> Hidden[EmailVerification]:
    arguments.check_email(email, "email")
    arguments.check_text(code.reveal(), "code")
    return Hidden(EmailVerification(code=code.reveal(), email=email))
