"""Encodes responses: converts bodies to JSON bytes, and adds the headers that every response has."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec

from frontegg_async._version import __version__
from frontegg_async.emulator.services.support.emulated_response import Empty, EmulatedResponse

TRACE_HEADER: Final = "frontegg-trace-id"
EMULATOR_HEADER: Final = "x-frontegg-emulator"
PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_encode = msgspec.json.Encoder().encode


class EncodedResponse(msgspec.Struct, frozen=True):
    """The encoded form of a response: the status, the headers and the bytes of the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """The standard reason phrase for the status."""
        return PHRASES.get(self.status, "Unknown")


def _encode_body(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if isinstance(body, Empty) else _encode(body)


def encode_response(response: EmulatedResponse, trace_id: str) -> EncodedResponse:
    """Encode a response, and add the headers that every response has."""
    raw = _encode_body(response.body)
    headers = {EMULATOR_HEADER: __version__, TRACE_HEADER: trace_id}
    if raw:
        headers["Content-Type"] = response.content_type
    if response.headers:
        headers.update(response.headers)
    return EncodedResponse(response.status, headers, raw)
