"""Code in the pages: where its lines are broken, and cells of tables without text.

A line is not broken within a word of a command, and in tables after the separators of long names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_BLOCK: Final = re.compile(
    r'<div class="highlight-(?:console|sh|text) .*?</pre>', re.DOTALL
)
_TEXT: Final = re.compile(r"(?<=>)[^<]+(?=<)")
_WITH_HYPHEN: Final = re.compile(r"\S*-\S*")
_LONGEST: Final = 30
"""A longer word may be wider than a phone, and is broken wherever the line ends."""

_CELL: Final = re.compile(r"<td\b.*?</td>", re.DOTALL)
_NAME: Final = re.compile(r'<span class="pre">([^<]{16,})</span>')
_EMPTY_HEAD: Final = re.compile(r'<th class="([^"]*)"><p></p></th>')
_SEPARATOR: Final = re.compile(r"(?<=[/._])(?=[^/._])")


def setup(app: Sphinx) -> dict[str, bool]:
    """Change the pages when they are written."""
    app.connect("html-page-context", _change)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _change(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    if "body" in context:
        body = _BLOCK.sub(lambda block: _TEXT.sub(_in_text, block[0]), context["body"])
        body = _CELL.sub(lambda cell: _NAME.sub(_in_name, cell[0]), body)
        context["body"] = _EMPTY_HEAD.sub(
            r'<td class="\1"></td>', body
        )  # which names no column


def _in_text(text: re.Match[str]) -> str:
    return _WITH_HYPHEN.sub(_in_word, text[0])


def _in_word(word: re.Match[str]) -> str:
    return (
        f'<span class="whole">{word[0]}</span>' if len(word[0]) <= _LONGEST else word[0]
    )


def _in_name(name: re.Match[str]) -> str:
    return f'<span class="pre long">{_SEPARATOR.sub("<wbr>", name[1])}</span>'
