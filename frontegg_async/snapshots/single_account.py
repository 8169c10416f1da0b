"""The look-up of one account, or of the parent of an account."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.endpoints import hierarchy, tenants
from frontegg_async.errors import ErrorDetails, NotFoundError, PaginationError
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import says_absent
from frontegg_async.resources.support.relations import Relation


async def is_there(caller: Caller, tenant_id: str, options: Options | None) -> bool:
    """Return whether an account exists. This function raises the same errors as `read_account`."""
    return await read_account(caller, tenant_id, options) is not None


async def read_account(caller: Caller, tenant_id: str, options: Options | None) -> Tenant | None:
    """Return an account, or ``None`` if the account does not exist.

    Raises:
        NotFoundError: The response is a 404 that does not say that the account does not exist. A proxy may have sent
            it.
        FronteggError: The request failed.
    """
    try:
        return await caller.value(tenants.GET, path={"tenant_id": tenant_id}, options=options)
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return None


async def parent_of(caller: Caller, tenant_id: str, options: Options | None) -> str | None:
    """Return the id of the parent of an account, or ``None`` without a parent.

    Raises:
        NotFoundError: The account does not exist, or another 404 arrived, for example from a proxy.
        PaginationError: The account moved while its parents were requested.
        FronteggError: A request failed.
    """
    above = await caller.for_tenant(tenant_id).value(hierarchy.PARENTS, options=options)
    for each in above:
        if each.level == 1:
            return each.tenant_id
    for each in above:  # the response may lack the levels
        if await Relation(caller, each.tenant_id, tenant_id).holds(caller.options_for(options)):
            return each.tenant_id
    if above:
        details = ErrorDetails(endpoint=hierarchy.PARENTS.name, reason="incomplete")
        raise PaginationError("an account moved while its parents were requested", details)
    return None
