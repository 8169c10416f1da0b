"""The page on formats has the parts of an environment, and their fields."""

from __future__ import annotations

import re
from pathlib import Path

from frontegg_async.managed.registry import ENVIRONMENT
from tests.plans.environment_files.reading import FORMAT

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def test_the_table_of_an_environment_is_complete() -> None:
    """In the order of the parts and of the fields."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## Environment: ")[2].partition("\n## ")[0]
    rows = [re.findall(r"`([^`]+)`", line) for line in section.splitlines() if line.startswith(("| `", "| | `"))]
    expected: list[list[str]] = []
    for part, kind in ENVIRONMENT.items():
        for key in kind.keys or ("",):
            fields = [name for name in kind.fields_of(key) if name != kind.key_field]
            is_first = not kind.keys or key == kind.keys[0]
            expected.append([*([part] if is_first else []), *filter(None, [key]), *fields])
    assert rows == expected
    assert FORMAT in section
