"""``frontegg.hierarchy``: the hierarchies of tenants, with the environment's credential."""

from __future__ import annotations

from frontegg_async._core.checks import arguments
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.options import Options
from frontegg_async.resources.by_id.hierarchy import HierarchyById
from frontegg_async.resources.support import moves


class AsyncHierarchy(HierarchyById):
    """The hierarchies of the environment's tenants.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def assign(self, child_id: str, parent_id: str, *, options: Options | None = None) -> None:
        """Make a tenant, with everything below it, a sub-account of another tenant.

        ``POST /tenants/resources/hierarchy/v1`` (documented). If a response is lost, the client reads the hierarchy to
        see whether the change was made.

        Args:
            child_id: The id of the tenant that becomes a sub-account, 1 to 256 characters. The tenant must not have a
                parent yet.
            parent_id: The id of the new parent, 1 to 256 characters. The new parent must be a reseller.

        Raises:
            InvalidArgumentError: Both ids are the same; nothing was sent.
            BadRequestError: The child has another parent or is above the new parent, or the new parent is not a
                reseller.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        _check_pair(child_id, parent_id, "parent_id")
        await moves.assign(self._caller, child_id, parent_id, options)

    async def unassign(self, child_id: str, parent_id: str, *, options: Options | None = None) -> None:
        """Remove a tenant, with everything below it, from its parent. The tenant has no parent afterwards.

        ``DELETE /tenants/resources/hierarchy/v1`` (used by other clients), with a body. If a response is lost, the
        client reads the hierarchy to see whether the change was made.

        Args:
            child_id: The id of the tenant that is removed, 1 to 256 characters.
            parent_id: The id of the parent, 1 to 256 characters.

        Raises:
            InvalidArgumentError: Both ids are the same; nothing was sent.
            NotFoundError: ``parent_id`` is not directly above ``child_id``.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        _check_pair(child_id, parent_id, "parent_id")
        await moves.remove(self._caller, child_id, parent_id, options)

    async def move(self, child_id: str, new_parent_id: str, *, options: Options | None = None) -> None:
        """Move a tenant, with everything below it, to another parent.

        The client looks up the parents of the tenants, and then calls `unassign` and `assign`. If `assign` fails, the
        client assigns the tenant to its old parent again. Between the two calls the tenant has no parent. If this call
        is cancelled at that point, the tenant stays without a parent.

        Args:
            child_id: The id of the tenant that is moved, 1 to 256 characters. A tenant without a parent is only
                assigned to the new parent.
            new_parent_id: The id of the new parent, 1 to 256 characters. The new parent must be a reseller. If the
                tenant already has this parent, nothing is changed.

        Raises:
            InvalidArgumentError: An argument is not allowed, both ids are the same, or the new parent is below the
                child; nothing was changed.
            NotFoundError: There is no such tenant; nothing was changed.
            BadRequestError: The new parent is not a reseller; the tenant still has its old parent.
            MoveError: The tenant could neither be moved nor assigned to its old parent again, or no response shows
                which parent the tenant has. The error contains the known facts.
            FronteggError: Any other failure; the tenant still has its old parent.
        """
        _check_pair(child_id, new_parent_id, "new_parent_id")
        await moves.TenantMove(self._caller, child_id, new_parent_id, options).run()


def _check_pair(child_id: str, parent_id: str, argument: str) -> None:
    arguments.check_id(child_id, "child_id")
    arguments.check_id(parent_id, argument)
    if child_id == parent_id:
        raise InvalidArgumentError(f"{argument} must not be child_id: a tenant cannot be under itself")
