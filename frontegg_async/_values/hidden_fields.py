"""Structs whose fields are shown nowhere, as they may hold credentials or personal data."""

from __future__ import annotations

from typing import Any

import msgspec


class HiddenFields(msgspec.Struct):
    """The base of structs with a ``repr`` of their own. Tools as rich ask a struct for its fields otherwise."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return no field."""
        return []
