"""Listings of roles and of groups."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import groups, roles
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.groups import Group, GroupRelations, GroupSort
from frontegg_async.models.page import Order
from frontegg_async.models.roles import Role, RoleSort
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE, PagedListing

T = TypeVar("T")
_Query = tuple[tuple[str, str], ...]

MAX_LEVEL: Final = 32_767
"""The level of the weakest role."""

_MAX_ROLES: Final = 2_000
_RELATIONS: Final = "_groupsRelations"
_ASKED: Final[dict[str | None, frozenset[str]]] = {
    None: frozenset(),
    GroupRelations.ROLES.value: frozenset({"roles"}),
    GroupRelations.USERS.value: frozenset({"users"}),
    GroupRelations.ROLES_AND_USERS.value: frozenset({"roles", "users"}),
}
"""The relations that the listing of groups returns, by the value of the query parameter."""


@without_frames
def role_pages(
    caller: Caller,
    *,
    filter: str | None,
    levels: Sequence[int] | None,
    tenant_ids: Sequence[str] | None,
    sort_by: str,
    order: str | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[Role]:
    """Check the arguments of a search of roles and return the listing, see `AsyncWritableRoles.list`."""
    arguments.check_count(page_size, "page_size", least=1, most=_MAX_ROLES)
    filters = _order(sort_by, order, RoleSort)
    if filter is not None:
        arguments.check_text(filter, "filter")
        filters = (*filters, ("_filter", filter))
    if levels is not None:
        filters = (*filters, *_levels(levels))
    if tenant_ids is not None:
        ids = arguments.check_ids(tenant_ids, "tenant_ids", of_query=True)
        filters = (*filters, *(("_tenantIds", tenant_id) for tenant_id in ids))
    return _pages(PagedListing(caller, roles.LIST, filters, page_size, options), prefetch)


@without_frames
def group_pages(
    caller: Caller,
    *,
    relations: str | None,
    sort_by: str | None,
    order: str | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[Group]:
    """Check the arguments of a listing of groups and return the listing, see `AsyncTenantGroups.list`."""
    arguments.check_count(page_size, "page_size", least=1, most=MAX_PAGE_SIZE)
    filters = (*_order(sort_by, order, GroupSort), *relations_of(relations))
    adapt = partial(as_asked, query=filters)
    listing = PagedListing(caller, groups.LIST, filters, page_size, options, sort_by=GroupSort.ID, adapt=adapt)
    return _pages(listing, prefetch)


def as_asked(group: Group, query: _Query) -> Group:
    """Set relations that were not requested to ``None``. The service returns empty lists for such relations.

    Args:
        group: The group.
        query: The query parameters of the request, see `relations_of`.
    """
    asked = _ASKED[dict(query).get(_RELATIONS)]
    return attrs.evolve(
        group,
        roles=group.roles if "roles" in asked else None,
        users=group.users if "users" in asked else None,
    )


@without_frames
def relations_of(relations: str | None) -> _Query:
    """Return the query parameter for the relations of groups.

    Raises:
        InvalidArgumentError: ``relations`` is not a member of `GroupRelations`.
    """
    if relations is None:
        return ()
    return ((_RELATIONS, arguments.check_member(relations, GroupRelations, "relations").value),)


def _levels(levels: object) -> _Query:
    if not isinstance(levels, list | tuple) or not levels:
        raise InvalidArgumentError("levels must be a list or tuple of at least one level")
    given = cast("Sequence[object]", levels)
    for index, level in enumerate(given):
        arguments.check_count(level, f"levels[{index}]", least=0, most=MAX_LEVEL)
    return tuple(("_levels", str(level)) for level in given)


def _order(sort_by: str | None, order: str | None, sorts: type[enum.StrEnum]) -> _Query:
    found: list[tuple[str, str]] = []
    if sort_by is not None:
        found.append(("_sortBy", arguments.check_member(sort_by, sorts, "sort_by").value))
    if order is not None:
        found.append(("_order", arguments.check_member(order, Order, "order").value))
    return tuple(found)


def _pages(listing: PagedListing[T], prefetch: int) -> AsyncPages[T]:
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)
    incomplete = listing.caller.options_for(listing.options).incomplete_listing
    return AsyncPages([listing], key=attrgetter("id"), prefetch=prefetch, incomplete=incomplete)
