"""The event stream of the admin API. It sends requests and changes as server-sent events to the dashboard."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

from frontegg_async._version import __version__
from frontegg_async.emulator.http.encoding import EMULATOR_HEADER, TRACE_HEADER
from frontegg_async.emulator.world.connections import Connection
from frontegg_async.emulator.world.journal import JournalEntry
from frontegg_async.emulator.world.subscribers import Subscriber
from frontegg_async.emulator.world.world import World

KEEP_ALIVE_SECONDS: Final = 15.0
GATHER_SECONDS: Final = 0.1
"""The pause between two events, in seconds. An event contains everything that happened during the pause before it."""
LAST: Final = 200
MAX_LAST: Final = 2_000
_RETRY: Final = b"retry: 1000\n\n"
_encode = msgspec.json.Encoder().encode


def last_of(query: str) -> int:
    """Return the query parameter ``last``: the number of earlier requests with which the stream begins.

    Raises:
        ValueError: The parameter is not a number, or is out of range.
    """
    given = parse_qs(query).get("last", [str(LAST)])[-1]
    if not given.isdecimal() or int(given) > MAX_LAST:
        raise ValueError(f"last must be a whole number from 0 to {MAX_LAST}")
    return int(given)


async def send_events(
    request: web.BaseRequest, connection: Connection, world: World, environment: str | None, last: int
) -> web.StreamResponse:
    """Send events until the reader disconnects or the emulator stops.

    Args:
        request: The request for the stream.
        connection: The connection of the request. When the connection ends, the subscription ends too.
        world: The state of the whole emulator. It publishes the events.
        environment: The client id of the environment whose events are sent; ``None`` selects all environments.
        last: The number of earlier requests with which the stream begins.
    """
    headers = {
        EMULATOR_HEADER: __version__,
        TRACE_HEADER: os.urandom(16).hex(),
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    response = web.StreamResponse(headers=headers)
    response.force_close()
    with world.subscribers.subscribe(environment) as subscriber:
        connection.when_lost.append(subscriber.end)
        try:
            await response.prepare(request)
            await response.write(_RETRY + _requests(world.journal.last(last, environment), 0))
            await _send_updates(response, subscriber)
            await response.write_eof()
        except ConnectionError:
            pass  # the reader has disconnected
    return response


async def _send_updates(response: web.StreamResponse, subscriber: Subscriber) -> None:
    while (pending := await subscriber.next(KEEP_ALIVE_SECONDS)) is not None:
        parts = b""
        if pending.changed:
            parts += _event("changed", pending.changed)
        if pending.requests or pending.missed:
            parts += _requests(pending.requests, pending.missed)
        await response.write(parts or b":\n\n")
        await subscriber.pause(GATHER_SECONDS)


def _requests(entries: Sequence[JournalEntry], missed: int) -> bytes:
    return _event("requests", {"requests": entries, "missed": missed})


def _event(name: str, data: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(data))
