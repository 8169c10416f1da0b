"""`Delivery`: a call of a webhook, as the admin API and the handles show it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.store.delivery_row import DeliveryRow


@attrs.frozen(kw_only=True)
class Delivery:
    """A call of a webhook, or of an address to be tested."""

    id: str
    """Its id, which ``webhooks.redeliver`` takes."""
    at: str
    """When the event happened, by the clock of its environment: an ISO 8601 time."""
    webhook_id: str | None
    """The id of the webhook; ``None`` for the test of an address."""
    webhook_tenant_id: str
    """The tenant that the webhook belongs to; empty for one of the environment."""
    tenant_id: str
    """The tenant that the event is about."""
    event_key: str
    """The key of the event, as ``frontegg.tenant.created``."""
    cause: str
    """``event``, ``redelivery`` or ``test``."""
    url: str
    """The address without its query; empty until it is called."""
    body: str
    """The JSON text that is sent."""
    status: int | None
    """The status of the response; ``None`` while there is none."""
    received: str
    """The beginning of the response's body."""
    failure: str | None
    """Why there is no response, in words; ``None`` if there is one or may still be one."""
    faults: tuple[str, ...]
    """The ids of the faults that acted on it."""


def shown_delivery(row: DeliveryRow) -> Delivery:
    """Return a delivery as it is now."""
    return Delivery(
        id=row.id,
        at=row.at,
        webhook_id=row.webhook_id,
        webhook_tenant_id=row.tenant_id,
        tenant_id=row.event_tenant_id,
        event_key=row.event_key,
        cause=row.cause,
        url=row.url,
        body=row.body,
        status=row.status,
        received=row.received,
        failure=row.failure,
        faults=row.faults,
    )
