"""`DeliveryRow`: a call of a webhook, as a row in the log of deliveries."""

from __future__ import annotations

from typing import Literal

from frontegg_async.emulator.store.table_row import TableRow


class DeliveryRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A call of a webhook, or a test call of an address. ``tenant_id`` is the id of the webhook's tenant.

    A call that has ended has either ``status`` and ``received``, or ``failure``.
    """

    at: str
    webhook_id: str | None = None
    event_tenant_id: str = ""
    event_key: str = ""
    cause: Literal["event", "redelivery", "test"] = "event"
    url: str = ""
    body: str = ""
    status: int | None = None
    received: str = ""
    failure: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the call is still pending."""
        return self.status is None and self.failure is None

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.at,)
