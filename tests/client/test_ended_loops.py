"""A client survives event loops that are closed before it, and keeps nothing of them."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import time
import weakref
from asyncio import selector_events
from collections.abc import Iterator
from pathlib import Path
from ssl import SSLContext

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._core.runtime.loops import end_connections
from frontegg_async.emulator import EmulatorHandle
from tests.support.certificates import make_contexts
from tests.support.raw_server import RawServer, http
from tests.support.tenants import tenant_row

_PROGRAM = """
import asyncio, sys
from frontegg_async import AsyncFrontegg

client = AsyncFrontegg(sys.argv[2], sys.argv[3], base_url=sys.argv[1])
for _ in range(3):
    loop = asyncio.new_event_loop()
    loop.slow_callback_duration = 600  # how fast a busy machine takes a step is not what this is about
    loop.run_until_complete(client.check())
    loop.close()
"""


def descriptors() -> int:
    """Return how many files and sockets this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def use_and_close_loop(client: AsyncFrontegg) -> weakref.ref[asyncio.AbstractEventLoop]:
    """Make two calls at once in a loop of their own, and close the loop without a word to the client."""
    loop = asyncio.new_event_loop()

    async def call() -> None:
        await asyncio.gather(client.tenants.get("t1"), client.tenants.get("t1"))

    loop.run_until_complete(call())
    loop.close()
    return weakref.ref(loop)


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[tuple[str, SSLContext]]:
    """The address of a server with TLS that has a thread of its own, and the context that trusts it."""
    theirs, ours = make_contexts(tmp_path)
    ready = threading.Event()
    state = RawServer(script=[http(200, tenant_row("t1"))], auth=[], expires_in=3600)
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        server = await asyncio.start_server(state._serve, "127.0.0.1", 0, ssl=theirs)
        state.port = server.sockets[0].getsockname()[1]
        loops.append(asyncio.get_running_loop())
        stop = stops.append(asyncio.Event()) or stops[0]
        ready.set()
        async with server:
            await stop.wait()

    stops: list[asyncio.Event] = []
    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(30)
    yield f"https://127.0.0.1:{state.port}", ours
    loops[0].call_soon_threadsafe(stops[0].set)
    thread.join(30)


@pytest.mark.each_python
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors by /proc")
@pytest.mark.parametrize("with_tls", [False, True])
def test_nothing_is_kept_of_closed_loops(
    frontegg_emulator: EmulatorHandle, tls: tuple[str, SSLContext], *, with_tls: bool
) -> None:
    """Neither a socket nor the loop itself, and there is no warning of an unclosed transport."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "n"}])
    if with_tls:
        client = AsyncFrontegg("id", "secret", base_url=tls[0], ssl=tls[1])
    else:
        client = AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)
    use_and_close_loop(client)
    gc.collect()  # what other tests have left
    before = descriptors()
    loops = [use_and_close_loop(client) for _ in range(5)]
    gc.collect()
    assert [loop() for loop in loops[:-1]] == [None] * 4
    # Servers in threads of this process close their ends a moment later, also those of earlier tests.
    end = time.monotonic() + 30
    while descriptors() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert descriptors() <= before
    asyncio.run(client.aclose())
    gc.collect()


@pytest.mark.each_python
def test_the_end_of_the_program_is_silent(frontegg_emulator: EmulatorHandle) -> None:
    """Of the last loop too, which no later call came after."""
    emulator = frontegg_emulator
    command = [sys.executable, "-X", "dev", "-c", _PROGRAM, emulator.url, emulator.client_id, emulator.secret]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_loop_that_is_not_asyncios_is_left_alone() -> None:
    """Its transports have nothing that ends them; the session is kept then, as before."""

    class Transport(asyncio.BaseTransport):
        pass

    class Protocol:
        transport = Transport()

    assert not end_connections([Protocol()])  # type: ignore[list-item]  # only its transport is looked at
    assert end_connections([])


def test_asyncio_has_what_frees_a_socket() -> None:
    """It is private: without it each closed loop would keep its sockets again, as the fallback does."""
    assert callable(getattr(selector_events._SelectorTransport, "_call_connection_lost", None))  # type: ignore[attr-defined]  # private
