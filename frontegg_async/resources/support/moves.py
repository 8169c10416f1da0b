"""Move a tenant from one parent to another with two requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import attrs
import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._values.value import Value
from frontegg_async.endpoints import hierarchy as endpoints
from frontegg_async.errors import (
    DecodeError,
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    Move,
    MoveError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.models.hierarchy import HierarchyAssignment, HierarchyRemoval, RelatedTenant
from frontegg_async.options import Options
from frontegg_async.resources.support.relations import ChangedRelation, Relation
from frontegg_async.resources.support.writes import of_whole


async def assign(caller: Caller, child_id: str, parent_id: str, options: Options | None) -> None:
    """Put a tenant under another tenant, see `AsyncHierarchy.assign`."""
    await caller.value(
        endpoints.ASSIGN,
        body=HierarchyAssignment(parent_tenant_id=parent_id, child_tenant_id=child_id),
        options=options,
        reconcile=ChangedRelation(Relation(caller, parent_id, child_id), holds=True),
    )


async def remove(caller: Caller, child_id: str, parent_id: str, options: Options | None) -> None:
    """Remove a tenant from its parent, see `AsyncHierarchy.unassign`."""
    await caller.value(
        endpoints.REMOVE,
        body=HierarchyRemoval(parent_tenant_id=parent_id, child_tenant_id=child_id),
        options=options,
        reconcile=ChangedRelation(Relation(caller, parent_id, child_id), holds=False),
    )


class _Place(msgspec.Struct, frozen=True):
    """What is known of a tenant's parent: its id, that there is no parent, or nothing."""

    parent_id: str | None
    is_known: bool = True


_CANCELLED: Final = (
    "hierarchy.move was cancelled: tenant {!r} may have been removed from {!r} "
    "but not put under {!r}, and then has no parent"
)
_NOBODY_KNOWS: Final = _Place(None, is_known=False)


