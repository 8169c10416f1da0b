"""`Delivery`: a call of a webhook, as the admin API and the handles show it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.store.delivery_row import DeliveryRow


@attrs.frozen(kw_only=True)
class Delivery:
    """A call of a webhook, or of an address to be tested."""

    id: str
    """The id of the delivery, which ``webhooks.redeliver`` takes."""
    at: str
    """The ISO 8601 time of the event, by the clock of the environment."""
    webhook_id: str | None
    """The id of the webhook; ``None`` for the test of an address."""
    webhook_tenant_id: str
    """The id of the webhook's tenant; empty for a webhook of the environment."""
    tenant_id: str
    """The id of the tenant that the event is about."""
    event_key: str
    """The key of the event, as ``frontegg.tenant.created``."""
    cause: str
    """Why the delivery is made: ``event``, ``redelivery`` or ``test``."""
    url: str
    """The address without its query; empty until the address is called."""
    body: str
    """The JSON text that is sent."""
    status: int | None
    """The status of the response; ``None`` if there is no response yet."""
    received: str
    """The beginning of the response's body."""
    failure: str | None
    """Why there is no response; ``None`` if there is a response or one may still arrive."""
    faults: tuple[str, ...]
    """The ids of the faults that acted on the delivery."""


def shown_delivery(row: DeliveryRow) -> Delivery:
    """Return the present state of a delivery."""
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
