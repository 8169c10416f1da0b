"""The result of a connection check, which a client's ``check()`` returns."""

from __future__ import annotations

import attrs

from frontegg_async.models.model import Model


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConnectionCheck(Model):
    """The result of a successful connection check: the host responded and accepted the credential."""

    base_url: str
    """The base URL that responded, such as ``https://api.us.frontegg.com``."""
    region: str | None
    """The region, such as ``us``; ``None`` if the settings name a base URL instead."""
    expires_in: float
    """The lifetime of the token that the check obtained, in seconds."""
    elapsed: float
    """The duration of the check, in seconds."""
