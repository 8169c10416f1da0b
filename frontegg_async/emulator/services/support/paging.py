"""Pages of rows: reads from a query which page is requested, and builds the response."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar, cast

import msgspec

from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

R = TypeVar("R")

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
MAX_OFFSET: Final = 2**53
_MAX_DIGITS: Final = 16


class Paging(msgspec.Struct, kw_only=True, frozen=True):
    """The page of a list that a query requests, and the order of the list."""

    limit: int
    offset: int


def read_paging(query: Query, switches: Switches, *, most: int = MAX_LIMIT) -> Paging:
    """Read which page a query requests.

    Raises:
        RequestRefusedError: 400 for a value that is not allowed.
    """
    limit = query_integer(query, "_limit", DEFAULT_LIMIT, least=1)
    if limit > most and switches[ServiceSwitches].limit_above_maximum == "refuse":
        raise validation_error([f"_limit must not be greater than {most}"])
    return Paging(limit=min(limit, most), offset=query_integer(query, "_offset", 0, least=0))


def sorted_page(
    environment: EmulatedEnvironment,
    call: IncomingCall,
    rows: Iterable[R],
    shown: Callable[[R], object],
    orders: Mapping[str, Callable[[R], object]],
    *,
    most: int = MAX_LIMIT,
) -> EmulatedResponse:
    """Return one page of rows. All rows are sorted for each request, so the function is only for short lists.

    Args:
        environment: The environment.
        call: The request. Its query selects the page and the order.
        rows: All rows.
        shown: The function that converts a row into the form of a response.
        orders: The function that returns the sort key, for each value of ``_sortBy``.
        most: The maximum number of rows on a page.

    Raises:
        RequestRefusedError: 400 for a value that is not allowed.
    """
    switches = environment.switches
    page = read_paging(call.query, switches, most=most)
    sort = choice(call.query, "_sortBy", tuple(orders))
    descending = choice(call.query, "_order", ("ASC", "DESC")) == "DESC"
    found = list(rows)
    if sort is not None:
        found.sort(key=cast("Callable[[R], str]", orders[sort]), reverse=descending)
    elif descending:
        found.reverse()
    start = start_of(page, switches)
    items = [shown(row) for row in found[start : start + page.limit]]
    return page_response(page, items, len(found), call, switches)


def query_integer(query: Query, name: str, default: int, *, least: int) -> int:
    """Return a query parameter that must be an integer.

    Raises:
        RequestRefusedError: 400 if the value is not an integer, or is less than ``least``.
    """
    text = query.get(name)
    if not text:
        return default
    # int() accepts "1_0", " 1" and digits of other scripts.
    is_number = text.isascii() and text.isdigit()
    value = int(text[:_MAX_DIGITS]) if is_number else -1
    if value < least:
        raise validation_error([f"{name} must be an integer number not less than {least}"])
    return MAX_OFFSET if len(text) > _MAX_DIGITS else min(value, MAX_OFFSET)


def choice(query: Query, name: str, allowed: tuple[str, ...]) -> str | None:
    """Return the value of a parameter, or ``None`` without the parameter.

    Raises:
        RequestRefusedError: 400 for a value that is not allowed.
    """
    text = query.get(name)
    if not text:
        return None
    if text not in allowed:
        raise validation_error([f"{name} must be one of the following values: {', '.join(allowed)}"])
    return text


def start_of(asked: Paging, switches: Switches) -> int:
    """Return the position, in the list, of the first row of a page."""
    return asked.offset if switches[ServiceSwitches].offset == "record_offset" else asked.offset * asked.limit


def page_response(
    asked: Paging, items: Sequence[object], total: int, call: IncomingCall, switches: Switches
) -> EmulatedResponse:
    """Return the response that contains a page of rows."""
    return EmulatedResponse(body=page_body(asked, items, total, call, switches))


def page_body(
    asked: Paging, items: Sequence[object], total: int, call: IncomingCall, switches: Switches
) -> dict[str, object]:
    """Return the body of the response that contains a page of rows."""
    pages = -(-total // asked.limit)
    body: dict[str, object] = {"items": items, "_metadata": {"totalItems": total, "totalPages": pages}}
    match switches[ServiceSwitches].total_items:
        case "right":
            pass
        case "no_metadata":
            del body["_metadata"]
        case total_form:
            forms = {"number": float(total), "text": str(total), "first_page": min(total, asked.limit), "null": None}
            body["_metadata"] = {"totalItems": forms[total_form], "totalPages": pages}
    if switches[ServiceSwitches].links != "missing":
        body["_links"] = {} if switches[ServiceSwitches].links == "empty" else _links(asked, pages, call, switches)
    return body


def _links(asked: Paging, pages: int, call: IncomingCall, switches: Switches) -> dict[str, str]:
    last = max(pages - 1, 0)
    unit = asked.limit if switches[ServiceSwitches].offset == "record_offset" else 1
    index = asked.offset // unit
    lead = f"{call.raw_path}?" if switches[ServiceSwitches].links == "path" else ""

    def link(page: int) -> str:
        return f"{lead}_limit={asked.limit}&_offset={page * unit}"

    return {
        "next": link(index + 1) if index < last else "",
        "prev": link(index - 1) if index > 0 else "",
        "first": link(0),
        "last": link(last),
    }
