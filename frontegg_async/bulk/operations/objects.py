"""The operations of mixed jobs that create, change and delete managed objects."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.expectations import is_done
from frontegg_async.bulk.ledger import Before
from frontegg_async.bulk.operation import Column, Operation, Shown
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import FronteggError, InvalidArgumentError, NotFoundError
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects
from frontegg_async.managed.registry import KINDS
from frontegg_async.managed.secrets import with_secrets
from frontegg_async.managed.values import ObjectChanges, shown_at
from frontegg_async.resources.support.read_back import says_absent

TARGET: Final = "target"
"""The name of the column with the account of an object. For an object of the environment, the column contains the kind
and the key of the object.
"""
PART: Final = "part"
OBJECT: Final = "object"
VALUES: Final = "values"
ID: Final = "id"
SEND_EMAIL: Final = "send_email"
MAY_LOCK_OUT: Final = "may_lock_out"
"""The name of the column that allows a dangerous row. Such a row may remove the last administrator, SSO, or an assigned
plan.
"""
_CREATE: Final = "create_object"

_NOTHING: Final = Objects({})

_Group: TypeAlias = tuple[str, str]
"""The part (the kind of objects, such as ``roles``) and the account. The account is empty for objects of the
environment.
"""


def _check_part(value: object, argument: str) -> None:
    if value not in KINDS:
        raise InvalidArgumentError(f"{argument} must be one of {', '.join(KINDS)}")


def _check_values(value: object, argument: str) -> None:
    arguments.check_mapping(value, argument)
    arguments.check_json(value, argument)


def _check_flag(value: object, argument: str) -> None:
    check_flag(value, argument, InvalidArgumentError)


def _kind(item: Item) -> ObjectKind:
    return KINDS[str(item.values[PART])]


def _caller(caller: Caller, item: Item) -> Caller:
    return caller.for_tenant(item.key) if _kind(item).of_account else caller


def _key(item: Item) -> str:
    return _kind(item).normal_key(str(item.values[OBJECT]))


def _given(item: Item) -> Mapping[str, JsonValue]:
    return cast("Mapping[str, JsonValue]", item.values.get(VALUES) or {})


async def _write(item: Item, write: Callable[[ObjectChanges], Awaitable[None]]) -> None:
    """Write the values of a row. If the service quotes a secret in an error, replace the secret in the message."""
    fields, given = _kind(item).fields_of(_key(item)), _given(item)
    values = await run_in_thread(with_secrets, fields, given)
    try:
        await write(ObjectChanges(fields, values))
    except FronteggError as error:
        secrets = [cast("str", value) for name, value in values.items() if value is not given[name]]
        if not any(secret in error.message for secret in secrets):
            raise
        message = functools.reduce(lambda text, secret: text.replace(secret, "[secret]"), secrets, error.message)
        failure = error.fresh(message=message)
    else:
        return
    raise failure


@attrs.frozen(eq=False)
class _Written:
    """The values that a row writes to an object."""

    key: str
    sets: Mapping[str, JsonValue]
    is_deleted: bool
    object_id: str
    creation: Mapping[str, JsonValue] = attrs.Factory(dict[str, JsonValue])


async def _check_danger(caller: Caller, item: Item) -> None:
    """Refuse a row that became dangerous after the plan was made, for example because another row failed."""
    if item.values.get(MAY_LOCK_OUT) is not True:
        object_id = str(item.values.get(ID) or "")
        written = _Written(_key(item), _given(item), is_deleted=item.operation == "delete_object", object_id=object_id)
        await _kind(item).check_danger(_caller(caller, item), written)


async def _create(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    send_email = item.values.get(SEND_EMAIL) is True
    create = functools.partial(_kind(item).create, _caller(caller, item), _key(item), send_email=send_email)
    await _write(item, create)


async def _update(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    own = _caller(caller, item)
    object_id = item.values.get(ID)
    if object_id is None and not _kind(item).can_create:
        object_id = ""
    if object_id is None:
        found = _find(await _kind(item).read(own, [_key(item)]), item)
        if found is None:
            raise InvalidArgumentError(f"there is no {_kind(item).noun} {item.values[OBJECT]!r}")
        object_id = found.id
    await _check_danger(caller, item)
    await _write(item, functools.partial(_kind(item).update, own, _key(item), str(object_id)))


async def _delete(caller: Caller, items: Sequence[Item]) -> None:
    [item] = items
    await _check_danger(caller, item)
    await _kind(item).delete(_caller(caller, item), _key(item), str(item.values[ID]))


def _find(objects: Objects, item: Item) -> ManagedObject | None:
    """Return the object of a row; ``None`` if the object no longer exists, or another object has its key."""
    object_id = item.values.get(ID)
    if object_id is not None:
        return objects.by_id(str(object_id))
    # If several objects have this key, return an object without values, which matches no expectation.
    return ManagedObject(_key(item), "", {}) if _key(item) in objects.repeated else objects.found.get(_key(item))


async def _read_objects(caller: Caller, items: Sequence[Item], *, by_key: bool = False) -> list[ManagedObject | None]:
    """Return the object of each row; ``None`` if the object or its account no longer exists.

    With ``by_key``, return another object with the same key if the object of the row no longer exists.
    """
    groups: defaultdict[_Group, list[Item]] = defaultdict(list)
    for item in items:
        groups[_group(item)].append(item)

    async def read(group: _Group) -> Objects:
        rows = groups[group]
        try:
            return await _kind(rows[0]).read(_caller(caller, rows[0]), [_key(row) for row in rows])
        except NotFoundError as error:
            if not group[1] or not says_absent(error):
                raise
            return _NOTHING

    found = dict(zip(groups, await gather(read, groups), strict=True))
    shown: list[ManagedObject | None] = []
    for item in items:
        objects = found[_group(item)]
        shown.append(_find(objects, item) or (objects.found.get(_key(item)) if by_key else None))
    return shown


def _group(item: Item) -> _Group:
    return str(item.values[PART]), item.key if _kind(item).of_account else ""


def _seen(item: Item, found: ManagedObject) -> Before:
    """Return those values of an object that the row sets."""
    fields = _kind(item).fields_of(_key(item))
    seen = {name: shown_at(fields, found.values, name) for name in _without_secrets(fields, _given(item))}
    # A row that invites a user is also done if SCIM manages the user.
    return seen if item.operation == _CREATE else seen | _not_writable(found)


def _not_writable(found: ManagedObject) -> dict[str, JsonValue]:
    """If plans may no longer write the object, return a value that no row expects. SCIM may manage the object now."""
    return {} if found.reason_to_stay is None else {"reason_to_stay": found.reason_to_stay}


def _without_secrets(fields: Mapping[str, Field], values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the values without secrets. Secrets are never compared."""
    secrets = {name for name, field in fields.items() if field.shape is Shape.SECRET}
    return {name: value for name, value in values.items() if name not in secrets}


