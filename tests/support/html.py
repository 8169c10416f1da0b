"""Parse HTML and check that it is well-formed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, Final

_VOID: Final = frozenset({"br", "hr", "img", "input", "meta", "link"})

NASTY: Final = (
    "<script>alert(1)</script>",
    "</li></ul></div><img src=x onerror=alert(1)>",
    "\"'&amp;&#60;",
    'x"]; n0 --> evil["',
    'x"]; evil [label="y',
    "x\\",
    '\\"',
    "\\N \\G &lt;b&gt;",
    "`**bold**`",
    "%%{init: {}}%%",
    "#quot;",
    "a\nb\rc\u2028d",
    "\x00\x1b[31m\u202e",
    "$x^2$",
    "日本 Ångström & Söhne",
    "",
)
"""Texts that would change a page if they were not escaped."""


class HtmlReader(HTMLParser):
    """Collects the elements and the text of a page, and checks that each element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in _VOID
        self.elements.append((tag, tuple(attrs)))
        self._open.append(tag)
        self.depth = max(self.depth, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def elements(page: str) -> tuple[list[Any], list[str], int]:
    """Return the elements of HTML with their attributes, its texts, and its depth; all elements must be closed."""
    reader = HtmlReader()
    reader.feed(page)
    reader.close()
    assert reader._open == []
    return reader.elements, reader.texts, reader.depth
