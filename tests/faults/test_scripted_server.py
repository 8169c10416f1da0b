"""The scripted server plays what it is told, and keeps what came in, byte by byte."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.faults.http import LOOPBACK, answer_bytes
from tests.support.faults.scripted_server import (
    Close,
    Drip,
    HalfClose,
    Pause,
    ReadBytes,
    ReadRequest,
    Reset,
    ScriptedServer,
    Send,
    Serve,
    WaitFor,
    WaitForPeer,
    scripted_server,
)
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

REQUEST = b"POST /a?b=%20 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n\x00\xffz"


async def talk(server: ScriptedServer, data: bytes) -> bytes:
    """Send data on a new connection, and return all that comes back."""
    reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
    writer.write(data)
    try:
        return await reader.read()
    finally:
        writer.close()


async def test_a_script_is_played_and_what_came_is_kept() -> None:
    """Also what came after the last step that reads."""
    async with scripted_server([ReadRequest(), Send(b"one "), Drip(b"two", 0.0, size=2), Close()]) as server:
        assert await talk(server, REQUEST + b"more") == b"one two"
        (connection,) = server.connections
        await until(lambda: connection.end is not None)
    assert connection.received == REQUEST + b"more"
    assert connection.end == "close"
    (request,) = server.requests
    assert (request.method, request.target, request.path, request.body) == ("POST", "/a?b=%20", "/a", b"\x00\xffz")
    assert request.raw == REQUEST
    assert request.connection == 1


async def test_each_connection_has_its_script_and_the_last_is_repeated() -> None:
    """They are counted in the order in which they come."""
    async with scripted_server([Send(b"1")], [Pause(0.0), Send(b"n")]) as server:
        assert [await talk(server, b"") for _ in range(3)] == [b"1", b"n", b"n"]
        await until(lambda: all(connection.end == "script" for connection in server.connections))
    assert [connection.number for connection in server.connections] == [1, 2, 3]


async def test_a_reset_is_a_reset() -> None:
    """And no end of the stream."""
    async with scripted_server([ReadBytes(2), Reset()]) as server:
        with pytest.raises(ConnectionResetError):
            await talk(server, b"ab")
        await until(lambda: server.connections[0].end == "reset")


async def test_a_half_closed_connection_still_takes_what_comes() -> None:
    """The peer sees the end, and may go on."""
    async with scripted_server([HalfClose(), WaitForPeer()]) as server:
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        assert await reader.read() == b""
        writer.write(b"late")
        writer.close()
        await until(lambda: bool(server.connections) and server.connections[0].end == "peer")
    assert server.connections[0].received == b"late"


async def test_a_connection_waits_until_it_is_told() -> None:
    """Nothing comes before."""
    gate = WaitFor()
    async with scripted_server([gate, Send(b"now")]) as server:
        talking = asyncio.ensure_future(talk(server, b""))
        await until(lambda: bool(server.connections))
        assert server.connections[0].end is None
        gate.event.set()
        assert await talking == b"now"


async def test_requests_are_answered_one_by_one() -> None:
    """As long as the steps for them leave the connection open."""

    def choose(request: object) -> list[Send | Close]:
        del request
        return [Send(answer_bytes(204))] if len(server.requests) == 1 else [Send(answer_bytes(200, [1])), Close()]

    async with scripted_server([Serve(choose)]) as server:
        answers = await talk(server, REQUEST * 2)
    assert answers == answer_bytes(204) + answer_bytes(200, raw=b"[1]")
    assert len(server.requests) == 2


async def test_a_peer_that_goes_ends_the_script() -> None:
    """Whatever is still to be done."""
    async with scripted_server([ReadRequest(), Send(b"never")]) as server:
        _, writer = await asyncio.open_connection(LOOPBACK, server.port)
        writer.write(REQUEST[:-1])
        writer.close()
        await until(lambda: bool(server.connections) and server.connections[0].end == "peer")
    assert server.requests == []
    assert server.connections[0].received == REQUEST[:-1]
