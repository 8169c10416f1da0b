"""The model of a page of a listing, and the direction of a sort."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Generic, Literal, TypeAlias, TypeVar, cast

import attrs

from frontegg_async._values.records import Record, columns_of
from frontegg_async._values.secret import Hidden
from frontegg_async.models.columns import check_columns, checked_records, without_empty
from frontegg_async.models.model import Serializable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Order(enum.StrEnum):
    """The direction of a sort."""

    ASC = "ASC"
    """Ascending: the smallest or oldest first."""
    DESC = "DESC"
    """Descending: the largest or newest first."""


OrderLiteral: TypeAlias = Literal["asc", "desc"]
"""The directions of `Order` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Page(Serializable, Generic[T_co]):
    """One page of a listing."""

    items: tuple[T_co, ...] = attrs.field(repr=False)
    """The items of the page, in the order of the service."""
    total: int | None
    """The number of items over all pages, as the response of this page says. ``None`` if the response has no number."""
    index: int = 0
    """The number of the page, from 0."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object], item: type[T]) -> Page[T]:
        """Return the page for a dict that ``to_dict()`` returned with either ``mode``.

        Args:
            data: The names and values of the fields; ``index`` may be missing.
            item: The model of the items, such as ``Tenant``.

        Raises:
            InvalidArgumentError: A field is missing or a value does not fit its type, as in `Model.from_dict`; or
                ``item`` is no model.
        """
        from frontegg_async.models import from_plain  # noqa: PLC0415 - only conversions need it

        hidden: Hidden[object] = Hidden(data)
        del data
        return cast("Page[T]", from_plain.generic_of(hidden, Page, item, "item"))

    def to_records(self, *, columns: Sequence[str] | None = None, json_as_text: bool = True) -> list[Record]:
        """Return the items as plain dicts with the same keys, which CSV writers, pandas and polars accept.

        By default the dicts have neither ``extra`` nor the columns that are empty (``None`` or empty text) in all
        items.

        Args:
            columns: The keys of the dicts, in order; by default the names of all fields with a value in at least one
                item.
            json_as_text: Whether lists, dicts and models, such as metadata, become JSON text, so that CSV files and
                data frames get columns of one type. ``False`` returns the parsed values.

        Raises:
            InvalidArgumentError: ``columns`` has an unknown name, and the message lists all names. Or a JSON value is
                nested too deeply, or contains an object that JSON cannot represent.
        """
        if not self.items:
            return []
        names = None if columns is None else check_columns(columns, columns_of(type(self.items[0])))
        records = checked_records(self.items, names, json_as_text=json_as_text)
        return without_empty(records) if names is None else records

    def _repr_html_(self) -> str:
        """Return the HTML that notebooks show: a table of the first items."""
        from frontegg_async._notebook import tables  # noqa: PLC0415 - only notebooks need it

        return tables.page(self.items, self.total, self.index)
