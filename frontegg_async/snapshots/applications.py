"""The look-up of the applications of all accounts, with one request for each application."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.endpoints import applications as endpoints
from frontegg_async.errors import NotFoundError
from frontegg_async.models.applications import Application
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.snapshots.assigned import Assigned, IdsByAccount, assign, by_names


async def read_applications(caller: Caller, options: Options | None) -> Assigned:
    """Request the applications of an environment, and for each application the accounts that have it.

    An application that is deleted meanwhile is left out.

    Args:
        caller: The object that sends the requests.
        options: The options of each request.

    Raises:
        NotFoundError: An application exists, but the service responds with 404 for its accounts.
        FronteggError: A request failed.
    """
    assigned: IdsByAccount = {}
    listed = {each.id: each for each in await caller.value(endpoints.LIST, options=options)}.values()

    async def read(application: Application) -> bool:
        path = {"app_id": application.id}
        try:
            found = await caller.value(endpoints.TENANTS, path=path, options=options)
        except NotFoundError:
            try:
                await caller.value(endpoints.GET, path=path, options=options)
            except NotFoundError as error:
                if says_absent(error):
                    return False
            raise
        assign(assigned, application.id, found.tenant_ids)
        return True

    is_there = await gather(read, listed)
    kept = [(each.id, each.name) for each, is_kept in zip(listed, is_there, strict=True) if is_kept]
    return by_names(kept, assigned)
