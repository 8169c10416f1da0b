"""`RefusedError`: the error of a refused tool call."""

from __future__ import annotations


class RefusedError(Exception):
    """A tool call is refused. The text is for the assistant. It has foreign text only in `quoted` form."""


class UnknownToolError(RefusedError):
    """The tool does not exist."""
