"""``sub_tenants``: sub-accounts, managed with an environment's credential or by users of the parent tenant."""

from __future__ import annotations

import asyncio
import uuid

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import sub_tenants as endpoints
from frontegg_async.endpoints import users
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.hierarchy import SubAccountAccessType, SubAccountAccessTypeLiteral
from frontegg_async.models.sub_tenants import (
    SubTenant,
    SubTenantCreate,
    SubTenantHierarchySettings,
    SubTenantManagement,
    SubTenantRename,
    SubTenantUserAccess,
)
from frontegg_async.options import Options
from frontegg_async.resources.support.created_sub_tenants import (
    CreatedSubTenant,
    ManagedSubTenant,
    removed_sub_tenant,
    searched_sub_tenant,
    shown_sub_tenant,
)
from frontegg_async.resources.support.created_tenants import note_id
from frontegg_async.resources.support.read_back import Confirmed, agrees
from frontegg_async.resources.support.writes import write


class AsyncSubTenants:
    """Sub-accounts: tenants below other tenants. A user can manage only those below the user's own tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        name: str,
        parent_tenant_id: str,
        tenant_id: str | None = None,
        status: str | None = None,
        logo: str | None = None,
        logo_url: str | None = None,
        creator_name: str | None = None,
        creator_email: str | None = None,
        is_reseller: bool | None = None,
        options: Options | None = None,
    ) -> SubTenant:
        """Create a tenant under another tenant. If you give the id of a deleted tenant, that tenant is re-activated.

        ``POST /tenants/resources/sub-tenants/v1`` (documented). The request always has the id of the new tenant, so
        that a lost response never leads to a second tenant. Before the client sends the request again, it checks
        whether the tenant exists.

        Args:
            name: The new display name.
            parent_tenant_id: The id of the parent. The parent must be a reseller, which is a tenant that may have
                sub-accounts.
            tenant_id: An id of your choice for the new tenant, 1 to 256 characters; a UUID by default.
            status: Free text for your own use.
            logo: An image, base64-encoded.
            logo_url: The address of an image.
            creator_name: The name of the tenant's creator.
            creator_email: The e-mail address of the tenant's creator.
            is_reseller: Whether the tenant may have sub-accounts.

        Returns:
            The new tenant, as the service returns it.

        Raises:
            ConflictError: A tenant that is not deleted has this id.
            BadRequestError: The service refused the fields, or the parent is not a reseller.
            PermissionDeniedError: The parent is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such parent.
            OutcomeUnknownError: The response was lost, so the tenant may or may not have been created. The error's
                attribute ``asked`` holds the argument ``tenant_id``.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = SubTenantCreate(
            tenant_id=str(uuid.uuid4()) if tenant_id is None else tenant_id,
            parent_tenant_id=parent_tenant_id,
            name=name,
            status=status,
            logo=logo,
            logo_url=logo_url,
            creator_name=creator_name,
            creator_email=creator_email,
            is_reseller=is_reseller,
        )
        arguments.check_text(name, "name")
        arguments.check_id(parent_tenant_id, "parent_tenant_id")
        arguments.check_id(body.tenant_id, "tenant_id")
        if body.tenant_id == parent_tenant_id:
            raise InvalidArgumentError("parent_tenant_id must not be tenant_id")
        reconcile = CreatedSubTenant(self._caller, body, own_id=tenant_id is None)
        try:
            return await write(self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile)
        except asyncio.CancelledError as cancelled:
            if tenant_id is None:
                note_id(cancelled, body.tenant_id)
            raise

    async def rename(self, tenant_id: str, *, name: str, options: Options | None = None) -> None:
        """Rename a sub-account.

        ``PATCH /tenants/resources/sub-tenants/v1/{tenantId}`` (used by other clients). The service marks this operation
        as experimental.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            name: The new display name.

        Raises:
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(tenant_id, "tenant_id")
        arguments.check_text(name, "name")
        path = {"tenant_id": tenant_id}
        body = SubTenantRename(name=name)
        is_named = shown_sub_tenant(self._caller, tenant_id, lambda found: agrees(name, found.name))
        await self._caller.value(endpoints.RENAME, path=path, body=body, options=options, reconcile=is_named)

    async def set_management(self, tenant_id: str, *, is_reseller: bool, options: Options | None = None) -> SubTenant:
        """Set whether a sub-account may have sub-accounts of its own.

        ``PUT /tenants/resources/sub-tenants/v1/{tenantId}/management`` (documented).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            is_reseller: Whether the sub-account may have sub-accounts.

        Returns:
            The tenant after the change.

        Raises:
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        body = SubTenantManagement(is_reseller=is_reseller)
        return await write(
            self._caller,
            endpoints.SET_MANAGEMENT,
            path={"tenant_id": tenant_id},
            body=body,
            options=options,
            reconcile=ManagedSubTenant(self._caller, tenant_id, is_reseller=is_reseller),
        )

    async def set_hierarchy_settings(
        self,
        tenant_id: str,
        *,
        access_type: SubAccountAccessType | SubAccountAccessTypeLiteral,
        options: Options | None = None,
    ) -> None:
        """Set whether the users of a tenant may enter its sub-accounts.

        ``PUT /tenants/resources/sub-tenants/v1/{tenantId}/hierarchy-settings`` (documented).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            access_type: ``defaultOff``: users may not enter the sub-accounts. ``defaultOn``: users may enter them. In
                both cases `set_user_access` can make an exception for a user. ``alwaysOn``: every user may enter them.

        Raises:
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(tenant_id, "tenant_id")
        chosen = arguments.check_member(access_type, SubAccountAccessType, "access_type")
        # Only a search shows the setting. With an environment's credential, the search needs the id of a tenant above.
        is_set = None
        if self._caller.is_user:
            is_set = searched_sub_tenant(self._caller, tenant_id, lambda row: row.sub_account_access_type == chosen)
        await self._caller.value(
            endpoints.SET_HIERARCHY_SETTINGS,
            path={"tenant_id": tenant_id},
            body=SubTenantHierarchySettings(sub_account_access_type=chosen),
            options=options,
            reconcile=is_set,
        )

    async def delete(self, tenant_id: str, *, options: Options | None = None) -> None:
        """Delete a sub-account and all its users. Tenants below the sub-account move to its parent.

        ``DELETE /tenants/resources/sub-tenants/v1/{tenantId}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.

        Raises:
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the tenant may or may not have been deleted.
        """
        arguments.check_id(tenant_id, "tenant_id")
        path = {"tenant_id": tenant_id}
        is_gone = removed_sub_tenant(self._caller, tenant_id)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def set_user_access(self, user_id: str, *, allow_access: bool, options: Options | None = None) -> None:
        """Set whether one user may enter the sub-accounts of the user's tenant.

        ``PUT /identity/resources/sub-tenants/users/v1/{userId}/access`` (documented).

        Args:
            user_id: The user's id, 1 to 256 characters.
            allow_access: Whether the user may enter the sub-accounts.

        Raises:
            PermissionDeniedError: The user is outside of the signed-in user's hierarchy, or the signed-in user lacks
                the permission.
            NotFoundError: There is no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(user_id, "user_id")
        body = SubTenantUserAccess(allow_access=allow_access)
        path = {"user_id": user_id}
        # A user's token cannot read this setting.
        is_set = (
            None
            if self._caller.is_user
            else Confirmed(self._caller, users.GET, lambda user: user.sub_account_access_allowed is allow_access, path)
        )
        await self._caller.value(endpoints.SET_USER_ACCESS, path=path, body=body, options=options, reconcile=is_set)
