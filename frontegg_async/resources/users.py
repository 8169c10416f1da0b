"""``frontegg.users``: the users of the environment and of its tenants, with the environment credential."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.user_flags import UserFlags
from frontegg_async.resources.user_links import UserLinks
from frontegg_async.resources.user_memberships import UserMemberships
from frontegg_async.resources.user_migrations import UserMigrations
from frontegg_async.resources.user_records import UserRecords
from frontegg_async.resources.user_roles import UserRoles
from frontegg_async.resources.user_sign_in import UserSignIn


# The commands of the command line have the order of the bases, from the last to the first.
class AsyncUsers(UserLinks, UserFlags, UserMigrations, UserSignIn, UserRoles, UserMemberships, UserRecords):
    """The users of the environment. A user is one person, who may belong to many tenants."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
