"""When a token is fresh, to be refreshed, and no longer to be sent: pure functions of a monotonic clock."""

from __future__ import annotations

import math
from typing import Final

import attrs

from frontegg_async._values.secret import Secret
from frontegg_async.errors import DecodeError, ErrorDetails

MAX_LIFETIME: Final = 30 * 86_400.0
"""Seconds; a longer life is not believed."""


@attrs.frozen(eq=False)
class Token:
    """A token and the moments of its life, on the monotonic clock.

    Args:
        value: The token.
        life: The seconds of its life, as the service told, at most `MAX_LIFETIME`.
        refresh_at: From here on it is refreshed in the background.
        stale_at: From here on it is not sent any more.
    """

    value: Secret
    life: float
    refresh_at: float
    stale_at: float

    @property
    def ends_at(self) -> float:
        """When the service takes it no longer."""
        return self.stale_at + _margin(self.life)


def make_token(value: str, expires_in: float, requested_at: float) -> Token:
    """Return a token with its windows.

    The life is counted from before the request, so that the way of the response only shortens it.

    Args:
        value: The token.
        expires_in: Seconds of life, as the service told.
        requested_at: The monotonic clock before the request was sent.

    Raises:
        DecodeError: ``expires_in`` is no positive number, or the token is no printable ASCII text.
    """
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float):
        raise _refuse("$.expiresIn: expected a number of seconds")
    if not 0 < expires_in < math.inf:
        raise _refuse("$.expiresIn: expected a finite number above 0")
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable() or " " in value:
        raise _refuse("$.token: expected a token")
    life = float(min(expires_in, MAX_LIFETIME))
    end = requested_at + life
    return Token(Secret(value), life, refresh_at=end - min(300.0, life * 0.2), stale_at=end - _margin(life))


def _margin(life: float) -> float:
    """Return the seconds before its end in which a token is not sent any more."""
    return min(30.0, life * 0.05)


def _refuse(path: str) -> DecodeError:
    return DecodeError(
        f"the service's token cannot be used: {path}", ErrorDetails(endpoint="auth.authenticate", paths=(path,))
    )
