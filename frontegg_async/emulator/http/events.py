"""The stream of events: what happens in an emulator, to a browser or whoever reads server-sent events."""

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
"""Between two events: what comes meanwhile goes into one."""
LAST: Final = 200
MAX_LAST: Final = 2_000
_RETRY: Final = b"retry: 1000\n\n"
_encode = msgspec.json.Encoder().encode


def last_of(query: str) -> int:
    """Return how many requests of before are wanted, by the parameter ``last``.

    Raises:
        ValueError: It is no number, or out of range.
    """
    given = parse_qs(query).get("last", [str(LAST)])[-1]
    if not given.isdecimal() or int(given) > MAX_LAST:
        raise ValueError(f"last must be a whole number from 0 to {MAX_LAST}")
    return int(given)


async def send_events(
    request: web.BaseRequest, connection: Connection, world: World, environment: str | None, last: int
) -> web.StreamResponse:
    """Send what happens until the reader goes away or the emulator stops.

    Args:
        request: What asked for them.
        connection: What they are sent on; when it ends, the place of the reader is free at once.
        world: What is watched.
        environment: Of this one only.
        last: How many requests of before come first.
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
    with world.subscribers.watch(environment) as watcher:
        connection.when_lost.append(watcher.end)
        try:
            await response.prepare(request)
            await response.write(_RETRY + _requests(world.journal.last(last, environment), 0))
            await _go_on(response, watcher)
            await response.write_eof()
        except ConnectionError:
            pass  # the reader is gone
    return response


async def _go_on(response: web.StreamResponse, watcher: Subscriber) -> None:
    while (news := await watcher.news(KEEP_ALIVE_SECONDS)) is not None:
        parts = b""
        if news.changed:
            parts += _event("changed", news.changed)
        if news.requests or news.missed:
            parts += _requests(news.requests, news.missed)
        await response.write(parts or b":\n\n")
        await watcher.rest(GATHER_SECONDS)


def _requests(entries: Sequence[JournalEntry], missed: int) -> bytes:
    return _event("requests", {"requests": entries, "missed": missed})


def _event(name: str, data: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(data))
