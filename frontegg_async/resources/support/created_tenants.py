"""Find out whether a tenant was created although the response was lost."""

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
    """Reads whether a tenant was created.

    Args:
        caller: Makes the read.
        body: What was asked for.
        own_id: Whether the SDK made the id. If so, a tenant with it can only be the one asked for.
    """

    caller: Caller
    body: TenantCreate
    own_id: bool

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[Tenant] | None:
        """Return the tenant that was made, or ``None`` if there is none.

        Raises:
            ConflictError: There is a tenant with the caller's id that is not the one asked for.
            FronteggError: The read failed.
        """
        reads = Reads(self.caller, options)
        tenant = await reads.tenant(self.body.tenant_id)
        if tenant is None:
            return None
        if self.own_id:
            return Recovered(tenant)
        if tenant.is_deleted:
            # To create it is to re-activate it, which was not done yet.
            return None
        if all(self._agrees(tenant, name, was_acknowledged) for name in _READABLE) and await self._is_in_place(reads):
            return Recovered(tenant)
        raise ConflictError(
            "a tenant with this id exists and differs from the one asked for",
            ErrorDetails(endpoint=endpoints.CREATE.name, outcome=Outcome.REFUSED),
        )

    async def _is_in_place(self, reads: Reads) -> bool:
        """Whether it is below the parent that was asked for, which the tenant itself does not tell."""
        parent_id = self.body.parent_tenant_id
        return parent_id is None or await Relation(self.caller, parent_id, self.body.tenant_id).holds(reads.options)

    def _agrees(self, tenant: Tenant, name: str, was_acknowledged: bool) -> bool:
        asked: object = getattr(self.body, name)
        if asked is None or (was_acknowledged and is_lacking(tenant, name)):
            return True
        return agrees(asked, getattr(tenant, name), is_json=name == "metadata")


def note_id(cancelled: asyncio.CancelledError, tenant_id: str) -> None:
    """Tell whoever cancelled a creation the id that the client made, which nobody knows otherwise."""
    cancelled.add_note(f"The tenant may have been created, with the id {tenant_id!r}, which the client made.")


def create_checked(
    caller: Caller, body: TenantCreate, *, own_id: bool, options: Options | None = None
) -> Coroutine[object, object, Tenant]:
    """Return the coroutine that creates a tenant.

    Args:
        caller: Makes the calls.
        body: The tenant, which `check_create` or others have checked.
        own_id: Whether the SDK made the id.
        options: How the call is made.
    """
    return write(
        caller,
        endpoints.CREATE,
        body=body,
        options=options,
        reconcile=CreatedTenant(caller, body, own_id=own_id),
    )


async def check_create(body: TenantCreate, within: float | None) -> None:
    """Refuse a tenant that cannot be created.

    Args:
        body: The tenant.
        within: The seconds that there are, for its rarer values; ``None`` for no limit.

    Raises:
        InvalidArgumentError: Its id, its name or the id of its parent is not allowed.
    """
    arguments.check_id(body.tenant_id, "tenant_id")
    arguments.check_text(body.name, "name")
    if body.parent_tenant_id is not None:
        arguments.check_id(body.parent_tenant_id, "parent_tenant_id")
        if body.parent_tenant_id == body.tenant_id:
            raise InvalidArgumentError("parent_tenant_id must not be tenant_id")
    await warn_unknown_values(body, within=within)
