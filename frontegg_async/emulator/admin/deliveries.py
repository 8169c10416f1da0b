"""`Delivery`: a call of a webhook, as the admin API and the handles of the emulator return it."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.store.delivery_row import DeliveryRow


@attrs.frozen(kw_only=True)
class Delivery:
    """A call of a webhook, or a test call of a webhook's address."""

    id: str
    """The id of the delivery, which ``webhooks.redeliver`` takes."""
    at: str
    """The ISO 8601 time of the event by the clock of the environment."""
    webhook_id: str | None
    """The id of the webhook. The value is ``None`` if the call tests an address."""
    webhook_tenant_id: str
    """The id of the webhook's tenant. The id is empty if the webhook belongs to the environment."""
    tenant_id: str
    """The id of the tenant that the event is about."""
    event_key: str
    """The key of the event, such as ``frontegg.tenant.created``."""
    cause: str
    """The reason for the delivery: ``event``, ``redelivery`` or ``test``."""
    url: str
    """The called address without its query. The text is empty until the address is called."""
    body: str
    """The JSON text of the request's body."""
    status: int | None
    """The status of the response, or ``None`` if no response has arrived."""
    received: str
    """The beginning of the response's body."""
    failure: str | None
    """The reason why no response arrived. ``None`` means that a response arrived or may still arrive."""
    faults: tuple[str, ...]
    """The ids of the faults that acted on the delivery."""


def shown_delivery(row: DeliveryRow) -> Delivery:
    """Convert the stored row of a delivery into the `Delivery` that users see."""
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
