"""`RefusedError`: a call of a tool that is not carried out."""

from __future__ import annotations


class RefusedError(Exception):
    """A call of a tool is refused; the text is for the assistant, with text of others only in `quoted` form."""


class UnknownToolError(RefusedError):
    """There is no such tool."""
