"""The table of row 8 as data: what may happen to a request, and how the call must end."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async import (
    ConnectionFailedError,
    FronteggError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResultLostError,
)
from frontegg_async.endpoints import Retry
from frontegg_async.errors import ServerOutcomeUnknownError, WriteTimeoutError
from tests.support.faults.http import answer_bytes
from tests.support.faults.scripted_server import Close, Drip, HalfClose, Reset, Send, Step, WaitForPeer


class Class(enum.Enum):
    """What a fault shows about the request."""

    NOT_SENT = "no connection was made"
    UNPROCESSED = "the service says that it did not act"
    AUTH = "the token is refused"
    DEFINITE = "the request is refused"
    LOST = "no complete answer"
    FAILED = "an answer that says that the service failed, or gave up"
    LATE = "no answer in time"
    ACKNOWLEDGED = "a status of success, and a body that is cut off"
    UNPROVEN = "a status of success, and the body of a proxy or of nobody"


AMBIGUOUS: Final = frozenset({Class.LOST, Class.FAILED, Class.LATE})
MAY_HAVE_ACTED: Final = AMBIGUOUS | {Class.ACKNOWLEDGED, Class.UNPROVEN}


@attrs.frozen
class Fault:
    """What the server does instead of the first response; without steps, it no longer listens."""

    name: str
    class_: Class
    steps: tuple[Step, ...] = attrs.field(repr=False)


_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_PART: Final = b'{"tenantId": "a", "na'
_EVERY: Final = 0.05

FAULTS: Final[tuple[Fault, ...]] = (
    Fault("connection refused", Class.NOT_SENT, ()),
    Fault("closed without an answer", Class.LOST, (Close(),)),
    Fault("reset without an answer", Class.LOST, (Reset(),)),
    Fault("half closed", Class.LOST, (HalfClose(), WaitForPeer())),
    Fault("closed in the status line", Class.LOST, (Send(b"HTTP/1.1 20"), Close())),
    Fault("closed in the headers", Class.LOST, (Send(_HEAD), Close())),
    Fault("reset in the headers", Class.LOST, (Send(_HEAD), Reset())),
    Fault("closed in the body", Class.ACKNOWLEDGED, (Send(_HEAD + b"Content-Length: 99\r\n\r\n" + _PART), Close())),
    Fault(
        "closed in a chunk",
        Class.ACKNOWLEDGED,
        (Send(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\n" + _PART), Close()),
    ),
    Fault("no HTTP", Class.LOST, (Send(b"\x00\x01\x02 what is this\r\n\r\n"), Close())),
    Fault(
        "broken gzip",
        Class.ACKNOWLEDGED,
        (Send(answer_bytes(200, raw=b"\x1f\x8b?", headers={"Content-Encoding": "gzip"})),),
    ),
    Fault("silence", Class.LATE, (WaitForPeer(),)),
    Fault("drip of headers", Class.LATE, (Drip(_HEAD * 99, _EVERY),)),
    Fault(
        "drip of a body", Class.ACKNOWLEDGED, (Send(_HEAD + b"Content-Length: 999\r\n\r\n"), Drip(b" " * 999, _EVERY))
    ),
    Fault("page of a proxy", Class.UNPROVEN, (Send(answer_bytes(200, raw=b"<html>sign in</html>")),)),
    Fault("end without a length", Class.UNPROVEN, (Send(_HEAD + b"\r\n" + _PART), Close())),
    Fault("500", Class.FAILED, (Send(answer_bytes(500, {"errors": ["oops"]})),)),
    Fault("502", Class.FAILED, (Send(answer_bytes(502, raw=b"<html>bad gateway</html>")),)),
    Fault("503", Class.FAILED, (Send(answer_bytes(503)), Close())),
    Fault("408", Class.FAILED, (Send(answer_bytes(408)), Close())),
    Fault("425", Class.UNPROCESSED, (Send(answer_bytes(425)),)),
    Fault("429", Class.UNPROCESSED, (Send(answer_bytes(429, headers={"Retry-After": "0"})),)),
    Fault("401", Class.AUTH, (Send(answer_bytes(401, {"errors": ["expired"]})),)),
    Fault("403", Class.DEFINITE, (Send(answer_bytes(403, {"errors": ["forbidden"]})),)),
)
"""The faults: 24."""


@attrs.frozen
class Expected:
    """The expected result of a call.

    Args:
        requests: How often its own request reaches the server.
        error: The exact class of the error, or ``None`` for a success.
        reads: Whether the state is read after the first of them, and before the second.
    """

    requests: int
    error: type[FronteggError] | None = None
    reads: bool = False


_ONCE_MORE: Final = Expected(2)
_READ_FIRST: Final = Expected(2, reads=True)
_RESENDS: Final = dict.fromkeys((Retry.SAFE, Retry.RESEND, Retry.DELETE), _ONCE_MORE)


def _everywhere(expected: Expected) -> Mapping[Retry, Expected]:
    return dict.fromkeys(Retry, expected)


def _ambiguous(error: type[FronteggError]) -> Mapping[Retry, Expected]:
    return {**_RESENDS, Retry.RECONCILE: _READ_FIRST, Retry.NEVER: Expected(1, error)}


TABLE: Final[Mapping[Class, Mapping[Retry, Expected]]] = {
    Class.NOT_SENT: _everywhere(Expected(0, ConnectionFailedError)),
    Class.UNPROCESSED: _everywhere(_ONCE_MORE),
    Class.AUTH: _everywhere(_ONCE_MORE),
    Class.DEFINITE: _everywhere(Expected(1, PermissionDeniedError)),
    Class.LOST: _ambiguous(OutcomeUnknownError),
    Class.LATE: _ambiguous(WriteTimeoutError),
    Class.FAILED: _ambiguous(ServerOutcomeUnknownError),
    Class.ACKNOWLEDGED: {
        Retry.SAFE: _ONCE_MORE,
        **dict.fromkeys(set(Retry) - {Retry.SAFE}, Expected(1, OutcomeUnknownError, reads=True)),
    },
    Class.UNPROVEN: {
        Retry.SAFE: _ONCE_MORE,
        Retry.RESEND: _READ_FIRST,
        Retry.RECONCILE: _READ_FIRST,
        Retry.DELETE: Expected(1, reads=True),
        Retry.NEVER: Expected(1, OutcomeUnknownError, reads=True),
    },
}
"""For each class and each kind of operation what must come, if the service did not act and is well afterwards."""

DONE: Final = Expected(1, reads=True)
"""What must come of an operation that is read first, if the service did act."""

NOTHING_TO_READ: Final = Expected(1)
"""What must come of a write that returns nothing, if its success has no readable body."""

RESULT_LOST: Final = Expected(1, ResultLostError)
"""What must come of a write whose result cannot be read, if its success has no readable body."""

UNKNOWN: Final = Expected(1, OutcomeUnknownError)
"""What must come of a write whose result cannot be read, if its success has the body of a proxy."""
