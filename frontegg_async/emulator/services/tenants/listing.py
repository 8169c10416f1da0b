"""The rules of the lists of tenants, with their pages, filters and orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import Final
from zlib import crc32

import msgspec

from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, edge_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.paging import Paging, choice, page_body, read_paging, start_of
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.tenants import row_shapes
from frontegg_async.emulator.services.tenants.listed_tenants import listed_tenants
from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.orders import sort_labels
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.store.tenant_table import TenantLabel, TenantTable
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.models.tenants import TenantSort

MAX_IDS: Final = 250
_SORTS: Final = tuple(TenantSort)
_encode: Final = msgspec.json.Encoder().encode


class ListingQuery(Paging, kw_only=True, frozen=True):
    """The query parameters of a list of tenants."""

    filter: str
    sort: TenantSort
    descending: bool
    tenant_ids: tuple[str, ...] | None


def read_query(query: Query, switches: Switches) -> ListingQuery:
    """Read the query parameters of a list of tenants.

    Raises:
        RequestRefusedError: 400 if a value is not allowed, 414 if there are too many ids.
    """
    paging = read_paging(query, switches)
    sort = choice(query, "_sortBy", _SORTS)
    order = choice(query, "_order", ("ASC", "DESC"))
    by_default = sort is None and order is None
    own = switches[TenantSwitches]
    turns = by_default and own.unsorted_pages == "changing" and paging.offset % 2 == 1
    return ListingQuery(
        limit=paging.limit,
        offset=paging.offset,
        filter=query.get("_filter") or "",
        sort=TenantSort(sort or TenantSort.CREATED_AT),
        descending=(own.default_order == "descending") is not turns if by_default else order == "DESC",
        tenant_ids=_tenant_ids(query, switches),
    )


def _tenant_ids(query: Query, switches: Switches) -> tuple[str, ...] | None:
    any_form = switches[TenantSwitches].tenant_ids_form == "any"
    given = query.values("_tenantIds") + (query.values("_tenantIds[]") if any_form else [])
    given = [tenant_id for tenant_id in given if tenant_id]
    if not given:
        return None
    if len(given) > MAX_IDS or (any_form and len(given) == 1 and given[0].count(",") >= MAX_IDS):
        raise edge_error(414)
    return tuple(given)


def _candidates(table: TenantTable, tenant_ids: tuple[str, ...], switches: Switches) -> Iterable[TenantLabel]:
    if len(tenant_ids) == 1 and tenant_ids[0] not in table and switches[TenantSwitches].tenant_ids_form == "any":
        tenant_ids = tuple(tenant_ids[0].split(","))
    return table.labels(each for each in dict.fromkeys(tenant_ids) if each in table)


def matcher(text: str, switches: Switches) -> Callable[[TenantLabel], bool]:
    """Return a function that tests whether a tenant matches a filter. An empty filter matches all tenants."""
    match switches[TenantSwitches].filter_match:
        case "ignore_case":
            folded = text.casefold()
            return lambda row: folded in row.name.casefold() or folded in row.tenant_id.casefold()
        case "exact_case":
            return lambda row: text in row.name or text in row.tenant_id
        case "prefix":
            return lambda row: row.name.startswith(text) or row.tenant_id.startswith(text)


def list_page(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the tenants that match the query."""
    state = environment.state
    switches = environment.switches
    asked = read_query(call.query, switches)
    start = start_of(asked, switches)
    table = listed_tenants(environment, by_ids=asked.tenant_ids is not None)
    keeps_ties = switches[TenantSwitches].created_at_ties == "keep_order" or asked.sort is not TenantSort.CREATED_AT
    if table is state.tenants and asked.tenant_ids is None and not asked.filter and keeps_ties:
        total = len(state.tenants)
        ids = state.page(asked.sort, descending=asked.descending, start=start, stop=start + asked.limit)
    else:
        matching = _matching(state, table, asked, switches)
        if not keeps_ties:
            changes = switches[TenantSwitches].created_at_ties == "change_order"
            matching = _with_other_ties(table.labels(matching), asked, changes=changes)
        total = len(matching)
        ids = matching[start : start + asked.limit]
    around = _encode(page_body(asked, (), total, call, switches))
    return EmulatedResponse(body=row_shapes.stored_tenants(table.texts(ids), around, switches))


def _matching(state: State, table: TenantTable, asked: ListingQuery, switches: Switches) -> Sequence[str]:
    """Return the ids of the tenants that match the query, in the requested order. ``table`` contains all tenants."""
    matches = matcher(asked.filter, switches)
    if asked.tenant_ids is None and table is state.tenants:
        search = ("tenants", asked.sort, asked.descending, asked.filter, switches[TenantSwitches].filter_match)
        return state.found(search, lambda: _found(state, asked, matches))
    candidates = table.labels(table) if asked.tenant_ids is None else _candidates(table, asked.tenant_ids, switches)
    chosen = sort_labels(candidates, asked.sort, descending=asked.descending)
    return [each.tenant_id for each in chosen if matches(each)]


def _found(state: State, asked: ListingQuery, matches: Callable[[TenantLabel], bool]) -> list[str]:
    ids = list(state.in_order(asked.sort, descending=asked.descending))
    return list(compress(ids, map(matches, state.tenants.labels(ids))))


def _with_other_ties(rows: Iterable[TenantLabel], asked: ListingQuery, *, changes: bool) -> Sequence[str]:
    """Return the ids of tenants in the order of creation. Tenants with the same time are not sorted by their ids.

    If ``changes`` is true, the order of tenants with the same time differs between pages.
    """
    page = f"{asked.offset} " if changes else ""

    def key(row: TenantLabel) -> tuple[str, int]:
        return row.created_at, crc32(f"{page}{row.tenant_id}".encode())

    return [row.tenant_id for row in sorted(rows, key=key, reverse=asked.descending)]


def list_all(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return all tenants as a plain array, in the order of their ids."""
    state = environment.state
    table = listed_tenants(environment)
    ids = state.in_order(TenantSort.TENANT_ID, descending=False) if table is state.tenants else sorted(table)
    texts = table.texts(ids)
    return EmulatedResponse(body=row_shapes.stored_tenants(texts, b"[]", environment.switches))


RULES = {
    "tenants.list": Rule(run=list_page),
    "tenants.list_v1": Rule(run=list_all),
}
