"""The configurations on the page that connects assistants start a server, by a profile and without a secret."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from mcp import Client, StdioServerParameters

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.demo_data import demo_seed
from tests.docs.markdown import ROOT, blocks
from tests.mcp.programs import credential, environment

_PAGE: Final = ROOT / "docs" / "guide" / "assistants.md"
_LOGIN: Final = ("login", "--profile", "assistant", "--read-only", "--secret-store", "file", "--quiet")


def _arguments() -> Iterator[list[str]]:
    """Yield the arguments of each configuration."""
    for block in blocks(_PAGE):
        if block.language == "json" and "command" in block.text:
            value = json.loads(block.text)
            (servers,) = value.values()
            (server,) = servers.values()
            assert server["command"] == "frontegg"
            assert server.keys() <= {"type", "command", "args"}
            yield server["args"]


@pytest.mark.slow
def test_configurations_of_clients_start_a_server(tmp_path: Path) -> None:
    """With the tools and the scope that their options name."""
    asyncio.run(_start_all(tmp_path))


@pytest.mark.slow
def test_fields_that_are_named_at_the_start_can_be_planned(tmp_path: Path) -> None:
    """Other fields are refused."""
    asyncio.run(_plan_fields(tmp_path))


async def _plan_fields(folder: Path) -> None:
    arguments = ["mcp", "--plans", "--fields", "is_reseller,absent"]
    async with Emulator(seed=demo_seed()) as emulator:
        environ = environment(folder) | credential(emulator)
        server = StdioServerParameters(command=str(folder / "frontegg"), args=arguments, env=environ)
        async with Client(server) as client:
            for name, is_refused in (("is_reseller", False), ("absent", False), ("policies", True)):
                row: dict[str, object] = {"tenant_id": "acme", name: {} if is_refused else True}
                result = await client.call_tool("plan_create", {"changes": [row]})
                assert result.is_error is is_refused, row


async def _start_all(folder: Path) -> None:
    program = str(folder / "frontegg")
    environ = environment(folder)
    async with Emulator(seed=demo_seed()) as emulator:
        login = await asyncio.create_subprocess_exec(program, *_LOGIN, env=environ | credential(emulator))
        assert await login.wait() == 0
        started = [*_arguments()]
        for arguments in started:
            async with Client(StdioServerParameters(command=program, args=arguments, env=environ)) as client:
                tools = {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}
                result = await client.call_tool("accounts_search", {"limit": 1})
            assert ("plan_create" in tools) is ("--plans" in arguments)
            assert ("tenant_id" in tools["account_get"]["properties"]) is ("--account" not in arguments)
            assert result.structured_content is not None
            assert result.structured_content["total"] == (12 if "--account" in arguments else 36)
            assert ("acme" in result.content[0].model_dump()["text"]) is ("--text" in arguments)
    assert len(started) == 4
