"""`UNSET`, the default of arguments for which ``None`` has another meaning than an omitted argument."""

from __future__ import annotations

import enum
from typing import Final, Literal, TypeAlias

import attrs


class UnsetType(enum.Enum):
    """The type of `UNSET`. The type is an enumeration, so that type checkers understand ``is UNSET``."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> Literal[False]:
        return False


Unset: TypeAlias = Literal[UnsetType.UNSET]
"""The type of `UNSET` in annotations."""

UNSET: Final = UnsetType.UNSET
"""The value of an omitted argument: the field is not sent.

If a parameter also accepts ``None``, ``None`` is sent as null.
"""


def was_sent(body: attrs.AttrsInstance, field: attrs.Attribute[object]) -> bool:
    """Return whether a field of a body is sent.

    A field is not sent if it is `UNSET`, or if it is ``None`` by default.
    """
    value: object = getattr(body, field.name)
    return value is not UNSET and not (value is None and field.default is None)
