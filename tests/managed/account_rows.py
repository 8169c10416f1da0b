"""Rows of mixed jobs that write objects of an account."""

from __future__ import annotations

from typing import Any

from frontegg_async import AsyncFrontegg
from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.mixed import MixedRow
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.values import ObjectChanges, flattened
from tests.bulk.guarded_rows import row

ACCOUNT = "acme"
OTHER = "north"


def caller_of(client: AsyncFrontegg, tenant_id: str = ACCOUNT) -> Caller:
    """Return the caller of an account."""
    return client._caller.for_tenant(tenant_id)


def object_row(
    kind: ObjectKind, operation: str, key: str, before: dict[str, JsonValue] | None, generation: int = 0, **more: Any
) -> MixedRow:
    """Return a row that writes an object of the account."""
    return row(operation, before, generation, target=ACCOUNT, part=kind.part, object=key, **more)


async def update(
    client: AsyncFrontegg, kind: ObjectKind, key: str, values: dict[str, JsonValue], object_id: str = ""
) -> None:
    """Change an object of the account."""
    await kind.update(caller_of(client), key, object_id, ObjectChanges(kind.fields_of(key), values))


async def flat(client: AsyncFrontegg, kind: ObjectKind, key: str, tenant_id: str = ACCOUNT) -> dict[str, JsonValue]:
    """Return the values of an object as they are read, by flat names."""
    found = (await kind.read(caller_of(client, tenant_id), [key])).found[key]
    return flattened(kind.fields_of(key), found.values)


def writes(emulator: EmulatorHandle) -> list[str]:
    """Return the routes of the requests that write."""
    return [
        entry.route
        for entry in emulator.journal()
        if entry.route is not None and entry.method != "GET" and not entry.route.startswith("auth.")
    ]
