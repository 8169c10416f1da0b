"""Read the objects of a part that the credential may read, with the reasons for unreadable objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.errors import APIError, NotFoundError, PermissionDeniedError
from frontegg_async.managed.kinds import ObjectKind, Objects, by_key

UNREADABLE: Final = (PermissionDeniedError, NotFoundError)
"""The errors of reads that the credential may not make, or whose endpoint the service does not have."""
WHOLE: Final = ""
"""The key that stands for all keys of a part."""


def unreadable(error: APIError) -> str:
    """Return the text of a note about an unreadable part.

    Args:
        error: An error of a class in `UNREADABLE`.
    """
    return f"not readable ({error.status})"


async def read_objects(
    kind: ObjectKind, caller: Caller, keys: Collection[str] | None = None
) -> tuple[Objects, Mapping[str, str]]:
    """Return the objects of a part, and the reasons for unreadable objects, by key or by `WHOLE`.

    Settings have an endpoint for each key, so some settings may be readable and others not.

    Args:
        kind: The kind of the objects.
        caller: Sends the requests. For objects of an account, a caller for this account.
        keys: The needed keys; ``None`` for all.

    Raises:
        PaginationError: The listing is incomplete.
        FronteggError: A request failed for a reason that is not in `UNREADABLE`.
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
