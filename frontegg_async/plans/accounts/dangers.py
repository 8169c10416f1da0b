"""The guards that changes of people, policies and SSO configurations of an account count for."""

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
    """The guards ``last-owner`` and ``sso-lockout``, if the changes count for them."""
    populations: Counter[str] = attrs.Factory(Counter[str])
    """The numbers of people, of roles of people, and of SSO configurations of the account, by the names of guards."""
    unknown: list[tuple[ObjectChange, str]] = attrs.Factory(list[tuple[ObjectChange, str]])
    """The changes of which it cannot be known whether they count, and why."""


async def dangers_of(caller: Caller, changes: Sequence[ObjectChange]) -> Dangers:
    """Return which guards the changes of an account count for. It reads what they depend on.

    Args:
        caller: Makes the requests; of the account.
        changes: The changes of its objects.

    Raises:
        PaginationError: The people could not be read completely.
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
