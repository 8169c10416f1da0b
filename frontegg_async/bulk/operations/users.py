"""The operations on users of tenants: invitations, memberships, and roles."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET
from frontegg_async.bulk.ledger import Before
from frontegg_async.bulk.operation import (
    Column,
    CompleteRow,
    Operation,
    Order,
    ReadBack,
    RowProblem,
    Shown,
)
from frontegg_async.bulk.operations.columns import TENANT_ID
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import roles
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import (
    ConflictError,
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.models.users import User
from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.resources.support.user_lookups import check_user_id
from frontegg_async.resources.support.writes import of_whole
from frontegg_async.resources.users import AsyncUsers

USER_ID: Final = "user_id"
EMAIL: Final = "email"
ROLE_IDS: Final = "role_ids"
ROLE_KEYS: Final = "role_keys"
SEND_EMAIL: Final = "send_email"

_Judge: TypeAlias = Callable[[Item, User | None], Shown | FronteggError]
_Seen: TypeAlias = Callable[[Item, User], Mapping[str, object]]


def _check_user(value: object, argument: str) -> None:
    if isinstance(value, str) and "@" in value:
        arguments.check_email(value, argument)
    else:
        arguments.check_id(value, argument)
        check_user_id(str(value))


def _check_names(value: object, argument: str) -> None:
    arguments.check_ids(_names(value, argument), argument, kind="key")


def _names(value: object, argument: str) -> object:
    """Return the names in a list, or in the text of a cell.

    The text is a JSON array, or has commas or semicolons between the names.

    Raises:
        InvalidArgumentError: The text is not a JSON array.
    """
    if not isinstance(value, str):
        return value
    if value.startswith("["):
        try:
            return cast("object", json.loads(value))
        except ValueError:
            raise InvalidArgumentError(f"{argument} must be names such as Admin;Viewer, or a JSON array") from None
    return [name for part in re.split("[,;]", value) if (name := part.strip())]


def _check_flag(value: object, argument: str) -> None:
    check_flag(value, argument, InvalidArgumentError)


_USER: Final = Column(USER_ID, ("userId", "user", EMAIL), _check_user)
_EMAIL: Final = Column(EMAIL, ("user",), arguments.check_email)
_ROLES: Final = (
    Column(ROLE_KEYS, ("roles", "role", "roleKeys"), _check_names),
    Column(ROLE_IDS, ("roleIds",), _check_names),
)
_SEND_EMAIL: Final = Column(SEND_EMAIL, ("sendEmail",), _check_flag, is_flag=True)


async def _complete(caller: Caller) -> CompleteRow:
    """Read all roles, and return the function that replaces keys of roles by their ids."""
    ids: defaultdict[tuple[str | None, str], list[str]] = defaultdict(list)
    for role in await caller.value(roles.LIST_V1):
        ids[role.tenant_id, role.key].append(role.id)

    def id_of(key: str, tenant_id: str) -> str:
        found: list[str] = [*ids.get((None, key), ()), *ids.get((tenant_id, key), ())]
        if len(found) == 1:
            return found[0]
        problem = f"{len(found)} roles have the key {key!r}: give role_ids" if found else f"no role has the key {key!r}"
        raise RowProblem(ROLE_KEYS, problem)

    def complete(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        keys, given = values.get(ROLE_KEYS), values.get(ROLE_IDS)
        if keys is not None and given is not None:
            raise RowProblem(ROLE_KEYS, "give either role_keys or role_ids, not both")
        rest = {name: value for name, value in values.items() if name not in {ROLE_KEYS, ROLE_IDS}}
        if given is not None:
            return {**rest, ROLE_IDS: cast("JsonValue", _names(given, ROLE_IDS))}
        if keys is None:
            return rest
        named = cast("Sequence[str]", _names(keys, ROLE_KEYS))
        return {**rest, ROLE_IDS: [id_of(key, str(values["tenant_id"])) for key in named]}

    return complete


async def _complete_roles(caller: Caller) -> CompleteRow:
    """Return the function of `_complete`, which also requires that each row has roles."""
    complete = await _complete(caller)

    def complete_roles(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        if values.get(ROLE_KEYS) is None and values.get(ROLE_IDS) is None:
            raise RowProblem(None, "give role_keys or role_ids")
        return complete(values)

    return complete_roles


async def _read_user(caller: Caller, item: Item) -> User | None:
    """Return the user of a row; ``None`` if the user does not exist."""
    given = str(item.values.get(USER_ID, item.values.get(EMAIL)))
    try:
        if "@" not in given:
            return await caller.value(endpoints.GET, path={"user_id": given})
        user = await caller.value(endpoints.GET_BY_EMAIL, query=RedactedQuery(((EMAIL, given),)))
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return None
    return user if folded(user.email or "") == folded(given) else None


async def _user_of(caller: Caller, item: Item) -> User:
    """Return the user of a row before the row is sent.

    Raises:
        NotFoundError: The user does not exist.
        FronteggError: The user cannot be read; nothing was sent.
    """
    try:
        user = await _read_user(caller, item)
    except FronteggError as error:
        failure: FronteggError = of_whole(error, Outcome.NOT_SENT)
    else:
        if user is not None:
            return user
        failure = _not_found("there is no such user")
    raise failure.fresh()


def _not_found(message: str) -> NotFoundError:
    return NotFoundError(message, ErrorDetails(outcome=Outcome.REFUSED))


async def _read_users(caller: Caller, items: Sequence[Item]) -> list[User | None]:
    async def read(item: Item) -> User | None:
        return await _read_user(caller, item)

    return await gather(read, items)


def _is_member(item: Item, user: User | None) -> bool:
    return user is not None and item.key in user.tenant_ids


def _role_ids(item: Item, user: User) -> list[str]:
    """Return the ids of the roles of a user in the tenant of a row."""
    memberships = [each for each in user.tenants if each.tenant_id == item.key]
    return sorted(role.id for each in memberships for role in each.roles or ())


def _wanted(item: Item) -> Sequence[str]:
    return cast("Sequence[str]", item.values.get(ROLE_IDS) or ())


def _read_back(judge: _Judge) -> ReadBack:
    async def read_back(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
        try:
            users = await _read_users(caller, items)
        except FronteggError as error:
            return [error.fresh()] * len(items)
        return [judge(item, user) for item, user in zip(items, users, strict=True)]

    return read_back


def _read_before(seen: _Seen) -> Callable[[Caller, Sequence[Item]], Awaitable[list[Before]]]:
    async def read_before(caller: Caller, items: Sequence[Item]) -> list[Before]:
        users = await _read_users(caller, items)
        return [
            None if user is None else cast("Before", seen(item, user)) for item, user in zip(items, users, strict=True)
        ]

    return read_before


def _roles_before(item: Item, user: User) -> Mapping[str, object]:
    """Return the roles of a row that the user has."""
    has = {*_role_ids(item, user)}
    return {ROLE_IDS: [each for each in _wanted(item) if each in has]}


def _membership_before(item: Item, user: User) -> Mapping[str, object]:
    """Return whether a user is in the tenant, and whether the user is in another tenant.

    The service deletes a user without a tenant.
    """
    return {"is_member": _is_member(item, user), "is_elsewhere": bool({*user.tenant_ids} - {item.key})}


def _refuse_absent(before: Before) -> FronteggError | None:
    return _not_found("there is no such user") if before is None else None


def _refuse_stranger(before: Before) -> FronteggError | None:
    is_member = before is not None and before["is_member"] is True
    return None if is_member else _not_found("the tenant has no such user")


def _refuse_member(before: Before) -> FronteggError | None:
    if before is None or before["is_member"] is not True:
        return None
    return ConflictError("the tenant has this user already", ErrorDetails(outcome=Outcome.REFUSED))


async def _invite(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    name = item.values.get("name")
    await AsyncOwnUsers(caller.for_tenant(item.key)).invite(
        email=str(item.values[EMAIL]),
        name=None if name is None else str(name),
        role_ids=_wanted(item) or None,
        send_email=item.values.get(SEND_EMAIL) is True,
    )


def _judge_invited(item: Item, user: User | None) -> Shown:
    if user is None or not _is_member(item, user):
        return Shown.NOT_DONE
    if isinstance(item.before, Mapping) and item.before["is_member"] is True:
        return Shown.DIFFERENT
    return Shown.DONE if {*_wanted(item)} <= {*_role_ids(item, user)} else Shown.DIFFERENT


INVITE: Final = Operation(
    name="invite",
    thing="user",
    summary="Invite users to tenants, by default 30 a minute and without e-mails.",
    details=(
        "If the user is in the tenant already, the row fails with a `ConflictError`. One request finds the ids of role "
        "keys before the first row is sent."
    ),
    rows=(
        "``tenant_id`` and ``email``; ``name``; and ``role_keys`` or ``role_ids``: a list, or a text such as "
        "``Admin;Viewer``."
    ),
    will="would be invited",
    columns=(TENANT_ID, _EMAIL, Column("name", (), arguments.check_text), *_ROLES, _SEND_EMAIL),
    required=("tenant_id", EMAIL),
    order=Order.ONCE,
    part=EMAIL,
    sends_email=True,
    rate="30/min",
    complete=_complete,
    endpoint=endpoints.INVITE,
    send=_invite,
    read_back=_read_back(_judge_invited),
    refuse=_refuse_member,
    read_before=_read_before(_membership_before),
    needs_before=True,
    conflict="the user was in the tenant before, or has other roles there",
    after=lambda _: {"is_member": True, "is_elsewhere": True},
)
"""``frontegg.bulk.invite``."""


async def _add(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    user = await _user_of(caller, item)
    if not _is_member(item, user):
        send_email = item.values.get(SEND_EMAIL) is True
        await AsyncUsers(caller).add_to_tenant(user.id, tenant_id=item.key, send_email=send_email)


ADD_TO_TENANT: Final = Operation(
    name="add_to_tenant",
    thing="user",
    summary="Add users to tenants, without e-mails by default.",
    details="Nothing is sent for a user who is in the tenant already.",
    rows="``tenant_id``, and ``user_id`` or ``email``.",
    will="would be added",
    columns=(TENANT_ID, _USER, _SEND_EMAIL),
    required=("tenant_id", USER_ID),
    order=Order.ONCE,
    part=USER_ID,
    sends_email=True,
    endpoint=endpoints.ADD_TO_TENANT,
    send=_add,
    read_back=_read_back(lambda item, user: Shown.DONE if _is_member(item, user) else Shown.NOT_DONE),
    refuse=_refuse_absent,
    read_before=_read_before(_membership_before),
    after=lambda _: {"is_member": True, "is_elsewhere": True},
)
"""``frontegg.bulk.add_to_tenant``."""


def _left(item: Item, message: str) -> Shown | FronteggError:
    """Return the outcome of a removal that the service does not show. Somebody may have undone the removal."""
    if item.before is UNSET:
        return Shown.NOT_DONE
    return OutcomeUnknownError(f"{message}; a new job repeats the row", ErrorDetails(outcome=Outcome.UNKNOWN))


def _judge_removed(item: Item, user: User | None) -> Shown | FronteggError:
    if not _is_member(item, user):
        return Shown.DONE
    return _left(item, "the user is in the tenant: the row had no effect, or somebody added the user again")


async def _remove(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    user = await _user_of(caller, item)
    if not _is_member(item, user):
        raise _not_found("the tenant has no such user")
    await AsyncOwnUsers(caller.for_tenant(item.key)).remove(user.id, warn_last_owner=False)


REMOVE_FROM_TENANT: Final = Operation(
    name="remove_from_tenant",
    thing="user",
    summary="Remove users from tenants; a user who is in no other tenant is deleted.",
    details="The job does not check whether a user is the last owner of a tenant.",
    rows="``tenant_id``, and ``user_id`` or ``email``.",
    will="would be removed",
    columns=(TENANT_ID, _USER),
    required=("tenant_id", USER_ID),
    order=Order.ONCE,
    part=USER_ID,
    is_destructive=True,
    is_lossy=True,
    endpoint=endpoints.REMOVE,
    send=_remove,
    read_back=_read_back(_judge_removed),
    refuse=_refuse_stranger,
    read_before=_read_before(_membership_before),
    needs_before=True,
    after=lambda _: {"is_member": False, "is_elsewhere": True},
)
"""``frontegg.bulk.remove_from_tenant``."""


async def _assign(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    user = await _user_of(caller, item)
    await AsyncOwnUsers(caller.for_tenant(item.key)).assign_roles(user.id, role_ids=_wanted(item))


def _judge_assigned(item: Item, user: User | None) -> Shown:
    is_done = user is not None and {*_wanted(item)} <= {*_role_ids(item, user)}
    return Shown.DONE if is_done else Shown.NOT_DONE


ASSIGN_ROLES: Final = Operation(
    name="assign_roles",
    thing="user",
    summary="Assign roles to users in tenants; the users keep their other roles.",
    details="One request finds the ids of role keys before the first row is sent.",
    rows=(
        "``tenant_id``; ``user_id`` or ``email``; and ``role_keys`` or ``role_ids``: a list, or a text such as "
        "``Admin;Viewer``."
    ),
    will="would get the roles",
    columns=(TENANT_ID, _USER, *_ROLES),
    required=("tenant_id", USER_ID),
    order=Order.ONCE,
    part=USER_ID,
    complete=_complete_roles,
    endpoint=endpoints.ASSIGN_ROLES,
    send=_assign,
    read_back=_read_back(_judge_assigned),
    refuse=_refuse_absent,
    read_before=_read_before(_roles_before),
    after=lambda values: {ROLE_IDS: values[ROLE_IDS]},
)
"""``frontegg.bulk.assign_roles``."""


async def _unassign(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    user = await _user_of(caller, item)
    own = AsyncOwnUsers(caller.for_tenant(item.key))
    await own.unassign_roles(user.id, role_ids=_wanted(item), warn_last_owner=False)


def _judge_unassigned(item: Item, user: User | None) -> Shown | FronteggError:
    is_left = user is not None and not {*_wanted(item)}.isdisjoint(_role_ids(item, user))
    if not is_left:
        return Shown.DONE
    return _left(item, "the user has roles of the row: the row had no effect, or somebody assigned the roles again")


UNASSIGN_ROLES: Final = Operation(
    name="unassign_roles",
    thing="user",
    summary="Unassign roles from users in tenants.",
    details=(
        "One request finds the ids of role keys before the first row is sent. The job does not check whether a user is "
        "the last owner of a tenant."
    ),
    rows=(
        "``tenant_id``; ``user_id`` or ``email``; and ``role_keys`` or ``role_ids``: a list, or a text such as "
        "``Admin;Viewer``."
    ),
    will="would lose the roles",
    columns=(TENANT_ID, _USER, *_ROLES),
    required=("tenant_id", USER_ID),
    order=Order.ONCE,
    part=USER_ID,
    complete=_complete_roles,
    endpoint=endpoints.UNASSIGN_ROLES,
    send=_unassign,
    read_back=_read_back(_judge_unassigned),
    refuse=_refuse_absent,
    read_before=_read_before(_roles_before),
    needs_before=True,
    after=lambda _: {ROLE_IDS: []},
)
"""``frontegg.bulk.unassign_roles``."""
