"""`Recordings`: the headers and bodies of the last requests and of their responses, for the journal.

Recordings are kept unchanged. Secrets are redacted when a recording is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async.emulator.world.redaction import readable

MAX_RECORDINGS: Final = 1_000
"""The number of requests whose headers and bodies are kept."""
MAX_TOTAL: Final = 16 * 1024 * 1024
"""The maximum number of bytes and characters in all recordings together."""
MAX_BODY: Final = 64 * 1024
"""The maximum number of bytes that are kept of a body."""


@attrs.frozen(eq=False)
class RecordedBody:
    """The first bytes of a body, and the size of the whole body.

    Args:
        beginning: The first bytes of the body.
        size: The number of bytes of the whole body.
    """

    beginning: bytes = attrs.field(repr=False)
    size: int

    @classmethod
    def of(cls, raw: bytes) -> RecordedBody:
        """Return the first bytes and the size of a body."""
        return cls(raw[:MAX_BODY], len(raw))


@attrs.frozen(eq=False)
class RecordedMessage:
    """The headers and the body of a request or a response.

    Args:
        headers: The headers in their order.
        body: The body, or ``None`` if the emulator refused the request before it read the body.
    """

    headers: tuple[tuple[str, str], ...] = attrs.field(repr=False)
    body: RecordedBody | None

    @property
    def cost(self) -> int:
        """The number of bytes and characters that the message needs in memory."""
        kept = 0 if self.body is None else len(self.body.beginning)
        return kept + sum(len(name) + len(value) for name, value in self.headers)


@attrs.frozen(eq=False)
class Recording:
    """A recorded request with its response.

    Args:
        environment: The client id of the request's environment, or ``None`` if the environment is unknown.
        request: The request.
        response: The response, or ``None`` if a fault ended the connection before a response.
    """

    environment: str | None
    request: RecordedMessage
    response: RecordedMessage | None

    @property
    def cost(self) -> int:
        """The number of bytes and characters that the recording needs in memory."""
        return self.request.cost + (0 if self.response is None else self.response.cost)


@attrs.define(eq=False)
class Recordings:
    """The last recordings, by the trace ids of the requests. Older recordings are dropped."""

    _recordings: dict[str, Recording] = attrs.field(factory=dict[str, Recording], init=False)
    _cost: int = attrs.field(default=0, init=False)

    def add(self, trace_id: str, recording: Recording) -> None:
        """Add the recording of a request that was served."""
        self._recordings[trace_id] = recording
        self._cost += recording.cost
        while len(self._recordings) > MAX_RECORDINGS or (self._cost > MAX_TOTAL and len(self._recordings) > 1):
            self._drop(next(iter(self._recordings)))

    def get(self, trace_id: str) -> Recording | None:
        """Return the recording of a request, or ``None`` if there is none or it was dropped."""
        return self._recordings.get(trace_id)

    def clear(self, environment: str | None = None) -> None:
        """Drop the recordings of one environment, or of all environments."""
        for trace_id, recording in list(self._recordings.items()):
            if environment in (None, recording.environment):
                self._drop(trace_id)

    def _drop(self, trace_id: str) -> None:
        self._cost -= self._recordings.pop(trace_id).cost


def message(headers: Mapping[str, str], raw: bytes | None) -> RecordedMessage:
    """Return the headers and the first bytes of the body of a request or a response."""
    kept = tuple((str(name), readable(value)) for name, value in headers.items())
    return RecordedMessage(kept, None if raw is None else RecordedBody.of(raw))
