"""Answers as they are sent: bodies encoded, headers added, and those that faults give instead."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import attrs
import msgspec

from frontegg_async._version import __version__
from frontegg_async.emulator.rules.emulated_response import Empty, EmulatedResponse

TRACE_HEADER: Final = "frontegg-trace-id"
EMULATOR_HEADER: Final = "x-frontegg-emulator"
PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_encode = msgspec.json.Encoder().encode


@attrs.frozen
class EncodedResponse:
    """An answer ready to be sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """The words that go with the status."""
        return PHRASES.get(self.status, "Unknown")


def _encode_body(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if isinstance(body, Empty) else _encode(body)


def encode_response(answer: EmulatedResponse, trace_id: str) -> EncodedResponse:
    """Encode an answer."""
    raw = _encode_body(answer.body)
    headers = {EMULATOR_HEADER: __version__, TRACE_HEADER: trace_id}
    if raw:
        headers["Content-Type"] = answer.content_type
    if answer.headers:
        headers.update(answer.headers)
    return EncodedResponse(answer.status, headers, raw)
