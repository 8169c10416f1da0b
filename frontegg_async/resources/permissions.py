"""``frontegg.permissions``: the permissions that roles contain."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from frontegg_async._core.checks import arguments
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import permissions as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.permissions import (
    Permission,
    PermissionAssignment,
    PermissionAssignmentLiteral,
    PermissionCategory,
    PermissionCategoryCreate,
    PermissionCategoryUpdate,
    PermissionCreate,
    PermissionCreates,
    PermissionRoles,
    PermissionUpdate,
)
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.permissions import AsyncOwnPermissions
from frontegg_async.resources.support.created_by_name import alone, only
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, shows, unlisted
from frontegg_async.resources.support.role_keys import by_ids, required_roles
from frontegg_async.resources.support.writes import write


class AsyncPermissions(AsyncOwnPermissions):
    """The permissions of the environment.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def create(
        self,
        *,
        key: str,
        name: str,
        description: str | None = None,
        category_id: str | None = None,
        assignment_type: PermissionAssignment | PermissionAssignmentLiteral | None = None,
        options: Options | None = None,
    ) -> Permission:
        """Create a permission. No role has the new permission yet.

        ``POST /identity/resources/permissions/v1`` (documented), with an array of one permission. The client checks
        whether the permission exists before it sends the request, and again after a lost response.

        Args:
            key: The unique key, which appears in users' tokens; not empty.
            name: The name that people see.
            description: The actions that the permission allows.
            category_id: The id of the permission's category, 1 to 256 characters.
            assignment_type: Whether roles can have the permission: ``assignable``, ``always`` or ``never``.

        Returns:
            The permission as the service made it.

        Raises:
            BadRequestError: The service refused the fields.
            ConflictError: A permission has this key.
            OutcomeUnknownError: The response was lost, so the permission may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(key, "key")
        arguments.check_text(name, "name")
        if category_id is not None:
            arguments.check_id(category_id, "category_id")
        body = PermissionCreate(
            key=key,
            name=name,
            description=description,
            category_id=category_id,
            assignment_type=None if assignment_type is None else _assignment(assignment_type),
        )
        reconcile = Created(
            self._caller,
            endpoints.LIST,
            body,
            lambda rows: _of_key(rows, key),
            alone,
            lambda row: row.id,
        )
        sent = PermissionCreates(permissions=(body,))
        made = await write(self._caller, endpoints.CREATE, body=sent, options=options, reconcile=reconcile)
        return only(made, endpoints.CREATE)

    async def update(
        self,
        permission_id: str,
        *,
        key: str | Unset = UNSET,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        category_id: str | Unset = UNSET,
        assignment_type: PermissionAssignment | PermissionAssignmentLiteral | Unset = UNSET,
        options: Options | None = None,
    ) -> Permission:
        """Change fields of a permission. Omitted fields keep their values.

        ``PATCH /identity/resources/permissions/v1/{permissionId}`` (documented). Frontegg's own clients send
        ``assignment_type``.

        Args:
            permission_id: The id of the permission, 1 to 256 characters.
            key: The unique key.
            name: The name that people see.
            description: The actions that the permission allows.
            category_id: The id of the permission's category, 1 to 256 characters.
            assignment_type: Whether roles can have the permission: ``assignable``, ``always`` or ``never``.

        Returns:
            The permission as it is now.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the fields.
            ConflictError: Another permission has this key.
            NotFoundError: There is no such permission.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(permission_id, "permission_id")
        for argument, text in (("key", key), ("name", name)):
            if text is not UNSET:
                arguments.check_text(text, argument)
        if category_id is not UNSET:
            arguments.check_id(category_id, "category_id")
        body = PermissionUpdate(
            key=key,
            name=name,
            description=description,
            category_id=category_id,
            assignment_type=UNSET if assignment_type is UNSET else _assignment(assignment_type),
        )
        if body == PermissionUpdate():
            raise InvalidArgumentError("nothing to change: give at least one field of the permission")

        def find(rows: Sequence[Permission]) -> Permission | None:
            return next((row for row in rows if row.id == permission_id and shows(row, body)), None)

        reconcile, path = ReadBack(self._caller, endpoints.LIST, find), {"permission_id": permission_id}
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, permission_id: str, *, options: Options | None = None) -> None:
        """Delete a permission. Roles lose the permission.

        ``DELETE /identity/resources/permissions/v1/{permissionId}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            permission_id: The id of the permission, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such permission.
        """
        arguments.check_id(permission_id, "permission_id")
        path = {"permission_id": permission_id}
        is_gone = unlisted(self._caller, endpoints.LIST, permission_id)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def add_to_roles(
        self,
        permission_id: str,
        *,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> Permission:
        """Give a permission to roles. Roles that already have the permission keep it.

        ``PUT /identity/resources/permissions/v1/{permissionId}/roles`` (documented). To remove a permission from a
        role, use ``roles.set_permissions``.

        Args:
            permission_id: The id of the permission, 1 to 256 characters.
            role_ids: The ids of the roles, at least one.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds the ids among the roles
                of the environment.

        Returns:
            The permission as it is now, with all roles that have it.

        Raises:
            BadRequestError: The service refused the roles.
            NotFoundError: There is no such permission or role, or no role has one of the keys.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(permission_id, "permission_id")
        body = PermissionRoles(role_ids=required_roles(role_ids, role_keys))
        body, options = await by_ids(self._caller, endpoints.ADD_TO_ROLES, body, role_keys, options)
        ids = set(body.role_ids)

        def find(rows: Sequence[Permission]) -> Permission | None:
            return next((row for row in rows if row.id == permission_id and ids <= set(row.role_ids)), None)

        reconcile = ReadBack(self._caller, endpoints.LIST, find)
        path = {"permission_id": permission_id}
        return await write(
            self._caller, endpoints.ADD_TO_ROLES, path=path, body=body, options=options, reconcile=reconcile
        )

    async def create_category(
        self, *, name: str, description: str | None = None, options: Options | None = None
    ) -> PermissionCategory:
        """Create an empty category of permissions: ``create`` and ``update`` put permissions into it.

        ``POST /identity/resources/permissions/v1/categories`` (documented). Several categories may have the same name,
        so the request is never sent again.

        Args:
            name: The name that people see.
            description: The subject of the permissions in the category.

        Returns:
            The category as the service made it.

        Raises:
            BadRequestError: The service refused the fields.
            OutcomeUnknownError: The response was lost, so the category may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(name, "name")
        body = PermissionCategoryCreate(name=name, description=description)
        return await self._caller.value(endpoints.CREATE_CATEGORY, body=body, options=options)

    async def update_category(
        self,
        category_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        options: Options | None = None,
    ) -> None:
        """Change fields of a category of permissions. Omitted fields keep their values.

        ``PATCH /identity/resources/permissions/v1/categories/{categoryId}`` (documented). If a response is lost, the
        request is sent again.

        Args:
            category_id: The id of the category, 1 to 256 characters.
            name: The name that people see.
            description: The subject of the permissions in the category.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the fields.
            NotFoundError: There is no such category.
        """
        arguments.check_id(category_id, "category_id")
        if name is not UNSET:
            arguments.check_text(name, "name")
        body = PermissionCategoryUpdate(name=name, description=description)
        if body == PermissionCategoryUpdate():
            raise InvalidArgumentError("nothing to change: give at least one field of the category")
        path = {"category_id": category_id}
        is_changed = Confirmed(
            self._caller,
            endpoints.CATEGORIES,
            lambda rows: any(row.id == category_id and shows(row, body) for row in rows),
        )
        await self._caller.value(endpoints.UPDATE_CATEGORY, path=path, body=body, options=options, reconcile=is_changed)

    async def delete_category(self, category_id: str, *, options: Options | None = None) -> None:
        """Delete a category of permissions. Its permissions stay.

        ``DELETE /identity/resources/permissions/v1/categories/{categoryId}`` (documented). If a response is lost, the
        request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            category_id: The id of the category, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such category.
        """
        arguments.check_id(category_id, "category_id")
        path = {"category_id": category_id}
        is_gone = unlisted(self._caller, endpoints.CATEGORIES, category_id)
        await self._caller.value(endpoints.DELETE_CATEGORY, path=path, options=options, reconcile=is_gone)


def _assignment(value: PermissionAssignment | PermissionAssignmentLiteral) -> PermissionAssignment:
    return arguments.check_member(value, PermissionAssignment, "assignment_type")


def _of_key(rows: Sequence[Permission], key: str) -> builtins.list[Permission]:
    return [row for row in rows if row.key == key]
