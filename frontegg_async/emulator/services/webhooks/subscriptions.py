"""`subscribed_webhooks`: the webhooks that receive an event."""

from __future__ import annotations

from frontegg_async.emulator.services.webhooks.rows import WebhookRow
from frontegg_async.emulator.services.webhooks.switches import WebhookSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def subscribed_webhooks(environment: EmulatedEnvironment, event_key: str, tenant_id: str) -> list[WebhookRow]:
    """Return the active webhooks that receive an event of a tenant."""
    has_all = environment.switches[WebhookSwitches].webhooks_of_environment == "all_tenants"
    owners = ("", tenant_id) if has_all else (tenant_id,)
    rows = environment.state.table(WebhookRow).values()
    return [row for row in rows if row.is_active and event_key in row.event_keys and row.tenant_id in owners]
