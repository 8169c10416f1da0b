"""Which environment a plan is for, and what it is for."""

from __future__ import annotations

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import environment as endpoints
from frontegg_async.errors import NotFoundError, PermissionDeniedError
from frontegg_async.options import Options
from frontegg_async.resources.tenants import AsyncTenants


@attrs.frozen
class PlannedEnvironment:
    """The environment of a plan."""

    id: str | None
    """The id, which the service calls that of the vendor; ``None`` where the service does not show it."""
    type: str | None
    """What it is for, as ``production``; ``None`` where the service does not show it."""


async def read_environment(caller: Caller, options: Options | None) -> PlannedEnvironment:
    """Return the environment of a credential, by the environment itself or else by an account.

    Args:
        caller: Makes the requests.
        options: Options of each request.

    Raises:
        FronteggError: A request failed.
    """
    try:
        found = await caller.value(endpoints.GET, options=options)
    except (PermissionDeniedError, NotFoundError):
        first = await AsyncTenants(caller).list(page_size=1, options=options).first()
        return PlannedEnvironment(None if first is None else first.vendor_id, None)
    return PlannedEnvironment(found.id, None if found.type is None else str(found.type))
