"""The notebooks are stored without output, and the extra has what they import.

``tests/packaging/test_distributions.py`` runs them.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

NOTEBOOKS: Final = sorted((Path(__file__).resolve().parents[2] / "examples" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
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
