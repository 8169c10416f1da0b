"""Additions to pages of the site: the reference of the command line, and words by which search finds a heading."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_command_reference  # noqa: E402 - of this checkout

_COMMANDS: Final = (
    make_command_reference.PAGE.relative_to(ROOT / "docs").with_suffix("").as_posix()
)
_BEFORE_LLMS: Final = 400

FOUND_BY: Final = {
    "guide/errors#Errors": "! 401, ! 403, ! 404, ! 409",
    "guide/webhooks#The way to receive them": "! webhook signature, ! verify a webhook",
    "howto/exports#Exports and differences": "! export, ! exports",
    "howto/moving#Moving here from `frontegg`": "! migrate from frontegg, ! frontegg on PyPI",
    "reference/options#Rate limits": "! 429, ! too many requests",
}
"""Headings by what people search for in other words than those of the text. With ``!``, they are found first."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect what is added."""
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _add)
    app.connect("build-finished", _add_to_sources, priority=_BEFORE_LLMS)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _outdated(*_: object) -> list[str]:
    """Return the page that depends on more than its file."""
    return [_COMMANDS]


def _add(_app: Sphinx, page: str, content: list[str]) -> None:
    if page == _COMMANDS:
        content[0] = make_command_reference.page()
    for place, words in FOUND_BY.items():
        name, _, heading = place.partition("#")
        if name == page:
            content[0] = _with_words(content[0], heading, words, place)


def _with_words(text: str, heading: str, words: str, place: str) -> str:
    before, found, after = text.partition(f"# {heading}\n")
    if not found:
        raise ExtensionError(
            f"docs/_extensions/reading.py: there is no heading {place!r}"
        )
    return f"{before}{found}\n```{{index}} {words}\n```\n{after}"


def _add_to_sources(app: Sphinx, exception: Exception | None) -> None:
    """Put the reference among the texts that llms.txt leads to."""
    copy = Path(app.outdir) / "_sources" / f"{_COMMANDS}.md"
    if exception is None and copy.exists():
        copy.write_text(make_command_reference.page(), encoding="utf-8")
