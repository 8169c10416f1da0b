"""`DeliveryRow`: a call of a webhook in the log."""

from __future__ import annotations

from typing import Literal

from frontegg_async.emulator.store.table_row import TableRow


class DeliveryRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A call of a webhook, or of an address to be tested. ``tenant_id`` is the tenant of the webhook.

    A finished call has either ``status`` and ``received``, or ``failure``.
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
        """Return the row's time, which must be well formed."""
        return (self.at,)
