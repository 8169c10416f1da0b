"""``frontegg.users``: the roles and groups of users in tenants."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.users import RoleAssignment, RoleIdsByTenant, RolesTask, UserGroups, UserRoleIds
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.own_users import AsyncOwnUsers
from frontegg_async.resources.support.last_owner import warn_if_last_owner
from frontegg_async.resources.support.role_keys import ids_before, optional_roles
from frontegg_async.resources.support.user_lookups import check_user_id, task_of
from frontegg_async.resources.support.writes import write


class UserRoles:
    """Roles and groups of users in tenants."""

    __slots__ = ()

    _caller: Caller

    async def assign_roles(
        self,
        user_id: str,
        *,
        tenant_id: str,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> RoleAssignment:
        """Give roles in a tenant to a user. The user keeps its other roles.

        ``POST /identity/resources/users/v1/{userId}/roles`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.

        Returns:
            The roles of the user in the tenant.

        Raises:
            BadRequestError: A role does not exist, or belongs to another tenant.
            NotFoundError: There is no such tenant, it has no such user, or no role has one of the keys.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        return await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).assign_roles(
            user_id, role_ids=role_ids, role_keys=role_keys, options=options
        )

    async def unassign_roles(
        self,
        user_id: str,
        *,
        tenant_id: str,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        warn_last_owner: bool = True,
        options: Options | None = None,
    ) -> RoleAssignment:
        """Remove roles of a user in a tenant.

        ``DELETE /identity/resources/users/v1/{userId}/roles`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters.
            role_ids: The ids of the roles, at least one: roles of the environment or of the tenant.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            warn_last_owner: Whether to emit a `LastOwnerWarning` if the user is the last owner of the tenant and loses
                the last role of an owner. The check takes as many requests as in `remove_from_tenant`.

        Returns:
            The roles that the user still has in the tenant.

        Raises:
            BadRequestError: A role does not exist, or belongs to another tenant.
            NotFoundError: There is no such tenant, it has no such user, or no role has one of the keys.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        return await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).unassign_roles(
            user_id, role_ids=role_ids, role_keys=role_keys, warn_last_owner=warn_last_owner, options=options
        )

    async def change_roles(
        self,
        user_id: str,
        *,
        add_role_ids: Sequence[str] | None = None,
        remove_role_ids: Sequence[str] | None = None,
        add_role_keys: Sequence[str] | None = None,
        remove_role_keys: Sequence[str] | None = None,
        tenant_ids: Sequence[str] | None = None,
        all_tenants: bool = False,
        warn_last_owner: bool = True,
        options: Options | None = None,
    ) -> RolesTask:
        """Add and remove roles of a user in many tenants at once.

        ``PATCH /identity/resources/vendor-only/users/v1/{userId}/roles/bulk`` (documented). The service does the work
        at once or later. If ``is_over`` of the task is false, `get_roles_task` returns the progress.

        Args:
            user_id: The id of the user, 1 to 256 characters.
            add_role_ids: The ids of the roles to add, at least one; none by default.
            remove_role_ids: The ids of the roles to remove, at least one; none by default.
            add_role_keys: The keys of roles to add, in place of ``add_role_ids``; one more request finds the ids of all
                keys among the roles of the environment.
            remove_role_keys: The keys of roles to remove, in place of ``remove_role_ids``.
            tenant_ids: The ids of the tenants, at least one.
            all_tenants: In place of ``tenant_ids``: whether to change the roles in all tenants of the user.
            warn_last_owner: Whether to emit one `LastOwnerWarning` for all tenants in which the user is the last owner
                and loses the last role of an owner. The check takes as many requests as in `delete_everywhere`. If
                roles are added too, the check takes one more request for each of these tenants.

        Returns:
            The task.

        Raises:
            InvalidArgumentError: There is no role to add or remove, or a role is both added and removed; nothing was
                sent.
            BadRequestError: A role does not exist.
            NotFoundError: There is no such user, or no role has one of the keys.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_user_id(user_id)
        check_flag(warn_last_owner, "warn_last_owner", InvalidArgumentError)
        added = optional_roles(add_role_ids, add_role_keys, names=("add_role_ids", "add_role_keys"))
        removed = optional_roles(remove_role_ids, remove_role_keys, names=("remove_role_ids", "remove_role_keys"))
        if added is None and removed is None:
            raise InvalidArgumentError("give roles to add or to remove: add_role_ids or remove_role_ids, or their keys")
        _check_apart(added, removed)
        check_flag(all_tenants, "all_tenants", InvalidArgumentError)
        if (tenant_ids is None) is not all_tenants:
            raise InvalidArgumentError("give either tenant_ids or all_tenants=True")
        chosen = None if tenant_ids is None else arguments.check_ids(tenant_ids, "tenant_ids")
        added_keys = () if add_role_keys is None else added or ()
        removed_keys = () if remove_role_keys is None else removed or ()
        if keys := (*added_keys, *removed_keys):
            found, options = await ids_before(self._caller, endpoints.CHANGE_ROLES, keys, options)
            added = found[: len(added_keys)] if added_keys else added
            removed = found[len(added_keys) :] if removed_keys else removed
            _check_apart(added, removed)
        if warn_last_owner and removed:
            await warn_if_last_owner(
                self._caller,
                endpoints.CHANGE_ROLES,
                user_id,
                options,
                taken=removed,
                given=added or (),
                tenant_ids=chosen,
            )
        body = RoleIdsByTenant(add_role_ids=added, remove_role_ids=removed, tenant_ids=chosen)
        path = {"user_id": user_id}
        change = await write(self._caller, endpoints.CHANGE_ROLES, path=path, body=body, options=options)
        return task_of(change, user_id)

    async def get_roles_task(self, task_id: str, *, options: Options | None = None) -> RolesTask:
        """Get the progress of a change of roles in many tenants.

        ``GET /identity/resources/vendor-only/users/v1/bulk-roles/status/{taskId}`` (documented).

        Args:
            task_id: The id of the task that `change_roles` returned, 1 to 256 characters.

        Returns:
            The task as it is now.

        Raises:
            NotFoundError: There is no such task.
            ResponseMismatchError: The response was about another task.
        """
        arguments.check_id(task_id, "task_id")
        return await self._caller.value(endpoints.ROLES_TASK, path={"task_id": task_id}, options=options)

    async def list_roles(
        self, user_ids: Sequence[str], *, tenant_id: str, options: Options | None = None
    ) -> tuple[UserRoleIds, ...]:
        """Get the ids of the roles of some users in a tenant.

        ``GET /identity/resources/users/v3/roles`` (observed), a request for each 100 users.

        Args:
            user_ids: The ids of the users, at least one, without commas.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Returns:
            An entry with the ids for each user who is in the tenant.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        return await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).list_roles(user_ids, options=options)

    async def list_groups(
        self, user_ids: Sequence[str], *, tenant_id: str, options: Options | None = None
    ) -> tuple[UserGroups, ...]:
        """Get the ids of the groups of some users in a tenant.

        ``GET /identity/resources/users/v3/groups`` (observed), a request for each 100 users.

        Args:
            user_ids: The ids of the users, at least one, without commas.
            tenant_id: The id of the tenant, 1 to 256 characters.

        Returns:
            An entry with the ids for each user who is in the tenant.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        return await AsyncOwnUsers(self._caller.for_tenant(tenant_id)).list_groups(user_ids, options=options)


@without_frames
def _check_apart(added: Sequence[str] | None, removed: Sequence[str] | None) -> None:
    if not {*(added or ())}.isdisjoint(removed or ()):
        raise InvalidArgumentError("the roles to add and the roles to remove must not have a role in common")
