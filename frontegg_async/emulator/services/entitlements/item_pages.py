"""Pages of the entitlements service. The offset is a number of items, and a page says whether more items follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar, cast

from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.paging import choice, query_integer

R = TypeVar("R")

_DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 10
"""The maximum number of plans on a page, as a client in production has seen."""
MAX_FEATURES: Final = 100
"""The maximum number of features on a page, as a client in production has seen."""


def item_page(
    call: IncomingCall,
    rows: Iterable[R],
    shown: Callable[[R], object],
    orders: Mapping[str, Callable[[R], object]],
    *,
    most: int = MAX_LIMIT,
) -> EmulatedResponse:
    """Return one page of rows. By default the newest rows come first.

    Args:
        call: The request. Its query selects the page and the order.
        rows: All rows, oldest first.
        shown: The function that converts a row into the form of a response.
        orders: The function that returns the sort key, for each value of ``orderBy``.
        most: The maximum number of rows on a page.

    Raises:
        RequestRefusedError: 400 for a value that is not allowed.
    """
    limit = query_integer(call.query, "limit", _DEFAULT_LIMIT, least=1)
    if limit > most:
        raise validation_error([f"limit must not be greater than {most}"])
    offset = query_integer(call.query, "offset", 0, least=0)
    sort = choice(call.query, "orderBy", tuple(orders))
    descending = choice(call.query, "sortType", ("ASC", "DESC")) != "ASC"
    found = list(rows)
    if sort is not None:
        found.sort(key=cast("Callable[[R], str]", orders[sort]), reverse=descending)
    elif descending:
        found.reverse()
    items = [shown(row) for row in found[offset : offset + limit]]
    return EmulatedResponse(body={"items": items, "hasNext": offset + limit < len(found)})


def listed(query: Query, name: str) -> frozenset[str] | None:
    """Return the values of a query parameter, or ``None`` without the parameter.

    The parameter may be repeated, and each occurrence may contain several values that are separated by commas.
    """
    values = frozenset(each for text in query.values(name) for each in text.split(",") if each)
    return values or None


def is_named(query: Query, name: str) -> bool:
    """Return whether the name in a query contains a text. Upper and lower case are not distinguished (assumed)."""
    return (query.get("filter") or "").casefold() in name.casefold()
