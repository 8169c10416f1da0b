"""The tenants above and below one tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.codec import tree_responses  # noqa: F401 - loaded here, and not by the first call  # pyright: ignore[reportUnusedImport]
from frontegg_async.endpoints import hierarchy as endpoints
from frontegg_async.errors import APIError
from frontegg_async.models.hierarchy import HierarchyMetadata, HierarchyTenant, RelatedTenant
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.tenants import TenantSort, TenantSortLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.batches import in_batches
from frontegg_async.resources.support.hierarchy_listing import hierarchy_pages
from frontegg_async.tree import TenantTree

_URI_TOO_LONG: Final = 414


class AsyncTenantHierarchy:
    """The tenants above and below one tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list_sub_accounts(self, *, options: Options | None = None) -> tuple[RelatedTenant, ...]:
        """List all tenants below the tenant, at all levels of the hierarchy.

        ``GET /tenants/resources/hierarchy/v1`` (documented).

        Returns:
            The tenants below the tenant, each with its level if the service returns the level. The level of a direct
            sub-account is 1.

        Raises:
            NotFoundError: There is no such tenant.
        """
        return await self._caller.value(endpoints.SUB_ACCOUNTS, options=options)

    async def tree(self, *, options: Options | None = None) -> TenantTree:
        """Get the tenant and all tenants below it as a tree.

        ``GET /tenants/resources/hierarchy/v1/tree`` (documented).

        Returns:
            The tree, with the tenant at its top.

        Raises:
            BadRequestError: The hierarchy is circular.
            NotFoundError: There is no such tenant.
            DecodeError: The response is not a tree, because a tenant occurs twice.
            ResponseMismatchError: The response was about another tenant.
        """
        return await self._caller.value(endpoints.TREE, options=options)

    async def list_parents(self, *, options: Options | None = None) -> tuple[RelatedTenant, ...]:
        """List all tenants above the tenant.

        ``GET /tenants/resources/hierarchy/v1/parents`` (documented).

        Returns:
            The tenants above the tenant, each with its level if the service returns the level. The result is empty for
            a top-level tenant.

        Raises:
            NotFoundError: There is no such tenant.
        """
        return await self._caller.value(endpoints.PARENTS, options=options)

    def search(
        self,
        *,
        filter: str | None = None,
        sub_tenant_id: str | None = None,
        sort_by: TenantSort | TenantSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[HierarchyTenant]:
        """Search the tenants below the tenant.

        ``GET /tenants/resources/hierarchy/v2`` (used by other clients). The client sends one request for each page. The
        service marks this operation as experimental.

        Args:
            filter: Only tenants whose name or id contains this text, ignoring case.
            sub_tenant_id: The id of a sub-account, 1 to 256 characters. The search then finds only tenants below this
                sub-account.
            sort_by: The field to sort by: ``createdAt`` (the default), ``name`` or ``tenantId``.
            order: ``asc`` (ascending, the default) or ``desc`` (descending).
            page_size: The number of tenants in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the tenants. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return hierarchy_pages(
            self._caller,
            filter=filter,
            sub_tenant_id=sub_tenant_id,
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def count_sub_accounts(
        self, tenant_ids: Sequence[str], *, options: Options | None = None
    ) -> tuple[HierarchyMetadata, ...]:
        """Count the sub-accounts of each given tenant. A given tenant is this tenant or is below it.

        ``GET /tenants/resources/hierarchy/v2/metadata`` (used by other clients). The client sends one request for each
        100 ids. The service marks this operation as experimental.

        Args:
            tenant_ids: The ids of the tenants, at least one, without commas. The tenant's own id is allowed.

        Returns:
            One count for each of the given tenants.

        Raises:
            InvalidArgumentError: ``tenant_ids`` is empty, or an id is not allowed; nothing was sent.
            NotFoundError: One of the tenants does not exist.
            PermissionDeniedError: One of the tenants is neither this tenant nor below it.
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        ids = arguments.check_ids(tenant_ids, "tenant_ids", of_query=True)

        async def send(batch: Sequence[str]) -> tuple[HierarchyMetadata, ...]:
            return await self._counts(batch, options)

        counts = await in_batches(endpoints.SUB_ACCOUNT_COUNTS.name, ids, send)
        return tuple(count for batch in counts for count in batch)

    async def _counts(self, ids: Sequence[str], options: Options | None) -> tuple[HierarchyMetadata, ...]:
        """Request the counts for some ids. If the URL is too long, split the ids into halves."""
        try:
            return await self._caller.value(
                endpoints.SUB_ACCOUNT_COUNTS, query=(("_tenantIds", ",".join(ids)),), options=options
            )
        except APIError as error:
            if error.status != _URI_TOO_LONG or len(ids) == 1:
                raise
        middle = len(ids) // 2
        return (*await self._counts(ids[:middle], options), *await self._counts(ids[middle:], options))


class AsyncOwnHierarchy(AsyncTenantHierarchy):
    """The tenants above and below the user's own tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def list_parents_of(self, tenant_id: str, *, options: Options | None = None) -> tuple[RelatedTenant, ...]:
        """List all tenants above one of the user's sub-accounts.

        ``GET /tenants/resources/hierarchy/v1/parents/{tenantId}`` (used by other clients).

        Args:
            tenant_id: The id of the sub-account or of the user's own tenant, 1 to 256 characters.

        Returns:
            The tenants above the sub-account, each with its level if the service returns the level.

        Raises:
            PermissionDeniedError: The tenant is outside of the user's hierarchy, or the user lacks the permission.
            NotFoundError: There is no such tenant.
        """
        arguments.check_id(tenant_id, "tenant_id")
        return await self._caller.value(endpoints.PARENTS_OF, path={"tenant_id": tenant_id}, options=options)
