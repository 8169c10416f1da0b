"""Check whether a tenant was created although the response was lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import attrs

from frontegg_async._core.call.call_state import Recovered
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.checks.unknown_values import warn_unknown_values
from frontegg_async._values.secret import HiddenFields
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import ConflictError, ErrorDetails, InvalidArgumentError, Outcome
from frontegg_async.models.tenant_writes import TenantCreate
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options, ResolvedOptions
from frontegg_async.resources.support.read_back import agrees, is_lacking
from frontegg_async.resources.support.relations import Reads, Relation
from frontegg_async.resources.support.writes import write

_READABLE = tuple(
    name
    for name in (field.name for field in attrs.fields(TenantCreate))
    if name in {field.name for field in attrs.fields(Tenant)}
)


class CreatedTenant(HiddenFields, eq=False):
    """A check after a lost response: reads whether the tenant was created.

    Args:
        caller: Makes the read.
        body: The body of the creation.
        own_id: Whether the SDK generated the id. A tenant with a generated id can only come from this creation.
    """

    caller: Caller
    body: TenantCreate
    own_id: bool

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[Tenant] | None:
        """Return the created tenant, or ``None`` if no tenant has the id.

        Raises:
            ConflictError: A tenant with the caller's id exists and differs from the requested tenant.
            FronteggError: The read failed.
        """
        reads = Reads(self.caller, options)
        tenant = await reads.tenant(self.body.tenant_id)
        if tenant is None:
            return None
        if self.own_id:
            return Recovered(tenant)
        if tenant.is_deleted:
            # A creation with the id of a deleted tenant re-activates that tenant, so this creation was not done yet.
            return None
        if all(self._agrees(tenant, name, was_acknowledged) for name in _READABLE) and await self._is_in_place(reads):
            return Recovered(tenant)
        raise ConflictError(
            "a tenant with this id exists and differs from the one asked for",
            ErrorDetails(endpoint=endpoints.CREATE.name, outcome=Outcome.REFUSED),
        )

    async def _is_in_place(self, reads: Reads) -> bool:
        """Return whether the tenant is below the requested parent. The fields of a tenant do not contain its parent."""
        parent_id = self.body.parent_tenant_id
        return parent_id is None or await Relation(self.caller, parent_id, self.body.tenant_id).holds(reads.options)

    def _agrees(self, tenant: Tenant, name: str, was_acknowledged: bool) -> bool:
        asked: object = getattr(self.body, name)
        if asked is None or (was_acknowledged and is_lacking(tenant, name)):
            return True
        return agrees(asked, getattr(tenant, name), is_json=name == "metadata")


def note_id(cancelled: asyncio.CancelledError, tenant_id: str) -> None:
    """Add a note with the id that the client generated to a cancellation. The caller cannot learn this id otherwise."""
    cancelled.add_note(f"The tenant may have been created, with the id {tenant_id!r}, which the client made.")


def create_checked(
    caller: Caller, body: TenantCreate, *, own_id: bool, options: Options | None = None
) -> Coroutine[object, object, Tenant]:
    """Return a coroutine that creates a tenant.

    Args:
        caller: Makes the calls.
        body: The tenant, already checked by `check_create` or an equivalent.
        own_id: Whether the SDK generated the id.
        options: Options of the call.
    """
    return write(
        caller,
        endpoints.CREATE,
        body=body,
        options=options,
        reconcile=CreatedTenant(caller, body, own_id=own_id),
    )


async def check_create(body: TenantCreate, within: float | None) -> None:
    """Check a tenant before its creation.

    Args:
        body: The tenant.
        within: The largest number of seconds for the check of enum-like values; ``None`` for no limit.

    Raises:
        InvalidArgumentError: The id, the name or the parent's id is not allowed.
    """
    arguments.check_id(body.tenant_id, "tenant_id")
    arguments.check_text(body.name, "name")
    if body.parent_tenant_id is not None:
        arguments.check_id(body.parent_tenant_id, "parent_tenant_id")
        if body.parent_tenant_id == body.tenant_id:
            raise InvalidArgumentError("parent_tenant_id must not be tenant_id")
    await warn_unknown_values(body, within=within)
