"""`EnvironmentCaller`: calls about the environment itself. They contain the environment's id instead of a tenant id."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Final, TypeVar

from frontegg_async._core.call.call_state import Reconcile
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.requested_ids import EnvironmentId
from frontegg_async._core.call.single_flight_cache import SingleFlightCache
from frontegg_async._core.checks.arguments import check_id
from frontegg_async._core.http import urls
from frontegg_async.endpoints import Endpoint, environment
from frontegg_async.errors import (
    DecodeError,
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    Outcome,
    PermissionDeniedError,
    RequestTimeoutError,
)
from frontegg_async.options import Options
from frontegg_async.resources.support.writes import of_whole, options_left

T = TypeVar("T")

_ANY: Final = "environment"
"""A placeholder for the environment's id while the arguments are checked."""
_DENIED: Final = (
    "; webhooks of the environment need its id, and the credential may not read the environment: "
    "frontegg.webhooks.*(tenant_id), for one tenant, does not read it"
)


class EnvironmentCaller(Caller):
    """A caller for the environment itself. The first call of a client reads the environment's id.

    Args:
        caller: The caller of a client with an environment's credential.
    """

    __slots__ = ("_ids",)

    def __init__(self, caller: Caller) -> None:
        context, tokens = caller._context, caller._tokens  # noqa: SLF001 - of the base class
        super().__init__(context, tokens, caller._options, is_free=caller.is_free, tally=caller.tally)  # noqa: SLF001 - likewise
        if context.environment_ids is None:
            context.environment_ids = SingleFlightCache(context.clocks.monotonic, 1, "client")
        self._ids: SingleFlightCache[str] = context.environment_ids

    def value(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] = urls.NO_FIELDS,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
        options: Options | None = None,
        reconcile: Reconcile[T] | None = None,
        turn: Awaitable[None] | None = None,
    ) -> Coroutine[object, object, T]:
        """Return the coroutine of a call. Refuse an argument that is not allowed before a request is sent."""

        def call(environment_id: str, left: Options | None) -> Coroutine[object, object, T]:
            return self.for_tenant(EnvironmentId(environment_id)).value(
                endpoint, path=path, query=query, body=body, options=left, reconcile=reconcile, turn=turn
            )

        call(_ANY, options).close()
        return self._make(call, options)

    async def _make(
        self, call: Callable[[str, Options | None], Coroutine[object, object, T]], options: Options | None
    ) -> T:
        started = self.clocks.monotonic()
        try:
            async with asyncio.timeout(self.options_for(options).deadline):
                environment_id = await self._ids.get(b"", self._read)
        except PermissionDeniedError as error:
            denied = of_whole(error, Outcome.NOT_SENT)
            failure: FronteggError = PermissionDeniedError(f"{denied.message}{_DENIED}", denied.details)
        except FronteggError as error:
            failure = of_whole(error, Outcome.NOT_SENT)
        except TimeoutError:
            details = ErrorDetails(endpoint=environment.GET.name, outcome=Outcome.NOT_SENT, reason="deadline")
            failure = RequestTimeoutError("the deadline passed before the environment's id was read", details)
        else:
            return await call(environment_id, options_left(self, options, started))
        raise failure.fresh()

    async def _read(self) -> tuple[str, float]:
        """Read the environment's id. Return the id, and an unlimited lifetime, because the id never changes.

        The request uses the client's options, because all callers share the id.
        """
        context = self._context
        found = (await Caller(context, self._tokens, context.options).value(environment.GET)).id
        try:
            check_id(found, "id")
        except InvalidArgumentError as error:
            problem = error.message
        else:
            return found, math.inf
        name = environment.GET.name
        details = ErrorDetails(endpoint=name, outcome=Outcome.NOT_SENT, reason="decode", paths=("$.id",))
        raise DecodeError(f"{name} returned an unusable id of the environment: {problem}", details)
