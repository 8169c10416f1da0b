"""The official client in this process, with the program and over HTTP, in each revision of the protocol."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import uvicorn
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.mcp.http import accounts_server
from frontegg_async.mcp.service import AccountsService, Limits
from tests.mcp.world import FOREIGN, OUTSIDE, SECRET, Judge, Session, session_of, text_of
from tests.support.nursery import forked

pytestmark = pytest.mark.anyio

MODES: Final = ("auto", "legacy", *MODERN_PROTOCOL_VERSIONS)
PERMISSION: Final = "accounts.assist"


def variables(emulator: AsyncEmulatorHandle, directory: Path) -> dict[str, str]:
    """Return the variables of the program."""
    return {
        **os.environ,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CONFIG_DIR": str(directory),
    }


@pytest.mark.parametrize("mode", MODES)
async def test_in_this_process(reader: AsyncFrontegg, mode: str) -> None:
    """Structured content, and no copy of it as text."""
    async with session_of(AccountsService(reader), mode=mode) as session:
        assert len((await session.client.list_tools()).tools) == 7
        result = await session.result("account_get", {"tenant_id": "acme"})
        assert (text_of(result), (result.structured_content or {})["data"]["name"]) == (
            "1 in structured content",
            "Acme",
        )


async def test_text_for_clients_that_show_nothing_else(reader: AsyncFrontegg) -> None:
    """The same, within the same size."""
    async with session_of(AccountsService(reader), as_text=True) as session:
        result = await session.result("accounts_search", {})
    assert json.loads(text_of(result)) == result.structured_content


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
async def test_the_program(emulator: AsyncEmulatorHandle, tmp_path: Path, mode: str) -> None:
    """Over standard input and output, until the client closes them."""
    command, *arguments = forked()
    server = StdioServerParameters(
        command=command, args=[*arguments, "mcp", "--plans"], env=variables(emulator, tmp_path)
    )
    judge = await Judge.of(emulator)
    async with Client(stdio_client(server), mode=mode) as client:
        session = Session(client)
        assert len((await client.list_tools()).tools) == 9
        assert (await session.call("account_get", tenant_id="acme"))["data"]["name"] == "Acme"
        made = await session.call("plan_create", changes=[{"tenant_id": "acme", "name": "A"}])
    assert await judge.writes() == []
    assert _is_file(Path(made["path"]), tmp_path / "state" / "mcp" / "plans")
    assert [json.loads(line)["tool"] for line in _lines(tmp_path / "state" / "mcp" / "trail.jsonl")] == [
        "account_get",
        "plan_create",
    ]


def _is_file(path: Path, directory: Path) -> bool:
    return path.is_file() and path.parent == directory


def _lines(path: Path) -> Sequence[str]:
    return path.read_text().splitlines()


async def _talk(environ: Mapping[str, str], messages: Sequence[Mapping[str, Any]], *options: str) -> list[Any]:
    """Write messages to the program and return its answers, of which there is one for each message with an id."""
    command = (*forked(), "mcp", *options)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=environ, stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    found: list[Any] = []
    for message in messages:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        await process.stdin.drain()
        if "id" in message:
            found.append(json.loads(await process.stdout.readline()))
    _, errors = await process.communicate(b"")
    assert (process.returncode, errors) == (0, b"")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("revision", HANDSHAKE_PROTOCOL_VERSIONS)
async def test_each_revision_with_a_handshake(emulator: AsyncEmulatorHandle, tmp_path: Path, revision: str) -> None:
    """Revisions without structured content get JSON text."""
    client = {"name": "test", "version": "1"}
    started = {"protocolVersion": revision, "capabilities": {}, "clientInfo": client}
    answers = await _talk(
        variables(emulator, tmp_path),
        [
            {"id": 1, "method": "initialize", "params": started},
            {"method": "notifications/initialized"},
            {"id": 2, "method": "tools/list"},
            {"id": 3, "method": "tools/call", "params": {"name": "account_get", "arguments": {"tenant_id": "acme"}}},
            {"id": 4, "method": "tools/call", "params": {"name": "tenants_delete"}},
            {"id": 5, "method": "ping"},
        ],
    )
    assert answers[0]["result"]["protocolVersion"] == revision
    tools = answers[1]["result"]["tools"]
    assert [each.get("outputSchema") is not None for each in tools] == [revision >= "2025-06-18"] * 7
    result = answers[2]["result"]
    is_structured = revision >= "2025-06-18"
    data = result["structuredContent"] if is_structured else json.loads(result["content"][0]["text"])
    assert data["data"]["name"] == "Acme"
    assert ("structuredContent" in result) is is_structured
    assert answers[3]["error"]["code"] == -32602
    assert answers[4]["result"] == {}


@pytest.mark.slow
async def test_lines_that_are_no_messages(emulator: AsyncEmulatorHandle, tmp_path: Path) -> None:
    """The program goes on, and says nothing that is no message on standard output."""
    command = (*forked(), "mcp")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, env=variables(emulator, tmp_path), stdin=pipe, stdout=pipe, stderr=pipe
    )
    ping = b'{"jsonrpc": "2.0", "id": 7, "method": "ping"}\n'
    long = b'{"jsonrpc": "2.0", "id": 8, "method": "ping"' + b" " * 3_000_000 + b"}\n"
    output, _ = await process.communicate(b"hello\n{}\n\xff\xfe\n[]\n" + long + ping)
    assert process.returncode == 0
    ids = [each.get("id") for each in map(json.loads, output.splitlines())]
    assert (ids[-1], 8 in ids) == (7, False)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", ["interrupt", "output"])
async def test_the_program_ends(emulator: AsyncEmulatorHandle, tmp_path: Path, how: str) -> None:
    """By Ctrl-C with 130; and when nobody reads its answers."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(*forked(), "mcp"), env=variables(emulator, tmp_path), stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    ping = b'{"jsonrpc": "2.0", "id": 7, "method": "ping"}\n'
    process.stdin.write(ping)
    assert json.loads(await process.stdout.readline())["id"] == 7
    if how == "interrupt":
        process.send_signal(signal.SIGINT)
    else:
        process.stdout._transport.close()  # type: ignore[attr-defined]
        process.stdin.write(ping)
    assert process.stderr is not None
    errors = await process.stderr.read()
    assert (await process.wait(), errors) == ((130, b"interrupted\n") if how == "interrupt" else (0, b""))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--below",), "--below needs --account"),
        (("--fields", "users"), "--fields needs --plans"),
        (("--plans", "--fields", "user"), "fields must be among"),
        (("--export", "missing.jsonl"), "export cannot be used"),
        (("--account", ""), "account must not be empty"),
        (("--calls", "0"), "--calls"),
    ],
)
@pytest.mark.slow
async def test_options_that_are_wrong(
    emulator: AsyncEmulatorHandle, tmp_path: Path, options: Sequence[str], message: str
) -> None:
    """Nothing is served."""
    command = (*forked(), "mcp", *options)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, env=variables(emulator, tmp_path), stdin=pipe, stdout=pipe, stderr=pipe
    )
    output, errors = await process.communicate(b"")
    assert (process.returncode, output) == (2, b"")
    assert message in errors.decode()


