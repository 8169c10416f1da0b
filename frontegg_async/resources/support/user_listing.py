"""Listings of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Final

import attrs
from msgspec.structs import replace

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import roles, users
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.roles import Role
from frontegg_async.models.users import User, UserIdentifier, UserPreset, UserSort
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.listing import Complete, PagedListing, check_sizes, order_of, split
from frontegg_async.resources.support.user_lookups import looked_up

_MAX_SECONDS: Final = 2**31 - 1


@without_frames
def user_pages(
    caller: Caller,
    *,
    email: str | None,
    user_ids: Sequence[str] | None,
    external_ids: Sequence[str] | None,
    name_prefix: str | None,
    identifier: str | None,
    identifier_type: str | None,
    preset: str | None,
    max_inactive_seconds: int | timedelta | None,
    include_sub_tenants: bool,
    with_roles: bool,
    sort_by: str | None,
    order: str | None,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[User]:
    """Check the arguments of a listing of users and return the listing, see `AsyncUsers.list`."""
    check_sizes(page_size, prefetch)
    if user_ids is not None and external_ids is not None:
        raise InvalidArgumentError("give either user_ids or external_ids")
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
    complete = _roles_in_tenant(caller, options, with_roles=with_roles)
    whole = PagedListing(caller, users.LIST, tuple(filters), page_size, options, sort_by=UserSort.ID, complete=complete)
    chosen: tuple[str, ...] | None = None
    for name, given, parameter in (("user_ids", user_ids, "ids"), ("external_ids", external_ids, "_externalIds")):
        if given is not None:
            chosen = arguments.check_ids(given, name, of_query=True)
            whole = replace(whole, ids_in=parameter)
    return AsyncPages(
        split(whole, chosen),
        key=attrgetter("id"),
        prefetch=prefetch,
        incomplete=caller.options_for(options).incomplete_listing,
    )


def _roles_in_tenant(caller: Caller, options: Options | None, *, with_roles: bool) -> Complete[User] | None:
    """Return a function that adds roles to users, or ``None`` if no roles were requested.

    Raises:
        InvalidArgumentError: The listing is not about one tenant, or ``with_roles`` is not a bool.
    """
    if not check_flag(with_roles, "with_roles", InvalidArgumentError):
        return None
    if caller.tenant_id is None and not caller.is_user:
        raise InvalidArgumentError("with_roles needs tenant_id, because a user has different roles in each tenant")
    return _Roles(caller, options).given_to


async def give_roles(caller: Caller, found: Sequence[User]) -> Sequence[User]:
    """Return users with their roles in the caller's tenant, see `AsyncUsers.list`.

    Args:
        caller: Makes the requests.
        found: The users.

    Raises:
        FronteggError: A request failed.
    """
    return await _Roles(caller, None).given_to(0, tuple(found))


class _Roles:
    """A function that adds the roles in the caller's tenant to the users of a listing."""

    def __init__(self, caller: Caller, options: Options | None) -> None:
        self._caller = caller
        self._options = options
        self._by_id: Mapping[str, Role] = {}

    async def given_to(self, index: int, found: tuple[User, ...]) -> tuple[User, ...]:
        """Return the users of a page with their roles.

        The list of roles is requested with the first page.
        """
        if not found:
            return found
        held = await looked_up(self._caller, users.ROLES, [user.id for user in found], self._options)
        ids = {each.user_id: each.role_ids for each in held}
        if not index or any(role_id not in self._by_id for role_ids in ids.values() for role_id in role_ids):
            listed = await self._caller.value(roles.LIST_V1, options=self._options)
            self._by_id = {role.id: role for role in listed}
        by_id = self._by_id
        return tuple(
            attrs.evolve(user, roles=tuple(by_id[role_id] for role_id in ids.get(user.id, ()) if role_id in by_id))
            for user in found
        )


def _preset(preset: str | None, max_inactive_seconds: int | timedelta | None) -> list[tuple[str, str]]:
    """Return the query parameters of a preset.

    Raises:
        InvalidArgumentError: The preset does not exist, or only one of ``'inactive'`` and ``max_inactive_seconds`` is
            given.
    """
    chosen = None if preset is None else arguments.check_member(preset, UserPreset, "preset")
    if (chosen is UserPreset.INACTIVE) is not (max_inactive_seconds is not None):
        raise InvalidArgumentError("give preset 'inactive' and max_inactive_seconds together")
    filters = [] if chosen is None else [("_preset", chosen.value)]
    if max_inactive_seconds is not None:
        seconds = arguments.check_duration(max_inactive_seconds, "max_inactive_seconds", least=1, most=_MAX_SECONDS)
        filters.append(("_maxInactiveSeconds", str(seconds)))
    return filters
