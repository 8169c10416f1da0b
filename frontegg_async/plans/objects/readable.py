"""Read the objects of a part as far as the credential may, and say what cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.errors import APIError, NotFoundError, PermissionDeniedError
from frontegg_async.managed.kinds import ObjectKind, Objects, by_key

UNREADABLE: Final = (PermissionDeniedError, NotFoundError)
"""The errors of what a credential may not read, and of a route that the service does not have."""
WHOLE: Final = ""
"""Stands for all keys of a part."""


def unreadable(error: APIError) -> str:
    """Return the text of a note about what cannot be read.

    Args:
        error: One of `UNREADABLE`.
    """
    return f"not readable ({error.status})"


async def read_objects(
    kind: ObjectKind, caller: Caller, keys: Collection[str] | None = None
) -> tuple[Objects, Mapping[str, str]]:
    """Return the objects of a part, and why others cannot be read, by their keys or by `WHOLE`.

    Settings have a route for each key, so that some of them may be readable.

    Args:
        kind: The kind of the objects.
        caller: Makes the requests; of the account, if the objects are those of an account.
        keys: The keys that are needed; ``None`` for all.

    Raises:
        PaginationError: The objects could not be read completely.
        FronteggError: A request failed, and not because something cannot be read.
    """
    reasons: dict[str, str] = {}

    async def read(key: str) -> Objects:
        try:
            return await kind.read(caller, keys if key == WHOLE else [key])
        except UNREADABLE as error:
            reasons[key] = unreadable(error)
            return Objects({})

    if kind.can_create:
        return await read(WHOLE), reasons
    found = await gather(read, [key for key in kind.keys if keys is None or key in keys])
    return by_key([each for objects in found for each in objects.found.values()]), reasons
