"""Requests as they come off the wire: their targets and bodies."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import HttpVersion11, web

from frontegg_async.emulator.http.allowed_hosts import LOOPBACK

_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?P<authority>[^/?#]*)", re.IGNORECASE)


class UnreadableBodyError(ValueError):
    """A body is not what its headers say."""


class OversizedBodyError(ValueError):
    """A body is larger than allowed."""


def target_of(request: web.BaseRequest) -> str:
    """Return path and query of a request, also of one whose target is a whole URL, as those to proxies are."""
    raw = request.raw_path
    if raw.startswith("/"):
        return raw
    whole = _ORIGIN.match(raw)
    if whole is None:
        return raw
    rest = raw[whole.end() :]
    return rest if rest.startswith("/") else f"/{rest}"


def authority_of(request: web.BaseRequest) -> str:
    """Return which host a request is for: by its target if that is a whole URL, else by its ``Host`` header.

    A request without either, as HTTP/1.0 allows, is for this machine: browsers always send one.
    """
    whole = _ORIGIN.match(request.raw_path)
    return request.headers.get("Host", LOOPBACK) if whole is None else whole["authority"]


def peer_is_gone(request: web.BaseRequest) -> bool:
    """Whether the connection is no more."""
    return request.transport is None or request.transport.is_closing()


async def _tell_to_go_on(request: web.BaseRequest) -> None:
    """Return a client that waits before it sends its body; a server without aiohttp's router has to do so itself."""
    if request.version >= HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun


async def read_body(request: web.BaseRequest, most: int | None = None) -> bytes:
    """Return the body of a request, decoded.

    Args:
        request: The request.
        most: How large it may be; ``None`` for any size.

    Raises:
        ConnectionError: The peer went away before all of it was there.
        OversizedBodyError: It is too large.
        UnreadableBodyError: It cannot be decoded.
    """
    if not request.body_exists:
        return b""
    await _tell_to_go_on(request)
    parts = bytearray()
    try:
        while part := await request.content.readany():
            parts += part
            if most is not None and len(parts) > most:
                raise OversizedBodyError("the body is too large")
    except web.RequestPayloadError:
        raise UnreadableBodyError("the body cannot be decoded") from None
    return bytes(parts)
