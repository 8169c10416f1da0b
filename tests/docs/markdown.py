"""The fenced blocks of a Markdown page, and the running of those that are Python."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Self

import attrs

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("", "guide", "howto", "integrations", "reference", "internals", "decisions")
"""The folders of written pages below ``docs``; those of ``docs/api`` are lists of names."""

PAGES = (
    ROOT / "README.md",
    *(page for folder in FOLDERS for page in sorted((ROOT / "docs" / folder).glob("*.md"))),
)

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@attrs.frozen
class Block:
    """A fenced block: its language, its text, and the line on which the text begins."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    source = page.read_text(encoding="utf-8")
    return [
        Block(found["info"].strip(), found["text"], source.count("\n", 0, found.start("text")) + 1)
        for found in _FENCE.finditer(source)
    ]


def snippets(page: Path) -> Iterator[tuple[Block, str | None]]:
    """Yield each Python block with the output that the page says it has, if the page says so."""
    found = blocks(page)
    for block, following in zip(found, [*found[1:], None][: len(found)], strict=True):
        if block.language == "python":
            yield block, following.text if following is not None and following.language == "text" else None


def is_test(block: Block) -> bool:
    """Return whether a Python block shows tests, which pytest runs."""
    return re.search(r"^(async )?def test_", block.text, re.MULTILINE) is not None


class Session:
    """Runs the snippets of a page as ``python -m asyncio`` does: one namespace, one loop, ``await`` at the top."""

    def __init__(self, page: Path, names: dict[str, object] | None = None) -> None:
        self._page = page
        self._names: dict[str, object] = {"__name__": "__main__"} if names is None else names
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._runner.close()

    def run(self, block: Block) -> str:
        """Run a block and return what it printed."""
        source = "\n" * (block.line - 1) + block.text  # tracebacks show the line of the page
        code = compile(source, str(self._page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            if code.co_flags & inspect.CO_COROUTINE:
                self._runner.run(self._await(code))
            else:
                exec(code, self._names)
        return output.getvalue()

    async def _await(self, code: CodeType) -> None:
        await eval(code, self._names)


def check(page: Path, names: dict[str, object] | None = None) -> None:
    """Run the snippets of a page, each after those before it; fail at the first that prints something else."""
    with Session(page, names) as session:
        for block, expected in snippets(page):
            if not is_test(block):
                printed = session.run(block)
                assert expected is None or printed == expected, f"{page.name}, line {block.line}:\n{printed}"
