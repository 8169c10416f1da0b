"""Find out whether a metadata key was removed although the response was lost."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._core.call import failures
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import ClientClosedError, FronteggError, NotFoundError, Outcome
from frontegg_async.models.tenants import Tenant
from frontegg_async.resources.support.relations import Reads


async def read_after_removal(reads: Reads, missing: NotFoundError, path: Mapping[str, str]) -> Tenant | None:
    """Return the tenant of a key that an earlier attempt may have removed, or ``None`` if there is no such tenant.

    Args:
        reads: How the tenant is read.
        missing: The last response of the removal, which does not tell whether the key or the tenant is missing.
        path: The fields of the removal's path.

    Raises:
        OutcomeUnknownError: The tenant cannot be read.
        ClientClosedError: The client was closed meanwhile.
    """
    try:
        return await reads.tenant(path["tenant_id"])
    except ClientClosedError as error:
        failure: FronteggError = error.fresh(attrs.evolve(error.details, outcome=Outcome.UNKNOWN))
    except FronteggError:
        details = attrs.evolve(missing.details, asked=path)
        reason = f"{details.reason}, and the tenant could not be read"
        failure = failures.unknown_outcome(endpoints.DELETE_METADATA, reason, details)
    raise failure.fresh()
