"""The result of one attempt: a response, or a failure that contains whether the request may have been sent."""

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
    """The kind of a failure, which determines whether the call is retried."""

    NOT_SENT = "not_sent"
    """No connection was made, so nothing was sent."""
    UNTRUSTED = "untrusted"
    """The client refused the certificate or the address of the server. Nothing was sent, and a retry would fail too."""
    UNPROCESSED = "unprocessed"
    """The service did not act, and its response means that a later retry may succeed."""
    UNAUTHENTICATED = "unauthenticated"
    """The service refused the token."""
    AMBIGUOUS = "ambiguous"
    """The request may have been sent, and no response shows whether the service acted."""
    ACKNOWLEDGED = "acknowledged"
    """The service acted and returned 2xx, but the body of the response is missing or unreadable."""
    UNPROVEN = "unproven"
    """The 2xx response contains a proxy's page, an error or another object, so the service may have acted or not.
    """
    DEFINITE = "definite"
    """The service refused the request."""


class RawResponse(HiddenFields, eq=False):
    """A complete HTTP response. The class is a msgspec struct, because structs are created fastest."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"RawResponse(status={self.status})"

    @property
    def reason(self) -> str:
        """A few words for logs and errors, as in the ``reason`` of a `Failure`."""
        return f"status {self.status}"

    @property
    def trace_id(self) -> str | None:
        """The trace id of the service. ``None`` if the header contains characters that could break a log line."""
        text = self.headers.get("frontegg-trace-id", "")
        return text if _TRACE_ID.fullmatch(text) else None


class Failure(msgspec.Struct, frozen=True, eq=False):
    """An attempt without a complete response.

    Args:
        kind: The kind, which determines whether the call is retried.
        reason: One word for logs and errors, such as ``refused`` or ``timeout``.
        message: A description for people, in one line without secrets.
        hint: A hint about the cause or the remedy. Empty if neither is known.
        head: The status and headers of the response, if they were received and show that the service acted.
        seconds: The time limit that was exceeded, in seconds, if the failure is a timeout.
    """

    kind: Kind
    reason: str
    message: str
    hint: str = ""
    head: RawResponse | None = None
    seconds: float | None = None


AttemptResult: TypeAlias = RawResponse | Failure
"""The result of one attempt."""
