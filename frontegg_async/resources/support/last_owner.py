"""Warnings before a tenant loses its last owner. An owner is a user with an owner role who may sign in."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar

import attrs

from frontegg_async._core.call import proofs
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import roles as role_endpoints
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import FronteggError, LastOwnerWarning, NotFoundError, Outcome, PermissionDeniedError
from frontegg_async.models.roles import Role
from frontegg_async.models.users import User
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import is_answered_absent
from frontegg_async.resources.support.user_listing import user_pages
from frontegg_async.resources.support.user_lookups import looked_up

_KEYS: Final = frozenset({"admin", "owner"})
_PAGE: Final = 100

T = TypeVar("T")


async def warn_if_last_owner(
    caller: Caller,
    change: Endpoint[object],
    user_id: str,
    options: Options | None,
    *,
    taken: Sequence[str] | None = None,
    given: Sequence[str] = (),
    tenant_ids: Sequence[str] | None = None,
) -> None:
    """Warn before a change if the user is the last owner of a tenant.

    An owner is a user with an owner role who may sign in. There is no warning if the caller lacks the permission to
    read the owners, or if the user or the tenant does not exist. The change itself then reports an error. Any other
    error of a request stops the change.

    Args:
        caller: Makes the requests. They are about the caller's tenant, or about all tenants of the user.
        change: The operation that changes the user afterwards. This function raises an error if the client is
            read-only.
        user_id: The id of the user.
        options: Options of the requests.
        taken: The ids of the roles that the change removes; all roles by default.
        given: The ids of the roles that the change adds. A user who gets an owner role remains an owner.
        tenant_ids: The ids of the tenants to check. By default, the caller's tenant, or all tenants of the user if the
            caller has none.

    Raises:
        ReadOnlyError: The client is read-only; nothing was sent.
        LastOwnerWarning: The warning filters turn this warning into an error. Nothing was changed.
        FronteggError: A request failed for another reason. Nothing was changed.
    """
    caller.check_writable(change.name, options)
    is_of_one = caller.is_user or caller.tenant_id is not None
    endpoint = endpoints.GET_IN_TENANT if is_of_one else endpoints.GET
    user = await _unless_refused(caller.value(endpoint, path={"user_id": user_id}, options=options))
    if user is None:
        return
    of_tenants = [(caller.for_tenant(each.tenant_id), each.roles) for each in user.tenants]
    left = [
        "their tenant" if each.own_tenant_id is None else f"tenant {each.own_tenant_id!r}"
        for each, roles in ([(caller, user.roles)] if is_of_one else of_tenants)
        if (tenant_ids is None or each.tenant_id in tenant_ids)
        and await _is_last(each, user_id, roles, options, taken=taken, given=given)
    ]
    if left:
        pronoun = "it" if len(left) == 1 else "them"
        warn_caller(
            f"user {user_id!r} is the last owner of {' and '.join(left)}: nobody can administer {pronoun} afterwards",
            LastOwnerWarning,
        )


async def is_last_owner(caller: Caller, user: User, options: Options | None) -> bool:
    """Return whether a user is the only owner of a tenant.

    Args:
        caller: Makes the requests about the tenant.
        user: The user, with the user's roles in the tenant.
        options: Options of the requests.

    Raises:
        FronteggError: A read failed.
    """
    owning = frozenset(role.id for role in user.roles or () if _is_of_owner(role))
    return bool(owning) and not await _has_another(caller, user.id, owning, options)


async def _unless_refused(read: Awaitable[T]) -> T | None:
    """Await a request. Return ``None`` if the caller lacks the permission, or if the service has no such object.

    Raises:
        FronteggError: The read failed for another reason; nothing was changed.
    """
    try:
        return await read
    except FronteggError as error:
        is_denied = isinstance(error, PermissionDeniedError) and proofs.is_error_of_service(error.response.body)
        if is_denied or (isinstance(error, NotFoundError) and is_answered_absent(error)):
            return None
        failure = error.fresh()
    raise failure.fresh(attrs.evolve(failure.details, outcome=Outcome.NOT_SENT))


async def _is_last(
    caller: Caller,
    user_id: str,
    roles: Sequence[Role] | None,
    options: Options | None,
    *,
    taken: Sequence[str] | None,
    given: Sequence[str],
) -> bool:
    """Return whether the user stops being an owner of the caller's tenant, and the tenant has no other owner."""
    owning = frozenset(role.id for role in roles or () if _is_of_owner(role))
    if not owning or (taken is not None and not owning.issubset(taken)):
        return False
    if given:
        usable = await _unless_refused(caller.value(role_endpoints.LIST_V1, options=options)) or ()
        if any(role.id in given and _is_of_owner(role) for role in usable):
            return False
    return await _unless_refused(_has_another(caller, user_id, owning, options)) is False


async def _has_another(caller: Caller, user_id: str, owning: frozenset[str], options: Options | None) -> bool:
    """Return whether another user who may sign in has one of the roles. Send no further request after such a user."""
    listing = user_pages(
        caller,
        email=None,
        user_ids=None,
        external_ids=None,
        name_prefix=None,
        identifier=None,
        identifier_type=None,
        preset=None,
        max_inactive_seconds=None,
        include_sub_tenants=False,
        with_roles=False,
        sort_by=None,
        order=None,
        page_size=_PAGE,
        prefetch=0,
        options=options,
    )
    async for page in listing.pages():
        ids = [user.id for user in page.items if user.id != user_id and _may_enter(user, caller.own_tenant_id)]
        if ids and any(
            owning & frozenset(held.role_ids) for held in await looked_up(caller, endpoints.ROLES, ids, options)
        ):
            return True
    return False


def _may_enter(user: User, tenant_id: str | None) -> bool:
    return not user.is_locked and not any(
        each.is_disabled for each in user.tenants if tenant_id in (None, each.tenant_id)
    )


def _is_of_owner(role: Role) -> bool:
    return bool(role.first_user_role) or folded(role.key or "") in _KEYS
