"""Reads the target, the host and the body of a request."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import HttpVersion11, web

from frontegg_async.emulator.http.allowed_hosts import LOOPBACK

_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?P<authority>[^/?#]*)", re.IGNORECASE)


class UnreadableBodyError(ValueError):
    """A body cannot be decoded with the encoding in its headers."""


class OversizedBodyError(ValueError):
    """A body is larger than allowed."""


def target_of(request: web.BaseRequest) -> str:
    """Return path and query of a request. Its target may be a whole URL, as in a request to a proxy."""
    raw = request.raw_path
    if raw.startswith("/"):
        return raw
    whole = _ORIGIN.match(raw)
    if whole is None:
        return raw
    rest = raw[whole.end() :]
    return rest if rest.startswith("/") else f"/{rest}"


def authority_of(request: web.BaseRequest) -> str:
    """Return the host of a request: from its target if that is a whole URL, else from its ``Host`` header.

    HTTP/1.0 allows requests with neither. They count as requests for this machine, since browsers always send a host.
    """
    whole = _ORIGIN.match(request.raw_path)
    return request.headers.get("Host", LOOPBACK) if whole is None else whole["authority"]


def peer_is_gone(request: web.BaseRequest) -> bool:
    """Return whether the client has disconnected."""
    return request.transport is None or request.transport.is_closing()


async def _send_continue(request: web.BaseRequest) -> None:
    """Send ``100 Continue`` to a client that waits for it. The router of aiohttp, which would do so, is not used."""
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # so that aiohttp does not consider the response as begun


async def read_body(request: web.BaseRequest, most: int | None = None) -> bytes:
    """Return the body of a request, decoded.

    Args:
        request: The request.
        most: The largest size in bytes; ``None`` for any size.

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
