"""`NotTriedError`: the reason why a check is not tried."""

from __future__ import annotations


class NotTriedError(Exception):
    """A check cannot be tried. The message is the reason, without data."""
