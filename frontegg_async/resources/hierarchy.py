"""``frontegg.hierarchy``: which tenants are below which, with the environment credential."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.hierarchy import HierarchyMetadata, HierarchyTenant, RelatedTenant
from frontegg_async.models.tenants import Order, TenantSort
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources import moves
from frontegg_async.resources.tenant_hierarchy import AsyncTenantHierarchy
from frontegg_async.tree import TenantTree


class AsyncHierarchy:
    """The hierarchies of the environment's tenants."""

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def assign(self, child_id: str, parent_id: str, *, options: Options | None = None) -> None:
        """Put a tenant under another, as its sub-account, with everything below it.

        ``POST /tenants/resources/hierarchy/v1`` (documented). When an answer is lost, the hierarchy is read to see
        whether it was done.

        Args:
            child_id: The tenant that becomes a sub-account, 1 to 256 characters; it must not have a parent yet.
            parent_id: The tenant that it is put under, 1 to 256 characters; it must be a reseller.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed, or both are the same; nothing was sent.
            BadRequestError: The child has another parent, is above the parent, or the parent is not a reseller.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: No answer tells whether it was done.
            FronteggError: Any other failure of the call.
        """
        _check_pair(child_id, parent_id, "parent_id")
        await moves.assign(self._caller, child_id, parent_id, options)

    async def remove(self, child_id: str, parent_id: str, *, options: Options | None = None) -> None:
        """Take a tenant from under its parent, with everything below it; it has no parent then.

        ``DELETE /tenants/resources/hierarchy/v1`` (in shipped clients), with a body. When an answer is lost, the
        hierarchy is read to see whether it was done.

        Args:
            child_id: The tenant that is taken, 1 to 256 characters.
            parent_id: The tenant directly above it, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed, or both are the same; nothing was sent.
            NotFoundError: The one is not directly above the other.
            OutcomeUnknownError: No answer tells whether it was done.
            FronteggError: Any other failure of the call.
        """
        _check_pair(child_id, parent_id, "parent_id")
        await moves.remove(self._caller, child_id, parent_id, options)

    async def move(self, child_id: str, new_parent_id: str, *, options: Options | None = None) -> None:
        """Put a tenant under another parent than it has, with everything below it.

        It is read where the tenants are, then `remove` and `assign` are called. When the second fails the first is
        undone. In between the tenant has no parent; it stays so if this call is cancelled there.

        Args:
            child_id: The tenant that is moved, 1 to 256 characters. One without a parent is only put under the other.
            new_parent_id: The tenant that it is put under, 1 to 256 characters; it must be a reseller. If it is the
                parent already, nothing is changed.
            options: How each request is made; what is not given is taken from the client.

        Raises:
            InvalidArgumentError: An argument is not allowed, both are the same, or the new parent is below the child;
                nothing was changed.
            NotFoundError: There is no such tenant; nothing was changed.
            BadRequestError: The new parent is not a reseller; the tenant is where it was.
            MoveError: The tenant could neither be moved nor put back, or no answer tells where it is. The error says
                what is known.
            FronteggError: Any other failure; the tenant is where it was.
        """
        _check_pair(child_id, new_parent_id, "new_parent_id")
        await moves.TenantMove(self._caller, child_id, new_parent_id, options).run()

    async def sub_accounts(self, tenant_id: str, *, options: Options | None = None) -> tuple[RelatedTenant, ...]:
        """List all tenants below a tenant, over all levels.

        ``GET /tenants/resources/hierarchy/v1`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The tenants below, each with its level, 1 for a direct sub-account, if the service says it.

        Raises:
            InvalidArgumentError: ``tenant_id`` is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await AsyncTenantHierarchy(self._caller.for_tenant(tenant_id)).sub_accounts(options=options)

    async def tree(self, tenant_id: str, *, options: Options | None = None) -> TenantTree:
        """Get a tenant and all tenants below it as a tree.

        ``GET /tenants/resources/hierarchy/v1/tree`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The tree, with the tenant at its top.

        Raises:
            InvalidArgumentError: ``tenant_id`` is not allowed; nothing was sent.
            BadRequestError: The hierarchy is circular.
            NotFoundError: There is no such tenant.
            DecodeError: The answer is no tree: a tenant is in it twice.
            ResponseMismatchError: The answer was about another tenant.
            FronteggError: Any other failure of the call.
        """
        return await AsyncTenantHierarchy(self._caller.for_tenant(tenant_id)).tree(options=options)

    async def parents(self, tenant_id: str, *, options: Options | None = None) -> tuple[RelatedTenant, ...]:
        """List all tenants above a tenant.

        ``GET /tenants/resources/hierarchy/v1/parents`` (documented).

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The tenants above, each with its level if the service says it; none for a tenant at the top.

        Raises:
            InvalidArgumentError: ``tenant_id`` is not allowed; nothing was sent.
            NotFoundError: There is no such tenant.
            FronteggError: Any other failure of the call.
        """
        return await AsyncTenantHierarchy(self._caller.for_tenant(tenant_id)).parents(options=options)

    def search(
        self,
        tenant_id: str,
        *,
        filter: str | None = None,
        sub_tenant_id: str | None = None,
        sort_by: TenantSort | None = None,
        order: Order | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[HierarchyTenant]:
        """Search the tenants below a tenant; nothing is sent before the listing is read.

        ``GET /tenants/resources/hierarchy/v2`` (in shipped clients), a request for each page. The service counts this
        operation as experimental.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            filter: Only tenants whose name or id has this text in it, in any case.
            sub_tenant_id: Only what is below this one of them, 1 to 256 characters.
            sort_by: What to sort by; the time of creation by default.
            order: Ascending by default.
            page_size: Tenants in a page, 1 to 200.
            prefetch: Pages that are read ahead, 0 to 16.
            options: How each request is made; what is not given is taken from the client.

        Returns:
            A listing to iterate, as often as you like.

        Raises:
            InvalidArgumentError: An argument is not allowed.
        """
        return AsyncTenantHierarchy(self._caller.for_tenant(tenant_id)).search(
            filter=filter,
            sub_tenant_id=sub_tenant_id,
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def metadata(
        self, tenant_id: str, tenant_ids: Sequence[str], *, options: Options | None = None
    ) -> tuple[HierarchyMetadata, ...]:
        """Count the sub-accounts of some tenants of a hierarchy.

        ``GET /tenants/resources/hierarchy/v2/metadata`` (in shipped clients), a request for each 100 ids. The service
        counts this operation as experimental.

        Args:
            tenant_id: The tenant, 1 to 256 characters.
            tenant_ids: The ids, at least one, without commas; the tenant's own may be among them.
            options: How each request is made; what is not given is taken from the client.

        Returns:
            The counts, one for each tenant.

        Raises:
            InvalidArgumentError: ``tenant_ids`` is empty or one of them is not allowed; nothing was sent.
            NotFoundError: One of them does not exist.
            PermissionDeniedError: One of them is outside of the hierarchy.
            PartialFailureError: There were more than 100 ids, and some requests failed.
            FronteggError: Any other failure of the call.
        """
        return await AsyncTenantHierarchy(self._caller.for_tenant(tenant_id)).metadata(tenant_ids, options=options)


def _check_pair(child_id: str, parent_id: str, argument: str) -> None:
    arguments.check_id(child_id, "child_id")
    arguments.check_id(parent_id, argument)
    if child_id == parent_id:
        raise InvalidArgumentError(f"{argument} must not be child_id: a tenant cannot be under itself")
