"""Models of mirrors: what a refresh wrote, and what a check found."""

from __future__ import annotations

from datetime import datetime

import attrs

from frontegg_async.models.model import Model

__all__ = ["MirrorHealth", "MirrorRefresh", "Proof"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MirrorRefresh(Model):
    """A complete listing that was written to a mirror."""

    accounts: int
    """The number of accounts that were listed."""
    read_again: int
    """The number of accounts that were read by their ids: they were missing, or changed during the listing."""
    deleted: int
    """The number of accounts that were marked as deleted."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Proof(Model):
    """The result of a comparison of a mirror with the service."""

    equal: bool
    """Whether each account of the service is in the mirror as it is, and no other."""
    accounts: int
    """The number of accounts of the service."""
    root: str
    """The root hash of the accounts of the service, 64 hexadecimal digits."""
    mirror_root: str
    """The root hash of the accounts of the mirror. The roots are equal if the accounts are."""
    changed_meanwhile: int = 0
    """The number of accounts that differed, and were equal when they were read once more."""
    different: tuple[str, ...] = ()
    """The ids of the accounts that differ, in order."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class MirrorHealth(Model):
    """The state of a mirror."""

    oldest_dirty: float | None
    """For how many seconds the oldest marked account waits to be read; ``None`` if none waits."""
    last_event: datetime | None
    """When the last event about an account came."""
    last_listing: datetime | None
    """When the last complete listing was written."""
    last_proof: datetime | None
    """When the mirror was last compared with the service."""
    is_equal: bool | None
    """Whether they were equal then; ``None`` if they were never compared."""
    is_silent: bool
    """Whether webhooks are silent: a change was found more than five minutes ago that no event announced, and no event
    about an account has come since."""
