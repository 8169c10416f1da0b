"""Tables of models and pages for notebooks. The tables lack personal data, since notebooks are saved and shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

from frontegg_async._notebook import markup
from frontegg_async._values.json_values import NotJsonError
from frontegg_async._values.records import Record, json_text, record_of

ROWS: Final = 20
"""The largest number of items of a page that a table shows."""

_COLUMNS: Final = 6
_PEOPLE: Final = ("creator_name", "creator_email")
_LESS: Final = frozenset({*_PEOPLE, "id", "vendor_id", "updated_at", "deleted_at"})
"""Fields that the table of a page leaves out."""


def one(title: str, value: object) -> str:
    """Return a table of the fields of a model that have a value.

    Args:
        title: The caption.
        value: The model.
    """
    record = record_of(value)
    hidden = [name for name in _PEOPLE if record.pop(name, None) is not None]
    rows = [(name, _text(cell)) for name, cell in record.items() if cell is not None]
    return markup.table(title, (), rows, f"not shown: {', '.join(hidden)}" if hidden else None)


def page(items: Sequence[object], total: int | None, index: int) -> str:
    """Return a table of the first items of a page. Columns without a value are left out.

    Args:
        items: The items of the page.
        total: The number of items on all pages; ``None`` if unknown.
        index: The index of the page, from 0.
    """
    title = f"Page {index}: {len(items):,}" if total is None else f"Page {index}: {len(items):,} of {total:,}"
    records: list[Record] = [record_of(item) for item in items[:ROWS]]
    names = [name for name in (records[0] if records else ()) if name not in _LESS]
    columns = [name for name in names if any(record[name] is not None for record in records)][:_COLUMNS]
    rows = [[_text(record[name]) for name in columns] for record in records]
    more = len(items) - len(records)
    return markup.table(title, columns, rows, f"\N{HORIZONTAL ELLIPSIS} {more:,} more" if more else None)


def unread(request: str, note: str) -> str:
    """Return a table that shows which request a listing sends.

    Args:
        request: The operation and its filters.
        note: The note that shows how to get the items of the listing.
    """
    return markup.table("Listing", (), [("call", request)], note)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Mapping | list):
        try:
            return json_text(cast("object", value)) or ""
        except NotJsonError:
            return "\N{HORIZONTAL ELLIPSIS}"  # the other cells are still shown
    return str(value)
