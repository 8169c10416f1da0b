"""What the fields of a model carry beside their type: the name on the wire and how they may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import attrs

WIRE_NAME: Final = "frontegg_async.wire_name"
"""The key in an attrs field's metadata that holds a name on the wire which is not the camel case of the field's."""

EXTRA: Final = "extra"
"""The field that keeps what a model does not know."""


def wire_name(field: attrs.Attribute[object]) -> str:
    """Return the name of a model's field on the wire."""
    given = field.metadata.get(WIRE_NAME)
    if isinstance(given, str):
        return given
    head, *tail = field.name.split("_")
    return head + "".join(word.capitalize() for word in tail)
