"""The metadata of objects. Files name single keys, but the service reads and writes the whole value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.values import ObjectChanges

METADATA: Final = "metadata"
FIELD: Final = Field(METADATA, Shape.MAP)


def shown_metadata(metadata: JsonValue) -> tuple[Mapping[str, JsonValue], str | None]:
    """Return the metadata, and why plans must not write the object; ``None`` if plans may write it.

    Args:
        metadata: The metadata of the model.
    """
    if metadata is None:
        return {}, None
    if isinstance(metadata, Mapping):
        return dict(sorted(metadata.items())), None
    return {}, "its metadata are no JSON object"


async def with_metadata(
    changes: ObjectChanges, plain: Mapping[str, JsonValue], read: Callable[[], Awaitable[JsonValue]] | None = None
) -> dict[str, JsonValue]:
    """Return values to send, with the whole metadata if a key of the metadata changes.

    Args:
        changes: The changes of the object.
        plain: The other values to send.
        read: Returns the present metadata; ``None`` for a new object.
    """
    if not changes.members(METADATA):
        return dict(plain)
    present = None if read is None else shown_metadata(await read())[0]
    return {**plain, METADATA: changes.whole(METADATA, present)}
