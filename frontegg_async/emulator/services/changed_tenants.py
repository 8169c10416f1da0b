"""Sets the updatedAt of a tenant after a write of its users or SSO configurations, if a switch requires it."""

from __future__ import annotations

from frontegg_async.emulator.services.registry import TAGS
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.tenants.updated_at import touch
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.endpoints import Endpoint, Retry


def touch_tenant(environment: EmulatedEnvironment, endpoint: Endpoint[object], call: IncomingCall) -> None:
    """Set the updatedAt of a tenant to the present time, if a request has changed its users or SSO configurations.

    Args:
        environment: The environment.
        endpoint: The operation of the request. Operations that only read have no effect.
        call: The request. Its header or its body contains the id of the tenant.
    """
    if endpoint.retry is Retry.SAFE:
        return
    cause = TAGS[endpoint.name.partition(".")[0]].changes
    if cause is not None:
        touch(environment, call.tenant_id or str(call.body.get("tenantId", "")), cause)