async def _read_named(caller: Caller, items: Sequence[Item]) -> list[Before]:
    found = await _read_objects(caller, items)
    return [None if each is None else _seen(item, each) for item, each in zip(items, found, strict=True)]


async def _read_whole(caller: Caller, items: Sequence[Item]) -> list[Before]:
    found = await _read_objects(caller, items, by_key=True)
    return [
        None if each is None else {**each.values, **_not_writable(each), **_other_id(item, each)}
        for item, each in zip(items, found, strict=True)
    ]


def _other_id(item: Item, found: ManagedObject) -> dict[str, JsonValue]:
    """If another object now has the key of the row, return a value that no row expects."""
    return {} if found.id == item.values[ID] else {"id": found.id}


def _after(values: Mapping[str, JsonValue]) -> Before:
    kind = KINDS[str(values[PART])]
    fields = kind.fields_of(kind.normal_key(str(values[OBJECT])))
    return _without_secrets(fields, cast("Mapping[str, JsonValue]", values.get(VALUES) or {}))


def _is_hidden(item: Item) -> bool:
    """Return whether a row sets only secrets, so that no read shows whether the row was done."""
    given = _given(item)
    return bool(given) and not _without_secrets(_kind(item).fields_of(_key(item)), given)


def _read_back(
    read: Callable[[Caller, Sequence[Item]], Awaitable[list[Before]]],
    after: Callable[[Mapping[str, JsonValue]], Before],
    *,
    is_creation: bool = False,
) -> Callable[[Caller, Sequence[Item]], Awaitable[list[Shown | FronteggError]]]:
    async def read_back(caller: Caller, items: Sequence[Item]) -> list[Shown | FronteggError]:
        try:
            found = await read(caller, items)
        except FronteggError as error:
            return [error.fresh()] * len(items)
        return [_effect(item, now) for item, now in zip(items, found, strict=True)]

    def _effect(item: Item, now: Before) -> Shown:
        if not _is_hidden(item) and is_done(now, after(item.values)):
            return Shown.DONE
        return Shown.DIFFERENT if is_creation and now is not None else Shown.NOT_DONE

    return read_back


