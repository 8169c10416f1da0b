"""The model of a connection check: what ``check()`` of a client returns."""

from __future__ import annotations

import attrs

from frontegg_async.models.model import Model


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConnectionCheck(Model):
    """The settings work: the host responded and accepted the credential."""

    base_url: str
    """The address that responded, as ``https://api.us.frontegg.com``."""
    region: str | None
    """The region, as ``us``; ``None`` when a base URL was set."""
    expires_in: float
    """The seconds that the token of the check is good for."""
    elapsed: float
    """The seconds that the check took."""
