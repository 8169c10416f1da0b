"""The model of a page of a listing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import attrs

from frontegg_async._values.records import Record, records_of
from frontegg_async.models.model import Serializable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Page(Serializable, Generic[T_co]):
    """One page of a listing."""

    items: tuple[T_co, ...] = attrs.field(repr=False)
    """The items of the page, in the order of the service."""
    total: int | None
    """How many items there are over all pages, as the service said with this page; ``None`` where it gave no number."""
    index: int = 0
    """The number of the page, from 0."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object], item: type[T]) -> Page[T]:
        """Return the page for what ``to_dict()`` returned, in either mode.

        Args:
            data: The names and values of the fields; ``index`` may be missing.
            item: The model of the items, as ``Tenant``.

        Raises:
            InvalidArgumentError: A field is missing or has another type, as `Model.from_dict` tells.
        """
        from frontegg_async.models import from_plain  # noqa: PLC0415 - only for those who convert

        generic: Any = Page  # type checkers subscript with types only, and not with arguments
        found: Page[T] = from_plain.object_of(data, generic[item])
        return found

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
