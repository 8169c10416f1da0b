"""Read the objects of a part that the credential may read, and collect the reasons for other objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.errors import APIError, NotFoundError, PermissionDeniedError
from frontegg_async.managed.kinds import ObjectKind, Objects, by_key

UNREADABLE: Final = (PermissionDeniedError, NotFoundError)
"""The errors of read requests that the credential may not send, or whose endpoint the service does not have."""
WHOLE: Final = ""
"""The key that represents all keys of a part, such as ``roles``."""


def unreadable(error: APIError) -> str:
    """Return the text of a note about an unreadable part.

    Args:
        error: An error of a class in `UNREADABLE`.
    """
    return f"not readable ({error.status})"


async def read_objects(
    kind: ObjectKind, caller: Caller, keys: Collection[str] | None = None
) -> tuple[Objects, Mapping[str, str]]:
    """Return the objects of a part, such as ``roles``. Also return why objects cannot be read, by key or by `WHOLE`.

    Settings have one endpoint for each key. So the credential may be able to read only some settings.

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
