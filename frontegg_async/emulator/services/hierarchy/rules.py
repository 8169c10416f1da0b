"""The rules of the hierarchy: assign, remove and read parents. No function is recursive, since trees may be deep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.hierarchy import row_shapes
from frontegg_async.emulator.services.hierarchy.rows import HierarchySettingsRow
from frontegg_async.emulator.services.hierarchy.switches import HierarchySwitches
from frontegg_async.emulator.services.support.common import check_id, find_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    edge_error,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall, Query
from frontegg_async.emulator.services.support.paging import page_response, start_of
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.services.tenants.access import check_parent, check_reach, check_within, emit_other_change
from frontegg_async.emulator.services.tenants.listing import MAX_IDS, ListingQuery, matcher, read_query
from frontegg_async.emulator.services.tenants.row_shapes import tenants
from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.services.tenants.updated_at import touch
from frontegg_async.emulator.store.orders import sort_labels
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import Effect
from frontegg_async.models.hierarchy import SubAccountAccessType

READ: Final = "fe.account-hierarchy.read.subAccount"

_encode = msgspec.json.Encoder().encode


class _Row(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """A tenant in a response about the hierarchy."""

    tenant_id: str
    tenant_name: str
    created_at: str
    status: str | None = None


class _BelowRow(_Row, rename="camel", frozen=True, omit_defaults=True, kw_only=True):
    """A tenant below another tenant, with the number of levels between the two tenants."""

    level: int


class _AboveRow(msgspec.Struct, rename="camel", frozen=True):
    """A tenant above another tenant, with the number of levels between the two. A missing status is null."""

    tenant_id: str
    level: int
    tenant_name: str
    status: str | None
    created_at: str


def assign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Make a tenant a sub-account of another tenant."""
    parent_id, child_id = _pair(call)
    if parent_id == child_id:
        raise validation_error(["parentTenantId and childTenantId must differ"])
    state = environment.state
    find_tenant(state, child_id)
    check_parent(environment, parent_id)
    status = environment.switches[ServiceSwitches].post_status
    current = state.parents.get(child_id)
    if current == parent_id and environment.switches[HierarchySwitches].assign_again == "accept":
        return EmulatedResponse(status=status)
    if current is not None:
        raise service_error(400, "The tenant is a sub-account in a hierarchy already")
    if child_id in state.ancestors(parent_id):
        raise service_error(400, "The tenant is an ancestor of its new parent")
    state.put_parent(child_id, parent_id)
    touch(environment, child_id, "hierarchy")
    emit_other_change(environment, state.tenants[child_id])
    return EmulatedResponse(status=status, effect=Effect(changed=(child_id,)))


