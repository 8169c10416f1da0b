"""Checks of listings of accounts: pages, filters and orders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from frontegg_async.conformance.answer import Answer, Json, at, shape_of
from frontegg_async.conformance.check import Difference, NotTriedError, Topic
from frontegg_async.conformance.probe import Probe
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("listings of accounts")
_check: Final = TOPIC.check

_LARGEST: Final = 200
_ORDERED: Final = "order-"
_MANY: Final = 300
"""Ids in one query that are too many."""


async def _list(probe: Probe, **query: str | Sequence[str]) -> Answer:
    """Return a page of accounts; with ``--write``, of three that the kit makes, in the order of their ids."""
    if probe.made is not None:
        for number, letter in enumerate(("c", "b", "a"), 1):
            await probe.account(f"{_ORDERED}{number}", {"name": _name_of(probe, letter)})
        query.setdefault("_filter", f"{probe.made.prefix}{_ORDERED}")
    answer = await probe.ask(operations.LIST, query=query)
    if not answer.is_done:
        raise NotTriedError(f"accounts cannot be listed: {answer.status}")
    return answer


def _name_of(probe: Probe, letter: str) -> str:
    """Return a name that sorts by its letter, and that no other account has."""
    return f"Conformance {letter} {'' if probe.made is None else probe.made.prefix[-8:-1]}"


def _ids(answer: Answer) -> list[Json]:
    return [at(row, "tenantId") for row in answer.items]


async def _first(probe: Probe) -> Answer:
    return await probe.once("page of one account", lambda: _list(probe, _limit="1", _offset="0"))


async def _first_of_many(probe: Probe) -> Answer:
    """Return the page of one account, if there are more."""
    answer = await _first(probe)
    more = await probe.once("second page of one account", lambda: _list(probe, _limit="1", _offset="1"))
    if not more.items:
        raise NotTriedError("there are less than two accounts")
    return answer


@_check("A page has its rows in items", Evidence.LIVE)
async def _items(probe: Probe) -> Difference:
    answer = await _first(probe)
    return answer.unless(isinstance(answer.at("items"), list))


@_check("A page says in _metadata how many rows and pages there are", Evidence.LIVE, "total_items", requests=2)
async def _total(probe: Probe) -> Difference:
    answer = await _first_of_many(probe)
    total, pages = answer.at("_metadata", "totalItems"), answer.at("_metadata", "totalPages")
    if answer.at("_metadata") is None:
        return "there is no _metadata"
    if isinstance(total, bool) or not isinstance(total, int):
        return f"totalItems is {shape_of(total)}"
    if total <= 1:
        return "totalItems is no more than a page has"
    return None if pages == total else "totalPages is another number than that of pages"


@_check("_offset is the number of a page, from 0", Evidence.LIVE, "offset", requests=2)
async def _offset(probe: Probe) -> Difference:
    query = {"_limit": "2", "_sortBy": "tenantId", "_order": "ASC"}
    first = await _list(probe, **query, _offset="0")
    second = await _list(probe, **query, _offset="1")
    if len(first.items) < 2 or not second.items:
        raise NotTriedError("there are less than three accounts")
    return (
        "the second page has a row of the first: it is the number of a row"
        if (set(map(str, _ids(first))) & set(map(str, _ids(second))))
        else None
    )


@_check("A page has 50 rows by default", Evidence.DOCUMENTED)
async def _default_limit(probe: Probe) -> Difference:
    if probe.made is not None:
        raise NotTriedError("the kit makes less than 50 accounts: a run without --write tries it if there are more")
    answer = await _list(probe)
    if len(answer.items) < 50 and answer.at("_metadata", "totalItems") == len(answer.items):
        raise NotTriedError("there are less than 50 accounts")
    return None if len(answer.items) == 50 else "it has another number of rows"


@_check("A _limit above 200 is not refused, and gives at most 200 rows", Evidence.ASSUMED, "limit_above_maximum")
async def _above_maximum(probe: Probe) -> Difference:
    filters = {} if probe.made is None else {"_filter": probe.made.prefix}
    answer = await probe.ask(operations.LIST, query={"_limit": "201", **filters})
    return answer.unless(answer.is_done and len(answer.items) <= _LARGEST)


@_check("limit and offset without the underscore are ignored", Evidence.LIVE, requests=3)
async def _without_underscore(probe: Probe) -> Difference:
    await _first_of_many(probe)
    answer = await _list(probe, limit="1", offset="7")
    return answer.unless(len(answer.items) > 1)


@_check("_links of a page are query strings without a path", Evidence.CLIENT, "links", requests=2)
async def _links(probe: Probe) -> Difference:
    answer = await _first_of_many(probe)
    links = answer.at("_links")
    if not links:
        return "they are empty" if isinstance(links, dict) else "they are missing"
    link = at(links, "next")
    if not isinstance(link, str) or not link:
        return f"the next one is {shape_of(link)}"
    return "they have a path" if "/" in link else None


@_check(
    "_filter finds a part of an id, in upper or lower case", Evidence.ASSUMED, "filter_match", requests=2, writes=True
)
async def _filter(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    part = tenant_id[3:]
    as_it_is = await probe.ask(operations.LIST, query={"_filter": part, "_limit": "200"})
    in_upper_case = await probe.ask(operations.LIST, query={"_filter": part.upper(), "_limit": "200"})
    if tenant_id not in _ids(as_it_is):
        return "it finds no part that is not at the beginning"
    return None if tenant_id in _ids(in_upper_case) else "it does not find it in another case"


@_check("_filter finds a name", Evidence.DOCUMENTED, writes=True)
async def _name(probe: Probe) -> Difference:
    await _first(probe)
    answer = await probe.ask(operations.LIST, query={"_filter": _name_of(probe, "b"), "_limit": "200"})
    return None if probe.new_id(f"{_ORDERED}2") in _ids(answer) else "it does not"


@_check("Without _sortBy the oldest account is first", Evidence.ASSUMED, "default_order", writes=True)
async def _default_order(probe: Probe) -> Difference:
    ids = _ids(await _list(probe, _limit="3"))
    if len(ids) != 3:
        raise NotTriedError("the accounts of the kit are not listed")
    if ids == sorted(map(str, ids), reverse=True):
        return "the newest is"
    return None if ids == sorted(map(str, ids)) else "they have no such order"


@_check("_sortBy and _order sort by name, and the other way round", Evidence.DOCUMENTED, requests=2, writes=True)
async def _sorted(probe: Probe) -> Difference:
    # The names are in the opposite order of the ids.
    up = _ids(await _list(probe, _limit="3", _sortBy="name", _order="ASC"))
    down = _ids(await _list(probe, _limit="3", _sortBy="name", _order="DESC"))
    if len(up) != 3:
        raise NotTriedError("the accounts of the kit are not listed")
    is_right = up == sorted(map(str, up), reverse=True) and down == up[::-1]
    return None if is_right else "they have another order"


@_check("_tenantIds as repeated keys finds these accounts", Evidence.ASSUMED, writes=True)
async def _tenant_ids(probe: Probe) -> Difference:
    wanted = [await probe.account("first"), await probe.account("second")]
    answer = await probe.ask(operations.LIST, query={"_tenantIds": wanted})
    return None if sorted(map(str, _ids(answer))) == sorted(wanted) else "it finds others"


@_check(
    "_tenantIds may be a comma list, and have brackets", Evidence.ASSUMED, "tenant_ids_form", requests=2, writes=True
)
async def _other_forms(probe: Probe) -> Difference:
    wanted = [await probe.account("first"), await probe.account("second")]
    comma = await probe.ask(operations.LIST, query={"_tenantIds": ",".join(wanted), "_limit": "3"})
    brackets = await probe.ask(operations.LIST, query={"_tenantIds[]": wanted, "_limit": "3"})
    for answer, form in ((comma, "a comma list"), (brackets, "brackets")):
        if sorted(map(str, _ids(answer))) != sorted(wanted):
            return f"{form} finds others"
    return None


@_check("About 250 ids in one query answer 414", Evidence.LIVE)
async def _too_many(probe: Probe) -> Difference:
    query = {"_tenantIds": [str(uuid.uuid4()) for _ in range(_MANY)], "_limit": "1"}
    answer = await probe.ask(operations.LIST, query=query)
    return answer.unless(answer.status == 414)
