"""``frontegg.users``: the users of the environment and of its tenants, with the environment credential."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.user_creation import UserCreation
from frontegg_async.resources.user_emails import AsyncUsersEmails
from frontegg_async.resources.user_flags import UserFlags
from frontegg_async.resources.user_links import UserLinks
from frontegg_async.resources.user_memberships import UserMemberships
from frontegg_async.resources.user_migrations import UserMigrations
from frontegg_async.resources.user_passwords import AsyncUsersPasswords
from frontegg_async.resources.user_phone_numbers import AsyncUsersPhoneNumbers
from frontegg_async.resources.user_records import UserRecords
from frontegg_async.resources.user_roles import UserRoles
from frontegg_async.resources.user_sign_in import UserSignIn
from frontegg_async.resources.user_usernames import AsyncUsersUsernames


# The commands of the command line have the order of these bases, from the last to the first.
class AsyncUsers(
    UserCreation, UserLinks, UserFlags, UserMigrations, UserSignIn, UserRoles, UserMemberships, UserRecords
):
    """The users of the environment. A user is one person, who may belong to many tenants.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller", "emails", "passwords", "phone_numbers", "usernames")

    emails: AsyncUsersEmails
    """The e-mail addresses of users."""

    passwords: AsyncUsersPasswords
    """Passwords of users: reset, check, and the rules for passwords."""

    phone_numbers: AsyncUsersPhoneNumbers
    """The phone numbers of users."""

    usernames: AsyncUsersUsernames
    """The user names of users."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.emails = AsyncUsersEmails(caller)
        self.passwords = AsyncUsersPasswords(caller)
        self.phone_numbers = AsyncUsersPhoneNumbers(caller)
        self.usernames = AsyncUsersUsernames(caller)
