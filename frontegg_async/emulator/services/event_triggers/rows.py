"""`EventTriggerRow`: the stored form of custom events that were triggered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.store.table_row import TableRow


class EventTriggerRow(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A custom event that was triggered in a tenant, and the channels that received it.

    The event's data is not stored.
    """

    event_key: str
    created_at: str
    channels: tuple[str, ...] = ()

    def moments(self) -> tuple[str, ...]:
        """Return the time in the row, so that its format can be checked."""
        return (self.created_at,)


TABLES: Final[Mapping[str, type[TableRow]]] = {"eventTriggers": EventTriggerRow}
