"""Frontegg's tokens in MCP servers of one's own: real servers over HTTP, and the official client."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib.util
import json
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx2
import mcp_types
import pytest
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server import Server, ServerRequestContext
from mcp.server.mcpserver import MCPServer
from starlette.applications import Starlette

from frontegg_async import AsyncTokenVerifier, ClientClosedError, ConfigurationError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, MissingExtraError
from frontegg_async.integrations import mcp_auth
from frontegg_async.integrations.mcp_auth import FronteggTokenVerifier, current_claims, require
from tests.support.hostile_tokens import GOOD, HOSTILE
from tests.support.ports import reserved_port
from tests.support.raw_server import http, raw_server
from tests.support.signing import AUDIENCE, ISSUER, jwk, key_set, make_verifier, pem_of, rsa_key

pytestmark = pytest.mark.anyio

_INITIALIZE: Final = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
_CALL: Final = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "who", "arguments": {}}}
_ACCEPT: Final = {"Accept": "application/json, text/event-stream"}


@contextlib.asynccontextmanager
async def _served(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """Serve an app until the end of the block; who connects before it is ready waits."""
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def _serving(emulator: EmulatorHandle, *, together: int = 1, **settings: Any) -> AsyncIterator[str]:
    """Serve ``who``, which returns the caller once several calls are there, and yield the URL of the endpoint."""
    barrier = asyncio.Barrier(together)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        async with AsyncTokenVerifier(
            issuer=emulator.url,
            audience=emulator.client_id,
            clock=emulator.time,
            jwks_url=settings.pop("jwks_url", None),
        ) as verifier:
            callers = FronteggTokenVerifier(verifier, **settings)
            server = MCPServer("Test", token_verifier=callers, auth=callers.auth_settings(url))

            @server.tool()
            async def who() -> dict[str, Any]:
                await barrier.wait()
                claims = current_claims()
                return {"tenant": claims.tenant_id, "user": claims.user_id, "permissions": claims.permissions}

            @server.tool()
            async def write() -> str:
                return require(permission="reports.write").tenant_id

            async with _served(server.streamable_http_app(), listener):
                yield url


def _token(emulator: EmulatorHandle, **choices: Any) -> str:
    return emulator.user_token(**{"tenant_id": "north", "user_id": "ann", **choices}).access_token


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **_ACCEPT}


@contextlib.asynccontextmanager
async def _client(url: str, token: str, mode: Any = "auto") -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers=_bearer(token)) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield client


async def _post(url: str, headers: dict[str, str], message: dict[str, Any] = _INITIALIZE) -> httpx2.Response:
    async with httpx2.AsyncClient() as http:
        return await http.post(url, headers={**_ACCEPT, **headers}, json=message)


async def _who(url: str, token: str, mode: str) -> Any:
    async with _client(url, token, mode) as client:
        return (await client.call_tool("who", {})).structured_content


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_tools_see_the_account_of_their_caller(frontegg_emulator: EmulatorHandle, mode: str) -> None:
    """Also while calls of two accounts run at the same time, in the protocol with sessions and in that without."""
    tokens = [_token(frontegg_emulator, tenant_id=each, permissions=[f"of.{each}"]) for each in ("north", "south")]
    async with _serving(frontegg_emulator, together=2) as url:
        found = await asyncio.gather(*(_who(url, each, mode) for each in tokens))

    assert found == [
        {"tenant": tenant, "user": "ann", "permissions": [f"of.{tenant}"]} for tenant in ("north", "south")
    ]


@pytest.mark.slow
async def test_tokens_of_tenants_are_accepted(frontegg_emulator: EmulatorHandle) -> None:
    """An API token of a tenant stands for no user."""
    token = _token(frontegg_emulator, type="tenantApiToken")
    async with _serving(frontegg_emulator) as url:
        assert await _who(url, token, "auto") == {"tenant": "north", "user": None, "permissions": []}


@pytest.mark.slow
async def test_a_session_belongs_to_one_account(frontegg_emulator: EmulatorHandle) -> None:
    """A renewed token of the account continues it, with new permissions; another account of the user does not."""
    first, renewed, other = (
        _token(frontegg_emulator),
        _token(frontegg_emulator, permissions=["reports.read"]),
        _token(frontegg_emulator, tenant_id="south"),
    )
    async with _serving(frontegg_emulator) as url:
        opened = await _post(url, _bearer(first))
        session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
        refused = await _post(url, {**_bearer(other), **session}, _CALL)
        continued = await _post(url, {**_bearer(renewed), **session}, _CALL)

    assert (refused.status_code, continued.status_code) == (404, 200)
    assert "reports.read" in continued.text


@pytest.mark.slow
async def test_the_metadata_lead_clients_to_the_issuer(frontegg_emulator: EmulatorHandle) -> None:
    """Without a token the response is 401, whose header names the metadata of RFC 9728."""
    async with _serving(frontegg_emulator, permission=["reports.read"]) as url:
        refused = await _post(url, {})
        place = url.replace("/mcp", "/.well-known/oauth-protected-resource/mcp")
        async with httpx2.AsyncClient() as http:
            document = (await http.get(place)).json()

    assert refused.status_code == 401
    assert f'resource_metadata="{place}"' in refused.headers["www-authenticate"]
    assert document == {
        "resource": url,
        "authorization_servers": [frontegg_emulator.url],
        "scopes_supported": ["reports.read"],
        "bearer_methods_supported": ["header"],
    }


@pytest.mark.slow
async def test_tokens_that_are_not_meant_for_the_server_are_refused(
    frontegg_emulator_server: EmulatorHandle, frontegg_emulator: EmulatorHandle
) -> None:
    """Expired, of another environment, an access token, altered, unsigned."""
    frontegg_emulator.seed(tenants=[{"tenantId": "north", "name": "North"}])
    good = _token(frontegg_emulator)
    head, body, signature = good.split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    tokens = {
        "expired": _token(frontegg_emulator, expires_in=-60),
        "other environment": _token(frontegg_emulator_server.create_environment()),
        "access token": frontegg_emulator.access_token(tenant_id="north").secret,
        "altered": f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        "unsigned": f"{unsigned}.{body}.{signature}",
    }
    async with _serving(frontegg_emulator) as url:
        accepted = (await _post(url, _bearer(good))).status_code
        refused = {name: (await _post(url, _bearer(token))).status_code for name, token in tokens.items()}
        by_key = (await _post(url, {"x-api-key": tokens["access token"]})).status_code
        frontegg_emulator.clock(advance=100_000)
        late = (await _post(url, _bearer(good))).status_code

    assert (accepted, by_key, late) == (200, 401, 401)
    assert refused == dict.fromkeys(tokens, 401)


async def test_hostile_tokens_are_refused() -> None:
    """Wrong issuers, audiences, types, algorithms as HS256 and none, and much else."""
    async with (
        raw_server(http(200, key_set(jwk("k1"), jwk("k2")))) as issuer,
        make_verifier(f"{issuer.url}/keys") as verifier,
    ):
        callers = FronteggTokenVerifier(verifier)
        assert await callers.verify_token(GOOD) is not None
        accepted = [name for name, (token, _) in HOSTILE.items() if await callers.verify_token(token) is not None]

    assert accepted == []


@pytest.mark.slow
async def test_required_permissions(frontegg_emulator: EmulatorHandle) -> None:
    """Each request needs all of them, by name or by a wildcard; a refusal names one."""
    bad: tuple[list[str], ...] = ([], ["reports.read"], ["reports.*"])
    good: tuple[list[str], ...] = (["reports.read", "exports.read"], ["*"], ["reports.*", "exports.read"])
    async with _serving(frontegg_emulator, permission=("reports.read", "exports.read")) as url:
        found = [await _post(url, _bearer(_token(frontegg_emulator, permissions=each))) for each in (*bad, *good)]

    assert [each.status_code for each in found] == [403] * len(bad) + [200] * len(good)
    assert all('error="insufficient_scope"' in each.headers["www-authenticate"] for each in found[: len(bad)])


@pytest.mark.slow
async def test_permissions_of_one_tool(frontegg_emulator: EmulatorHandle) -> None:
    """A tool may require more; the client learns what is missing."""
    async with _serving(frontegg_emulator) as url:
        async with _client(url, _token(frontegg_emulator)) as client:
            refused = await client.call_tool("write", {})
        async with _client(url, _token(frontegg_emulator, permissions=["reports.*"])) as client:
            written = await client.call_tool("write", {})

    assert (refused.is_error, written.is_error) == (True, False)
    assert "does not have permission reports.write" in str(refused.content)


@pytest.mark.slow
async def test_an_outage_of_the_keys_is_no_bad_token(frontegg_emulator: EmulatorHandle) -> None:
    """Clients throw a token away after 401; the response is a server error, which says nothing about the token."""
    with reserved_port() as port:
        async with _serving(frontegg_emulator, jwks_url=f"http://127.0.0.1:{port}/keys") as url:
            response = await _post(url, _bearer(_token(frontegg_emulator)))

    assert response.status_code == 500
    assert "www-authenticate" not in response.headers


async def test_a_closed_verifier_is_no_bad_token() -> None:
    """It is a mistake of the program, and raises."""
    verifier = _make_verifier()
    await verifier.aclose()
    with pytest.raises(ClientClosedError):
        await FronteggTokenVerifier(verifier).verify_token(GOOD)


async def test_what_the_sdk_gets(frontegg_emulator: EmulatorHandle) -> None:
    """Ids, permissions and the audience that was accepted; nothing that the user wrote, and no JWT in the text."""
    token = _token(frontegg_emulator, permissions=["reports.*", "exports.read"])
    async with AsyncTokenVerifier(
        issuer=frontegg_emulator.url, audience=["app-1", frontegg_emulator.client_id]
    ) as verifier:
        found = await FronteggTokenVerifier(verifier, permission="reports.read").verify_token(token)
        claims = await verifier.verify(token)

    assert found is not None
    assert found.scopes == ["reports.*", "exports.read", "reports.read"]
    assert (found.client_id, found.subject, found.resource) == ("north", "ann", frontegg_emulator.client_id)
    assert claims.expires_at is not None
    assert found.expires_at == int(claims.expires_at.timestamp())
    assert found.verified == claims
    assert found.claims == {
        "iss": frontegg_emulator.url,
        "aud": [frontegg_emulator.client_id],
        "type": "userToken",
        "tenantId": "north",
    }
    assert token not in repr(found)


@pytest.mark.slow
async def test_the_low_level_server(frontegg_emulator: EmulatorHandle) -> None:
    """It takes the same verifier and settings."""

    async def list_tools(_: ServerRequestContext[Any], __: Any) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[mcp_types.Tool(name="who", input_schema={"type": "object"})])

    async def call(_: ServerRequestContext[Any], __: mcp_types.CallToolRequestParams) -> mcp_types.CallToolResult:
        return mcp_types.CallToolResult(content=[mcp_types.TextContent(text=current_claims().tenant_id)])

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        async with AsyncTokenVerifier(issuer=frontegg_emulator.url, audience=frontegg_emulator.client_id) as verifier:
            callers = FronteggTokenVerifier(verifier)
            app = Server("Test", on_list_tools=list_tools, on_call_tool=call).streamable_http_app(
                auth=callers.auth_settings(url), token_verifier=callers
            )
            async with _served(app, listener), _client(url, _token(frontegg_emulator)) as client:
                result = await client.call_tool("who", {})

    assert [each.text for each in result.content if isinstance(each, mcp_types.TextContent)] == ["north"]


def _make_verifier(issuer: str = ISSUER) -> AsyncTokenVerifier:
    return AsyncTokenVerifier(issuer=issuer, audience=AUDIENCE, public_key=pem_of(rsa_key()))


@pytest.mark.parametrize(
    "url",
    ["", "/mcp", "mcp.example/mcp", "ftp://mcp.example", "https://a:b@mcp.example", "https://m.example/?a", None],
)
def test_addresses_of_servers(url: Any) -> None:
    """An address that clients cannot use is refused by name."""
    with pytest.raises(ConfigurationError, match=r"^resource_url must be a URL"):
        FronteggTokenVerifier(_make_verifier()).auth_settings(url)


def test_other_bad_settings() -> None:
    """Each names the argument."""
    verifier: Any = ISSUER
    with pytest.raises(ConfigurationError, match=r"^verifier must be an AsyncTokenVerifier, not str"):
        FronteggTokenVerifier(verifier)
    with pytest.raises(InvalidArgumentError, match="permission"):
        FronteggTokenVerifier(_make_verifier(), permission=[])
    with pytest.raises(ConfigurationError, match=r"^the issuer of the verifier must be a URL"):
        FronteggTokenVerifier(_make_verifier("acme")).auth_settings("https://mcp.example")


def test_addresses_are_kept_as_they_are() -> None:
    """Clients compare issuers and resources as text: no slash is added."""
    settings = FronteggTokenVerifier(_make_verifier()).auth_settings("https://mcp.example")

    assert (str(settings.issuer_url), str(settings.resource_server_url)) == (ISSUER, "https://mcp.example")
    assert (settings.required_scopes, settings.validate_token_resource) == (None, False)


def test_claims_outside_of_a_request() -> None:
    """There are none."""
    with pytest.raises(RuntimeError, match="no verified token here"):
        current_claims()


def test_the_extra_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module says what to install."""
    monkeypatch.setitem(sys.modules, "mcp.server.auth.middleware.auth_context", None)
    spec = importlib.util.find_spec(mcp_auth.__name__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(MissingExtraError, match=r"pip install 'frontegg-async\[mcp\]'"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
