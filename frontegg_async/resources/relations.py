"""Whether a tenant is directly below another: what became of a change of the hierarchy whose answer was lost."""

from __future__ import annotations

import attrs

from frontegg_async.endpoints import hierarchy as endpoints
from frontegg_async.errors import NotFoundError
from frontegg_async.options import Options
from frontegg_async.wire.caller import Caller
from frontegg_async.wire.calls import Settled

_SOON = 0.001


@attrs.frozen
class Relation:
    """A tenant and one that may be directly above it."""

    caller: Caller
    parent_id: str
    child_id: str

    async def holds(self, options: Options) -> bool:
        """Return whether the one is directly above the other.

        That is so if exactly that one and those above it are above the other, whatever the levels say.

        Args:
            options: How the reads are made; its deadline holds for both together.

        Raises:
            FronteggError: A read failed.
        """
        now = self.caller.clocks.monotonic
        started = now()
        above_child = await self._above(self.child_id, options)
        if above_child is None or self.parent_id not in above_child:
            return False
        if options.deadline is not None:
            options = options.merge(Options(deadline=max(options.deadline - (now() - started), _SOON)))
        above_parent = await self._above(self.parent_id, options)
        return above_parent is not None and above_child == above_parent | {self.parent_id}

    async def _above(self, tenant_id: str, options: Options) -> frozenset[str] | None:
        try:
            rows = await self.caller.for_tenant(tenant_id).value(endpoints.PARENTS, options=options)
        except NotFoundError:
            return None
        return frozenset(row.tenant_id for row in rows)


@attrs.frozen
class ChangedRelation:
    """Reads whether a change was done that makes a relation hold, or no longer hold."""

    relation: Relation
    holds: bool

    async def __call__(self, options: Options) -> Settled[None] | None:
        """Return that it was done, or ``None``.

        Raises:
            FronteggError: A read failed.
        """
        return Settled(None) if await self.relation.holds(options) is self.holds else None
