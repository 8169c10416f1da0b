"""HTML tables for notebooks: small, without colours, and with all values escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from frontegg_async._values.printable import printable

_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_LONGEST: Final = 300
"""The largest number of characters of a shown value."""

CLASSES: Final = 'class="tex2jax_ignore mathjax_ignore"'
"""The HTML attribute that keeps notebooks from rendering text between dollar signs as mathematics."""

_CELL: Final = "text-align:left;vertical-align:top"


def escape(text: str) -> str:
    """Return a text escaped for HTML."""
    return text.translate(_MARKUP)


def shown(text: str) -> str:
    """Return a text that is shortened and escaped for HTML."""
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    return escape(printable(cut))


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], note: str | None = None) -> str:
    """Return an HTML table.

    Args:
        title: The caption.
        head: The names of the columns; empty for a table of names and values.
        rows: The cells of each row.
        note: A note below the table, if any.
    """
    caption = f'<caption style="{_CELL};font-weight:bold">{shown(title)}</caption>'
    parts = [f'<div {CLASSES}><table style="color:inherit">{caption}']
    if head:
        cells = "".join(f'<th style="{_CELL}">{shown(name)}</th>' for name in head)
        parts.append(f"<thead><tr>{cells}</tr></thead>")
    parts.append("<tbody>")
    for row in rows:
        first = "td" if head else "th"
        cells = "".join(
            f'<{kind} style="{_CELL}">{shown(cell)}</{kind}>'
            for kind, cell in zip((first, *["td"] * (len(row) - 1)), row, strict=True)
        )
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</tbody></table>")
    if note is not None:
        parts.append(f"<small>{shown(note)}</small>")
    return "".join((*parts, "</div>"))
