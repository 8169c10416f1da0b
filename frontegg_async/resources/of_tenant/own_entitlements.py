"""``user.entitlements``: the data that determine which features the signed-in user may use."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import entitlements as endpoints
from frontegg_async.models.user_entitlements import UserEntitlements
from frontegg_async.options import Options


class AsyncOwnEntitlements:
    """The entitlements of the signed-in user in the tenant of the user's token.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> UserEntitlements:
        """Get the features, rules and permissions that determine what the user may use, without evaluating them.

        ``GET /entitlements/api/v2/user-entitlements`` (used by other clients).

        Returns:
            The features with the assignments of the user and the tenant, the feature plans, and the permissions.
        """
        return await self._caller.value(endpoints.GET, options=options)
