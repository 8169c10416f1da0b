"""Read the id and the type of the environment of a plan."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import environment as endpoints
from frontegg_async.options import Options
from frontegg_async.plans.objects.readable import UNREADABLE, unreadable
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.resources.tenants import AsyncTenants


@attrs.frozen
class PlannedEnvironment:
    """The environment of a plan."""

    id: str | None
    """The id, which the API calls ``vendorId``; ``None`` if the service does not show the id."""
    type: str | None
    """The type of the environment, such as ``production``; ``None`` if the service does not show the type."""
    notes: Sequence[PlanNote] = ()
    """A note, if the environment itself cannot be read; otherwise empty."""


async def read_environment(caller: Caller, options: Options | None) -> PlannedEnvironment:
    """Return the environment of a credential. If the environment cannot be read, take its id from an account.

    Args:
        caller: Sends the requests.
        options: Options of each request.

    Raises:
        FronteggError: A request failed.
    """
    try:
        found = await caller.value(endpoints.GET, options=options)
    except UNREADABLE as error:
        note = PlanNote("environment", "", unreadable(error))
        return PlannedEnvironment(await _id_by_an_account(caller, options), None, [note])
    return PlannedEnvironment(found.id, None if found.type is None else str(found.type))


async def _id_by_an_account(caller: Caller, options: Options | None) -> str | None:
    """Return the id of the environment from an account; ``None`` if no account can be read."""
    try:
        first = await AsyncTenants(caller).list(page_size=1, options=options).first()
    except UNREADABLE:
        return None
    return None if first is None else first.vendor_id
