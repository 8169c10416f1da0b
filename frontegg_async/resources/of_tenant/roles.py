"""``roles`` of one tenant: the environment's roles, and the roles of this tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import roles as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.roles import (
    DerivedRoleCreate,
    Role,
    RoleCreate,
    RoleCreates,
    RolePermissions,
    RoleSort,
    RoleSortLiteral,
    RoleUpdate,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.created_by_name import (
    alone,
    check_names,
    check_new_ids,
    only,
)
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import ReadBack, shows, unlisted
from frontegg_async.resources.support.role_keys import ids_of_keys
from frontegg_async.resources.support.role_listings import MAX_LEVEL, role_pages
from frontegg_async.resources.support.writes import write


class AsyncWritableRoles:
    """Roles, with methods to create, change and delete them.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        filter: str | None = None,
        levels: Sequence[int] | None = None,
        tenant_ids: Sequence[str] | None = None,
        sort_by: RoleSort | RoleSortLiteral = RoleSort.KEY,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[Role]:
        """List the roles.

        ``GET /identity/resources/roles/v2`` (documented). The client sends one request for each page.

        Args:
            filter: Only roles whose key or name contains this text.
            levels: Only roles with one of these levels, each 0 to 32,767. A lower level is stronger.
            tenant_ids: Only roles of these tenants, at least one id, without commas.
            sort_by: The field to sort by: ``key`` (the default), ``name``, ``level``, ``createdAt`` and others of
                `RoleSort`.
            order: ``asc`` (ascending, the default) or ``desc`` (descending).
            page_size: The number of roles in a page, 1 to 2,000.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the roles. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return role_pages(
            self._caller,
            filter=filter,
            levels=levels,
            tenant_ids=tenant_ids,
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def ids_of(self, keys: Sequence[str], *, options: Options | None = None) -> tuple[str, ...]:
        """Get the ids of roles by their keys. Ids differ between environments, while keys do not.

        ``GET /identity/resources/roles/v1`` (documented). Each call sends this request: keep the ids if you need them
        often. A client with an environment's credential finds the roles of the environment. A client from
        ``for_tenant(...)`` also finds the roles of the tenant.

        Args:
            keys: The keys of the roles, for example ``["Admin"]``, at least one. Keys are case-sensitive.

        Returns:
            The ids, in the order of the keys, for any argument ``role_ids`` of this package.

        Raises:
            InvalidArgumentError: ``keys`` is empty, or an item is not text, and nothing was sent. Or several roles have
                the same key.
            PermissionDeniedError: The user may not see roles.
            NotFoundError: ``keys`` has an unknown key, or there is no such tenant.
        """
        return await ids_of_keys(self._caller, check_names(keys, "keys"), options)

    async def create(
        self,
        *,
        key: str,
        name: str,
        level: int,
        description: str | None = None,
        is_default: bool | None = None,
        first_user_role: bool | None = None,
        migrate_role: bool | None = None,
        options: Options | None = None,
    ) -> Role:
        """Create a role of the environment. With ``for_tenant(...)`` or a user's token, create a role of that tenant.

        ``POST /identity/resources/roles/v1`` (documented). The request has an array with one role. A user needs the
        permission ``fe.secure.write.roles``. The role has no permissions until you call `set_permissions`. The client
        checks whether the role exists before it sends the request, and again after a lost response.

        Args:
            key: The unique key, not empty. Users' tokens contain the key.
            name: The display name.
            level: The level, 0 to 32,767. A lower level is stronger.
            description: The purpose, as free text.
            is_default: Whether a user who is added without roles gets this role.
            first_user_role: Whether the first user of a new tenant gets the role.
            migrate_role: Whether all existing users get the role too. Has an effect only with ``is_default``.

        Returns:
            The new role, as the service returns it.

        Raises:
            BadRequestError: The service refused the fields.
            ConflictError: A role has this key.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the role may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(key, "key")
        arguments.check_text(name, "name")
        arguments.check_count(level, "level", least=0, most=MAX_LEVEL)
        body = RoleCreate(
            key=key,
            name=name,
            level=level,
            description=description,
            is_default=is_default,
            first_user_role=first_user_role,
            migrate_role=migrate_role,
        )
        arguments.check_body(body)  # The request has an array of roles.
        reconcile = Created(self._caller, endpoints.LIST_V1, body, self._finder(key), alone, _id_of)
        sent = RoleCreates(roles=(body,))
        made = await write(self._caller, endpoints.CREATE, body=sent, options=options, reconcile=reconcile)
        return only(made, endpoints.CREATE)

    async def update(
        self,
        role_id: str,
        *,
        key: str | Unset = UNSET,
        name: str | Unset = UNSET,
        level: int | Unset = UNSET,
        description: str | Unset = UNSET,
        is_default: bool | Unset = UNSET,
        first_user_role: bool | Unset = UNSET,
        migrate_role: bool | Unset = UNSET,
        options: Options | None = None,
    ) -> Role:
        """Change fields of a role. Omitted fields keep their values.

        ``PATCH /identity/resources/roles/v1/{roleId}`` (documented). A user needs the permission
        ``fe.secure.write.updateRole``.

        Args:
            role_id: The id of the role, 1 to 256 characters.
            key: The unique key.
            name: The display name.
            level: The level, 0 to 32,767. A lower level is stronger.
            description: The purpose, as free text.
            is_default: Whether a user who is added without roles gets this role.
            first_user_role: Whether the first user of a new tenant gets the role.
            migrate_role: Whether all existing users get the role too. Has an effect only with ``is_default``.

        Returns:
            The role after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            BadRequestError: The service refused the fields.
            ConflictError: Another role has this key.
            NotFoundError: There is no such role.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(role_id, "role_id")
        for argument, text in (("key", key), ("name", name)):
            if text is not UNSET:
                arguments.check_text(text, argument)
        if level is not UNSET:
            arguments.check_count(level, "level", least=0, most=MAX_LEVEL)
        body = RoleUpdate(
            key=key,
            name=name,
            level=level,
            description=description,
            is_default=is_default,
            first_user_role=first_user_role,
            migrate_role=migrate_role,
        )
        if body == RoleUpdate():
            raise InvalidArgumentError("nothing to change: give at least one field of the role")
        reconcile = ReadBack(self._caller, endpoints.LIST_V1, lambda roles: _find(roles, role_id, body))
        path = {"role_id": role_id}
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, role_id: str, *, options: Options | None = None) -> None:
        """Delete a role. Its users and groups lose the role.

        ``DELETE /identity/resources/roles/v1/{roleId}`` (documented). A user needs the permission
        ``fe.secure.delete.role``. If a response is lost, the request is sent again; a 404 then counts as success,
        unless the option ``strict_delete`` is set.

        Args:
            role_id: The id of the role, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such role.
        """
        arguments.check_id(role_id, "role_id")
        is_gone = unlisted(self._caller, endpoints.LIST_V1, role_id)
        await self._caller.value(endpoints.DELETE, path={"role_id": role_id}, options=options, reconcile=is_gone)

    async def set_permissions(
        self, role_id: str, *, permission_ids: Sequence[str], options: Options | None = None
    ) -> Role:
        """Replace all permissions of a role.

        ``PUT /identity/resources/roles/v1/{roleId}/permissions`` (documented). A user needs the permission
        ``fe.secure.write.updateRole``.

        Args:
            role_id: The id of the role, 1 to 256 characters.
            permission_ids: The ids of the new permissions. An empty sequence removes all permissions.

        Returns:
            The role after the change.

        Raises:
            BadRequestError: The service refused the permissions.
            NotFoundError: There is no such role or permission.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(role_id, "role_id")
        ids = check_new_ids(permission_ids, "permission_ids")

        def find(roles: Sequence[Role]) -> Role | None:
            role = _of_id(roles, role_id)
            return role if role is not None and frozenset(role.permissions) == frozenset(ids) else None

        reconcile = ReadBack(self._caller, endpoints.LIST_V1, find)
        path, body = {"role_id": role_id}, RolePermissions(permission_ids=ids)
        return await write(
            self._caller, endpoints.SET_PERMISSIONS, path=path, body=body, options=options, reconcile=reconcile
        )

    def _finder(self, key: str) -> Callable[[Sequence[Role]], Iterable[Role]]:
        """Return a function that finds a role by key in a list. It ignores roles of tenants other than the caller's."""
        tenant_id, is_user = self._caller.tenant_id, self._caller.is_user

        def is_of_calls(role: Role) -> bool:
            return role.tenant_id is not None if is_user else role.tenant_id == tenant_id

        return lambda roles: (role for role in roles if role.key == key and is_of_calls(role))


