"""Reads the target, the host and the body of a request."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import HttpVersion11, web

from frontegg_async.emulator.http.allowed_hosts import LOOPBACK

_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?P<authority>[^/?#]*)", re.IGNORECASE)


class UnreadableBodyError(ValueError):
    """A body cannot be decoded as its headers say."""


class OversizedBodyError(ValueError):
    """A body is larger than allowed."""


def target_of(request: web.BaseRequest) -> str:
    """Return path and query of a request, also when its target is a whole URL, as in a request to a proxy."""
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

    A request with neither, as HTTP/1.0 allows, is for this machine: browsers always send one.
    """
    whole = _ORIGIN.match(request.raw_path)
    return request.headers.get("Host", LOOPBACK) if whole is None else whole["authority"]


def peer_is_gone(request: web.BaseRequest) -> bool:
    """Return whether the client has disconnected."""
    return request.transport is None or request.transport.is_closing()


async def _send_continue(request: web.BaseRequest) -> None:
    """Send ``100 Continue`` to a client that waits for it; without aiohttp's router the server does so itself."""
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the response itself has not begun


async def read_body(request: web.BaseRequest, most: int | None = None) -> bytes:
    """Return the body of a request, decoded.

    Args:
        request: The request.
        most: The largest size in bytes; ``None`` for any size.

    Raises:
        ConnectionError: The client disconnected before it had sent the whole body.
        OversizedBodyError: It is too large.
        UnreadableBodyError: It cannot be decoded.
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
