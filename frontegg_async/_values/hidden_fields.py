"""Structs whose fields are never shown, because they may hold credentials or personal data."""

from __future__ import annotations

from typing import Any

import msgspec


class HiddenFields(msgspec.Struct):
    """The base of structs with their own ``repr``: tools such as rich would show all fields otherwise."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return no fields."""
        return []

    def __repr__(self) -> str:
        return object.__repr__(self)
