"""The notebooks run from top to bottom, each in its own kernel, and are stored without output."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOKS: Final = sorted((Path(__file__).resolve().parents[2] / "examples" / "notebooks").glob("*.ipynb"))
NAMES: Final = [path.stem for path in NOTEBOOKS]
_ONCE: Final = "Matplotlib is building the font cache"
"""The message of matplotlib's first use on a slow machine."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_stored_without_output(path: Path) -> None:
    """A notebook starts with text and is stored without output, so that diffs show only code."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert cells[0]["source"][0].startswith("# ")
    assert {each["execution_count"] for each in cells if each["cell_type"] == "code"} == {None}
    assert not [each for each in cells if each.get("outputs")]
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}


def test_the_extra_has_what_the_notebooks_import() -> None:
    """``pip install 'frontegg-async[notebook]'`` is enough for each notebook, its emulator and its kernel."""
    project = tomllib.loads((NOTEBOOKS[0].parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["notebook"]]
    installed = {re.split(r"[^\w.-]", each, maxsplit=1)[0].lower() for each in requirements}
    source = "\n".join(
        "".join(cell["source"])
        for path in NOTEBOOKS
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    )
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", source, re.MULTILINE))
    providers = {"IPython": "ipykernel"}  # which depends on it
    foreign = imported - sys.stdlib_module_names - {"frontegg_async", "frontegg_sync"}
    assert {providers.get(each, each).lower() for each in foreign} <= installed
    assert "pyjwt" in installed  # of the emulator


async def _execute_all() -> dict[str, NotebookNode]:
    from nbclient import NotebookClient
    from nbformat import read

    async def execute(path: Path) -> NotebookNode:
        resources = {"metadata": {"path": str(path.parent)}}
        client = NotebookClient(read(path, as_version=4), timeout=120, resources=resources)
        return await client.async_execute()

    done = await asyncio.gather(*map(execute, NOTEBOOKS))
    return dict(zip(NAMES, done, strict=True))


def _outputs(notebook: NotebookNode) -> list[dict[str, Any]]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _stream(notebook: NotebookNode, name: str) -> str:
    return "".join(output["text"] for output in _outputs(notebook) if output.get("name") == name)


def _count(notebook: NotebookNode, kind: str) -> int:
    return sum(kind in output.get("data", {}) for output in _outputs(notebook))


@pytest.mark.slow
def test_notebooks_run_without_an_error() -> None:
    """No cell fails or warns, and each notebook shows its result. They run concurrently."""
    executed = asyncio.run(_execute_all())
    for notebook in executed.values():
        errors = [line for line in _stream(notebook, "stderr").splitlines() if _ONCE not in line]
        assert errors == []
        assert not [output for output in _outputs(notebook) if output["output_type"] == "error"]
    pictures = {name: _count(notebook, "image/png") for name, notebook in executed.items()}
    assert pictures == {"audit": 1, "hierarchy": 3, "tour": 0}
    tables = {name: _count(notebook, "text/html") for name, notebook in executed.items()}
    assert tables == {"audit": 3, "hierarchy": 3, "tour": 3}
    assert _count(executed["audit"], "application/vnd.jupyter.widget-view+json") == 2
    assert "[503, 503, 200]" in _stream(executed["tour"], "stdout")
    assert "505 repaired, 293 for a person to look at" in _stream(executed["audit"], "stdout")
    assert "above: ['south', 'acme']" in _stream(executed["hierarchy"], "stdout")
