"""What one attempt ended in: a response, or a failure that tells whether anything was sent."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from frontegg_async._values.hidden_fields import HiddenFields

OK: Final = 200
TOO_MANY: Final = 429

_TRACE_ID: Final = re.compile(r"[!-~]{1,256}", re.ASCII)


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
    """Something was sent, and no response tells what became of it."""
    ACKNOWLEDGED = "acknowledged"
    """The service answered 2xx, so it acted; the body of its response is missing or cannot be read."""
    DEFINITE = "definite"
    """The service refused the request."""


class RawResponse(HiddenFields, eq=False):
    """A complete response of the service. Each attempt makes one, and a struct of msgspec's is made fastest."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"RawResponse(status={self.status})"

    @property
    def reason(self) -> str:
        """A few words for logs and errors, as those of a `Failure`."""
        return f"status {self.status}"

    @property
    def trace_id(self) -> str | None:
        """The service's trace id; whatever else a header may hold is none, since it becomes a part of lines."""
        text = self.headers.get("frontegg-trace-id", "")
        return text if _TRACE_ID.fullmatch(text) else None


class Failure(msgspec.Struct, frozen=True, eq=False):
    """An attempt without a complete response.

    Args:
        kind: What it means for another attempt.
        reason: One word for logs and errors, as ``refused`` or ``timeout``.
        message: One line for people, without secrets.
        head: The status and the headers of the response, if they came and the service acted.
    """

    kind: Kind
    reason: str
    message: str
    head: RawResponse | None = None


AttemptResult: TypeAlias = RawResponse | Failure
"""What one attempt ended in."""
