"""One attempt: bodies that are too large, compressed or unexpected, and the queue for connections."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import json
import zlib
from typing import Final

import pytest

from frontegg_async._core.call.context import Waits
from frontegg_async._core.http.connection_slots import ConnectionSlots
from frontegg_async._core.http.decompression import MAX_BODY
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async.errors import (
    ClientClosedError,
    ConnectionFailedError,
    Outcome,
    ProtocolError,
    RequestTimeoutError,
    ResultLostError,
)
from frontegg_async.options import Options
from tests.support.clients import make_client
from tests.support.raw_server import SILENCE, Answer, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ROW = json.dumps(tenant_row(metadata={"plan": "pro"})).encode()
ONCE = Options(max_retries=0)


def encoded(body: bytes, encoding: str) -> Answer:
    """Return a response with a content encoding."""
    return http(200, raw=body, headers={"Content-Encoding": encoding})


@pytest.mark.parametrize("encoding", ["gzip", "GZIP"])
async def test_gzip_is_read(encoding: str) -> None:
    """It is the one that is offered."""
    async with raw_server(encoded(gzip.compress(ROW), encoding)) as server, make_client(server.url) as client:
        assert (await client.tenants.get("t1")).metadata == {"plan": "pro"}
    assert server.requests[0].headers["accept-encoding"] == "gzip"


async def test_identity_is_no_encoding() -> None:
    """Some proxies say so."""
    async with raw_server(encoded(ROW, "identity")) as server, make_client(server.url) as client:
        assert (await client.tenants.get("t1")).tenant_id == "t1"


async def test_an_empty_body_may_have_any_encoding() -> None:
    """Nothing has to be decompressed."""
    async with raw_server(encoded(b"", "br")) as server, make_client(server.url) as client:
        await client.tenants.delete("t1")


@pytest.mark.parametrize(
    "answer",
    [
        encoded(ROW, "br"),
        encoded(zlib.compress(ROW), "deflate"),
        encoded(ROW, "gzip"),
        encoded(gzip.compress(ROW) * 2, "gzip"),
        encoded(gzip.compress(ROW)[:-1], "gzip"),
        encoded(gzip.compress(b" " * (MAX_BODY + 1)), "gzip"),
        encoded(gzip.compress(b"[" * 4_000_000), "gzip"),
        Answer(f"HTTP/1.1 200 OK\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode()),
    ],
    ids=["brotli", "deflate", "not gzip", "two members", "cut", "huge", "ratio", "announced"],
)
async def test_a_body_that_is_not_to_be_read(answer: Answer) -> None:
    """It is refused, and a write has lost its result, since its status says that it was done."""
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(ProtocolError):
            await client.tenants.get("t1", options=ONCE)
        with pytest.raises(ResultLostError) as caught:
            await client.tenants.update("t1", name="n", options=ONCE)
    assert (caught.value.reason, caught.value.outcome) == ("protocol", Outcome.DONE)


async def test_a_body_without_a_length_is_read_up_to_the_limit() -> None:
    """And no further, whatever comes."""
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    answer = Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 17 + b"0\r\n\r\n", then="close")
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(ProtocolError, match=f"more than {MAX_BODY} bytes"):
            await client.tenants.get("t1", options=ONCE)


async def test_a_body_in_pieces_is_joined() -> None:
    """Chunks of a chunked answer."""
    chunks = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in (ROW[:10], ROW[10:50], ROW[50:]))
    answer = Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
    async with raw_server(answer) as server, make_client(server.url) as client:
        assert (await client.tenants.get("t1")).tenant_id == "t1"


async def test_a_name_that_does_not_resolve_was_not_sent() -> None:
    """The name is reserved never to exist."""
    async with make_client("https://nowhere.invalid", options=ONCE) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            await client.tenants.get("t1")
    assert caught.value.reason == "dns"


async def test_tls_to_a_plain_server_is_not_tried_again() -> None:
    """Another try would end the same."""
    connections: list[int] = []

    async def speak_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(speak_plainly, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, make_client(f"https://127.0.0.1:{port}") as client:
        with pytest.raises(ConnectionFailedError) as caught:
            await client.tenants.get("t1")
    assert caught.value.reason == "tls"
    assert len(connections) == 1


async def test_the_queue_for_connections_counts_to_the_deadline() -> None:
    """The one connection is busy for longer than the second call may take; nothing of it was sent."""
    async with raw_server(SILENCE) as server, make_client(server.url, max_connections=1) as client:
        first = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: bool(server.requests))
        with pytest.raises(RequestTimeoutError, match="deadline"):
            await client.tenants.get("t2", options=Options(deadline=0.05))
        assert len(server.requests) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_slots_go_to_those_who_wait_longest() -> None:
    """In order, the cancelled ones passed over."""
    slots = ConnectionSlots(1)
    order: list[int] = []

    async def use(number: int) -> None:
        await slots.wait()
        order.append(number)
        slots.release()

    assert slots.take()
    assert not slots.take()
    users = [asyncio.ensure_future(use(number)) for number in range(4)]
    await asyncio.sleep(0)
    users[0].cancel()
    slots.release()
    await asyncio.gather(*users, return_exceptions=True)
    assert order == [1, 2, 3]
    await use(9)
    assert slots.take()


async def test_a_slot_given_to_one_who_is_cancelled_is_handed_on() -> None:
    """Both happen before it runs again."""
    slots = ConnectionSlots(1)
    slots.take()
    unlucky = asyncio.ensure_future(slots.wait())
    next_one = asyncio.ensure_future(slots.wait())
    await asyncio.sleep(0)
    slots.release()
    unlucky.cancel()
    await next_one
    assert unlucky.cancelled()
    slots.release()
    assert slots.take()


async def test_waits_end_when_the_client_closes() -> None:
    """A call that waits for a gate need not wait for its end."""
    waits = Waits()
    waiting = asyncio.ensure_future(waits.sleep(3_600))
    await asyncio.sleep(0)
    waits.interrupt()
    waits.interrupt()
    with pytest.raises(ClientClosedError):
        await waiting
    await waits.sleep(0)
    cancelled = asyncio.ensure_future(waits.sleep(3_600))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    assert not waits._waiting


def test_waits_of_a_loop_that_was_closed_are_left_alone() -> None:
    """Nobody waits there any more."""
    waits, loop = Waits(), asyncio.new_event_loop()
    forgotten = loop.create_task(waits.sleep(3_600))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    waits.interrupt()
    assert not forgotten.done()
    leak_on_purpose(forgotten)


async def test_a_waiting_call_is_told_that_the_client_closed() -> None:
    """With real waits."""
    async with raw_server(http(503)) as server:
        client = make_client(server.url, rng=lambda: 1.0)
        client._environment.context.waits = Waits()
        call = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: bool(client._environment.context.waits._waiting))
        await client.aclose()
        with pytest.raises(ClientClosedError):
            await call


_CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_MALFORMED: Final = {
    "size": b'5\r\n{"ten\r\nZZ\r\n',
    "no end of line": b'5\r\n{"tenXX',
    "sign": b'5\r\n{"ten\r\n+5\r\n',
}


@pytest.mark.parametrize("then", ["silence", "close"])
@pytest.mark.parametrize("chunks", _MALFORMED.values(), ids=_MALFORMED.keys())
async def test_a_body_is_told_of_a_malformed_chunk_that_comes_later(chunks: bytes, then: str) -> None:
    """Also where aiohttp's parser only closes the connection: the call would wait for as long as it may."""
    answer = Answer(_CHUNKED + chunks, then=then, drip=0.001)
    options = Options(timeout=None, deadline=None, max_retries=0)
    async with raw_server(answer) as server, make_client(server.url, options=options) as client, asyncio.timeout(30):
        with pytest.raises(ProtocolError):
            await client.tenants.get("t1")


async def test_a_connection_that_is_reset_after_its_answers_is_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    """The end of a connection is watched while a body is read, and asyncio logs what nobody looks at."""
    body = json.dumps(tenant_row("t1", address="x" * 100_000)).encode()
    reset = Answer(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body, then="reset")
    async with raw_server(reset) as server, make_client(server.url) as client:
        for _ in range(3):
            with contextlib.suppress(ProtocolError):  # the reset may overtake the body
                await client.tenants.get("t1", options=ONCE)
    gc.collect()
    # In debug mode asyncio also logs slow steps, such as a garbage collection.
    assert [each for each in caplog.records if not each.getMessage().startswith("Executing ")] == []
