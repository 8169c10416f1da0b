"""``frontegg.users.passwords``: reset and check passwords of users, and read the rules for passwords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async.endpoints import passwords as endpoints
from frontegg_async.errors import DecodeError, ErrorDetails, Outcome
from frontegg_async.models.passwords import PasswordReset, PasswordResetRequest, PasswordVerification
from frontegg_async.models.security_policies import PasswordPolicy
from frontegg_async.models.users import UserIdentifier
from frontegg_async.options import Options
from frontegg_async.resources.support.user_lookups import check_user_id


class AsyncUsersPasswords:
    """Passwords of users. No operation returns a password.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def send_reset_email(
        self, *, email: str, email_metadata: Mapping[str, JsonValue] | None = None, options: Options | None = None
    ) -> None:
        """Send a user an e-mail with a link to set a new password. The old password stays valid until then.

        ``POST /identity/resources/users/v2/passwords/reset/email`` (documented). The request is never sent twice. No
        source says what the service does for an unknown address.

        Args:
            email: The address of the user, at most 256 characters.
            email_metadata: A JSON object with values for the template of the e-mail.

        Raises:
            OutcomeUnknownError: The response was lost, so the e-mail may or may not have been sent.
        """
        arguments.check_email(email, "email")
        if email_metadata is not None:
            arguments.check_mapping(email_metadata, "email_metadata")
            arguments.check_json(email_metadata, "email_metadata")
        body = PasswordResetRequest(
            identifier=email, identifier_type=UserIdentifier.EMAIL, email_metadata=email_metadata
        )
        await self._caller.value(endpoints.SEND_RESET_EMAIL, body=body, options=options)

    async def reset(
        self, user_id: str, *, token: str | Secret, password: str | Secret, options: Options | None = None
    ) -> None:
        """Set a new password of a user with the token of a link.

        ``POST /identity/resources/users/v1/passwords/reset/verify`` (documented). The request is never sent twice.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            token: The token in the link of ``users.generate_password_reset_link`` or of an e-mail: the text after
                ``token=``, not the whole link.
            password: The new password, which must follow the rules of `get_config`.

        Raises:
            BadRequestError: The token is not valid, or the password is not allowed (assumed).
            OutcomeUnknownError: The response was lost, so the password may or may not have been set. `verify` shows
                which password is valid.
        """
        token, password = hide(token), hide(password)
        check_user_id(user_id)
        arguments.check_text(reveal(token), "token")
        arguments.check_text(reveal(password), "password")
        body = Hidden(PasswordReset(user_id=user_id, token=reveal(token), password=reveal(password)))
        await self._caller.value(endpoints.RESET, body=body, options=options)

    async def verify(self, *, email: str, password: str | Secret, options: Options | None = None) -> bool:
        """Check the e-mail address and the password of a user; nobody is signed in.

        ``POST /identity/resources/vendor-only/users/v1/passwords/verify`` (documented). The form of the response is
        assumed: its only boolean is the result. No source says whether a wrong password counts towards a lockout.

        Args:
            email: The address of the user, at most 256 characters.
            password: The password.

        Returns:
            Whether the e-mail address and the password are right.

        Raises:
            DecodeError: The response has no boolean, or several booleans.
        """
        password = hide(password)
        arguments.check_email(email, "email")
        arguments.check_text(reveal(password), "password")
        body = Hidden(PasswordVerification(email=email, password=reveal(password)))
        return _verdict(await self._caller.value(endpoints.VERIFY, body=body, options=options))

    async def get_config(self, user_id: str, *, options: Options | None = None) -> PasswordPolicy:
        """Get the rules for the password of a user: the strictest policy of the user's tenants.

        ``GET /identity/resources/users/v1/passwords/config`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The policy.

        Raises:
            NotFoundError: There is no such user.
        """
        check_user_id(user_id)
        return await self._caller.value(endpoints.GET_CONFIG, query=(("userId", user_id),), options=options)


@without_frames
def _verdict(answer: object) -> bool:
    """Return the only boolean of a response.

    Raises:
        DecodeError: The response has no boolean, or several booleans.
    """
    values = cast("dict[str, object]", answer).values() if isinstance(answer, dict) else (answer,)
    found = [each for each in values if isinstance(each, bool)]
    if len(found) != 1:
        details = ErrorDetails(endpoint=endpoints.VERIFY.name, outcome=Outcome.DONE, reason="decode")
        raise DecodeError(f"{endpoints.VERIFY.name}: the response says neither true nor false", details)
    return found[0]
