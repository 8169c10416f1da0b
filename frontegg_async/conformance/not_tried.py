"""`NotTriedError`: why a check cannot be made."""

from __future__ import annotations


class NotTriedError(Exception):
    """A check cannot be made; the message says why, without data."""
