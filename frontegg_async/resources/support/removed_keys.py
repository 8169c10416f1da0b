"""Check whether a metadata key was removed although the response was lost."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._core.call import failures
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import ClientClosedError, FronteggError, NotFoundError, Outcome
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.support.relations import Reads


async def read_after_removal(reads: Reads, missing: NotFoundError, path: Mapping[str, str]) -> Tenant | None:
    """Read the tenant after the removal of a key. An earlier attempt may have removed the key.

    Return ``None`` if there is no such tenant.

    Args:
        reads: Reads the tenant.
        missing: The error of the removal. It does not show whether the key or the tenant is missing.
        path: The path parameters of the removal.

    Raises:
        OutcomeUnknownError: The tenant cannot be read, or still has the key.
        ClientClosedError: The client was closed during the request.
    """
    problem = "still has the key"
    try:
        tenant = await reads.tenant(path["tenant_id"])
        if tenant is None or not has_key(tenant, path["key"]):
            return tenant
    except ClientClosedError as error:
        raise error.fresh(attrs.evolve(error.details, outcome=Outcome.UNKNOWN)) from None
    except FronteggError:
        problem = "could not be read"
    details = attrs.evolve(missing.details, asked=path)
    raise failures.unknown_outcome(endpoints.DELETE_METADATA, f"{details.reason}, and the tenant {problem}", details)


def has_key(tenant: Tenant, key: str) -> bool:
    """Return whether the metadata of a tenant has a key."""
    return isinstance(tenant.metadata, Mapping) and key in tenant.metadata
