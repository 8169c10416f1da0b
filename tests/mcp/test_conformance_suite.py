"""The conformance suite of the protocol, from npm, against the tools over HTTP."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import pytest
import uvicorn

from frontegg_async import AsyncFrontegg
from frontegg_async.mcp.protocol import make_server
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService
from tests.support.npm import npm_packages

pytestmark = [pytest.mark.anyio, pytest.mark.acceptance]

APPLICABLE: Final = (
    "server-initialize",
    "ping",
    "tools-list",
    "dns-rebinding-protection",
)
"""The scenarios of what this server has. All others call tools, prompts and resources of a server made for them."""


@asynccontextmanager
async def _served(client: AsyncFrontegg) -> AsyncGenerator[str]:
    server = make_server(AccountsService(client), lambda: (Scope(), ""))
    app = server.streamable_http_app(json_response=True, stateless_http=True)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        running = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        task = asyncio.create_task(running.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        finally:
            running.should_exit = True
            await task


@pytest.mark.skipif(sys.platform == "win32", reason="the program of npm is a script of a shell")
async def test_the_suite_finds_no_fault(reader: AsyncFrontegg) -> None:
    """In each scenario that is about what the server has."""
    packages = await asyncio.to_thread(npm_packages)
    program = packages / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
    async with _served(reader) as url:
        for scenario in APPLICABLE:
            process = await asyncio.create_subprocess_exec(
                *("node", str(program), "server", "--url", url, "--scenario", scenario),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            output, _ = await process.communicate()
            text = output.decode()
            assert process.returncode == 0, text
            assert "0 failed" in text, text
