"""The session on the page on assistants is a real one: each call and each command is made, and answered as shown."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.demo_data import demo_seed
from frontegg_async.mcp.tools.planning import ALL_FIELDS, DEFAULT_FIELDS
from tests.docs.markdown import ROOT, blocks
from tests.mcp.programs import credential, environment

PAGE: Final = ROOT / "docs" / "guide" / "assistants.md"

_NAME: Final = re.compile(r"`(?!--)([\w.]+)`")
_STEP: Final = re.compile(r"^(→|\$) (.*)\n((?:(?!→ |\$ ).*\n)*)", re.MULTILINE)
_SHORTENED: Final = ((r"[…\w/.-]*/plans/", "…/plans/"), (r"[0-9a-f]{64}|[0-9a-f]{8}…", "…"))
_NOW: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_PLAN: Final = re.compile(r"…/plans/[0-9a-f]{8}….jsonl")
_DIGEST: Final = re.compile(r"(?<=--digest )[0-9a-f]{8}…")


def _steps() -> Iterator[tuple[str, str, str]]:
    """Yield the steps of the session: who acts, the call or the command, and what the page says that comes back."""
    for block in blocks(PAGE):
        if block.language == "text":
            yield from _STEP.findall(block.text)


def _comparable(text: str) -> object:
    """Return JSON as a value and other text in one line, without what differs each time."""
    for pattern, shown in _SHORTENED:
        text = re.sub(pattern, shown, text)
    text = _NOW.sub("…", text.removeprefix("← "))
    try:
        return json.loads(text)
    except ValueError:
        return text.split()


def _shown(result: CallToolResult) -> str:
    if not result.is_error:
        return json.dumps(result.structured_content, ensure_ascii=False)
    content = result.content[0]
    assert isinstance(content, TextContent)
    return content.text


def _whole(command: str, plan: Mapping[str, Any]) -> str:
    """Return a command of the page with the path and the digest of the plan, which the page shortens."""
    command = _PLAN.sub(lambda _: shlex.quote(plan["path"]), command)
    command = _DIGEST.sub(lambda _: plan["digest"], command)
    assert " apply " not in command or command.startswith(plan["command"])
    return command


async def _run(command: str, environ: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command, env=environ, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


def _table(head: str) -> list[tuple[set[str], set[str]]]:
    """Return the names in code of the first two columns of a table of the page, for each row."""
    table = PAGE.read_text(encoding="utf-8").partition(head)[2].partition("\n\n")[0]
    cells = [row.split(" | ")[:2] for row in table.splitlines()[2:]]
    return [({*_NAME.findall(first)}, {*_NAME.findall(second)}) for first, second in cells]


def test_the_page_has_the_fields_that_can_be_planned() -> None:
    """Those that always can, and those that must be named at the start."""
    rows = _table("| fields | planned |")
    assert rows[0][0] == DEFAULT_FIELDS
    assert {name for names, _ in rows[1:] for name in names} == ALL_FIELDS - DEFAULT_FIELDS


@pytest.mark.slow
def test_the_session_of_the_page_is_real(tmp_path: Path) -> None:
    """By the official client over stdio, and by a shell for the person."""
    asyncio.run(_play(tmp_path))


async def _play(folder: Path) -> None:
    async with Emulator(seed=demo_seed()) as emulator:
        environ = environment(folder) | credential(emulator)
        server = StdioServerParameters(command=str(folder / "frontegg"), args=["mcp", "--plans"], env=environ)
        plan: Mapping[str, Any] = {}
        made = 0
        async with Client(server) as client:
            tools = {tool.name: {*tool.input_schema["properties"]} for tool in (await client.list_tools()).tools}
            shown = [(name, arguments) for (name, *_), arguments in _table("| tool | arguments |")]
            assert shown == [*tools.items()]
            for kind, step, expected in _steps():
                if kind == "→":
                    tool, _, arguments = step.partition(" ")
                    result = await client.call_tool(tool, json.loads(arguments))
                    if tool == "plan_create" and result.structured_content is not None:
                        plan = result.structured_content
                    found = _shown(result)
                else:
                    found = await _run(_whole(step, plan), environ)
                assert _comparable(found) == _comparable(expected), step
                made += 1
    assert made > 8