_ENDPOINTS: Final[tuple[Endpoint[object], ...]] = tuple(
    dict.fromkeys(endpoint for kind in KINDS.values() for endpoint in kind.endpoints)
)
"""The endpoints that rows use to write."""

_COLUMNS: Final = (
    Column(TARGET, (), arguments.check_text),
    Column(PART, (), _check_part),
    Column(OBJECT, (), arguments.check_text),
    Column(ID, (), arguments.check_text),
    Column(VALUES, (), _check_values),
    Column(SEND_EMAIL, (), _check_flag, is_flag=True),
    Column(MAY_LOCK_OUT, (), _check_flag, is_flag=True),
)

CREATE_OBJECT: Final = Operation(
    name=_CREATE,
    thing="object",
    is_method=False,
    summary="Create objects of the environment or of accounts.",
    rows="``target``, ``part``, ``object``, ``values`` and ``send_email``.",
    will="would be created",
    columns=_COLUMNS,
    required=(TARGET, PART, OBJECT, VALUES),
    key=TARGET,
    endpoint=_ENDPOINTS[0],
    other_endpoints=_ENDPOINTS[1:],
    send=_create,
    read_back=_read_back(_read_named, _after, is_creation=True),
    read_before=_read_named,
    after=_after,
)
"""The operation of mixed jobs that creates an object."""

UPDATE_OBJECT: Final = Operation(
    name="update_object",
    thing="object",
    is_method=False,
    has_side_effects=True,
    summary="Change objects of the environment or of accounts.",
    rows="``target``, ``part``, ``object``, ``id`` and ``values``.",
    will="would be changed",
    columns=_COLUMNS,
    required=(TARGET, PART, OBJECT, VALUES),
    key=TARGET,
    endpoint=_ENDPOINTS[0],
    other_endpoints=_ENDPOINTS[1:],
    send=_update,
    read_back=_read_back(_read_named, _after),
    read_before=_read_named,
    after=_after,
)
"""The operation of mixed jobs that changes an object."""

DELETE_OBJECT: Final = Operation(
    name="delete_object",
    thing="object",
    is_method=False,
    summary="Delete objects of the environment, or of accounts.",
    rows="``target``, ``part``, ``object`` and ``id``.",
    will="would be deleted",
    columns=_COLUMNS,
    required=(TARGET, PART, OBJECT, ID),
    key=TARGET,
    endpoint=_ENDPOINTS[0],
    other_endpoints=_ENDPOINTS[1:],
    send=_delete,
    read_back=_read_back(_read_whole, lambda _: None),
    read_before=_read_whole,
    after=lambda _: None,
)
"""The operation of mixed jobs that deletes an object. A row expects all values of the object."""
