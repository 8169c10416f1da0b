"""What one attempt ended in: a reply, or a failure that tells whether anything was sent."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs


class Kind(enum.Enum):
    """What a failed attempt means for another one."""

    NOT_SENT = "not_sent"
    """No connection was made: nothing was sent."""
    UNTRUSTED = "untrusted"
    """The peer's certificate or address was refused: nothing was sent, and another try would end the same."""
    UNPROCESSED = "unprocessed"
    """The service said that it did not act, and why another try may be better later."""
    UNAUTHENTICATED = "unauthenticated"
    """The token was refused."""
    AMBIGUOUS = "ambiguous"
    """Something was sent, and no answer tells what became of it."""
    DEFINITE = "definite"
    """The service refused the request."""


@attrs.frozen(eq=False)
class Reply:
    """A complete answer of the service."""

    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)

    @property
    def trace_id(self) -> str | None:
        """The service's trace id."""
        return self.headers.get("frontegg-trace-id")


@attrs.frozen(eq=False)
class Failure:
    """An attempt without a complete answer.

    Args:
        kind: What it means for another attempt.
        reason: One word for logs and errors, as ``refused`` or ``timeout``.
        message: One line for people, without secrets.
    """

    kind: Kind
    reason: str
    message: str