def remove(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a tenant from its parent."""
    parent_id, child_id = _pair(call)
    if environment.state.parents.get(child_id) != parent_id:
        raise service_error(404, "The tenants are not in a parent-child relation")
    environment.state.put_parent(child_id, None)
    touch(environment, child_id, "hierarchy")
    emit_other_change(environment, environment.state.tenants[child_id])
    return EmulatedResponse(effect=Effect(changed=(child_id,)))


def _pair(call: IncomingCall) -> tuple[str, str]:
    pair = cast("tuple[str, str]", tuple(call.body[name] for name in ("parentTenantId", "childTenantId")))
    for name, tenant_id in zip(("parentTenantId", "childTenantId"), pair, strict=True):
        check_id(tenant_id, name)
    return pair


def sub_accounts(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return all tenants below a tenant."""
    state = environment.state
    find_tenant(state, call.tenant_id)
    below = state.descendants(call.tenant_id)
    rows = (_BelowRow(*_fields(state.tenants[tenant_id]), level=level) for tenant_id, level in below)
    return EmulatedResponse(body=row_shapes.hierarchy_rows(rows, environment.switches))


def tree(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a tenant and all tenants below it as nested nodes."""
    find_tenant(environment.state, call.tenant_id)
    return EmulatedResponse(body=b"".join(_tree_parts(environment, call.tenant_id)))


def _tree_parts(environment: EmulatedEnvironment, tenant_id: str) -> Iterator[bytes]:
    state = environment.state
    seen: set[str] = set()
    open_levels = [iter((tenant_id,))]
    ends: list[bytes] = []
    is_first = True
    while open_levels:
        current = next(open_levels[-1], None)
        if current is None:
            open_levels.pop()
            is_first = False
            if open_levels:
                yield ends.pop()
            continue
        if current in seen:
            raise service_error(400, "There is a circular dependency in the hierarchy")
        seen.add(current)
        if not is_first:
            yield b","
        head = _encode(row_shapes.hierarchy_row(_Row(*_fields(state.tenants[current])), environment.switches))
        children = state.children(current)
        is_alone = environment.switches[HierarchySwitches].hierarchy_of_one == "object" and len(children) == 1
        yield head[:-1] + (b',"children":' if is_alone else b',"children":[')
        ends.append(b"}" if is_alone else b"]}")
        is_first = True
        open_levels.append(iter(children))


def parents(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return all tenants above a tenant."""
    find_tenant(environment.state, call.tenant_id)
    return _parents(environment, call.tenant_id)


def parents_of(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the tenants above a tenant, if the caller has access to that tenant."""
    tenant_id = call.path["tenant_id"]
    check_reach(environment, call.caller, tenant_id)
    return _parents(environment, tenant_id)


def _parents(environment: EmulatedEnvironment, tenant_id: str) -> EmulatedResponse:
    state = environment.state
    rows = (_above(state.tenants[parent_id], level) for level, parent_id in enumerate(state.ancestors(tenant_id), 1))
    return EmulatedResponse(body=row_shapes.hierarchy_rows(rows, environment.switches))


def _fields(row: TenantRow) -> tuple[str, str, str, str | None]:
    return row.tenant_id, row.name, row.created_at, row.status


def _above(row: TenantRow, level: int) -> _AboveRow:
    return _AboveRow(row.tenant_id, level, row.name, row.status, row.created_at)


def search_below(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the tenants below a tenant. Tenants that do not match the query are omitted."""
    state, switches = environment.state, environment.switches
    find_tenant(state, call.tenant_id)
    asked = read_query(call.query, switches)
    top_id = call.query.get("_subTenantId") or call.tenant_id
    check_within(environment, call.tenant_id, top_id)
    look_at = switches[HierarchySwitches].hierarchy_search
    search = (
        "below",
        top_id,
        look_at,
        asked.sort,
        asked.descending,
        asked.filter,
        switches[TenantSwitches].filter_match,
    )
    below = state.found(search, lambda: _below(state, top_id, asked, switches))
    start = start_of(asked, switches)
    page = below[start : start + asked.limit]
    found = tenants([_found(state, state.tenants[tenant_id]) for tenant_id in page], switches)
    return page_response(asked, found, len(below), call, switches)


def _below(state: State, top_id: str, asked: ListingQuery, switches: Switches) -> list[str]:
    ids: Iterable[str] = state.children(top_id)
    if switches[HierarchySwitches].hierarchy_search == "descendants":
        ids = (tenant_id for tenant_id, _ in state.descendants(top_id))
    matches = matcher(asked.filter, switches)
    labels = filter(matches, state.tenants.labels(ids))
    return [each.tenant_id for each in sort_labels(labels, asked.sort, descending=asked.descending)]


def _found(state: State, row: TenantRow) -> dict[str, object]:
    settings = state.table(HierarchySettingsRow).get(row.tenant_id)
    access = SubAccountAccessType.DEFAULT_OFF if settings is None else settings.sub_account_access_type
    return {
        "tenantId": row.tenant_id,
        "name": row.name,
        "createdAt": row.created_at,
        "metadata": {"isParent": bool(state.children(row.tenant_id))},
        "isReseller": row.is_reseller,
        "subAccountAccessType": access,
    }


def metadata(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the number of sub-accounts for each of some tenants."""
    state = environment.state
    find_tenant(state, call.tenant_id)
    given = _named(call.query, environment.switches)
    if len(given) > MAX_IDS:
        raise edge_error(414)
    for tenant_id in given:
        check_within(environment, call.tenant_id, tenant_id)
    counts = {tenant_id: sum(1 for _ in state.descendants(tenant_id)) for tenant_id in given}
    return EmulatedResponse(
        body=[
            {"tenantId": tenant_id, "totalSubTenants": count, "isParent": count > 0}
            for tenant_id, count in counts.items()
        ]
    )


def _named(query: Query, switches: Switches) -> list[str]:
    """Return the ids in a query."""
    lists = query.values("_tenantIds")
    if switches[TenantSwitches].tenant_ids_form == "any":
        lists += query.values("_tenantIds[]")
    return [tenant_id for text in lists for tenant_id in text.split(",") if tenant_id]


RULES = {
    "hierarchy.assign": Rule(run=assign),
    "hierarchy.unassign": Rule(run=remove),
    "hierarchy.list_sub_accounts": Rule(run=sub_accounts, permission=READ),
    "hierarchy.tree": Rule(run=tree, permission=READ),
    "hierarchy.list_parents": Rule(run=parents, permission=READ),
    "hierarchy.list_parents_of": Rule(run=parents_of, permission=READ),
    "hierarchy.search": Rule(run=search_below, permission=READ),
    "hierarchy.count_sub_accounts": Rule(run=metadata, permission=READ),
}

TAGS = {
    "hierarchy": Tag("The hierarchy of tenants.", write_body="hierarchy_write_body"),
}
