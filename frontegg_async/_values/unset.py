"""`UNSET`, the sentinel for omitted arguments, for use where ``None`` has its own meaning."""

from __future__ import annotations

import enum
from typing import Final, Literal, TypeAlias

import attrs


class UnsetType(enum.Enum):
    """The type of `UNSET`. It is an enumeration, so that type checkers narrow on ``is UNSET``."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> Literal[False]:
        return False


Unset: TypeAlias = Literal[UnsetType.UNSET]
"""The type of `UNSET` in annotations."""

UNSET: Final = UnsetType.UNSET
"""Marks an omitted argument: the field is not sent. If a parameter also accepts ``None``, that is sent as JSON null."""


def was_sent(body: attrs.AttrsInstance, field: attrs.Attribute[object]) -> bool:
    """Return whether a field of a body is sent. Fields that are `UNSET` or left at a default of ``None`` are not."""
    value: object = getattr(body, field.name)
    return value is not UNSET and not (value is None and field.default is None)