@attrs.frozen(eq=False, repr=False)
class TenantMove(Value):
    """The move of one tenant, see `AsyncHierarchy.move`."""

    caller: Caller
    child_id: str
    new_parent_id: str
    options: Options | None
    started: float = attrs.field(factory=time.monotonic, init=False)

    async def run(self) -> None:
        """Move the tenant. If the move fails, put the tenant back under its old parent.

        Raises:
            InvalidArgumentError: The tenant is an ancestor of its new parent.
            MoveError: The tenant is neither under its old nor under its new parent, or its parent is unknown.
            FronteggError: The move failed for another reason, and the tenant is under its old parent.
        """
        old_parent_id = await self._nearest(await self._named_parents(self.child_id, "child_id"))
        if old_parent_id == self.new_parent_id:
            return
        if any(
            row.tenant_id == self.child_id for row in await self._named_parents(self.new_parent_id, "new_parent_id")
        ):
            raise InvalidArgumentError("new_parent_id must not be below child_id")
        if old_parent_id is None:
            await assign(self.caller, self.child_id, self.new_parent_id, self.options)
            return
        try:
            await self._change(old_parent_id)
        except asyncio.CancelledError as cancelled:
            cancelled.add_note(_CANCELLED.format(self.child_id, old_parent_id, self.new_parent_id))
            raise
        except FronteggError as error:
            shorten(error)
            raise

    async def _change(self, old_parent_id: str) -> None:
        """Remove the tenant from the old parent, and put it under the new parent."""
        try:
            await remove(self.caller, self.child_id, old_parent_id, self.options)
        except FronteggError as error:
            failure = error.fresh()
        else:
            await self._put(old_parent_id)
            return
        if failure.outcome is Outcome.UNKNOWN:
            raise self._error(_NOBODY_KNOWS, old_parent_id, failure)
        if failure.outcome is Outcome.DONE:
            # The client was closed, so no further request can be sent.
            raise self._error(_Place(None), old_parent_id, failure)
        raise failure

    async def _put(self, old_parent_id: str) -> None:
        """Put the tenant under the new parent. If this fails, put the tenant back under the old parent."""
        failure = await self._try(self.new_parent_id)
        if failure is None:
            return
        failures = [failure]
        place = _Place(old_parent_id)
        if (undoing := await self._try(old_parent_id)) is not None:
            failures.append(undoing)
            place = await self._place(failures)
        if place.parent_id == self.new_parent_id:
            return
        if place.parent_id == old_parent_id and not isinstance(failure, OutcomeUnknownError):
            # The outcome is REFUSED even if the last request was not sent: the tenant was removed and put back.
            refusal = failure.fresh(attrs.evolve(failure.details, outcome=Outcome.REFUSED))
            refusal.add_note("The tenant is under its old parent again.")
            raise refusal
        raise self._error(place, old_parent_id, *failures)

    async def _try(self, parent_id: str) -> FronteggError | None:
        try:
            await assign(self.caller, self.child_id, parent_id, self.options)
        except FronteggError as error:
            return None if error.outcome is Outcome.DONE else error
        return None

    async def _place(self, failures: Sequence[FronteggError]) -> _Place:
        """Read the tenant's parent. If there is none, but a response was lost, the parent is unknown."""
        try:
            parent_id = await self._parent_id()
        except FronteggError:
            return _NOBODY_KNOWS
        if parent_id is None and any(failure.outcome is Outcome.UNKNOWN for failure in failures):
            return _NOBODY_KNOWS
        return _Place(parent_id)

    async def _parents(self, tenant_id: str) -> tuple[RelatedTenant, ...]:
        return await self.caller.for_tenant(tenant_id).value(endpoints.PARENTS, options=self.options)

    async def _parent_id(self) -> str | None:
        return await self._nearest(await self._parents(self.child_id))

    async def _nearest(self, above: Sequence[RelatedTenant]) -> str | None:
        """Find the direct parent among the tenants above a tenant, and return the parent's id.

        The direct parent has the smallest level. If levels are missing, the direct parent is the tenant that has all
        the other tenants above itself.

        Raises:
            DecodeError: Levels are missing, and no tenant has all the other tenants above itself.
            FronteggError: A request failed.
        """
        levels = {row.level: row.tenant_id for row in above if row.level is not None}
        if len(above) <= 1 or 1 in levels or len(levels) == len(above):
            return levels[min(levels)] if levels else above[0].tenant_id if above else None
        ids = {row.tenant_id for row in above}
        for tenant_id in sorted(ids):
            if {row.tenant_id for row in await self._parents(tenant_id)} == ids - {tenant_id}:
                return tenant_id
        place = "$: the levels of parents are missing, and no tenant has all the other tenants above itself"
        raise DecodeError(f"hierarchy.list_parents: {place}", ErrorDetails(reason="decode", paths=(place,)))

    async def _named_parents(self, tenant_id: str, argument: str) -> tuple[RelatedTenant, ...]:
        """Return the tenants above a tenant. If the tenant does not exist, the error names the argument with its id."""
        try:
            return await self._parents(tenant_id)
        except NotFoundError as error:
            failure: FronteggError = NotFoundError(
                f"{error.message}; {argument} is not the id of a tenant", error.details
            )
        except FronteggError as error:
            failure = of_whole(error, Outcome.NOT_SENT)
        raise failure.fresh()

    def _error(self, place: _Place, old_parent_id: str, *failures: FronteggError) -> MoveError:
        if not place.is_known:
            said = "no response shows where the tenant is now"
        elif place.parent_id is None:
            said = "the tenant has no parent now: it could neither be moved nor put back"
        elif place.parent_id == old_parent_id:
            said = "the tenant is under its old parent again"
        else:
            said = "the tenant was put under another parent meanwhile"
        return MoveError(
            f"hierarchy.move failed, and {said}",
            ErrorDetails(
                endpoint="hierarchy.move",
                attempts=sum(failure.attempts for failure in failures),
                elapsed=time.monotonic() - self.started,
                outcome=Outcome.REFUSED if place.is_known else Outcome.UNKNOWN,
                trace_id=failures[0].trace_id,
                move=Move(
                    child_id=self.child_id,
                    old_parent_id=old_parent_id,
                    new_parent_id=self.new_parent_id,
                    parent_id=place.parent_id,
                    failures=failures,
                ),
            ),
        )
