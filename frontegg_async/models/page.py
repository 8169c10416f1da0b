"""A page of a listing."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from frontegg_async.value import Value

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Page(Value, Generic[T_co]):
    """One page of a listing.

    ``total`` is the number of all items at the moment the page was read, over all pages; ``index`` counts pages from 0.
    """

    items: tuple[T_co, ...] = attrs.field(repr=False)
    total: int
    index: int = 0
