"""Models of mirrors: the results of a refresh, a proof and a health check."""

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
    """The number of accounts that were also read by id, since they were missing or changed during the listing."""
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
    """The number of accounts that differed at first, and were equal when they were read once more."""
    different: tuple[str, ...] = ()
    """The ids of the accounts that differ, in order."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MirrorHealth(Model):
    """The state of a mirror."""

    oldest_dirty: float | None
    """The number of seconds that the oldest marked account has waited to be read; ``None`` if no account waits."""
    last_event: datetime | None
    """The time of the last event about an account."""
    last_listing: datetime | None
    """The time at which the last complete listing was written."""
    last_proof: datetime | None
    """The time of the last comparison with the service."""
    is_equal: bool | None
    """Whether mirror and service were equal at the last comparison; ``None`` without a comparison."""
    is_silent: bool
    """Whether webhooks seem to be silent.

    This is so if the mirror found a change more than five minutes ago that no event announced, and no event about an
    account has arrived since.
    """
