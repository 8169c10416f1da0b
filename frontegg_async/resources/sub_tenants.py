"""``sub_tenants``: the sub-accounts, as an environment and its tenants' own users manage them."""

from __future__ import annotations

import uuid
from typing import Final

import attrs

from frontegg_async import arguments
from frontegg_async.endpoints import hierarchy
from frontegg_async.endpoints import sub_tenants as endpoints
from frontegg_async.errors import (
    ConflictError,
    ErrorDetails,
    InvalidArgumentError,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.models.hierarchy import SubAccountAccessType
from frontegg_async.models.sub_tenants import (
    SubTenant,
    SubTenantCreate,
    SubTenantHierarchySettings,
    SubTenantManagement,
    SubTenantRename,
    SubTenantUserAccess,
)
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options
from frontegg_async.resources.relations import Reads, Relation
from frontegg_async.resources.telling import telling_ids
from frontegg_async.value import Value
from frontegg_async.wire.call_state import Settled
from frontegg_async.wire.caller import Caller

_COMPARED: Final = ("name", "status", "logo", "logo_url", "creator_name", "creator_email", "is_reseller")


class AsyncSubTenants:
    """Sub-accounts. With a user's credential, those below the user's own tenant."""

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
        """Create a tenant under another; an id that existed and was deleted is re-activated.

        ``POST /tenants/resources/sub-tenants/v1`` (documented). The id is always made on this side, so that a lost
        answer never leads to a second tenant: what became of the call is read before it is sent again.

        Args:
            name: The name that people see.
            parent_tenant_id: The tenant under which this one is put; it must be a reseller.
            tenant_id: Your own id, 1 to 256 characters; a UUID by default.
            status: Free text for your own logic.
            logo: An image, base64-encoded.
            logo_url: The address of an image.
            creator_name: Who created the tenant.
            creator_email: The e-mail address of who created it.
            is_reseller: Whether the tenant may have sub-accounts.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The tenant as the service made it.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            ConflictError: A live tenant has this id.
            BadRequestError: The service refused the fields, or the parent is not a reseller.
            PermissionDeniedError: The parent is outside of the user's hierarchy, or the user may not do this.
            NotFoundError: There is no such parent.
            OutcomeUnknownError: No answer tells whether the tenant was made; ``asked`` has its ``tenant_id``.
            FronteggError: Any other failure of the call.
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
        arguments.check_body(body)
        reconcile = _CreatedSubTenant(self._caller, body, own_id=tenant_id is None)
        try:
            return await self._caller.value(endpoints.CREATE, body=body, options=options, reconcile=reconcile)
        except OutcomeUnknownError as error:
            failure = telling_ids(error, body.tenant_id, parent_tenant_id)
        raise failure

    async def rename(self, tenant_id: str, *, name: str, options: Options | None = None) -> None:
        """Give a sub-account another name.

        ``PATCH /tenants/resources/sub-tenants/v1/{tenantId}`` (in shipped clients). The service counts this operation
        as experimental.

        Args:
            tenant_id: The id, 1 to 256 characters.
            name: The name that people see.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user may not do this.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether the change was made.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        arguments.check_text(name, "name")
        path = {"tenant_id": tenant_id}
        await self._caller.value(endpoints.RENAME, path=path, body=SubTenantRename(name=name), options=options)

    async def set_management(self, tenant_id: str, *, is_reseller: bool, options: Options | None = None) -> SubTenant:
        """Set whether a sub-account may have sub-accounts of its own.

        ``PUT /tenants/resources/sub-tenants/v1/{tenantId}/management`` (documented).

        Args:
            tenant_id: The id, 1 to 256 characters.
            is_reseller: Whether it may.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The tenant as it is now.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user may not do this.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether the change was made.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        body = SubTenantManagement(is_reseller=is_reseller)
        return await self._caller.value(
            endpoints.SET_MANAGEMENT, path={"tenant_id": tenant_id}, body=body, options=options
        )

    async def set_hierarchy_settings(
        self, tenant_id: str, *, access_type: SubAccountAccessType, options: Options | None = None
    ) -> None:
        """Set whether the users of a tenant may enter its sub-accounts.

        ``PUT /tenants/resources/sub-tenants/v1/{tenantId}/hierarchy-settings`` (documented).

        Args:
            tenant_id: The id, 1 to 256 characters.
            access_type: Off or on unless a user is told otherwise, or on for every user.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user may not do this.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether the change was made.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        chosen = arguments.check_member(access_type, SubAccountAccessType, "access_type")
        await self._caller.value(
            endpoints.SET_HIERARCHY_SETTINGS,
            path={"tenant_id": tenant_id},
            body=SubTenantHierarchySettings(sub_account_access_type=chosen),
            options=options,
        )

    async def delete(self, tenant_id: str, *, options: Options | None = None) -> None:
        """Delete a sub-account and all its users; its own sub-accounts go to its parent.

        ``DELETE /tenants/resources/sub-tenants/v1/{tenantId}`` (documented). When an answer is lost the call is sent
        again, and a 404 then means that it was done, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The id, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: ``tenant_id`` is not allowed; nothing was sent.
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user may not do this.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether the tenant was deleted.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        await self._caller.value(endpoints.DELETE, path={"tenant_id": tenant_id}, options=options)

    async def set_user_access(self, user_id: str, *, allow_access: bool, options: Options | None = None) -> None:
        """Set whether one user may enter the sub-accounts.

        ``PUT /identity/resources/sub-tenants/users/v1/{userId}/access`` (documented).

        Args:
            user_id: The user's id, 1 to 256 characters.
            allow_access: Whether the user may.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed; nothing was sent.
            PermissionDeniedError: The user is outside of the caller's hierarchy, or the caller may not do this.
            NotFoundError: There is no such user.
            OutcomeUnknownError: No answer tells whether the change was made.
            FronteggError: Any other failure of the call.
        """
        arguments.check_id(user_id, "user_id")
        body = SubTenantUserAccess(allow_access=allow_access)
        await self._caller.value(endpoints.SET_USER_ACCESS, path={"user_id": user_id}, body=body, options=options)


@attrs.frozen(eq=False, repr=False)
class _CreatedSubTenant(Value):
    """Reads whether a creation was done.

    Args:
        caller: Makes the reads.
        body: What was asked for.
        own_id: Whether the SDK made the id. If so, a tenant with it can only be the one asked for.
    """

    caller: Caller
    body: SubTenantCreate = attrs.field(repr=False)
    own_id: bool

    async def __call__(self, options: Options) -> Settled[SubTenant] | None:
        """Return the tenant that was made, or ``None`` if there is none.

        Raises:
            ConflictError: There is a tenant with the caller's id that is not the one asked for.
            FronteggError: A read failed.
        """
        found = await (self._read_as_user(options) if self.caller.is_user else self._read(options))
        if found is None:
            return None
        sub_tenant, agrees = found
        if self.own_id or agrees:
            return Settled(sub_tenant)
        raise ConflictError(
            "a tenant with this id exists and differs from the one asked for",
            ErrorDetails(endpoint=endpoints.CREATE.name, outcome=Outcome.REFUSED),
        )

    async def _read(self, options: Options) -> tuple[SubTenant, bool] | None:
        """Return the tenant, and whether it is the one asked for."""
        reads = Reads(self.caller, options)
        tenant = await reads.tenant(self.body.tenant_id)
        if tenant is None or (tenant.deleted_at is not None and not self.own_id):
            return None
        agrees = self.own_id or (
            all(getattr(self.body, name) in (None, getattr(tenant, name)) for name in _COMPARED)
            and await Relation(self.caller, self.body.parent_tenant_id, self.body.tenant_id).holds(reads.options)
        )
        return _as_sub_tenant(tenant), agrees

    async def _read_as_user(self, options: Options) -> tuple[SubTenant, bool] | None:
        """Users cannot get a tenant, but see the names of their sub-accounts."""
        rows = await self.caller.free().value(hierarchy.SUB_ACCOUNTS, options=options)
        row = next((row for row in rows if row.tenant_id == self.body.tenant_id), None)
        if row is None:
            return None
        agrees = row.tenant_name in (None, self.body.name) and self.body.status in (None, row.status)
        return SubTenant(tenant_id=row.tenant_id, name=row.tenant_name or self.body.name, status=row.status), agrees


def _as_sub_tenant(tenant: Tenant) -> SubTenant:
    return SubTenant(
        tenant_id=tenant.tenant_id,
        name=tenant.name,
        status=tenant.status,
        website=tenant.website,
        application_url=tenant.application_url,
        logo=tenant.logo,
        logo_url=tenant.logo_url,
        address=tenant.address,
        timezone=tenant.timezone,
        currency=tenant.currency,
        updated_at=tenant.updated_at,
    )
