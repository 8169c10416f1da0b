"""The connection pool: unsolicited data on idle connections, closed connections, and retired pools."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from ssl import TLSVersion

import aiohttp
import attrs
import pytest
from aiohttp import connector

from frontegg_async._core.http.http_sessions import SessionHolder, SessionSettings
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import ClientClosedError, ResponseMismatchError
from frontegg_async.options import Options
from tests.support.certificates import make_contexts
from tests.support.clients import make_client
from tests.support.faults.http import RawRequest, answer_bytes
from tests.support.faults.scripted_server import (
    Close,
    ScriptedServer,
    Send,
    Serve,
    Step,
    WaitFor,
    WaitForPeer,
    scripted_server,
)
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

TOKEN = answer_bytes(200, {"token": "t", "expiresIn": 3600})
UNASKED = answer_bytes(200, tenant_row("other"))
ONCE = Options(max_retries=0)


def tenant_answer(request: RawRequest) -> bytes:
    """Return the tenant that a request asks for, nothing for a deletion, and an empty array for the rest."""
    if request.path == "/auth/vendor":
        return TOKEN
    if request.method == "DELETE":
        return answer_bytes(200)
    name = request.path.rpartition("/")[2]
    return answer_bytes(200, tenant_row(name) if name.startswith("t") and name != "tenants" else [])


def serve(choose: Callable[[RawRequest], Sequence[Step]] | None = None) -> Serve:
    """Return a script that answers tokens, and the rest as it is told."""

    def pick(request: RawRequest) -> Sequence[Step]:
        if choose is None or request.path == "/auth/vendor":
            return (Send(tenant_answer(request)),)
        return choose(request)

    return Serve(pick)


def last(server: ScriptedServer) -> int:
    """Return the number of the connection that the last request came on."""
    return max(server.connections, key=lambda connection: len(connection.requests)).number


async def call_twice(server: ScriptedServer, between: Callable[[ScriptedServer], object]) -> tuple[AsyncFrontegg, str]:
    """Make a call, do something to its connection, and make another about another tenant."""
    async with make_client(server.url, options=ONCE) as client:
        await client.tenants.get("t1")
        assert len(server.connections) == 1
        between(server)
        await client.tenants.delete("t2")
        tenant = await client.tenants.get("t3")
    return client, tenant.tenant_id


@pytest.mark.parametrize(
    "data", [UNASKED, answer_bytes(204), b"HTTP/1.1 200 OK\r\n\r\nx", b"junk\r\n\r\n", b"H", b"\r\n"]
)
async def test_a_connection_on_which_something_came_unasked_is_not_used_again(data: bytes) -> None:
    """Neither by an operation whose response says nothing of the tenant; it waits in the socket, read by nobody yet."""
    async with scripted_server([serve()]) as server:
        _, tenant_id = await call_twice(server, lambda it: it.connections[0].writer.write(data))
        assert tenant_id == "t3"
        assert [len(connection.requests) for connection in server.connections] == [2, 2]


async def test_a_whole_answer_that_was_read_unasked_is_not_handed_on() -> None:
    """The event loop read it while the connection was idle."""
    async with scripted_server([serve()]) as server, make_client(server.url, options=ONCE) as client:
        await client.tenants.get("t1")
        server.connections[0].writer.write(UNASKED)
        pool = client._environment.context.sessions._pool
        assert pool is not None
        assert pool.session.connector is not None
        ((idle, _),) = next(iter(pool.session.connector._conns.values()))
        await until(lambda: idle.should_close)
        assert await client.hierarchy.list_parents("t2") == ()
        assert [len(connection.requests) for connection in server.connections] == [2, 1]


async def test_a_second_answer_behind_the_first_is_not_handed_on() -> None:
    """They came together."""

    def twice(request: RawRequest) -> Sequence[Step]:
        return (Send(tenant_answer(request) + UNASKED),)

    async with scripted_server([serve(twice)]) as server, make_client(server.url, options=ONCE) as client:
        assert (await client.tenants.get("t1")).tenant_id == "t1"
        await client.tenants.delete("t2")
        assert (await client.tenants.get("t3")).tenant_id == "t3"
    assert len(server.connections) == 3


async def test_a_connection_whose_end_came_is_not_used_again() -> None:
    """A write on it would be an unknown outcome, and nothing was wrong with it."""
    async with scripted_server([serve()]) as server:
        _, tenant_id = await call_twice(server, lambda it: it.connections[0].writer.write_eof())
    assert tenant_id == "t3"
    assert [len(connection.requests) for connection in server.connections] == [2, 2]


async def test_idle_connections_are_used_again() -> None:
    """If nothing came."""
    async with scripted_server([serve()]) as server:
        await call_twice(server, lambda _: None)
    assert [len(connection.requests) for connection in server.connections] == [4]


async def test_a_call_that_waits_for_a_retired_pool_uses_the_next() -> None:
    """None of the connections of the first is to be trusted, and one of them may hang for long."""
    gate = WaitFor()

    def choose(request: RawRequest) -> Sequence[Step]:
        if request.path.endswith("/slow"):
            return (gate, Send(answer_bytes(200, tenant_row("slow"))))
        if request.path.endswith("/t1") and len(server.connections) <= 2:
            return (Send(UNASKED),)
        return (Send(tenant_answer(request)),)

    async with scripted_server([serve(choose)]) as server:
        async with make_client(server.url, options=ONCE, max_connections=2) as client:
            slow = asyncio.ensure_future(client.tenants.get("slow"))
            await until(lambda: any(r.path.endswith("/slow") for r in server.requests))
            bad, *others = (asyncio.ensure_future(client.tenants.get(f"t{n}")) for n in range(1, 5))
            with pytest.raises(ResponseMismatchError):
                await bad
            assert [(await other).tenant_id for other in others] == ["t2", "t3", "t4"]
            assert not slow.done()
            gate.event.set()
            assert (await slow).tenant_id == "slow"
        on_retired = [r.path.rpartition("/")[2] for c in server.connections[:2] for r in c.requests]
    assert set(on_retired) == {"vendor", "slow", "t1"}


async def test_closing_the_client_ends_the_calls_of_retired_pools() -> None:
    """They are no pool's of the holder, and still the client's."""

    def choose(request: RawRequest) -> Sequence[Step]:
        return (WaitForPeer(),) if request.path.endswith("/slow") else (Send(UNASKED),)

    async with scripted_server([serve(choose)]) as server:
        client = make_client(server.url, options=ONCE)
        slow = asyncio.ensure_future(client.tenants.get("slow"))
        await until(lambda: any(r.path.endswith("/slow") for r in server.requests))
        with pytest.raises(ResponseMismatchError):
            await client.tenants.get("t1")
        await client.aclose()
        with pytest.raises(ClientClosedError):
            await slow
        await until(lambda: all(connection.end == "peer" for connection in server.connections))


async def test_a_pool_may_be_closed_by_two_at_once() -> None:
    """Whoever comes second has nothing to do."""
    async with scripted_server([serve()]) as server:
        holder = SessionHolder(SessionSettings(user_agent="test"))
        pool = holder.get()
        async with pool.session.get(f"{server.url}/x") as response:
            await response.read()
        await asyncio.gather(holder.renew(pool), pool.close(), holder.renew(pool), holder.close())
        assert pool.session.closed


async def test_a_connector_that_was_closed_is_named() -> None:
    """Nothing was sent, whatever the operation."""
    async with scripted_server([serve()]) as server:
        async with aiohttp.TCPConnector() as connector:
            client = AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, connector=connector)
            await client.tenants.get("t1")
        with pytest.raises(ClientClosedError, match="connector"):
            await client.tenants.delete("t1")
        await client.aclose()


async def test_a_connection_that_ends_after_each_answer_costs_nothing_but_connections() -> None:
    """Some proxies do so without saying it."""

    def choose(request: RawRequest) -> Sequence[Step]:
        return (Send(tenant_answer(request)), Close())

    async with scripted_server([serve(choose)]) as server, make_client(server.url, options=ONCE) as client:
        for number in range(20):
            await client.tenants.delete(f"t{number}")
    assert sum(attrs.asdict(request)["method"] == "DELETE" for request in server.requests) == 20


@pytest.mark.parametrize("version", [TLSVersion.TLSv1_2, TLSVersion.TLSv1_3])
async def test_connections_with_tls_are_used_again_unless_something_came(version: TLSVersion, tmp_path: Path) -> None:
    """What TLS itself sends, tickets of its sessions for example, is no reason not to."""
    theirs, ours = make_contexts(tmp_path)
    theirs.minimum_version = theirs.maximum_version = version
    async with scripted_server([serve()], tls=theirs) as server:
        url = server.url.replace("http:", "https:")
        async with AsyncFrontegg("emu_client", "emu_secret", base_url=url, ssl=ours, options=ONCE) as client:
            for number in range(10):
                await client.tenants.delete(f"t{number}")
            assert len(server.connections) == 1
            server.connections[0].writer.write(UNASKED)
            assert (await client.tenants.get("t3")).tenant_id == "t3"
            assert len(server.connections) == 2


async def test_what_is_never_sent_again_uses_no_connection_that_was_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other side may have closed it, which would show when the write is lost."""
    made = http(201, {"clientId": "c", "secret": "s", "tenantId": "t1", "createdAt": "2024-05-01T10:00:00.000Z"})
    ok = http(200, tenant_row("t1"))
    async with raw_server(ok) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
        server.script[:] = [made]
        await client.api_tokens.create("t1")
        assert server.connections == 2, "it has connections of its own"
        await client.api_tokens.create("t1")
        assert server.connections == 2, "one that was in use just now is used again"
        later = connector.monotonic() + 2
        monkeypatch.setattr(connector, "monotonic", lambda: later)
        await client.api_tokens.create("t1")
        assert server.connections == 3, "one that was idle for two seconds is not"
        server.script[:] = [ok]
        await client.tenants.get("t1")
        assert server.connections == 3, "a read, which can be repeated, uses it"


async def test_a_borrowed_connector_serves_all_requests() -> None:
    """It is the user's: none is made beside it."""
    made = http(201, {"clientId": "c", "secret": "s", "tenantId": "t1", "createdAt": "2024-05-01T10:00:00.000Z"})
    async with raw_server(made) as server, aiohttp.TCPConnector() as borrowed:
        async with AsyncFrontegg("emu_id", "emu_s", base_url=server.url, connector=borrowed) as client:
            await client.api_tokens.create("t1")
        assert server.connections == 1
