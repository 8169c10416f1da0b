"""The listing of SCIM configurations, of one tenant or of all tenants."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import scim as endpoints
from frontegg_async.models.scim import ScimConfiguration, ScimSource
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.whole_listing import same, whole_listing


@without_frames
def list_configurations(
    caller: Caller, tenant_id: str | None, source: str | None, connection_name: str | None, options: Options | None
) -> AsyncPages[ScimConfiguration]:
    """Check the arguments of a listing of SCIM configurations and return the listing, see `AsyncScim.list`."""
    query: list[tuple[str, str]] = []
    if tenant_id is not None:
        arguments.check_id(tenant_id, "tenant_id")
        query.append(("tenantId", tenant_id))
    if source is not None:
        query.append(("source", arguments.check_member(source, ScimSource, "source").value))
    if connection_name is not None:
        arguments.check_text(connection_name, "connection_name")
        query.append(("connectionName", connection_name))
    return whole_listing(caller, endpoints.LIST, ScimConfiguration, same, query=query, options=options)
