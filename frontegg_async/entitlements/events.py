"""Events of a snapshot of entitlements, which listeners receive."""

from __future__ import annotations

import enum

import attrs

from frontegg_async._values.value import Value
from frontegg_async.errors import FronteggError


class EntitlementsEventKind(enum.StrEnum):
    """The kinds of snapshot events."""

    READY = "ready"
    """The first snapshot is available, and decisions can be made."""
    CHANGED = "changed"
    """A new snapshot replaced the last snapshot."""
    ERROR = "error"
    """An outage began: a refresh failed. The last snapshot stays in use."""
    STALE = "stale"
    """The snapshot became older than ``max_age``. Decisions now raise `StaleEntitlementsError`."""
    RECOVERED = "recovered"
    """The outage ended: the service confirmed the snapshot, or sent a new snapshot."""


@attrs.frozen(eq=False, repr=False)
class EntitlementsEvent(Value):
    """An event of a snapshot. An outage causes one event at its start and one event at its end."""

    kind: EntitlementsEventKind
    """The kind of the event."""
    age: float
    """The seconds since the service confirmed the snapshot. Infinite if the time is unknown."""
    error: FronteggError | None = None
    """The error of the last refresh. ``None`` if the last refresh succeeded."""
