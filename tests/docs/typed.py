"""Write the Python blocks of each page as modules for type checkers.

A module has the blocks of one page in one function, since they share names and may await. Each line has the number that
it has in the page, so an error at a line of a module is an error at that line of the page. Blocks that show tests are
modules of their own, as when pytest runs them.

Usage: ``python -m tests.docs.typed FOLDER``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.docs.markdown import PAGES, ROOT, Block, is_test, snippets

HEAD: Final = (
    "# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false",
    # Classes of Django and DRF are generic in their stubs alone.
    '# mypy: allow-redefinition, disable-error-code="possibly-undefined,type-arg"',
)
FUNCTION: Final = "async def page() -> None:"


def modules(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the names and the texts of the modules of a page."""
    name = "__".join(page.relative_to(ROOT).with_suffix("").parts)
    shown = [block for block, _ in snippets(page)]
    together = [block for block in shown if not is_test(block)]
    if together:
        yield name, _module((*HEAD, FUNCTION), together, indent="    ")
    for block in shown:
        if is_test(block):
            yield f"{name}__at_{block.line}", _module(HEAD, [block], indent="")


def _module(head: tuple[str, ...], blocks: list[Block], *, indent: str) -> str:
    lines = list(head)
    for block in blocks:
        missing = block.line - 1 - len(lines)
        if missing < 0:
            raise ValueError(f"a block on line {block.line} leaves no room for the head of its module")
        lines += [""] * missing
        lines += [f"{indent}{line}" if line else "" for line in block.text.splitlines()]
    return "\n".join((*lines, ""))


def write(folder: Path, pages: tuple[Path, ...] = PAGES) -> None:
    """Write the modules of pages into a folder, and remove what else is in it; what is unchanged is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.py": text for page in pages for name, text in modules(page)}
    for file in folder.glob("*.py"):
        if file.name not in texts:
            file.unlink()
    for name, text in texts.items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
