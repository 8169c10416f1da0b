"""``frontegg.roles``: the roles of an environment and of single tenants."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import roles as endpoints
from frontegg_async.models.roles import Role, RoleTenant
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.roles import AsyncTenantRoles, AsyncWritableRoles
from frontegg_async.resources.support.read_back import ReadBack
from frontegg_async.resources.support.writes import write


class AsyncRoles(AsyncWritableRoles):
    """The roles of the environment and of single tenants.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def create_derived(
        self,
        tenant_id: str,
        *,
        key: str,
        name: str,
        base_role_id: str,
        permission_ids: Sequence[str],
        description: str | None = None,
        is_default: bool | None = None,
        options: Options | None = None,
    ) -> Role:
        """Create a role of a tenant with the level (rank) of another role, and set the permissions of the new role.

        ``POST /identity/resources/roles/v2`` (documented). The client checks whether the role exists before it sends
        the request, and again after a lost response.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            key: The unique key, which appears in users' tokens; not empty.
            name: The name that people see.
            base_role_id: The id of the role whose level the new role gets.
            permission_ids: The ids of the new role's permissions; may be empty.
            description: The purpose of the role.
            is_default: Whether users who are added to the tenant without roles get this role.

        Returns:
            The role as the service made it.

        Raises:
            BadRequestError: The service refused the fields.
            ConflictError: A role has this key.
            NotFoundError: There is no such tenant, role or permission.
            OutcomeUnknownError: The response was lost, so the role may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        return await AsyncTenantRoles(self._caller.for_tenant(tenant_id)).create_derived(
            key=key,
            name=name,
            base_role_id=base_role_id,
            permission_ids=permission_ids,
            description=description,
            is_default=is_default,
            options=options,
        )

    async def set_tenant(self, role_id: str, *, tenant_id: str | None, options: Options | None = None) -> Role:
        """Move a role to a single tenant, or to the whole environment.

        ``PUT /identity/resources/roles/v1/{roleId}/tenant`` (documented).

        Args:
            role_id: The id of the role, 1 to 256 characters.
            tenant_id: The id of the tenant, 1 to 256 characters; ``None`` for all tenants.

        Returns:
            The role as it is now.

        Raises:
            NotFoundError: There is no such role or tenant.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(role_id, "role_id")
        if tenant_id is not None:
            arguments.check_id(tenant_id, "tenant_id")

        def find(roles: Sequence[Role]) -> Role | None:
            return next((role for role in roles if role.id == role_id and role.tenant_id == tenant_id), None)

        reconcile = ReadBack(self._caller, endpoints.LIST_V1, find)
        path, body = {"role_id": role_id}, RoleTenant(tenant_id=tenant_id)
        return await write(
            self._caller, endpoints.SET_TENANT, path=path, body=body, options=options, reconcile=reconcile
        )
