"""The HTTP session: opened lazily, bound to its loop, closed silently; borrowed connectors are not closed."""

from __future__ import annotations

import asyncio
import inspect
import ssl
from pathlib import Path

import aiohttp
import pytest

from frontegg_async._core.checks import settings
from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints import Auth, Endpoint
from frontegg_async.errors import ClientClosedError, ConfigurationError, Outcome, WrongLoopError
from frontegg_async.options import Options
from tests.support.clients import make_client
from tests.support.raw_server import SILENCE, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.waiting import until

OK = http(200, tenant_row())


def test_making_a_client_does_nothing() -> None:
    """No loop is needed, and nothing has to be closed."""
    client = AsyncFrontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1")
    assert client._environment.context.sessions._pool is None


def test_the_name_of_an_environment_has_no_secret() -> None:
    """Files and messages contain it."""
    own = AsyncFrontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1")
    one = AsyncFrontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1", environment_id="env-1")
    assert own._environment.name == "emu_client at http://127.0.0.1:1"
    assert one._environment.name == "env-1 of emu_client at http://127.0.0.1:1"


@pytest.mark.anyio
async def test_closing_is_final_and_idempotent() -> None:
    """Later calls say so."""
    async with raw_server(OK) as server:
        client = make_client(server.url)
        await client.tenants.get("t1")
        await client.aclose()
        await client.aclose()
        with pytest.raises(ClientClosedError):
            await client.tenants.get("t1")


@pytest.mark.anyio
async def test_closing_an_unused_client_is_silent() -> None:
    """There is nothing to close."""
    client = AsyncFrontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1")
    await client.aclose()
    with pytest.raises(ClientClosedError):
        await client.tenants.get("t1")


@pytest.mark.anyio
async def test_a_cancelled_close_closes_all_connections() -> None:
    """The task may be cancelled when its loop ends; writes that are never retried have a session of their own."""
    async with raw_server(OK) as server:
        client = make_client(server.url)
        await client.tenants.get("t1")
        await client.send(
            Endpoint(name="own.write", method="POST", path="/x", auth=Auth.ENVIRONMENT, returns=dict), body={}
        )
        pool = client._environment.context.sessions._pool
        assert pool is not None
        closing = asyncio.ensure_future(client.aclose())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.wait([closing])
        assert closing.cancelled()
        assert [session.closed for session in pool._sessions] == [True, True]


@pytest.mark.anyio
async def test_calls_in_flight_are_told() -> None:
    """One is being answered, others queue for its connection."""
    async with raw_server(SILENCE) as server:
        client = make_client(server.url, max_connections=1)
        calls = [asyncio.ensure_future(client.tenants.get("t1")) for _ in range(3)]
        await until(lambda: bool(server.requests))
        await client.aclose()
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [ClientClosedError] * 3
    assert Outcome.UNKNOWN in [result.outcome for result in results if isinstance(result, ClientClosedError)]


@pytest.mark.anyio
async def test_a_borrowed_connector_is_used_and_not_closed() -> None:
    """It is the caller's."""
    async with raw_server(OK) as server, aiohttp.TCPConnector(limit=3) as connector:
        async with AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, connector=connector) as client:
            await client.tenants.get("t1")
        assert not connector.closed


def test_two_loops_one_after_the_other() -> None:
    """The session ends with its loop and is opened again in the next; the token is kept."""

    async def both() -> tuple[int, int]:
        async with raw_server(OK) as server:
            client = AsyncFrontegg("emu_client", "emu_secret", base_url=server.url)
            clients.append(client)
            await client.tenants.get("t1")
            return server.port, len(server.authentications)

    async def again(client: AsyncFrontegg) -> None:
        with pytest.raises(Exception, match="no connection"):
            await client.tenants.get("t1", options=Options(max_retries=0))

    clients: list[AsyncFrontegg] = []
    assert asyncio.run(both())[1] == 1
    pool = clients[0]._environment.context.sessions._pool
    assert pool is not None
    assert pool.session.closed
    asyncio.run(again(clients[0]))


@pytest.mark.anyio
async def test_a_second_living_loop_is_refused() -> None:
    """A session cannot be used from two loops; the error says what to do."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        await client.tenants.get("t1")

        def other() -> None:
            asyncio.run(client.tenants.get("t1"))

        with pytest.raises(WrongLoopError, match="one client for each loop"):
            await asyncio.to_thread(other)


@pytest.mark.anyio
async def test_calls_queue_for_connections_and_not_for_attempts() -> None:
    """More calls than connections: none times out for having waited."""
    options = Options(timeout=20.0)
    async with raw_server(OK) as server, make_client(server.url, max_connections=2, options=options) as client:
        await asyncio.gather(*(client.tenants.get("t1") for _ in range(50)))
    assert len(server.requests) == 50
    assert server.connections <= 3


@pytest.mark.anyio
async def test_a_cancelled_call_gives_its_slot_back() -> None:
    """With one connection, the next call would wait for ever otherwise."""
    async with raw_server(SILENCE, OK) as server, make_client(server.url, max_connections=1) as client:
        call = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: bool(server.requests))
        call.cancel()
        async with asyncio.timeout(30):
            await client.tenants.get("t1")
    assert call.cancelled()
    assert server.requests[0].connection != server.requests[1].connection


def test_the_private_switch_of_aiohttp_exists() -> None:
    """Without it, aiohttp would send requests again by itself."""
    assert "self._retry_connection" in inspect.getsource(aiohttp.ClientSession)


@pytest.mark.anyio
async def test_a_context_that_accepts_any_host_is_refused() -> None:
    """And so is one beside a connector, which has its own."""
    lax = ssl.create_default_context()
    lax.check_hostname = False
    lax.verify_mode = ssl.CERT_NONE
    with pytest.raises(ConfigurationError, match="ssl must verify"):
        AsyncFrontegg("emu_client", "emu_secret", base_url="https://localhost", ssl=lax)
    async with aiohttp.TCPConnector() as connector:
        with pytest.raises(ConfigurationError, match="exclude"):
            AsyncFrontegg(
                "emu_client",
                "emu_secret",
                base_url="https://localhost",
                ssl=ssl.create_default_context(),
                connector=connector,
            )


@pytest.mark.anyio
@pytest.mark.parametrize("lax", ["context", "nothing"])
async def test_a_connector_that_accepts_any_host_is_refused(lax: str) -> None:
    """As the context by itself is: a borrowed connector is no way around the check."""
    context = ssl.create_default_context()
    context.check_hostname = False
    async with aiohttp.TCPConnector(ssl=context if lax == "context" else False) as connector:
        with pytest.raises(ConfigurationError, match="connector must verify"):
            AsyncFrontegg("emu_client", "emu_secret", base_url="https://localhost", connector=connector)


def test_keys_of_connections_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``SSLKEYLOGFILE`` is the environment's, and counts with ``trust_env`` only."""
    from frontegg_async._core.http import http_sessions

    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = http_sessions._default_tls()
    assert isinstance(context, ssl.SSLContext)
    assert context.keylog_filename is None
    assert settings.is_strict(context)
    assert ssl.create_default_context().keylog_filename == str(tmp_path / "keys")
