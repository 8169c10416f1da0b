"""Warn before the last user with the role of an owner leaves a tenant."""

from __future__ import annotations

from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import APIError, LastOwnerWarning
from frontegg_async.models.roles import Role
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.resources.support.listing import user_pages
from frontegg_async.resources.support.user_lookups import looked_up

_KEYS: Final = frozenset({"admin", "owner"})
_PAGE: Final = 100


async def warn_if_last_owner(caller: Caller, user_id: str, options: Options | None) -> None:
    """Warn if no other user who may enter the tenant of a caller has a role of an owner that this user has.

    A read that the service refuses is no reason to keep the user: the removal says what is wrong, if anything is.

    Raises:
        LastOwnerWarning: The filters turn such warnings into errors; nothing was removed.
        FronteggError: A read failed otherwise.
    """
    try:
        user = await caller.value(endpoints.GET_IN_TENANT, path={"user_id": user_id}, options=options)
        owning = frozenset(role.id for role in user.roles or () if _is_of_owner(role))
        is_last = bool(owning) and not await _has_another(caller, user_id, owning, options)
    except APIError:
        return
    if is_last:
        warn_caller(
            f"user {user_id!r} is the last owner of tenant {caller.tenant_id!r}: nobody can administer it afterwards",
            LastOwnerWarning,
        )


async def _has_another(caller: Caller, user_id: str, owning: frozenset[str], options: Options | None) -> bool:
    """Return whether another user who may sign in has one of the roles; the reading stops at the first."""
    listing = user_pages(
        caller,
        email=None,
        ids=None,
        external_ids=None,
        name_prefix=None,
        identifier=None,
        identifier_type=None,
        include_sub_tenants=False,
        sort_by=None,
        order=None,
        page_size=_PAGE,
        prefetch=0,
        options=options,
    )
    async for page in listing.pages():
        ids = [user.id for user in page.items if user.id != user_id and _may_enter(user, caller.tenant_id)]
        if ids and any(
            owning & frozenset(held.role_ids) for held in await looked_up(caller, endpoints.ROLES, ids, options)
        ):
            return True
    return False


def _may_enter(user: User, tenant_id: str | None) -> bool:
    return not user.is_locked and not any(each.is_disabled for each in user.tenants if each.tenant_id == tenant_id)


def _is_of_owner(role: Role) -> bool:
    return bool(role.first_user_role) or (role.key or "").casefold() in _KEYS
