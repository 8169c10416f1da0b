"""``frontegg.environment``: the environment that the credential belongs to."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import environment as endpoints
from frontegg_async.models.environment import EnvironmentDetails
from frontegg_async.options import Options


class AsyncEnvironment:
    """The environment that the credential belongs to.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> EnvironmentDetails:
        """Get the environment, for example to check that it is not production before you delete data.

        ``GET /vendors`` (documented).

        Returns:
            The environment. ``type`` is the purpose of the environment, for example production.
        """
        return await self._caller.value(endpoints.GET, options=options)
