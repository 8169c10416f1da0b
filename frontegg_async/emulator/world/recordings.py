"""`Recordings`: the headers and bodies of the last requests and their responses, for the journal.

They are kept unchanged, and redacted when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async.emulator.world.redaction import readable

MAX_RECORDINGS: Final = 1_000
"""The number of requests whose headers and bodies are kept."""
MAX_TOTAL: Final = 16 * 1024 * 1024
"""The most bytes and characters of all recordings together."""
MAX_BODY: Final = 64 * 1024
"""The number of bytes of a body that are kept."""


@attrs.frozen(eq=False)
class RecordedBody:
    """The beginning of a body.

    Args:
        beginning: The first bytes of the body.
        size: The number of bytes of the whole body.
    """

    beginning: bytes = attrs.field(repr=False)
    size: int

    @classmethod
    def of(cls, raw: bytes) -> RecordedBody:
        """Return the kept part of a body."""
        return cls(raw[:MAX_BODY], len(raw))


@attrs.frozen(eq=False)
class RecordedMessage:
    """A request or a response.

    Args:
        headers: Its headers, in order.
        body: Its body; ``None`` if the emulator refused the request before reading the body.
    """

    headers: tuple[tuple[str, str], ...] = attrs.field(repr=False)
    body: RecordedBody | None

    @property
    def cost(self) -> int:
        """The number of bytes and characters that it holds."""
        kept = 0 if self.body is None else len(self.body.beginning)
        return kept + sum(len(name) + len(value) for name, value in self.headers)


@attrs.frozen(eq=False)
class Recording:
    """A request and its response.

    Args:
        environment: The client id of its environment; ``None`` if it is unknown.
        request: The request.
        response: The response; ``None`` if a fault ended the connection before there was one.
    """

    environment: str | None
    request: RecordedMessage
    response: RecordedMessage | None

    @property
    def cost(self) -> int:
        """The number of bytes and characters that it holds."""
        return self.request.cost + (0 if self.response is None else self.response.cost)


@attrs.define(eq=False)
class Recordings:
    """The last recordings, by the trace ids of the requests. The oldest recordings are dropped."""

    _recordings: dict[str, Recording] = attrs.field(factory=dict[str, Recording], init=False)
    _cost: int = attrs.field(default=0, init=False)

    def add(self, trace_id: str, recording: Recording) -> None:
        """Add a finished request."""
        self._recordings[trace_id] = recording
        self._cost += recording.cost
        while len(self._recordings) > MAX_RECORDINGS or (self._cost > MAX_TOTAL and len(self._recordings) > 1):
            self._drop(next(iter(self._recordings)))

    def get(self, trace_id: str) -> Recording | None:
        """Return the recording of a request; ``None`` if it does not exist or was dropped."""
        return self._recordings.get(trace_id)

    def clear(self, environment: str | None = None) -> None:
        """Drop the recordings of all environments, or of one."""
        for trace_id, recording in list(self._recordings.items()):
            if environment in (None, recording.environment):
                self._drop(trace_id)

    def _drop(self, trace_id: str) -> None:
        self._cost -= self._recordings.pop(trace_id).cost


def message(headers: Mapping[str, str], raw: bytes | None) -> RecordedMessage:
    """Return the kept part of a request or a response."""
    kept = tuple((str(name), readable(value)) for name, value in headers.items())
    return RecordedMessage(kept, None if raw is None else RecordedBody.of(raw))
