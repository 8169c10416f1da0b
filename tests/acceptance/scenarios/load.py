"""The load generator, a process of its own: sends each request at its planned time, without waiting for earlier ones.

``python -m tests.acceptance.scenarios.load URL SHOTS HITS [--token FILE] [--fresh]`` reads shots from one file, sends
them and writes to another what came of each. Latencies count from the planned moment, so that a queue in front of a
slow server shows. Nothing is sent twice.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec

PATIENCE: Final = 15.0
"""Seconds after which a request counts as one that hangs."""

_LEAD: Final = 0.3


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """A planned request, with its time in seconds after the start."""

    at: float
    operation: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    is_signed: bool = False


class Hit(msgspec.Struct, kw_only=True):
    """The result of a shot, with times by the monotonic clock; ``status`` is ``None`` without a response."""

    number: int
    planned: float
    sent: float
    done: float
    status: int | None = None
    failure: str = ""
    headers: dict[str, str] = {}
    body: Any = None


class Came(msgspec.Struct, kw_only=True):
    """The results of all shots, and the processor time of sending them."""

    hits: list[Hit]
    cpu: float


async def fire_all(url: str, shots: Sequence[Shot], *, token: Path | None, fresh: bool) -> list[Hit]:
    """Send the shots, each at its moment.

    Args:
        url: The origin.
        shots: In the order of their moments.
        token: The file with the token of those that are signed; it is read for each, since users sign in again.
        fresh: Whether each has a connection of its own.
    """
    hits: list[Hit] = []
    connector = aiohttp.TCPConnector(limit=0, force_close=fresh)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with (
        aiohttp.ClientSession(url, connector=connector, timeout=timeout) as session,
        asyncio.TaskGroup() as group,
    ):
        # aiohttp would resend some requests when a connection breaks, and has no public switch.
        session._retry_connection = False
        start = time.monotonic() + _LEAD
        for number, shot in enumerate(shots):
            wait = start + shot.at - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            headers = _signature(token) if shot.is_signed and token else {}
            hit = Hit(number=number, planned=start + shot.at, sent=time.monotonic(), done=0.0)
            group.create_task(_fire(session, shot, headers, hit))
            hits.append(hit)
    return hits


async def _fire(session: aiohttp.ClientSession, shot: Shot, headers: Mapping[str, str], hit: Hit) -> None:
    try:
        async with session.request(shot.method, shot.path, json=shot.body, headers=headers) as response:
            raw = await response.read()
            hit.status = response.status
            hit.headers = _kept(response.headers)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        hit.failure = type(error).__name__
        raw = b""
    hit.done = time.monotonic()
    try:
        hit.body = msgspec.json.decode(raw) if raw else None
    except msgspec.DecodeError:
        hit.failure = hit.failure or "no JSON"


def _signature(token: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.read_text(encoding='utf-8')}"}


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in ("Retry-After",) if name in headers}


def main() -> int:
    """Send what a file says, and write down what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.scenarios.load")
    parser.add_argument("url")
    parser.add_argument("shots", type=Path)
    parser.add_argument("hits", type=Path)
    parser.add_argument("--token", type=Path)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    shots = msgspec.json.decode(options.shots.read_bytes(), type=list[Shot])
    gc.freeze()
    hits = asyncio.run(fire_all(options.url, shots, token=options.token, fresh=options.fresh))
    options.hits.write_bytes(msgspec.json.encode(Came(hits=hits, cpu=time.process_time())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
