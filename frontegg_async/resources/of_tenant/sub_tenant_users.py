"""``user.sub_tenants.users``: the users of sub-accounts, managed by users of the parent tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.kinds import kind_of
from frontegg_async.endpoints import sub_tenant_users as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.sub_tenant_users import (
    SubTenantMembership,
    SubTenantName,
    SubTenantNewUser,
    SubTenantRoles,
    SubTenantUserAdd,
    SubTenantUserRemoval,
    SubTenantUserRoles,
    SubTenantUsersAdd,
)
from frontegg_async.models.users import User, UserSort, UserSortLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.sso.checks import check_role_ids
from frontegg_async.resources.support.listing import PagedListing, check_sizes
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.writes import write

_MOST_USERS: Final = 1_000


class AsyncSubTenantUsers:
    """The users of the user's own tenant and of the sub-accounts below it.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        filter: str | None = None,
        sort_by: UserSort | UserSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[User]:
        """List the users of the user's tenant and its sub-accounts.

        ``GET /identity/resources/sub-tenants/users/v1`` (used by other clients). The client sends one request for each
        page.

        Args:
            filter: Only users whose name or e-mail address contains this text.
            sort_by: The field to sort by: ``id`` (the default), ``name``, ``email`` and others of `UserSort`.
            order: ``asc`` (ascending) or ``desc`` (descending).
            page_size: The number of users in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the users. The field ``tenants`` of a user has the user's data for each sub-account. The first
            request is sent when you iterate the listing. Each iteration sends the requests again.
        """
        check_sizes(page_size, prefetch)
        filters: tuple[tuple[str, str], ...] = ()
        if filter is not None:
            arguments.check_text(filter, "filter")
            filters += (("_filter", filter),)
        if sort_by is not None:
            filters += (("_sortBy", arguments.check_member(sort_by, UserSort, "sort_by").value),)
        if order is not None:
            filters += (("_order", arguments.check_member(order, Order, "order").value),)
        return AsyncPages(
            [PagedListing(self._caller, endpoints.LIST, filters, page_size, options, sort_by=UserSort.ID)],
            key=attrgetter("id"),
            prefetch=prefetch,
            incomplete=self._caller.options_for(options).incomplete_listing,
        )

    async def add(
        self,
        *,
        email: str,
        role_ids_by_tenant: Mapping[str, Sequence[str]],
        name: str | None = None,
        options: Options | None = None,
    ) -> None:
        """Add a user to sub-accounts. A new user is invited. The request is never sent twice.

        ``POST /identity/resources/sub-tenants/users/v1`` (used by other clients).

        Args:
            email: The user's e-mail address.
            role_ids_by_tenant: A mapping from the id of each sub-account to the ids of the user's roles in this
                sub-account. If the role ids are empty, the user gets the default roles.
            name: The display name of a new user.

        Raises:
            BadRequestError: The service refused the roles, for example a role that a sub-account does not have.
            PermissionDeniedError: A tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the user may or may not have been added to some or all
                sub-accounts. ``list(filter=email)`` shows whether the user was added.
        """
        arguments.check_email(email, "email")
        if name is not None:
            arguments.check_text(name, "name")
        memberships = tuple(
            SubTenantMembership(tenant_id=tenant_id, role_ids=ids or None)
            for tenant_id, ids in _rows(role_ids_by_tenant)
        )
        body = SubTenantUserAdd(user=SubTenantNewUser(email=email, name=name), sub_tenants=memberships)
        await write(self._caller, endpoints.ADD, body=body, options=options)

    async def add_many(
        self,
        tenant_id: str,
        *,
        users: Mapping[str, str | None],
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        allow_sub_account_access: bool | None = None,
        options: Options | None = None,
    ) -> None:
        """Add several users to one sub-account. New users are invited. The request is never sent twice.

        ``POST /identity/resources/sub-tenants/users/v2`` (used by other clients).

        Args:
            tenant_id: The id of the sub-account, 1 to 256 characters.
            users: A mapping from the users' e-mail addresses to their names, with 1 to 1,000 entries; ``None`` for no
                name.
            role_ids: The ids of the users' roles. By default the users get the default roles.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids among the roles
                that the signed-in user may see.
            allow_sub_account_access: Whether the users may enter the tenants below this sub-account.

        Raises:
            BadRequestError: The service refused the users or roles, for example a role that the sub-account does not
                have.
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so some or all users may or may not have been added. ``list``
                shows which users were added.
        """
        arguments.check_id(tenant_id, "tenant_id")
        body = SubTenantUsersAdd(
            users=_new_users(users),
            tenant_id=tenant_id,
            role_ids=optional_roles(role_ids, role_keys),
            allow_sub_account_access=allow_sub_account_access,
        )
        body, options = await by_ids(self._caller, endpoints.ADD_MANY, body, role_keys, options)
        await write(self._caller, endpoints.ADD_MANY, body=body, options=options)

    async def remove(self, user_id: str, *, tenant_ids: Sequence[str], options: Options | None = None) -> None:
        """Remove a user from sub-accounts. The user's tokens for these sub-accounts stay valid until they expire.

        ``DELETE /identity/resources/sub-tenants/users/v1`` (used by other clients). If a response is lost, the request
        is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            user_id: The user's id, 1 to 256 characters.
            tenant_ids: The ids of the sub-accounts.

        Raises:
            PermissionDeniedError: A tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant, or the tenant has no such user.
            OutcomeUnknownError: The response was lost, so the user may or may not have been removed.
        """
        arguments.check_id(user_id, "user_id")
        names = tuple(SubTenantName(tenant_id=each) for each in arguments.check_ids(tenant_ids, "tenant_ids"))
        body = SubTenantUserRemoval(user_id=user_id, sub_tenants=names)
        await write(self._caller, endpoints.REMOVE, body=body, options=options)

    async def assign_roles(
        self, user_id: str, *, role_ids_by_tenant: Mapping[str, Sequence[str]], options: Options | None = None
    ) -> None:
        """Give a user additional roles in sub-accounts.

        ``POST /identity/resources/sub-tenants/users/v1/{userId}/roles`` (used by other clients).

        Args:
            user_id: The user's id, 1 to 256 characters.
            role_ids_by_tenant: A mapping from the id of each sub-account to the ids of the additional roles.

        Raises:
            BadRequestError: The service refused the roles, for example a role that a sub-account does not have.
            PermissionDeniedError: A tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant, or the tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(user_id, "user_id")
        body = SubTenantUserRoles(sub_tenants_roles=_given_rows(role_ids_by_tenant))
        await write(self._caller, endpoints.ASSIGN_ROLES, path={"user_id": user_id}, body=body, options=options)

    async def set_roles(
        self, user_id: str, *, role_ids_by_tenant: Mapping[str, Sequence[str]], options: Options | None = None
    ) -> None:
        """Replace the roles of a user in sub-accounts.

        ``PATCH /identity/resources/sub-tenants/users/v1/{userId}/roles`` (used by other clients).

        Args:
            user_id: The user's id, 1 to 256 characters.
            role_ids_by_tenant: A mapping from the id of each sub-account to the ids of the user's new roles. The role
                ids may be empty.

        Raises:
            BadRequestError: The service refused the roles, for example a role that a sub-account does not have.
            PermissionDeniedError: A tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant, or the tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(user_id, "user_id")
        rows = tuple(SubTenantRoles(tenant_id=tenant_id, role_ids=ids) for tenant_id, ids in _rows(role_ids_by_tenant))
        body = SubTenantUserRoles(sub_tenants_roles=rows)
        await write(self._caller, endpoints.SET_ROLES, path={"user_id": user_id}, body=body, options=options)

    async def unassign_roles(
        self, user_id: str, *, role_ids_by_tenant: Mapping[str, Sequence[str]], options: Options | None = None
    ) -> None:
        """Remove roles from a user in sub-accounts.

        ``DELETE /identity/resources/sub-tenants/users/v1/{userId}/roles`` (used by other clients).

        Args:
            user_id: The user's id, 1 to 256 characters.
            role_ids_by_tenant: A mapping from the id of each sub-account to the ids of the roles to remove.

        Raises:
            BadRequestError: The service refused the roles, for example a role that a sub-account does not have.
            PermissionDeniedError: A tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant, or the tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(user_id, "user_id")
        body = SubTenantUserRoles(sub_tenants_roles=_given_rows(role_ids_by_tenant))
        await write(self._caller, endpoints.UNASSIGN_ROLES, path={"user_id": user_id}, body=body, options=options)


@without_frames
def _rows(values: object) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Check a mapping from sub-accounts to roles, and return its items. An item may have no roles."""
    kind = kind_of(values)
    if not isinstance(values, Mapping) or not values:
        raise InvalidArgumentError(
            "role_ids_by_tenant must be a mapping with the id of at least one sub-account, each with ids of roles, "
            f"not {'an empty one' if isinstance(values, Mapping) else kind}"
        )
    given = cast("Mapping[str, Sequence[str]]", values)
    for tenant_id in given:
        arguments.check_id(tenant_id, "a key of role_ids_by_tenant")
    return [(tenant_id, check_role_ids(ids, f"role_ids_by_tenant[{tenant_id!r}]")) for tenant_id, ids in given.items()]


@without_frames
def _given_rows(values: object) -> tuple[SubTenantRoles, ...]:
    """Return the body's entries, one for each sub-account. Each entry must have at least one role."""
    rows = _rows(values)
    for tenant_id, ids in rows:
        if not ids:
            raise InvalidArgumentError(f"role_ids_by_tenant[{tenant_id!r}] must have at least one id")
    return tuple(SubTenantRoles(tenant_id=tenant_id, role_ids=ids) for tenant_id, ids in rows)


@without_frames
def _new_users(values: object) -> tuple[SubTenantNewUser, ...]:
    if not isinstance(values, Mapping) or not 1 <= len(cast("Mapping[str, object]", values)) <= _MOST_USERS:
        raise InvalidArgumentError(f"users must be a mapping of 1 to {_MOST_USERS:,} e-mail addresses to names")
    users = cast("Mapping[str, str | None]", values)
    seen: set[str] = set()
    for email, name in users.items():
        arguments.check_email(email, "a key of users")
        if name is not None:
            arguments.check_text(name, "a name in users")
        if folded(email) in seen:
            raise InvalidArgumentError("users has the same e-mail address twice, in different spellings")
        seen.add(folded(email))
    return tuple(SubTenantNewUser(email=email, name=name) for email, name in users.items())
