"""Listings of users."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import users
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.users import User, UserIdentifier, UserPreset, UserSort
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.listing import PagedListing, check_sizes, order_of, split

_MAX_SECONDS: Final = 2**31 - 1


@without_frames
def user_pages(
    caller: Caller,
    *,
    email: str | None,
    ids: Sequence[str] | None,
    external_ids: Sequence[str] | None,
    name_prefix: str | None,
    identifier: str | None,
    identifier_type: str | None,
    preset: str | None,
    max_inactive_seconds: int | None,
    include_sub_tenants: bool,
    sort_by: str | None,
    order: str | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[User]:
    """Check the arguments of a listing of users and return it, see `AsyncUsers.list`."""
    check_sizes(page_size, prefetch)
    if ids is not None and external_ids is not None:
        raise InvalidArgumentError("give either ids or external_ids")
    if (identifier is None) is not (identifier_type is None):
        raise InvalidArgumentError("give identifier and identifier_type together")
    filters: list[tuple[str, str]] = []
    if email is not None:
        arguments.check_email(email, "email")
        filters.append(("_email", email))
    if name_prefix is not None:
        arguments.check_text(name_prefix, "name_prefix")
        filters.append(("_namePrefix", name_prefix))
    if identifier is not None:
        arguments.check_text(identifier, "identifier")
        kind = arguments.check_member(identifier_type, UserIdentifier, "identifier_type")
        filters += [("_identifier", identifier), ("_identifierType", kind.value)]
    filters += _preset(preset, max_inactive_seconds)
    check_flag(include_sub_tenants, "include_sub_tenants", InvalidArgumentError)
    if caller.tenant_id is not None or caller.is_user:
        filters.append(("_includeSubTenants", "true" if include_sub_tenants else "false"))
    filters += order_of(sort_by, order, UserSort)
    whole = PagedListing(caller, users.LIST, tuple(filters), page_size, options, sort_by=UserSort.ID)
    chosen: tuple[str, ...] | None = None
    for name, given, parameter in (("ids", ids, "ids"), ("external_ids", external_ids, "_externalIds")):
        if given is not None:
            chosen = arguments.check_ids(given, name, of_query=True)
            whole = replace(whole, ids_in=parameter)
    return AsyncPages(
        split(whole, chosen),
        key=attrgetter("id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )


def _preset(preset: str | None, max_inactive_seconds: int | None) -> list[tuple[str, str]]:
    """Return the filters of a preset.

    Raises:
        InvalidArgumentError: There is no such preset, or the seconds are not given with the one that takes them.
    """
    chosen = None if preset is None else arguments.check_member(preset, UserPreset, "preset")
    if (chosen is UserPreset.INACTIVE) is not (max_inactive_seconds is not None):
        raise InvalidArgumentError("give preset 'inactive' and max_inactive_seconds together")
    filters = [] if chosen is None else [("_preset", chosen.value)]
    if max_inactive_seconds is not None:
        arguments.check_count(max_inactive_seconds, "max_inactive_seconds", least=1, most=_MAX_SECONDS)
        filters.append(("_maxInactiveSeconds", str(max_inactive_seconds)))
    return filters
