"""`RefusedError`: the error of a refused tool call."""

from __future__ import annotations


class RefusedError(Exception):
    """A tool call is refused. The message is for the assistant. It contains text from others only in `quoted` form."""


class UnknownToolError(RefusedError):
    """The tool does not exist."""
