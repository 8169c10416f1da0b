"""The result of one attempt: a response, or a failure that says whether anything was sent."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from frontegg_async._values.secret import HiddenFields

OK: Final = 200
TOO_MANY: Final = 429

_TRACE_ID: Final = re.compile(r"[!-~]{1,256}", re.ASCII)


class Kind(enum.Enum):
    """The kind of a failure, which decides about a retry."""

    NOT_SENT = "not_sent"
    """No connection was made: nothing was sent."""
    UNTRUSTED = "untrusted"
    """The certificate or address of the peer was refused: nothing was sent, and a retry would fail in the same way."""
    UNPROCESSED = "unprocessed"
    """The service did not act and said that a later retry may succeed."""
    UNAUTHENTICATED = "unauthenticated"
    """The token was refused."""
    AMBIGUOUS = "ambiguous"
    """The request was sent, or may have been, and no response tells whether the service acted."""
    ACKNOWLEDGED = "acknowledged"
    """The service returned 2xx, so it acted, but the body of the response is missing or unreadable."""
    UNPROVEN = "unproven"
    """The 2xx response has the body of a proxy, an error or another object: the service may have acted or not."""
    DEFINITE = "definite"
    """The service refused the request."""


class RawResponse(HiddenFields, eq=False):
    """A complete HTTP response: status, headers and bytes. A msgspec struct, because these are created fastest."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"RawResponse(status={self.status})"

    @property
    def reason(self) -> str:
        """A few words for logs and errors, like the reason of a `Failure`."""
        return f"status {self.status}"

    @property
    def trace_id(self) -> str | None:
        """The trace id of the service; ``None`` if the header holds anything that could break a log line."""
        text = self.headers.get("frontegg-trace-id", "")
        return text if _TRACE_ID.fullmatch(text) else None


class Failure(msgspec.Struct, frozen=True, eq=False):
    """An attempt without a complete response.

    Args:
        kind: The kind, which decides about a retry.
        reason: One word for logs and errors, such as ``refused`` or ``timeout``.
        message: A description for people, in one line without secrets.
        hint: The remedy, or a place to look at; empty if it is unknown.
        head: The status and headers of the response, if they were received and show that the service acted.
        seconds: The limit that passed, for a timeout.
    """

    kind: Kind
    reason: str
    message: str
    hint: str = ""
    head: RawResponse | None = None
    seconds: float | None = None


AttemptResult: TypeAlias = RawResponse | Failure
"""The result of one attempt."""
