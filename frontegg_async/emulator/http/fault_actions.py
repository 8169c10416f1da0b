"""Runs the actions of faults. They replace responses, send responses incorrectly, or end connections."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import struct
import time
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from aiohttp import web

from frontegg_async.emulator.faults.ledger import Fault
from frontegg_async.emulator.faults.spec import (
    Bomb,
    Delay,
    Drip,
    FaultAction,
    Garbage,
    RateLimit,
    Redirect,
    Reset,
    Stage,
    Status,
    Truncate,
)
from frontegg_async.emulator.http.encoding import PHRASES
from frontegg_async.emulator.http.rate_limit_responses import too_many_requests
from frontegg_async.emulator.http.requests import peer_is_gone
from frontegg_async.emulator.services.support.emulated_response import EMPTY, HTML, JSON, EmulatedResponse
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.connections import Connection

RESPONSE_STAGES: Final[tuple[Stage, ...]] = ("in_headers", "in_body")
NOISE: Final = b"\x00\xff\x15\x03\x01\xfenot HTTP\x00\r\r\n\n\xf0\x9f"
IDLE_PAUSE: Final = 0.02
"""The seconds until a connection counts as idle. By then the client has read the response and kept the connection."""

UNSOLICITED: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 36\r\n\r\n"
    b'{"tenantId":"nobody-asked-for-this"}'
)

_WATCH: Final = 0.02
_NO_LINGER: Final = struct.pack("ii", 1, 0)

_CHUNK: Final = 1 << 20
_KEPT: Final = 8
"""The number of cached decompression bombs. The creation of a large bomb takes seconds."""


async def wait(request: web.BaseRequest, seconds: float) -> None:
    """Wait for some seconds of real time, or until the client disconnects."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not peer_is_gone(request):  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(min(left, _WATCH))


def end_connection(transport: asyncio.Transport | None, action: FaultAction) -> None:
    """End a connection. `Reset` sends a TCP reset, `Garbage` sends random bytes first, others close it normally."""
    if transport is None or transport.is_closing():
        return
    if isinstance(action, Garbage):
        transport.write(NOISE)
    if isinstance(action, Reset):
        raw: socket.socket | None = transport.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()


def encode_head(status: int, reason: str, headers: list[tuple[str, str]], length: int) -> bytes:
    """Return the head of a response that is written directly to the transport. The connection ends afterwards."""
    lines = [f"HTTP/1.1 {status} {reason}"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {length}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def send_faulty(request: web.BaseRequest, fault: Fault, head: bytes, body: bytes) -> None:
    """Send a response on which a fault of the stage ``in_headers`` or ``in_body`` acts, and end the connection."""
    transport = request.transport
    if transport is None or transport.is_closing():
        return
    action = fault.action
    whole = head + body
    middle = len(head) // 2 if fault.stage == "in_headers" else len(head) + len(body) // 2
    match action:
        case Truncate(bytes=count):
            transport.write(whole[: count if fault.stage == "in_headers" else len(head) + count])
        case Drip(bytes=count, every=every):
            await _drip(request, whole, 0 if fault.stage == "in_headers" else len(head), count, every)
        case Delay(seconds=seconds):
            transport.write(whole[:middle])
            await wait(request, seconds)
            if not transport.is_closing():
                transport.write(whole[middle:])
        case Garbage() if fault.stage == "in_body":
            transport.write(whole[:middle] + (NOISE * (len(body) // len(NOISE) + 1))[: len(whole) - middle])
            transport.close()
            return
        case Bomb():
            transport.write(whole)
        case _:
            transport.write(whole[:middle])
    end_connection(request.transport, action)


async def _drip(request: web.BaseRequest, whole: bytes, start: int, count: int, every: float) -> None:
    if request.transport is not None:
        request.transport.write(whole[:start])
    for position in range(start, len(whole), count):
        if request.transport is None or request.transport.is_closing():
            return
        request.transport.write(whole[position : position + count])
        await wait(request, every)


def apply_when_idle(transport: asyncio.Transport, connection: Connection) -> None:
    """Wait until the connection is idle, then run the actions of faults of the stage ``idle``."""
    served = connection.started

    def apply() -> None:
        if transport.is_closing() or connection.started != served:
            return
        faults, connection.idle_faults = connection.idle_faults, []
        for fault in faults:
            _apply_to_idle(transport, fault)

    asyncio.get_running_loop().call_later(IDLE_PAUSE, apply)


def _apply_to_idle(transport: asyncio.Transport, fault: Fault) -> None:
    match fault.action:
        case Garbage():
            transport.write(UNSOLICITED)
        case Delay(seconds=seconds):
            asyncio.get_running_loop().call_later(seconds, transport.close)
        case action:
            end_connection(transport, action)


async def fault_response(action: FaultAction, switches: Switches) -> EmulatedResponse | None:
    """Return the response that an action sends in place of the service's response.

    Return ``None`` if the action concerns the connection instead of the response.
    """
    match action:
        case Status():
            return _status_response(action)
        case RateLimit(reset_in=seconds, with_header=with_header):
            return too_many_requests(seconds, switches, time.time(), with_header=with_header)
        case Redirect(location=location, status=status):
            return EmulatedResponse(status=status, headers={"Location": location})
        case Bomb(encoding=encoding, size=size):
            return EmulatedResponse(body=await bomb(encoding, size), headers={"Content-Encoding": encoding})
        case _:
            return None


def _status_response(action: Status) -> EmulatedResponse:
    headers = dict(action.headers)
    content_type = next((headers.pop(name) for name in action.headers if name.lower() == "content-type"), None)
    if isinstance(action.body, str):
        body: object = action.body.encode()
        content_type = content_type or HTML
    elif action.body is not None:
        body = action.body
    elif action.status in PHRASES and action.status >= HTTPStatus.BAD_REQUEST:
        body = {"errors": [PHRASES[action.status]], "errorCode": f"ER-00{action.status}"}
    else:
        body = EMPTY
    return EmulatedResponse(status=action.status, body=body, content_type=content_type or JSON, headers=headers)


async def bomb(encoding: str, size: int) -> bytes:
    """Create a decompression bomb in a thread, so that the event loop can serve other requests."""
    return await asyncio.to_thread(make_bomb, encoding, size)


@functools.lru_cache(maxsize=_KEPT)
def make_bomb(encoding: str, size: int) -> bytes:
    """Return a decompression bomb: a small body whose decompressed content is a JSON text of ``size`` bytes."""
    window = zlib.MAX_WBITS | 16 if encoding == "gzip" else zlib.MAX_WBITS
    deflater = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join([*map(deflater.compress, _filler(size)), deflater.flush()])


def _filler(size: int) -> Iterator[bytes]:
    left = max(size - 2, 0)
    yield b'"'
    while left > 0:
        yield b"0" * min(left, _CHUNK)
        left -= _CHUNK
    yield b'"'
