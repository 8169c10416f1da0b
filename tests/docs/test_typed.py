"""What type checkers see of the pages: each line where it is in its page, and tests by themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import checks
import pytest

from tests.docs import typed
from tests.docs.markdown import PAGES, ROOT, blocks
from tests.support.every import every


@every(PAGES)
def test_each_line_of_a_snippet_keeps_its_number(page: Path) -> None:
    """In exactly one module, which is Python; nothing else is in them."""
    texts = [text.splitlines() for _, text in typed.modules(page)]
    for text in texts:
        ast.parse("\n".join(text))
    wanted = {
        block.line + index: line.strip()
        for block in blocks(page)
        if block.language == "python"
        for index, line in enumerate(block.text.splitlines())
        if line.strip()
    }
    heads = {*typed.HEAD, typed.FUNCTION}
    found = [
        (number, line.strip())
        for text in texts
        for number, line in enumerate(text, 1)
        if line.strip() and line not in heads
    ]
    assert sorted(found) == sorted(wanted.items())


def _page(folder: Path, text: str) -> Path:
    page = folder / "docs" / "some_page.md"
    page.parent.mkdir()
    page.write_text(dedent(text), encoding="utf-8")
    return page


_WRONG = """\
    # A page

    Text.

    ```python
    from frontegg_async import AsyncFrontegg

    frontegg = AsyncFrontegg("id", "secret", region="mars")
    ```

    Text.

    ```python
    print(await frontegg.tenants.list(order="up").count())
    ```

    ```python
    def test_it() -> None:
        assert len(3)
    ```
"""


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_errors_are_told_by_page_and_line(checker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of a block that uses a name of an earlier one."""
    monkeypatch.setattr(typed, "ROOT", tmp_path)
    folder = tmp_path / checks.SNIPPETS
    typed.write(folder, (_page(tmp_path, _WRONG),))
    run = subprocess.run(
        [sys.executable, "-m", checker, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    shown = checks.SNIPPET.sub(checks.page_of, run.stdout)
    lines = [line for line in shown.splitlines() if "docs/some_page.md:" in line and "error" in line]

    assert run.returncode == 1, run.stdout + run.stderr
    assert {line.partition("some_page.md:")[2].partition(":")[0] for line in lines} == {"8", "14", "19"}


def test_modules_of_pages_that_are_gone_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not change is left alone, so that a type checker need not read it again."""
    monkeypatch.setattr(typed, "ROOT", tmp_path)
    page = _page(tmp_path, _WRONG)
    folder = tmp_path / "snippets"
    typed.write(folder, (page,))
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    (folder / "docs__gone.py").write_text("", encoding="utf-8")
    typed.write(folder, (page,))

    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before
    assert set(before) == {"docs__some_page.py", "docs__some_page__at_18.py"}


def test_a_block_without_room_for_the_head_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed, "ROOT", tmp_path)
    page = _page(tmp_path, "```python\nprint()\n```\n")
    with pytest.raises(ValueError, match="line 2"):
        list(typed.modules(page))
