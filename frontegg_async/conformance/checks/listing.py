"""Checks of listings of accounts: pages, filters and orders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from frontegg_async.conformance.answer import Answer, Json, at, shape_of
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import PEOPLE
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Found, Value
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("listings of accounts")
_check: Final = TOPIC.check

_LARGEST: Final = 200
_HALF: Final = 25
"""The number of rows of a page that is compared with a page of twice as many rows."""
_MANY: Final = 300
"""A number of ids that is too large for one query."""


async def _list(probe: Probe, **query: str | Sequence[str]) -> Answer:
    """Return a page of accounts. With ``--write`` these are accounts of the kit, at least three."""
    if probe.made is not None:
        await _three(probe)
        query.setdefault("_filter", probe.made.prefix)
    answer = await probe.ask(operations.LIST, query=query)
    if not answer.is_done:
        raise NotTriedError(f"accounts cannot be listed: {answer.status}")
    return answer


async def _three(probe: Probe) -> list[str]:
    """Return the ids of three accounts of the kit in the order of their names. The kit makes them in another order."""
    for name in ("first", "second", PEOPLE):
        await probe.account(name)
    return [await probe.account(name) for name in ("second", PEOPLE, "first")]


def _ids(answer: Answer) -> list[Json]:
    return [at(row, "tenantId") for row in answer.items]


@once_a_run
async def _page(probe: Probe, number: int) -> Answer:
    """Return a page of two accounts in the order of their ids."""
    return await _list(probe, _limit="2", _offset=str(number), _sortBy="tenantId", _order="ASC")


async def _pages(probe: Probe) -> tuple[Answer, Answer]:
    """Return the first and the second page.

    Raises:
        NotTriedError: The second page is empty.
    """
    pages = await _page(probe, 0), await _page(probe, 1)
    if not pages[1].items:
        raise NotTriedError("there are fewer than three accounts: with --write, the kit makes them")
    return pages


@_check("A page has its rows in items", Evidence.LIVE)
async def _items(probe: Probe) -> Difference:
    answer = await _page(probe, 0)
    return answer.unless(isinstance(answer.at("items"), list))


@_check("A page has the numbers of all rows and pages in _metadata", Evidence.LIVE, "total_items")
async def _total(probe: Probe) -> Difference:
    answer, _ = await _pages(probe)
    total, pages = answer.at("_metadata", "totalItems"), answer.at("_metadata", "totalPages")
    if answer.at("_metadata") is None:
        return "there is no _metadata"
    if isinstance(total, bool) or not isinstance(total, int):
        return f"totalItems is {shape_of(total)}"
    if total <= 2:
        return "totalItems is only the number of rows of the page"
    return None if pages == (total + 1) // 2 else "totalPages is not the number of pages"


@_check("_offset is the number of a page, from 0", Evidence.LIVE, "offset")
async def _offset(probe: Probe) -> Difference:
    first, second = await _pages(probe)
    again = set(map(str, _ids(first))) & set(map(str, _ids(second)))
    return "the second page has a row of the first page: _offset is the number of a row" if again else None


@_check("A page has 50 rows by default", Evidence.DOCUMENTED)
async def _default_limit(probe: Probe) -> Difference:
    if probe.made is not None:
        raise NotTriedError(
            "with --write, the kit lists only its own accounts, which are fewer than 50: a run without --write tries "
            "this check"
        )
    answer = await _list(probe)
    if len(answer.items) < 50 and answer.at("_metadata", "totalItems") == len(answer.items):
        raise NotTriedError("there are fewer than 50 accounts")
    return None if len(answer.items) == 50 else "the page has another number of rows"


@_check("A _limit above 200 is accepted, and the page has at most 200 rows", Evidence.ASSUMED, "limit_above_maximum")
async def _above_maximum(probe: Probe) -> Difference:
    filters = {} if probe.made is None else {"_filter": probe.made.prefix}
    answer = await probe.ask(operations.LIST, query={"_limit": "201", **filters})
    return answer.unless(answer.is_done and len(answer.items) <= _LARGEST)


@_check("limit and offset without the underscore are ignored", Evidence.LIVE)
async def _without_underscore(probe: Probe) -> Difference:
    answer = await _unpaged(probe)
    if len(answer.items) < 2 and answer.at("_metadata", "totalItems") == len(answer.items):
        raise NotTriedError("there are fewer than two accounts")
    return answer.unless(len(answer.items) > 1)


@once_a_run
async def _unpaged(probe: Probe) -> Answer:
    """Request a page with parameters that have no effect, and return it."""
    return await _list(probe, limit="1", offset="7")


@_check("The _links of a page are query strings without a path", Evidence.CLIENT, "links")
async def _links(probe: Probe) -> Difference:
    answer, _ = await _pages(probe)
    links = answer.at("_links")
    if not links:
        return "the links are empty" if isinstance(links, dict) else "the links are missing"
    link = at(links, "next")
    if not isinstance(link, str) or not link:
        return f"the next link is {shape_of(link)}"
    return "the links have a path" if "/" in link else None


@_check("_filter finds a part of an id, in upper or lower case", Evidence.ASSUMED, "filter_match", writes=True)
async def _filter(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    part = tenant_id[3:]
    if tenant_id in _ids(await probe.ask(operations.LIST, query={"_filter": part.upper(), "_limit": "200"})):
        return None
    as_it_is = await probe.ask(operations.LIST, query={"_filter": part, "_limit": "200"})
    is_found = tenant_id in _ids(as_it_is)
    return (
        "the filter does not find the id in another case"
        if is_found
        else "the filter finds only the beginning of an id"
    )


@_check("_filter finds a name", Evidence.DOCUMENTED, writes=True)
async def _name(probe: Probe) -> Difference:
    tenant_id = await probe.account(PEOPLE)
    answer = await probe.ask(operations.LIST, query={"_filter": probe.name_of(PEOPLE), "_limit": "200"})
    return None if tenant_id in _ids(answer) else "the filter does not find the account"


@TOPIC.ask(
    "In which order is a listing without _sortBy?",
    Evidence.ASSUMED,
    "default_order",
    {"ascending": "The oldest account is first.", "descending": "The newest account is first."},
    writes=True,
)
async def _default_order(probe: Probe) -> Value | Found:
    answer = await _unpaged(probe)
    if len(answer.items) < len(await _three(probe)):
        answer = await _list(probe, _limit="50")
    times = [at(row, "createdAt") for row in answer.items]
    texts = [each for each in times if isinstance(each, str)]
    if len(texts) < len(await _three(probe)) or len(texts) < len(times):
        raise NotTriedError("the accounts of the kit are not listed, or have no createdAt")
    if texts == sorted(texts):
        return "ascending"
    return "descending" if texts == sorted(texts, reverse=True) else Found(None, "Not in the order of createdAt.")


@TOPIC.ask(
    "Is the order without _sortBy the same on each page?",
    Evidence.ASSUMED,
    "unsorted_pages",
    {"stable": "Yes.", "changing": "No: rows are repeated on several pages, so other rows are on no page."},
)
async def _unsorted(probe: Probe) -> Value:
    # Twice, since others may make accounts between the pages.
    return "stable" if await _has_one_order(probe) or await _has_one_order(probe) else "changing"


async def _has_one_order(probe: Probe) -> bool:
    """Return whether two pages have the rows of one page that is twice as large."""
    whole = _ids(await _list(probe, _limit="4"))
    if len(whole) <= 2:
        raise NotTriedError("there are fewer than three accounts: with --write, the kit makes them")
    first, second = [_ids(await _list(probe, _limit="2", _offset=number)) for number in "01"]
    # If _offset is the number of a row, the second page begins with the second row.
    return first == whole[:2] and second in (whole[2:], whole[1:3])


@TOPIC.ask(
    "In which order are accounts with the same createdAt, sorted by createdAt?",
    Evidence.ASSUMED,
    "created_at_ties",
    {
        "keep_order": "In the order of their ids.",
        "other_order": "In another order, which is the same for each page size.",
        "change_order": "In an order that changes with the page size.",
    },
)
async def _ties(probe: Probe) -> Value:
    async def page(number: int, size: int) -> Sequence[Json]:
        query = {"_limit": f"{size}", "_offset": f"{number}", "_sortBy": "createdAt", "_order": "ASC"}
        return (await probe.ask(operations.LIST, query=query)).items

    whole = await page(0, 2 * _HALF)
    # Ignore accounts of the kit: they have the same time only by chance.
    others = [row for row in whole if probe.made is None or not probe.made.owns(at(row, "tenantId"))]
    rows = [(at(row, "createdAt"), at(row, "tenantId")) for row in others]
    ties = [(a, b) for (time, a), (other, b) in pairwise(rows) if time == other and isinstance(time, str)]
    if not ties:
        raise NotTriedError("no two of the oldest accounts were created at the same time")
    halves = [*await page(0, _HALF), *(await page(1, _HALF) if len(whole) > _HALF else ())]
    places = {str(at(row, "tenantId")): place for place, row in enumerate(halves)}
    pairs = [(places[str(a)], places[str(b)]) for a, b in ties if {str(a), str(b)} <= places.keys()]
    if any(a > b for a, b in pairs):
        return "change_order"
    return "keep_order" if all(str(a) < str(b) for a, b in ties) else "other_order"


@_check("_sortBy and _order sort by name, ascending and descending", Evidence.DOCUMENTED, writes=True)
async def _sorted(probe: Probe) -> Difference:
    expected = await _three(probe)
    up, down = [
        [each for each in _ids(await _list(probe, _limit="50", _sortBy="name", _order=order)) if each in expected]
        for order in ("ASC", "DESC")
    ]
    if len(up) != len(expected):
        raise NotTriedError("the accounts of the kit are not listed")
    return None if up == expected and down == up[::-1] else "the accounts have another order"


@_check("_tenantIds as a repeated key finds exactly these accounts", Evidence.ASSUMED, writes=True)
async def _tenant_ids(probe: Probe) -> Difference:
    wanted = [await probe.account("first"), await probe.account("second")]
    answer = await probe.ask(operations.LIST, query={"_tenantIds": wanted})
    return None if sorted(map(str, _ids(answer))) == sorted(wanted) else "the listing has other accounts"


@_check(
    "_tenantIds may be a comma-separated list, and may have brackets", Evidence.ASSUMED, "tenant_ids_form", writes=True
)
async def _other_forms(probe: Probe) -> Difference:
    wanted = [await probe.account("first"), await probe.account("second")]
    comma = await probe.ask(operations.LIST, query={"_tenantIds": ",".join(wanted), "_limit": "3"})
    brackets = await probe.ask(operations.LIST, query={"_tenantIds[]": wanted, "_limit": "3"})
    for answer, form in ((comma, "a comma-separated list"), (brackets, "brackets")):
        if sorted(map(str, _ids(answer))) != sorted(wanted):
            return f"{form} finds other accounts"
    return None


@_check("A query with about 250 ids answers 414", Evidence.LIVE)
async def _too_many(probe: Probe) -> Difference:
    query = {"_tenantIds": [str(uuid.uuid4()) for _ in range(_MANY)], "_limit": "1"}
    answer = await probe.ask(operations.LIST, query=query)
    return answer.unless(answer.status == 414)
