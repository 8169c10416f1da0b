"""Read some rows of a listing of the service, from a position on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from frontegg_async.mcp.answers import Listed, Row
from frontegg_async.mcp.cursors import Position
from frontegg_async.models.model import Serializable
from frontegg_async.pages import AsyncPages, page_of

T = TypeVar("T")

PAGE: Final = 50
"""The ``page_size`` of all listings that tools read. Positions in cursors depend on this number."""

_PAGES: Final = 10
"""The largest number of pages that a call reads."""


async def read_rows(
    pages: AsyncPages[T], row_of: Callable[[T], Row | None], position: Position, most: int, *, has_total: bool = True
) -> Listed:
    """Return rows of a listing, from a position on.

    Args:
        pages: The listing.
        row_of: Returns the row of an item. Returns ``None`` for an item that must not be shown.
        position: The position of the first item: its index in the listing, and 0.
        most: The largest number of rows that the answer needs.
        has_total: Whether the session may know the total number of items.

    Returns:
        The rows, and the position at which the listing continues. The rows can be more or fewer than ``most``.

    Raises:
        FronteggError: A request failed.
    """
    number = position[0]
    rows: list[tuple[Position, Row]] = []
    total: int | None = None
    for _ in range(_PAGES):
        index, skipped = divmod(number, PAGE)
        page = await page_of(pages, index)
        total = page.total if has_total else None
        for item in page.items[skipped:]:
            if len(rows) == most:
                return Listed(rows=rows, after=(number, 0), total=total)
            row = row_of(item)
            if row is not None:
                rows.append(((number, 0), row))
            number += 1
        if len(page.items) < PAGE:
            return Listed(rows=rows, after=None, total=total)
    return Listed(rows=rows, after=(number, 0), total=total)


def plain(model: Serializable, *left_out: str) -> Row:
    """Return a model as a row, without secrets, unknown fields and missing values.

    Args:
        model: The model.
        left_out: Additional fields to omit.
    """
    row = cast("Row", model.to_dict())
    return {name: value for name, value in row.items() if value is not None and name not in ("extra", *left_out)}
