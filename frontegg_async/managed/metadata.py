"""The metadata of objects: a map of which files name keys, while the service takes and shows the whole value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.values import ObjectChanges

METADATA: Final = "metadata"
FIELD: Final = Field(METADATA, Shape.MAP)


def shown_metadata(metadata: JsonValue) -> tuple[Mapping[str, JsonValue], str | None]:
    """Return the keys of metadata, and why no plan writes the object; ``None`` if plans may write it.

    Args:
        metadata: The metadata as the model has them.
    """
    if metadata is None:
        return {}, None
    if isinstance(metadata, Mapping):
        return dict(sorted(metadata.items())), None
    return {}, "its metadata are no JSON object"


async def with_metadata(
    changes: ObjectChanges, plain: Mapping[str, JsonValue], read: Callable[[], Awaitable[JsonValue]] | None = None
) -> dict[str, JsonValue]:
    """Return values with the whole metadata, if some of the metadata change.

    Args:
        changes: The changes of the object.
        plain: The values to send beside the metadata.
        read: Returns the metadata as they are; ``None`` for a new object.
    """
    if not changes.members(METADATA):
        return dict(plain)
    present = None if read is None else shown_metadata(await read())[0]
    return {**plain, METADATA: changes.whole(METADATA, present)}
