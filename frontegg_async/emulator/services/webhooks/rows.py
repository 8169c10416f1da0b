"""The stored forms of webhooks, prehooks and event definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from frontegg_async.emulator.store.delivery_row import DeliveryRow
from frontegg_async.emulator.store.table_row import TableRow


class _HookRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    url: str
    secret: str
    event_keys: tuple[str, ...]
    created_at: str
    updated_at: str
    is_active: bool = True
    display_name: str | None = None
    description: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)


class WebhookRow(_HookRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A webhook of a tenant, or of the environment if ``tenant_id`` is empty.

    ``failures`` is the number of consecutive failures. ``secret`` is empty if the calls of the webhook are not signed.
    """

    invocations: int = 0
    failures: int = 0


class PrehookRow(_HookRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A prehook of the environment. ``timeout`` is the maximum time for its response in seconds."""

    fail_method: Literal["OPEN", "CLOSE"]
    timeout: int | None = None


class EventDefinitionRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The definition of an event: the key and the texts that describe the event."""

    key: str
    created_at: str
    display_name: str | None = None
    description: str | None = None
    category_id: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.created_at,)


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "eventDefinitions": EventDefinitionRow,
    "prehooks": PrehookRow,
    "webhookLogs": DeliveryRow,
    "webhooks": WebhookRow,
}
