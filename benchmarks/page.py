"""One page of 200 tenants over HTTP, against aiohttp with orjson: ``python -m benchmarks.page``.

A process of its own answers with canned bytes. Blocks of calls of both are interleaved in one process and paired.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import aiohttp
import orjson

from benchmarks.decode import make_page, make_rows
from frontegg_async import AsyncFrontegg

ROUNDS = 40
CALLS = 25
TOKEN = orjson.dumps({"token": "canned", "expiresIn": 86_400})


def answer(body: bytes, *, encoding: str = "") -> bytes:
    """Return an HTTP answer."""
    more = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Canned(asyncio.Protocol):
    """Answers each request with bytes that are made already."""

    def __init__(self, pages: dict[bytes, bytes]) -> None:
        self._pages = pages
        self._transport: asyncio.Transport | None = None
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer when a request's head is there; bodies come with it."""
        self._data += data
        if b"\r\n\r\n" in self._data and self._transport is not None:
            name = self._data.split(b" ", 2)[1].split(b"/")[1]
            self._data = b""
            self._transport.write(self._pages[name])


async def serve(pipe: Connection) -> None:
    """Serve until the pipe is closed."""
    page = make_page(make_rows())
    pages = {
        b"identity": answer(page),
        b"gzip": answer(gzip.compress(page), encoding="gzip"),
        b"grown": answer(make_page(make_rows(newField={"a": 1}))),
    }
    # The clients send a path prefix, so that each has an address of its own.
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Canned(pages | {b"token": answer(TOKEN)}), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, pipe.poll, None)


def serve_in_process(pipe: Connection) -> None:
    """Run the server."""
    asyncio.run(serve(pipe))


async def compare(candidates: dict[str, Callable[[], Awaitable[object]]]) -> dict[str, float]:
    """Return the median ratio of CPU time of each candidate to the first."""
    rng = random.Random(1)
    names = list(candidates)
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        spent: dict[str, float] = {}
        for name in rng.sample(names, len(names)):
            call = candidates[name]
            started = time.process_time()
            for _ in range(CALLS):
                await call()
            spent[name] = time.process_time() - started
        for name in names:
            ratios[name].append(spent[name] / spent[names[0]])
    return {name: statistics.median(values) for name, values in ratios.items()}


async def run(port: int) -> None:
    """Compare the client with aiohttp and orjson, for each kind of page."""
    origin = f"http://127.0.0.1:{port}"
    for name in ("identity", "gzip", "grown"):
        client = AsyncFrontegg("emu_canned", "emu_canned", base_url=f"{origin}/{name}")
        # The canned server has one answer for each path, so the token is put where a fetched one would be.
        from frontegg_async.auth.windows import make_token  # noqa: PLC0415 - only here

        client._environment.tokens.adopt(make_token("canned", 86_400, time.monotonic()))  # noqa: SLF001 - see above
        async with client, aiohttp.ClientSession(headers={"Authorization": "Bearer canned"}) as session:
            url = f"{origin}/{name}/tenants/resources/tenants/v2?_limit=200&_offset=0"

            async def plain(session: aiohttp.ClientSession = session, url: str = url) -> object:
                async with session.get(url) as response:
                    return orjson.loads(await response.read())

            listing = client.tenants.list(page_size=200)
            ratios = await compare({"Y": plain, "frontegg_async": listing.first_page})
        print(f"page of 200, {name:<8}: {ratios['frontegg_async']:.2f} x aiohttp with orjson.loads")


def main() -> None:
    """Measure and print."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve_in_process, args=(theirs,), daemon=True)
    process.start()
    try:
        asyncio.run(run(ours.recv()))
    finally:
        ours.close()
        theirs.close()
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
