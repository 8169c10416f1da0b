"""Read and write the objects of cases."""

from __future__ import annotations

from collections.abc import Mapping

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import ObjectChanges, flattened, shown_at
from tests.managed.environment_cases import CASES, Flat


def kind_of(name: str) -> ObjectKind:
    return ENVIRONMENT[CASES[name].part]


def full(name: str) -> Flat:
    return {**CASES[name].least, **CASES[name].more}


def without_secrets(name: str, values: Flat) -> Flat:
    fields = kind_of(name).fields
    return {path: value for path, value in values.items() if fields[path.partition(".")[0]].shape is not Shape.SECRET}


def flat(name: str, found: ManagedObject) -> dict[str, JsonValue]:
    return flattened(kind_of(name).fields, found.values)


def shown(name: str, found: ManagedObject, values: Flat) -> Mapping[str, JsonValue]:
    fields = kind_of(name).fields
    return {path: shown_at(fields, found.values, path) for path in without_secrets(name, values)}


async def read(client: AsyncFrontegg, name: str) -> Objects:
    return await kind_of(name).read(client._caller)


async def create(client: AsyncFrontegg, name: str, values: Flat, key: str | None = None) -> ManagedObject:
    """Create the object of a case, or set the settings, and return it as it is read."""
    kind, key = kind_of(name), key or CASES[name].key
    changes = ObjectChanges(kind.fields, values)
    if kind.can_create:
        await kind.create(client._caller, key, changes, send_email=False)
    else:
        await kind.update(client._caller, key, "", changes)
    return (await read(client, name)).found[key]


async def update(client: AsyncFrontegg, name: str, found: ManagedObject, values: Flat) -> ManagedObject:
    kind = kind_of(name)
    await kind.update(client._caller, found.key, found.id, ObjectChanges(kind.fields, values))
    objects = await read(client, name)
    changed = objects.by_id(found.id) if found.id else objects.found[found.key]
    assert changed is not None
    return changed


async def delete(client: AsyncFrontegg, name: str, found: ManagedObject) -> None:
    await kind_of(name).delete(client._caller, found.key, found.id)
