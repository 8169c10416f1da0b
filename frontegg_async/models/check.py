"""What a check of the settings found."""

from __future__ import annotations

import attrs

from frontegg_async._values.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ConnectionCheck(Value):
    """The settings work: the host answered and took the credential.

    ``region`` is ``None`` when a base URL was set; ``expires_in`` is the life of the token in seconds; ``elapsed`` is
    the time of the check in seconds.
    """

    base_url: str
    region: str | None
    expires_in: float
    elapsed: float
