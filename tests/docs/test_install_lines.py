"""Every ``pip install`` that pages, messages and code show names this distribution and extras that it has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parents[2]
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_INSTALL: Final = re.compile(
    r"""\bpip install\s+(?:-\S+\s+)*(["']?)(frontegg[\w-]*+(?:\[[\w, -]*\])?(?:==[\w.]+)?)(?![\w\[])"""
)
_NAMED: Final = re.compile(r"\bfrontegg-async\[([a-z, ]+)\]")
_OTHER: Final = {"frontegg"}
"""The package that the page on moving compares."""


def _texts() -> Iterator[tuple[str, str]]:
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "docs/_static/*.svg",
        "frontegg_*/**/*.py",
        "examples/**/*.py",
        "examples/**/*.ipynb",
    ):
        for path in sorted(ROOT.glob(pattern)):
            if "_build" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


_LINES: Final = sorted({(name, found[1], found[2]) for name, text in _texts() for found in _INSTALL.finditer(text)})


def test_install_lines_are_found() -> None:
    """The first pages that a reader sees have one, and so does a message of the SDK."""
    assert {"README.md", "docs/index.md", "RELEASING.md"} <= {name for name, _, _ in _LINES}


@pytest.mark.parametrize(("name", "quote", "shown"), _LINES)
def test_an_install_line_can_be_typed(name: str, quote: str, shown: str) -> None:
    """It is a requirement of this distribution with extras that exist, quoted where a shell would expand it."""
    requirement = Requirement(shown)
    assert bool(quote) == bool(requirement.extras), name
    assert requirement.name in {PROJECT["name"], *_OTHER}
    assert requirement.extras <= set(PROJECT["optional-dependencies"])


def test_named_extras_exist() -> None:
    """So does an extra that is named without the command."""
    extras = set(PROJECT["optional-dependencies"])
    found = {
        (name, extra.strip()) for name, text in _texts() for names in _NAMED.findall(text) for extra in names.split(",")
    }
    assert {extra for _, extra in found} > {"emulator"}
    assert {each for each in found if each[1] not in extras} == set()
