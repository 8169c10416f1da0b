"""Find the names of parts and fields by the spellings that files may have: their own, and that of the service."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_CAMEL_CASE: Final = re.compile("[a-z]+[A-Z][A-Za-z0-9]*", re.ASCII)


def named(spelled: str, names: Collection[str]) -> str | None:
    """Return the name that is spelled in a file, also as ``isDefault`` or ``appURL``; ``None`` if there is none.

    Args:
        spelled: The name in the file.
        names: The names that are known.
    """
    if spelled in names:
        return spelled
    if not _CAMEL_CASE.fullmatch(spelled):
        return None
    return next((name for name in names if name.replace("_", "") == spelled.lower()), None)
