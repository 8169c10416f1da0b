"""Reads the target, the host and the body of a request."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import HttpVersion11, web

from frontegg_async.emulator.http.allowed_hosts import LOOPBACK

_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?P<authority>[^/?#]*)", re.IGNORECASE)


class UnreadableBodyError(ValueError):
    """The body cannot be decoded with the encoding that the headers name."""


class OversizedBodyError(ValueError):
    """The body is larger than allowed."""


def target_of(request: web.BaseRequest) -> str:
    """Return the path and query of a request. The target may be a whole URL, as in requests to a proxy."""
    raw = request.raw_path
    if raw.startswith("/"):
        return raw
    whole = _ORIGIN.match(raw)
    if whole is None:
        return raw
    rest = raw[whole.end() :]
    return rest if rest.startswith("/") else f"/{rest}"


def authority_of(request: web.BaseRequest) -> str:
    """Return the host of a request: from the target if the target is a whole URL, else from the ``Host`` header.

    HTTP/1.0 allows requests without a host. Browsers always send a host, so a request without a host is safe.
    """
    whole = _ORIGIN.match(request.raw_path)
    return request.headers.get("Host", LOOPBACK) if whole is None else whole["authority"]


def peer_is_gone(request: web.BaseRequest) -> bool:
    """Return whether the client has disconnected."""
    return request.transport is None or request.transport.is_closing()


async def _send_continue(request: web.BaseRequest) -> None:
    """Send ``100 Continue`` to a client that waits for it. aiohttp's router would send it, but is not used here."""
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # otherwise aiohttp considers the response as begun


async def read_body(request: web.BaseRequest, most: int | None = None) -> bytes:
    """Return the decoded body of a request.

    Args:
        request: The request.
        most: The maximum size in bytes, or ``None`` for any size.

    Raises:
        ConnectionError: The client disconnected before it had sent the whole body.
        OversizedBodyError: The body is too large.
        UnreadableBodyError: The body cannot be decoded.
    """
    if not request.body_exists:
        return b""
    await _send_continue(request)
    parts = bytearray()
    try:
        while part := await request.content.readany():
            parts += part
            if most is not None and len(parts) > most:
                raise OversizedBodyError("the body is too large")
    except web.RequestPayloadError:
        raise UnreadableBodyError("the body cannot be decoded") from None
    return bytes(parts)
