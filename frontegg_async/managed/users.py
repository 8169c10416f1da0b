"""Managed users of accounts, with their e-mail addresses in lower case as keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint, roles
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import (
    ConflictError,
    ErrorDetails,
    GuardShutError,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
)
from frontegg_async.managed.administrators import administrator_roles, loses_last_owner, takes_something
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.object_write import ObjectWrite
from frontegg_async.managed.values import ObjectChanges
from frontegg_async.models.model import Model
from frontegg_async.models.users import User
from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
from frontegg_async.resources.support.created_by_name import ids_by_name
from frontegg_async.resources.support.read_back import agrees, says_absent
from frontegg_async.resources.support.user_listing import give_roles
from frontegg_async.resources.users import AsyncUsers

_NAME: Final = "name"
_ROLES: Final = "roles"
_MANAGED_BY: Final = "managed_by"

_FEW: Final = 5
"""The maximum number of users that are read one by one. For more users, a listing takes fewer requests."""

_REASONS: Final[Mapping[str | None, str]] = {
    "scim2": "SCIM manages it",
    "external": "an external directory manages it",
}


class Users(ObjectKind):
    """The users of an account. The key of a user without an e-mail address is empty, so no file can name this user.

    A user has the same name in all accounts. A new user gets the name in the file. A user who is already in other
    accounts must already have this name. An invitation does not change names, and a plan must not replace a name that
    it does not show.
    """

    part: ClassVar[str] = "users"
    noun: ClassVar[str] = "person"
    model: ClassVar[type[Model]] = User
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.INVITE,
        endpoints.UPDATE,
        endpoints.ASSIGN_ROLES,
        endpoints.UNASSIGN_ROLES,
        endpoints.REMOVE,
    )
    of_account: ClassVar[bool] = True
    can_be_absent: ClassVar[bool] = True
    shared_fields: ClassVar[frozenset[str]] = frozenset({_NAME})
    sends_emails: ClassVar[bool] = True
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {_MANAGED_BY}
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field(_NAME, check=arguments.check_text),
        Field(_ROLES, Shape.MEMBERS, refers_to="roles"),
    )

    def normal_key(self, key: str) -> str:
        """Return an e-mail address in lower case."""
        return folded(key)

    def key_problem(self, key: str) -> str | None:
        """Return why a text cannot be an e-mail address."""
        try:
            arguments.check_email(key, "the key")
        except InvalidArgumentError as error:
            return error.message
        return None

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the users with their roles in the account. A few users are read by their e-mail addresses."""
        users = AsyncOwnUsers(caller)
        if keys is None or len(wanted := {*keys}) > _FEW:
            found: Sequence[User] = await users.list(with_roles=True).all()
        else:
            # The filter of the service may also find addresses that only contain the given address.
            some = chain.from_iterable(await gather(lambda key: users.list(email=key).all(), sorted(wanted)))
            found = await give_roles(caller, [each for each in some if folded(each.email or "") in wanted])
        return by_key([_object(each, caller.tenant_id) for each in found])

    async def check_danger(self, caller: Caller, written: ObjectWrite) -> None:
        """Refuse to remove the last administrator of an account."""
        if not takes_something(written):
            return
        if loses_last_owner(await self.read(caller), [written], await administrator_roles(caller)):
            message = f"without {written.key} the account would have no administrator, and the plan does not allow that"
            raise GuardShutError(message, ErrorDetails(reason="last-owner", outcome=Outcome.NOT_SENT))

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Invite a user with a name and roles.

        Raises:
            ConflictError: The user is in other accounts with another name, or a directory manages the user; no user was
                invited.
        """
        name = cast("str | None", values.plain().get(_NAME))
        await _check_elsewhere(caller, key, name)
        await AsyncOwnUsers(caller).invite(
            email=key, name=name, role_ids=await _role_ids(caller, values.added(_ROLES)), send_email=send_email
        )

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change the name of a user, and assign and unassign roles in the account.

        Changes that an earlier run made are left out.
        """
        people = AsyncOwnUsers(caller)
        name = cast("str | None", changes.plain().get(_NAME))
        added, removed = changes.added(_ROLES), changes.removed(_ROLES)
        if sum(map(bool, (name, added, removed))) > 1:
            found = (await self.read(caller, [key])).by_id(object_id)
            present: Mapping[str, JsonValue] = {} if found is None else found.values
            roles = cast("list[str]", present.get(_ROLES, []))
            name = None if agrees(name, present.get(_NAME)) else name
            added = [each for each in added if each not in roles]
            removed = [each for each in removed if each in roles]
        if name is not None:
            await AsyncUsers(caller).update(object_id, tenant_id=caller.tenant_id, name=name)
        if added:
            await people.assign_roles(object_id, role_ids=await _role_ids(caller, added))
        if removed:
            ids = await _role_ids(caller, removed)
            await people.unassign_roles(object_id, role_ids=ids, warn_last_owner=False)

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Remove a user from this account only."""
        del key
        # Without the id of an account, the service would delete the user in all accounts.
        account = cast("str", caller.tenant_id)
        await AsyncUsers(caller).remove_from_tenant(object_id, tenant_id=account, warn_last_owner=False)


async def _check_elsewhere(caller: Caller, email: str, name: str | None) -> None:
    """Refuse to invite a user of other accounts who has another name or is managed by a directory."""
    try:
        found = await AsyncUsers(caller).get_by_email(email)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return
    details = ErrorDetails(endpoint=endpoints.INVITE.name, outcome=Outcome.REFUSED)
    if reason := _REASONS.get(found.managed_by):
        raise ConflictError(f"the person is in other accounts, and {reason}: nobody was invited", details)
    if name is not None and not agrees(name, found.name):
        reason = f"the person is in other accounts with the name {found.name!r}, which an invitation does not change"
        raise ConflictError(f"{reason}: give this name, or no name", details)


async def _role_ids(caller: Caller, keys: Sequence[str]) -> Sequence[str] | None:
    """Return the ids of roles of the environment or the account; ``None`` without keys."""
    if not keys:
        return None
    found = [each for each in await caller.value(roles.LIST_V1) if each.tenant_id in (None, caller.tenant_id)]
    of_both = {key for key, count in Counter(each.key for each in found).items() if count > 1}
    for key in keys:
        if key in of_both:
            raise InvalidArgumentError(f"the environment and the account both have a role {key!r}: rename one of them")
    return ids_by_name(found, keys, kind="role", of=lambda each: (each.id, each.key))


def _object(user: User, tenant_id: str | None) -> ManagedObject:
    keys: JsonValue = sorted({each.key for each in user.roles or ()})
    reason = _REASONS.get(user.managed_by)
    is_kept_out = user.is_locked or any(each.is_disabled for each in user.tenants if each.tenant_id == tenant_id)
    return ManagedObject(
        folded(user.email or ""),
        user.id,
        {_NAME: user.name, _ROLES: keys},
        reason_to_stay=reason,
        read_only={} if reason is None else {_MANAGED_BY: user.managed_by},
        is_active=not is_kept_out and user.activated_for_tenant is not False,
    )
