"""Check whether a write to a sub-account took effect, if the response was lost or has no result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from frontegg_async._core.call.call_state import Recovered
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._values.value import Value
from frontegg_async.endpoints import hierarchy, tenants
from frontegg_async.endpoints import sub_tenants as endpoints
from frontegg_async.errors import ConflictError, ErrorDetails, NotFoundError, Outcome
from frontegg_async.models.hierarchy import HierarchyTenant
from frontegg_async.models.page import Page
from frontegg_async.models.sub_tenants import SubTenant, SubTenantCreate
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import ResolvedOptions
from frontegg_async.resources.support.read_back import Confirmed, agrees, is_lacking, says_absent
from frontegg_async.resources.support.relations import Reads, Relation

_COMPARED: Final = ("name", "status", "logo", "logo_url", "creator_name", "creator_email", "is_reseller")
_MOST_ROWS: Final = "200"


@attrs.frozen(eq=False, repr=False)
class CreatedSubTenant(Value):
    """A check after a lost response: reads whether the sub-account was created.

    Args:
        caller: Makes the reads.
        body: The body of the creation.
        own_id: Whether the SDK generated the id. A tenant with a generated id can only come from this creation.
    """

    caller: Caller
    body: SubTenantCreate = attrs.field(repr=False)
    own_id: bool

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[SubTenant] | None:
        """Return the created tenant, or ``None`` if no tenant has the id.

        Raises:
            ConflictError: A tenant with the id that the caller chose exists, and differs from the requested tenant.
            FronteggError: A read failed.
        """
        found = await (self._read_as_user(options) if self.caller.is_user else self._read(options, was_acknowledged))
        if found is None:
            return None
        sub_tenant, is_the_one = found
        if self.own_id or is_the_one:
            return Recovered(sub_tenant)
        raise ConflictError(
            "a tenant with this id exists and differs from the requested tenant",
            ErrorDetails(endpoint=endpoints.CREATE.name, outcome=Outcome.REFUSED),
        )

    async def _read(self, options: ResolvedOptions, was_acknowledged: bool) -> tuple[SubTenant, bool] | None:
        """Return the tenant, and whether the tenant matches the request."""
        reads = Reads(self.caller, options)
        tenant = await reads.tenant(self.body.tenant_id)
        if tenant is None or (tenant.is_deleted and not self.own_id):
            return None
        is_the_one = self.own_id or (
            all(
                (was_acknowledged and is_lacking(tenant, name)) or self._agrees(name, getattr(tenant, name))
                for name in _COMPARED
            )
            and await Relation(self.caller, self.body.parent_tenant_id, self.body.tenant_id).holds(reads.options)
        )
        return _as_sub_tenant(tenant), is_the_one

    async def _read_as_user(self, options: ResolvedOptions) -> tuple[SubTenant, bool] | None:
        """Return the tenant as a user sees it, and whether its fields agree with the request.

        Fields that a user cannot see are taken from the request.
        """
        row = await _find_as_user(self.caller, self.body.tenant_id, options)
        if row is None:
            return None
        is_the_one = "name" in row.extra or agrees(self.body.name, row.name)
        is_the_one &= row.is_reseller is None or self._agrees("is_reseller", row.is_reseller)
        body = self.body
        sub_tenant = SubTenant(
            tenant_id=row.tenant_id,
            name=row.name or body.name,
            status=body.status,
            logo=body.logo,
            logo_url=body.logo_url,
        )
        return sub_tenant, is_the_one

    def _agrees(self, name: str, shown: object) -> bool:
        sent: object = getattr(self.body, name)
        return sent is None or agrees(sent, shown)


@attrs.frozen(eq=False, repr=False)
class ManagedSubTenant(Value):
    """A check after a lost response: reads whether a sub-account may have sub-accounts of its own.

    Args:
        caller: Makes the reads.
        tenant_id: The id of the sub-account.
        is_reseller: The requested value.
    """

    caller: Caller
    tenant_id: str
    is_reseller: bool

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[SubTenant] | None:
        """Return the sub-account, or ``None`` if the service does not show the change.

        Raises:
            FronteggError: A read failed.
        """
        # A missing field in the response confirms the write only if the service acknowledged the write.
        allowed = (None, self.is_reseller) if was_acknowledged else (self.is_reseller,)
        if self.caller.is_user:
            row = await _find_as_user(self.caller, self.tenant_id, options)
            shown = row is not None and row.is_reseller in allowed
            return Recovered(SubTenant(tenant_id=self.tenant_id, name=row.name)) if row and shown else None
        tenant = await Reads(self.caller, options).tenant(self.tenant_id)
        shown = tenant is not None and tenant.is_reseller in allowed
        return Recovered(_as_sub_tenant(tenant)) if tenant and shown else None


def shown_sub_tenant(
    caller: Caller, tenant_id: str, holds: Callable[[Tenant | HierarchyTenant], bool]
) -> Confirmed[Tenant] | Confirmed[Page[HierarchyTenant]]:
    """Return a check that reads whether a sub-account is in the requested state.

    Args:
        caller: Makes the read.
        tenant_id: The id of the sub-account.
        holds: Returns whether the sub-account is in that state. Takes a tenant, or a tenant as a user sees it.
    """
    if not caller.is_user:
        return Confirmed(caller, tenants.GET, holds, {"tenant_id": tenant_id})
    return searched_sub_tenant(caller, tenant_id, holds)


def searched_sub_tenant(
    caller: Caller, tenant_id: str, holds: Callable[[HierarchyTenant], bool]
) -> Confirmed[Page[HierarchyTenant]]:
    """Return a check that searches as the user, and reads whether a sub-account is in the requested state.

    Args:
        caller: Makes the read.
        tenant_id: The id of the sub-account.
        holds: Returns whether the sub-account is in that state.
    """
    return Confirmed(
        caller,
        hierarchy.SEARCH,
        lambda page: any(holds(row) for row in page.items if row.tenant_id == tenant_id),
        query=_query(tenant_id),
    )


def removed_sub_tenant(caller: Caller, tenant_id: str) -> Confirmed[Tenant] | Confirmed[Page[HierarchyTenant]]:
    """Return a check that reads whether a sub-account is gone.

    With a user's token, the check searches for the sub-account. A full page proves nothing, because the sub-account may
    be on the next page.

    Args:
        caller: Makes the read.
        tenant_id: The id of the sub-account.
    """
    if not caller.is_user:
        path = {"tenant_id": tenant_id}
        return Confirmed(caller, tenants.GET, lambda tenant: tenant.is_deleted, path, is_removal=True)
    return Confirmed(
        caller,
        hierarchy.SEARCH,
        lambda page: len(page.items) < int(_MOST_ROWS) and all(row.tenant_id != tenant_id for row in page.items),
        query=_query(tenant_id),
    )


def _query(tenant_id: str) -> RedactedQuery:
    return RedactedQuery((("_limit", _MOST_ROWS), ("_offset", "0"), ("_filter", tenant_id)))


async def _find_as_user(caller: Caller, tenant_id: str, options: ResolvedOptions) -> HierarchyTenant | None:
    """Search for a sub-account with a user's token. Users cannot get a tenant by id, but can search below their own.

    Raises:
        FronteggError: A read failed.
    """
    try:
        page = await caller.free().value(hierarchy.SEARCH, query=_query(tenant_id), options=options)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return None
    return next((row for row in page.items if row.tenant_id == tenant_id), None)


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
