"""``user.permissions``: the permissions of the environment."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import permissions as endpoints
from frontegg_async.models.permissions import Permission, PermissionCategory
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.created_by_name import check_names, ids_by_name
from frontegg_async.resources.support.whole_listing import same, whole_listing


class AsyncOwnPermissions:
    """The permissions of the environment.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[Permission]:
        """List all permissions of the environment.

        ``GET /identity/resources/permissions/v1`` (documented).

        Returns:
            A listing of the permissions, each with the ids of the roles that have the permission. The first request is
            sent when you iterate the listing. Each iteration sends the requests again.
        """
        return whole_listing(self._caller, endpoints.LIST, Permission, same, options=options)

    async def ids_of(self, keys: Sequence[str], *, options: Options | None = None) -> tuple[str, ...]:
        """Get the ids of permissions by their keys. Ids differ between environments, while keys do not.

        ``GET /identity/resources/permissions/v1`` (documented). Each call sends this request: keep the ids if you need
        them often.

        Args:
            keys: The keys of the permissions, for example ``["reports.read"]``, at least one. Keys are case-sensitive.

        Returns:
            The ids, in the order of the keys, for any argument ``permission_ids`` of this package.

        Raises:
            InvalidArgumentError: ``keys`` is empty, or an item is not text, and nothing was sent. Or several
                permissions have the same key.
            PermissionDeniedError: The user may not see permissions.
            NotFoundError: ``keys`` has an unknown key.
        """
        wanted = check_names(keys, "keys")
        rows = await self._caller.value(endpoints.LIST, options=options)
        return ids_by_name(rows, wanted, kind="permission", of=lambda row: (row.id, row.key))

    async def list_categories(self, *, options: Options | None = None) -> builtins.list[PermissionCategory]:
        """List the categories of permissions.

        ``GET /identity/resources/permissions/v1/categories`` (documented).

        Returns:
            The categories. A permission refers to its category by ``category_id``.
        """
        return [*await self._caller.value(endpoints.CATEGORIES, options=options)]
