"""``user.sub_tenants``: the sub-accounts below the user's own tenant, and the users of these sub-accounts."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.of_tenant.sub_tenant_users import AsyncSubTenantUsers
from frontegg_async.resources.of_tenant.sub_tenants import AsyncSubTenants


class AsyncOwnSubTenants(AsyncSubTenants):
    """The sub-accounts below the user's own tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("users",)

    users: AsyncSubTenantUsers
    """The users of the sub-accounts."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.users = AsyncSubTenantUsers(caller)