class AsyncTenantRoles(AsyncWritableRoles):
    """The roles that one tenant may use: the roles of the environment and the roles of the tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def create_derived(
        self,
        *,
        key: str,
        name: str,
        base_role_id: str,
        permission_ids: Sequence[str],
        description: str | None = None,
        is_default: bool | None = None,
        options: Options | None = None,
    ) -> Role:
        """Create a role of the tenant with permissions. The role gets the level of another role.

        ``POST /identity/resources/roles/v2`` (documented). A user needs the permission ``fe.secure.write.roles``. The
        client checks whether the role exists before it sends the request, and again after a lost response.

        Args:
            key: The unique key, not empty. Users' tokens contain the key.
            name: The display name.
            base_role_id: The id of the role whose level the new role gets.
            permission_ids: The ids of the new role's permissions. The sequence may be empty.
            description: The purpose, as free text.
            is_default: Whether a user who is added to the tenant without roles gets this role.

        Returns:
            The new role, as the service returns it.

        Raises:
            BadRequestError: The service refused the fields.
            ConflictError: A role has this key.
            NotFoundError: There is no such tenant, role or permission.
            OutcomeUnknownError: The response was lost, so the role may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(key, "key")
        arguments.check_text(name, "name")
        arguments.check_id(base_role_id, "base_role_id")
        body = DerivedRoleCreate(
            key=key,
            name=name,
            base_role_id=base_role_id,
            permission_ids=check_new_ids(permission_ids, "permission_ids"),
            description=description,
            is_default=is_default,
        )
        reconcile = Created(self._caller, endpoints.LIST_V1, body, self._finder(key), lambda role: role, _id_of)
        return await write(self._caller, endpoints.CREATE_DERIVED, body=body, options=options, reconcile=reconcile)


class AsyncOwnRoles(AsyncTenantRoles):
    """The roles of the environment and of the user's own tenant. Users may change only the roles of the tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()


def _id_of(role: Role) -> str:
    return role.id


def _of_id(roles: Sequence[Role], role_id: str) -> Role | None:
    return next((role for role in roles if role.id == role_id), None)


def _find(roles: Sequence[Role], role_id: str, body: RoleUpdate) -> Role | None:
    role = _of_id(roles, role_id)
    return role if role is not None and shows(role, body) else None
