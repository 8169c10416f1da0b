"""Check whether a change of the hierarchy took effect although the response was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from frontegg_async._core.call.call_state import Recovered
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import load_in_thread
from frontegg_async.endpoints import Endpoint, tenants
from frontegg_async.errors import NotFoundError
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options, ResolvedOptions, merge_options
from frontegg_async.resources.support.read_back import says_absent

if TYPE_CHECKING:
    from frontegg_async.models.hierarchy import RelatedTenant

_SOON = 0.001


class Reads:
    """Several read requests that share one deadline.

    Args:
        caller: Makes the reads.
        options: Options of all requests together.
    """

    __slots__ = ("_caller", "_options", "_started")

    def __init__(self, caller: Caller, options: ResolvedOptions) -> None:
        self._caller = caller.free()
        self._options = options
        self._started = caller.clocks.monotonic()

    @property
    def options(self) -> ResolvedOptions:
        """The options of the next request, with the remaining time as its deadline."""
        if self._options.deadline is None:
            return self._options
        left = self._options.deadline - (self._caller.clocks.monotonic() - self._started)
        return merge_options(self._options, Options(deadline=max(left, _SOON)))

    async def tenant(self, tenant_id: str) -> Tenant | None:
        """Return a tenant, or ``None`` if there is no such tenant.

        Raises:
            FronteggError: The read failed.
        """
        try:
            return await self._caller.value(tenants.GET, path={"tenant_id": tenant_id}, options=self.options)
        except NotFoundError as error:
            if not says_absent(error):
                raise
        return None

    async def above(self, tenant_id: str) -> frozenset[str] | None:
        """Return the ids of all tenants above a tenant, or ``None`` if there is no such tenant.

        Raises:
            FronteggError: The read failed.
        """
        await load_in_thread("frontegg_async.endpoints.hierarchy")
        from frontegg_async.endpoints import hierarchy  # noqa: PLC0415 - most programs that create tenants do not ask

        rows = await self._related(hierarchy.PARENTS, tenant_id)
        return None if rows is None else frozenset(row.tenant_id for row in rows)

    async def directly_below(self, tenant_id: str) -> frozenset[str]:
        """Return the ids of all tenants that may be directly below a tenant. Without such a tenant, return no ids.

        Raises:
            FronteggError: The read failed.
        """
        from frontegg_async.endpoints import hierarchy  # noqa: PLC0415 - loaded by `above`

        rows = await self._related(hierarchy.SUB_ACCOUNTS, tenant_id) or ()
        return frozenset(row.tenant_id for row in rows if row.level in (None, 1))

    async def _related(
        self, endpoint: Endpoint[tuple[RelatedTenant, ...]], tenant_id: str
    ) -> tuple[RelatedTenant, ...] | None:
        try:
            return await self._caller.for_tenant(tenant_id).value(endpoint, options=self.options)
        except NotFoundError as error:
            if not says_absent(error):
                raise
            return None


class Relation(msgspec.Struct, frozen=True):
    """A tenant and its possible direct parent."""

    caller: Caller
    parent_id: str
    child_id: str

    async def holds(self, options: ResolvedOptions) -> bool:
        """Return whether the parent is directly above the child.

        This is the case if the tenants above the child are exactly the parent and the tenants above the parent. Levels
        are not used.

        Args:
            options: Options of the requests. The deadline covers all requests together.

        Raises:
            FronteggError: A read failed.
        """
        return await self._holds(Reads(self.caller, options))

    async def has_ended(self, options: ResolvedOptions) -> bool:
        """Return whether the parent is no longer directly above the child. Listings for both tenants must show this.

        The list of the child's parents is not enough, because a proxy may return an empty list.

        Args:
            options: Options of the requests. The deadline covers all requests together.

        Raises:
            FronteggError: A read failed.
        """
        reads = Reads(self.caller, options)
        return not await self._holds(reads) and self.child_id not in await reads.directly_below(self.parent_id)

    async def _holds(self, reads: Reads) -> bool:
        above_child = await reads.above(self.child_id)
        while above_child is not None and self.parent_id in above_child:
            above_parent = await reads.above(self.parent_id)
            if above_parent is not None and above_child == above_parent | {self.parent_id}:
                return True
            # The parent may itself have been moved between the two reads.
            before, above_child = above_child, await reads.above(self.child_id)
            if above_child == before:
                return False
        return False


class ChangedRelation(msgspec.Struct, frozen=True):
    """A check after a lost response: reads whether a tenant was put under a parent, or removed from it."""

    relation: Relation
    holds: bool

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[None] | None:
        """Return a success if the hierarchy shows the change, otherwise ``None``.

        Raises:
            FronteggError: A read failed.
        """
        del was_acknowledged
        is_made = await (self.relation.holds(options) if self.holds else self.relation.has_ended(options))
        return Recovered(None) if is_made else None