@asynccontextmanager
async def _served(emulator: AsyncEmulatorHandle, reader: AsyncFrontegg, **settings: Any) -> AsyncGenerator[str]:
    """Serve the tools over HTTP, and yield the URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        async with AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id) as verifier:
            app = accounts_server(reader, verifier, resource_url=url, permission=PERMISSION, **settings)
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
            task = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield url
            finally:
                server.should_exit = True
                await task


@asynccontextmanager
async def _session(
    emulator: AsyncEmulatorHandle, url: str, tenant_id: str, mode: str = "auto", permission: str = PERMISSION
) -> AsyncGenerator[Session]:
    token = await emulator.user_token(tenant_id=tenant_id, user_id=f"user-{tenant_id}", permissions=[permission])
    headers = {"Authorization": f"Bearer {token.access_token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield Session(client)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
async def test_over_http_each_caller_has_an_account(
    emulator: AsyncEmulatorHandle, reader: AsyncFrontegg, tmp_path: Path, mode: str
) -> None:
    """That of the token, for two callers at a time; the token is not passed on."""
    trail = tmp_path / "trail.jsonl"
    judge = await Judge.of(emulator)
    async with (
        _served(emulator, reader, trail=trail) as url,
        _session(emulator, url, "acme", mode) as acme,
        _session(emulator, url, FOREIGN[0], mode) as other,
    ):
        tools = (await acme.client.list_tools()).tools
        assert not [each.name for each in tools if "tenant_id" in each.input_schema["properties"]]
        found = await asyncio.gather(*(each.call("account_get") for each in (acme, other) * 5))
        assert [each["data"]["tenant_id"] for each in found] == ["acme", FOREIGN[0]] * 5
        everything = [await acme.call(name) for name in ("accounts_search", "users_search", "audits_search")]
        assert OUTSIDE not in str(everything)
        assert "unknown argument" in await acme.refused("account_get", tenant_id=FOREIGN[0])
    assert SECRET not in str(everything)
    assert await judge.writes() == []
    assert {each.headers.get("authorization", "") for each in await judge.entries()} <= {"", "[redacted]"}
    sessions = {json.loads(line)["session"] for line in _lines(trail)}
    assert sessions == {json.dumps([each, f"user-{each}"]) for each in ("acme", FOREIGN[0])}


@pytest.mark.slow
async def test_over_http_accounts_below(emulator: AsyncEmulatorHandle, reader: AsyncFrontegg, tmp_path: Path) -> None:
    """If the server was made so; and plans, which stay with their account."""
    async with (
        _served(emulator, reader, below=True, plans=tmp_path) as url,
        _session(emulator, url, "acme") as acme,
        _session(emulator, url, FOREIGN[0]) as other,
    ):
        assert (await acme.call("accounts_search"))["total"] == 3
        made = await acme.call("plan_create", changes=[{"tenant_id": "acme-1", "name": "A"}])
        assert "no plan" in await other.refused("plan_get", digest=made["digest"])


@pytest.mark.slow
async def test_over_http_each_user_has_a_budget(emulator: AsyncEmulatorHandle, reader: AsyncFrontegg) -> None:
    """Whatever the number of connections."""
    async with _served(emulator, reader, limits=Limits(calls=1)) as url:
        async with _session(emulator, url, "acme") as first:
            await first.call("environment_get")
        async with _session(emulator, url, "acme") as again:
            assert "at most 1 calls" in await again.refused("environment_get")
        async with _session(emulator, url, "acme-1") as other:
            await other.call("environment_get")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("permission", "host", "status"), [("other", None, 403), (None, None, 401), (PERMISSION, "evil.example", 421)]
)
async def test_over_http_others_are_refused(
    emulator: AsyncEmulatorHandle, reader: AsyncFrontegg, permission: str | None, host: str | None, status: int
) -> None:
    """Without the permission, without a token, and for another host than that of the server."""
    headers = {"Accept": "application/json, text/event-stream", **({} if host is None else {"Host": host})}
    if permission is not None:
        token = await emulator.user_token(tenant_id="acme", permissions=[permission])
        headers["Authorization"] = f"Bearer {token.access_token}"
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    async with _served(emulator, reader) as url, httpx2.AsyncClient(headers=headers) as client:
        response = await client.post(url, json=ping)
    assert response.status_code == status


@pytest.mark.parametrize(
    "given",
    [{"resource_url": "mcp.example"}, {"resource_url": "https://mcp.example"}, {"permission": ()}, {"below": 1}],
)
async def test_settings_of_a_server_that_are_wrong(reader: AsyncFrontegg, given: dict[str, Any]) -> None:
    """They are errors at the start."""
    async with AsyncTokenVerifier(issuer="https://a.example", audience="a") as verifier:
        settings = {"resource_url": "https://mcp.example/mcp", "permission": PERMISSION, **given}
        with pytest.raises((ConfigurationError, InvalidArgumentError)):
            accounts_server(reader, verifier, **settings)
