"""Work in threads: a busy default executor or hanging work delays no call beyond its deadline."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from frontegg_async import Options, Outcome, RequestTimeoutError, ResultLostError
from frontegg_async._core.checks import unknown_values
from frontegg_async._core.codec import large_bodies
from frontegg_async._core.runtime import worker_threads
from frontegg_async.endpoints import Auth, Endpoint
from tests.support.clients import make_client
from tests.support.loop_time import skip_waits
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

LARGE = json.dumps([tenant_row(f"t{number}", address="x" * 5_000) for number in range(large_bodies.SIZE // 5_000 + 1)])
LIST = Endpoint(name="own.list", method="GET", path="/x", auth=Auth.ENVIRONMENT, returns=list)


@pytest.fixture
async def busy() -> AsyncIterator[None]:
    """A default executor of the loop whose only thread is taken."""
    release = threading.Event()
    executor = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(executor)
    hung = loop.run_in_executor(None, release.wait)
    yield
    release.set()
    await hung


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads of the SDK that are all taken."""
    release = threading.Event()
    executor = ThreadPoolExecutor(1)
    executor.submit(release.wait)
    monkeypatch.setattr(worker_threads._threads, "executor", executor)
    monkeypatch.setattr(worker_threads._threads, "pid", os.getpid())
    yield
    release.set()
    executor.shutdown()


@pytest.mark.usefixtures("busy")
async def test_a_large_answer_needs_none_of_the_programs_threads() -> None:
    """It is decompressed and read in threads of the SDK."""
    packed = http(200, raw=gzip.compress(LARGE.encode(), 1), headers={"Content-Encoding": "gzip"})
    async with raw_server(packed) as server, make_client(server.url) as client:
        await client.check()
        found = await client.send(LIST, options=Options(deadline=20.0))
    assert len(found.value) == len(json.loads(LARGE))


@pytest.mark.usefixtures("busy")
async def test_a_time_zone_needs_none_of_the_programs_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up on the disk."""
    monkeypatch.setattr(unknown_values, "_zones", {})
    async with raw_server(http(200, tenant_row("t1"))) as server, make_client(server.url) as client:
        with pytest.warns(UserWarning, match="Europe/Berlim"):
            await client.tenants.update("t1", timezone="Europe/Berlim", options=Options(deadline=20.0))


@pytest.mark.slow
@pytest.mark.usefixtures("hung")
async def test_work_that_hangs_ends_with_the_deadline() -> None:
    """A read has timed out, and a write was done."""
    write = Endpoint(name="own.write", method="POST", path="/x", auth=Auth.ENVIRONMENT, returns=list)
    skip_waits()
    async with raw_server(http(200, raw=LARGE.encode())) as server, make_client(server.url) as client:
        await client.check()
        with pytest.raises(RequestTimeoutError) as late:
            await client.send(LIST)
        with pytest.raises(ResultLostError) as lost:
            await client.send(write, body={})
    assert (late.value.outcome, lost.value.outcome) == (Outcome.UNKNOWN, Outcome.DONE)
    assert (late.value.details.reason, lost.value.reason) == ("timeout", "timeout")


@pytest.mark.usefixtures("hung")
async def test_a_time_zone_that_cannot_be_looked_up_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning is worth no more than a second."""
    monkeypatch.setattr(unknown_values, "_zones", {})
    skip_waits()
    async with raw_server(http(200, tenant_row("t1"))) as server, make_client(server.url) as client:
        await client.check()
        await client.tenants.update("t1", timezone="Europe/Berlim", options=Options(deadline=20.0))
    assert len(server.requests) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks are of POSIX")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own() -> None:
    """Those of its parent do not run in it."""
    parent = asyncio.run(worker_threads.run_in_thread(os.getpid))
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            os.write(writer, str(asyncio.run(worker_threads.run_in_thread(os.getpid))).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert (parent, int(os.read(reader, 100))) == (os.getpid(), child)
    os.close(reader)
    os.close(writer)


async def test_a_module_that_another_call_is_loading_is_waited_for_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To import it in the thread of the loop would hold up the loop until it is loaded."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_to_load.py").write_text("import workers_gate\nworkers_gate.pass_through()\nis_whole = True\n")
    gate = ModuleType("workers_gate")
    entered, opened = threading.Event(), threading.Event()

    def pass_through() -> None:
        entered.set()
        assert opened.wait(30)

    vars(gate)["pass_through"] = pass_through
    monkeypatch.setitem(sys.modules, "workers_gate", gate)
    monkeypatch.setattr(worker_threads, "_loaded", set[str]())
    first = asyncio.ensure_future(worker_threads.load_in_thread("slow_to_load"))
    await until(entered.is_set)
    second = asyncio.ensure_future(worker_threads.load_in_thread("slow_to_load"))
    await asyncio.wait((second,), timeout=0)
    try:
        assert "slow_to_load" in sys.modules
        assert not second.done()
    finally:
        opened.set()
    await asyncio.gather(first, second)
    assert vars(sys.modules.pop("slow_to_load"))["is_whole"]
