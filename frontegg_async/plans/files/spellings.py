"""Find the known name for a name in a file. The file may use the spelling of the API, such as ``isDefault``."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_CAMEL_CASE: Final = re.compile("[a-z]+[A-Z][A-Za-z0-9]*", re.ASCII)


def named(spelled: str, names: Collection[str]) -> str | None:
    """Return the known name for a spelling such as ``isDefault`` or ``appURL``; ``None`` for an unknown name.

    Args:
        spelled: The name in the file.
        names: The known names.
    """
    if spelled in names:
        return spelled
    if not _CAMEL_CASE.fullmatch(spelled):
        return None
    return next((name for name in names if name.replace("_", "") == spelled.lower()), None)
