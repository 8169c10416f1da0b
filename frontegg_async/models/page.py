"""The model of a page of a listing."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from frontegg_async._values.records import Record, records_of
from frontegg_async._values.value import Value

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Page(Value, Generic[T_co]):
    """One page of a listing."""

    items: tuple[T_co, ...] = attrs.field(repr=False)
    """The items of the page, in the order of the service."""
    total: int | None
    """How many items there are over all pages, as the service said with this page; ``None`` where it gave no number."""
    index: int = 0
    """The number of the page, from 0."""

    def to_records(self, *, json_as_text: bool = False) -> list[Record]:
        """Return the items as plain dicts of one shape, which pandas and polars take.

        Fields that this version does not know (``extra``) are left out.

        Args:
            json_as_text: Whether JSON values, as metadata, are text and not parsed: where a column has one type.
        """
        return records_of(self.items, json_as_text=json_as_text)

    def _repr_html_(self) -> str:
        """Return what notebooks show: a table of the first items."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - of notebooks only

        return tables.page(self.items, self.total, self.index)
