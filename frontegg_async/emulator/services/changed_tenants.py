"""Moves the updatedAt of tenants after writes of their users and SSO configurations, if a switch requires it."""

from __future__ import annotations

from frontegg_async.emulator.services.registry import TAGS
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.tenants.updated_at import touch
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.endpoints import Endpoint, Retry


def touch_tenant(environment: EmulatedEnvironment, endpoint: Endpoint[object], call: IncomingCall) -> None:
    """Move the updatedAt of a tenant after a request has changed its users or SSO configurations.

    Args:
        environment: The environment.
        endpoint: The operation. Reads move nothing.
        call: The request, whose header or body names the tenant.
    """
    if endpoint.retry is Retry.SAFE:
        return
    cause = TAGS[endpoint.name.partition(".")[0]].changes
    if cause is not None:
        touch(environment, call.tenant_id or str(call.body.get("tenantId", "")), cause)
