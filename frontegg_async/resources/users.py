"""``frontegg.users``: the users of the environment and of its tenants, with the environment credential."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.user_emails import AsyncUsersEmails
from frontegg_async.resources.user_flags import UserFlags
from frontegg_async.resources.user_links import UserLinks
from frontegg_async.resources.user_memberships import UserMemberships
from frontegg_async.resources.user_migrations import UserMigrations
from frontegg_async.resources.user_phone_numbers import AsyncUsersPhoneNumbers
from frontegg_async.resources.user_records import UserRecords
from frontegg_async.resources.user_roles import UserRoles
from frontegg_async.resources.user_sign_in import UserSignIn
from frontegg_async.resources.user_usernames import AsyncUsersUsernames


# The commands of the command line have the order of the bases, from the last to the first.
class AsyncUsers(UserLinks, UserFlags, UserMigrations, UserSignIn, UserRoles, UserMemberships, UserRecords):
    """The users of the environment. A user is one person, who may belong to many tenants."""

    __slots__ = ("_caller", "emails", "phone_numbers", "usernames")

    emails: AsyncUsersEmails
    """The e-mail addresses of users."""

    phone_numbers: AsyncUsersPhoneNumbers
    """The phone numbers of users."""

    usernames: AsyncUsersUsernames
    """The user names of users."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.emails = AsyncUsersEmails(caller)
        self.phone_numbers = AsyncUsersPhoneNumbers(caller)
        self.usernames = AsyncUsersUsernames(caller)
