"""The pictures of the pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.docs.markdown import PAGES, ROOT

_PICTURES: Final = ROOT / "docs" / "images"
_SHOWN: Final = [
    (page, text, (page.parent / target).resolve())
    for page in PAGES
    for text, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
]


def test_every_picture_is_there_and_has_a_text() -> None:
    """For those who do not see it; and every picture is on a page."""
    assert [(page.name, text) for page, text, path in _SHOWN if not path.is_file() or len(text.split()) < 8] == []
    assert {path for _, _, path in _SHOWN if path.parent == _PICTURES} == {*_PICTURES.iterdir()}


@pytest.mark.parametrize("path", sorted(_PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_is_small_and_loads_nothing(path: Path) -> None:
    """No font, style or picture of another host, and no script."""
    text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "", 1)
    assert re.findall(r"@import|@font-face|<script|<image|href=|url\((?!#)[^)]*", text) == []
    assert len(text) < 50_000
