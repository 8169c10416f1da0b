"""Events of a snapshot of entitlements: what listeners learn while it is refreshed."""

from __future__ import annotations

import enum

import attrs

from frontegg_async._values.value import Value
from frontegg_async.errors import FronteggError


class EntitlementsEventKind(enum.StrEnum):
    """The kinds of events of a snapshot."""

    READY = "ready"
    """Decisions can be made: there is a first snapshot."""
    CHANGED = "changed"
    """Another snapshot replaced the last one."""
    ERROR = "error"
    """An outage began: a refresh failed. The last snapshot stays in use."""
    STALE = "stale"
    """The snapshot became older than ``max_age``: decisions raise `StaleEntitlementsError`."""
    RECOVERED = "recovered"
    """The outage ended: the service confirmed the snapshot, or sent another."""


@attrs.frozen(eq=False, repr=False)
class EntitlementsEvent(Value):
    """An event of a snapshot. An outage has one event at its begin, and one at its end."""

    kind: EntitlementsEventKind
    """The kind of the event."""
    age: float
    """Seconds since the service confirmed the snapshot; infinite if nobody knows."""
    error: FronteggError | None = None
    """Why the snapshot cannot be refreshed; ``None`` if it can."""
