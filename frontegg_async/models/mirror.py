"""Models of mirrors: the results of a refresh, of a comparison with the service (a proof), and of a health check."""

from __future__ import annotations

from datetime import datetime

import attrs

from frontegg_async.models.model import Model

__all__ = ["MirrorHealth", "MirrorRefresh", "Proof"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MirrorRefresh(Model):
    """The result of a refresh: a complete listing was written to the mirror."""

    accounts: int
    """The number of accounts in the listing."""
    read_again: int
    """The number of accounts that were also requested by id, since the listing lacked them or their content changed."""
    deleted: int
    """The number of accounts that were marked as deleted."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Proof(Model):
    """The result of comparing a mirror with the service."""

    equal: bool
    """Whether the mirror has exactly the accounts of the service, with equal content."""
    accounts: int
    """The number of accounts at the service."""
    root: str
    """The root hash of the service's accounts, 64 hexadecimal digits."""
    mirror_root: str
    """The root hash of the mirror's accounts. Equal accounts have equal root hashes."""
    changed_meanwhile: int = 0
    """The number of accounts that differed at first, and were equal when the client requested them once more."""
    different: tuple[str, ...] = ()
    """The ids of the accounts that differ, in order."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MirrorHealth(Model):
    """The state of a mirror."""

    oldest_dirty: float | None
    """The seconds for which the oldest account that is marked as changed has waited.

    ``None`` if no account waits for a request of its new content.
    """
    last_event: datetime | None
    """The time of the last event about an account."""
    last_listing: datetime | None
    """The time at which the last complete listing was written."""
    last_proof: datetime | None
    """The time of the last comparison with the service."""
    is_equal: bool | None
    """Whether mirror and service were equal at the last comparison; ``None`` without a comparison."""
    is_silent: bool
    """Whether webhooks seem to have stopped.

    ``True`` if the mirror found a change that no event announced, more than five minutes have passed since, and no
    event about an account has arrived in this time.
    """
