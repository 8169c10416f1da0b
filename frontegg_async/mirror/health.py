"""Compute the health of a mirror: waiting accounts, times of the latest updates, and missing webhook events."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from frontegg_async.mirror.dirty import Dirty
from frontegg_async.models.mirror import MirrorHealth

GRACE: Final = timedelta(minutes=5)
"""The time after a change within which the webhook event of the change may still arrive."""


async def health_of(dirty: Dirty) -> MirrorHealth:
    """Return the health of a mirror.

    Raises:
        MirrorError: The database failed.
    """
    async with dirty.database.reading() as connection:
        now = await dirty.database.now(connection)
        state = await dirty.state.get(connection)
        oldest = await dirty.oldest(connection)
    return MirrorHealth(
        oldest_dirty=None if oldest is None else max(0.0, (now - oldest).total_seconds()),
        last_event=state.last_event,
        last_listing=state.last_listing,
        last_proof=state.last_proof,
        is_equal=state.last_proof_equal,
        is_silent=state.unannounced_since is not None and now - state.unannounced_since > GRACE,
    )
