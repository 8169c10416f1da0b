"""Build HTML from elements and text. Text is escaped."""

from __future__ import annotations

import html
from typing import Final, TypeAlias

VOID: Final = frozenset({"input", "link", "meta"})
"""Elements without content and end tag."""


class Markup(str):
    """Text that is HTML."""

    __slots__ = ()


Child: TypeAlias = "str | Markup | None"


def text_of(child: Child) -> Markup:
    """Convert a child to HTML: text is escaped, ``None`` is empty."""
    if child is None:
        return Markup()
    return child if isinstance(child, Markup) else Markup(html.escape(child))


def join(*children: Child) -> Markup:
    """Concatenate children."""
    return Markup("".join(map(text_of, children)))


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Markup:
    """Return an element.

    Args:
        name: The name of the element.
        children: The content.
        attributes: The attributes: ``class_`` is ``class``, ``aria_current`` is ``aria-current``. An attribute with
            ``True`` has no value. Attributes with ``None`` and ``False`` are omitted.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{html.escape(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Markup(f"<{name}{written}>") if name in VOID else Markup(f"<{name}{written}>{join(*children)}</{name}>")
