"""``user.profile``: the profile of the signed-in user."""

from __future__ import annotations

from collections.abc import Mapping

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import me as endpoints
from frontegg_async.endpoints.passwords import CHANGE
from frontegg_async.models.own_profile import UserAuthorization
from frontegg_async.models.passwords import PasswordChange
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.own_emails import AsyncOwnEmails
from frontegg_async.resources.of_tenant.own_phone_numbers import AsyncOwnPhoneNumbers
from frontegg_async.resources.of_tenant.own_username import AsyncOwnUsername
from frontegg_async.resources.support.invited_users import changed_fields
from frontegg_async.resources.support.read_back import ReadBack, shows
from frontegg_async.resources.support.writes import write


class AsyncOwnProfile:
    """The profile of the signed-in user.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller", "emails", "phone_numbers", "username")

    emails: AsyncOwnEmails
    """The e-mail addresses of the user."""

    phone_numbers: AsyncOwnPhoneNumbers
    """The phone numbers of the user."""

    username: AsyncOwnUsername
    """The name with which the user may sign in."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.emails = AsyncOwnEmails(caller)
        self.phone_numbers = AsyncOwnPhoneNumbers(caller)
        self.username = AsyncOwnUsername(caller)

    async def get(self, *, options: Options | None = None) -> User:
        """Get the user, with the user's roles and permissions in the tenant of the token.

        ``GET /identity/resources/users/v2/me`` (documented).

        Returns:
            The user.
        """
        return await self._caller.value(endpoints.PROFILE, options=options)

    async def update(
        self,
        *,
        name: str | Unset = UNSET,
        phone_number: str | Unset = UNSET,
        profile_picture_url: str | None | Unset = UNSET,
        metadata: Mapping[str, JsonValue] | Unset = UNSET,
        options: Options | None = None,
    ) -> User:
        """Change fields of the user's profile. If two programs write a field, the last value stays.

        ``PUT /identity/resources/users/v2/me`` (documented).

        Args:
            name: The name.
            phone_number: The phone number, such as ``+49301234567``.
            profile_picture_url: The address of a picture, at most 4,095 characters; ``None`` clears it.
            metadata: The new metadata, which replaces all current metadata.

        Returns:
            The user after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            BadRequestError: The service refused a field, for example a phone number without a country.
            NotFoundError: The user was deleted.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = changed_fields(name, phone_number, profile_picture_url, metadata)
        reconcile = ReadBack(
            self._caller, endpoints.PROFILE, lambda found: found if shows(found, body) else None, is_of_the_object=True
        )
        return await write(self._caller, endpoints.UPDATE_PROFILE, body=body, options=options, reconcile=reconcile)

    async def get_authorization(self, *, options: Options | None = None) -> UserAuthorization:
        """Get the roles and permissions of the user in the tenant of the token.

        ``GET /identity/resources/users/v1/me/authorization`` (documented).

        Returns:
            The current roles and permissions. The roles and permissions in the token are those of the time when the
            token was issued.
        """
        return await self._caller.value(endpoints.AUTHORIZATION, options=options)

    async def change_password(
        self, *, current_password: str | Secret, new_password: str | Secret, options: Options | None = None
    ) -> None:
        """Change the user's password. The request is never sent twice.

        ``POST /identity/resources/users/v1/passwords/change`` (documented).

        Args:
            current_password: The current password.
            new_password: The new password.

        Raises:
            BadRequestError: The current password is wrong, or the new password is not allowed. The error codes are
                assumed.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        current_password, new_password = hide(current_password), hide(new_password)
        arguments.check_text(reveal(current_password), "current_password")
        arguments.check_text(reveal(new_password), "new_password")
        body = Hidden(PasswordChange(password=reveal(current_password), new_password=reveal(new_password)))
        await self._caller.value(CHANGE, body=body, options=options)
