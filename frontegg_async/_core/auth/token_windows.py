"""Pure functions that compute when a token is refreshed, and when the token is no longer sent."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from frontegg_async._values.secret import Secret
from frontegg_async.errors import DecodeError, ErrorDetails

MAX_LIFETIME: Final = 30 * 86_400.0
"""The longest plausible lifetime in seconds."""


class Token(msgspec.Struct, frozen=True, eq=False):
    """A token and its times on the monotonic clock.

    Args:
        value: The token.
        life: The lifetime of the token in seconds, as the service reported it, at most `MAX_LIFETIME`.
        refresh_at: The time from which the token is refreshed in the background.
        stale_at: The time from which the token is no longer sent.
    """

    value: Secret
    life: float
    refresh_at: float
    stale_at: float

    @property
    def ends_at(self) -> float:
        """The time at which the token expires."""
        return self.stale_at + _margin(self.life)


def make_token(value: str, expires_in: float, requested_at: float) -> Token:
    """Return a token with its times.

    The lifetime is counted from the time before the request. So latency can only shorten the lifetime.

    Args:
        value: The token.
        expires_in: The lifetime of the token in seconds, as the service reported it.
        requested_at: The time at which the request began.

    Raises:
        DecodeError: ``expires_in`` is not a positive number, or the token is not printable ASCII text.
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
    """Return the number of seconds between the last use of a token and the expiry of the token."""
    return min(30.0, life * 0.05)


def _refuse(path: str) -> DecodeError:
    return DecodeError(
        f"the service returned an invalid token: {path}", ErrorDetails(endpoint="auth.authenticate", paths=(path,))
    )
