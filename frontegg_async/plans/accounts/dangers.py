"""Find the guards (limits for dangerous changes) that count changes of users, policies and SSO configurations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.managed.administrators import administrator_roles, loses_last_owner, takes_something
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.managed.sso_lockout import locks_out
from frontegg_async.plans.objects.changes import ObjectChange
from frontegg_async.plans.objects.readable import UNREADABLE, unreadable

_USERS: Final = ACCOUNT["users"]
_SSO: Final = ACCOUNT["sso"]
_POLICIES: Final = ACCOUNT["policies"]
_ENABLED: Final = "enabled"


@attrs.frozen(eq=False)
class Dangers:
    """The effect of the changes of an account on guards."""

    names: list[str] = attrs.Factory(list[str])
    """The guards ``last-owner`` and ``sso-lockout``, if the changes count toward their limits."""
    populations: Counter[str] = attrs.Factory(Counter[str])
    """The number of users, role assignments or SSO configurations of the account to which each guard applies, by guard.
    """
    unknown: list[tuple[ObjectChange, str]] = attrs.Factory(list[tuple[ObjectChange, str]])
    """The changes that cannot be judged, each with the reason."""


async def dangers_of(caller: Caller, changes: Sequence[ObjectChange]) -> Dangers:
    """Read the necessary data, and return the guards that count the changes of an account.

    Args:
        caller: Sends the requests for the account.
        changes: The changes of the account's objects.

    Raises:
        PaginationError: The listing of users is incomplete.
        FronteggError: A request failed.
    """
    found = Dangers()
    people = [each for each in changes if each.kind is _USERS]
    if taking := [each for each in people if takes_something(each)]:
        try:
            await _add_people(caller, people, found)
        except UNREADABLE as error:
            found.unknown.extend((each, f"administrators {unreadable(error)}") for each in taking)
    configurations = [each for each in changes if each.kind is _SSO and each.shown is not None and each.is_written]
    if not configurations:
        return found
    present = await _SSO.read(caller)
    found.populations["sso-change"] = len(present.found)
    if disabling := [each for each in configurations if each.sets.get(_ENABLED) is False]:
        try:
            policies = await _POLICIES.read(caller, ["mfa"])
            if locks_out(present, configurations, policies, [each for each in changes if each.kind is _POLICIES]):
                found.names.append("sso-lockout")
        except UNREADABLE as error:
            found.unknown.extend((each, f"MFA policy {unreadable(error)}") for each in disabling)
    return found


async def _add_people(caller: Caller, people: Sequence[ObjectChange], found: Dangers) -> None:
    everybody = await _USERS.read(caller)
    found.populations["person-removal"] = len(everybody.found)
    held = [cast("list[str]", each.values["roles"]) for each in everybody.found.values()]
    found.populations["role-removal"] = sum(map(len, held))
    if loses_last_owner(everybody, people, await administrator_roles(caller)):
        found.names.append("last-owner")
