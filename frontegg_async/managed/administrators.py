"""Decide whether a plan removes the last administrator of an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import roles as endpoints
from frontegg_async.managed.kinds import ManagedObject, Objects
from frontegg_async.managed.object_write import ObjectWrite
from frontegg_async.resources.permissions import AsyncPermissions

OF_OWNER: Final = "Admin"
"""The key of the role that ``onboard`` assigns to the owner of an account by default."""
WIDE_PERMISSIONS: Final = ("fe.*", "fe.secure.*")
"""The permissions that make a role an administrator role."""
_ROLES: Final = "roles"
_PREFIX: Final = f"{_ROLES}."


async def administrator_roles(caller: Caller) -> frozenset[str]:
    """Return the keys of the administrator roles, with one request and one listing.

    These roles are ``Admin``, and each role of the environment or the account with the permission ``fe.*`` or
    ``fe.secure.*``.

    Args:
        caller: Sends the requests for the account.

    Raises:
        PaginationError: The listing of permissions is incomplete.
        FronteggError: A request failed.
    """
    roles = [each for each in await caller.value(endpoints.LIST_V1) if each.tenant_id in (None, caller.tenant_id)]
    permissions = await AsyncPermissions(caller).list().all()
    wide = {each.id for each in permissions if each.key in WIDE_PERMISSIONS}
    return frozenset({OF_OWNER, *(role.key for role in roles if not wide.isdisjoint(role.permissions))})


def loses_last_owner(people: Objects, changes: Iterable[ObjectWrite], roles: Collection[str]) -> bool:
    """Return whether changes remove the last administrator of an account.

    An administrator is an active user with an administrator role. A user is not active if the user has not accepted an
    invitation, is locked, or may not enter the account. Users whom the changes invite are not active either. Users who
    share an e-mail address are not managed and do not count.

    Args:
        people: All users of the account before the changes.
        changes: The changes of users.
        roles: The keys of the administrator roles, from `administrator_roles`.
    """
    active = [each for each in people.found.values() if each.is_active]
    changed = {each.key: each for each in changes}
    had_one = any(not _roles_after(each, None).isdisjoint(roles) for each in active)
    return had_one and all(_roles_after(each, changed.get(each.key)).isdisjoint(roles) for each in active)


def takes_something(written: ObjectWrite) -> bool:
    """Return whether a write removes a user, or unassigns a role.

    Args:
        written: The write of the user.
    """
    return written.is_deleted or any(value is False for value in written.sets.values())


def _roles_after(person: ManagedObject, change: ObjectWrite | None) -> frozenset[str]:
    """Return the roles of a user after a change."""
    roles = {*cast("list[str]", person.values[_ROLES])}
    if change is None:
        return frozenset(roles)
    if change.is_deleted:
        return frozenset()
    for name, is_held in change.sets.items():
        if name.startswith(_PREFIX):
            role = name.removeprefix(_PREFIX)
            roles = roles | {role} if is_held else roles - {role}
    return frozenset(roles)
