"""The page of formats has the parts and the fields of the objects that plans write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import ACCOUNT, ENVIRONMENT
from tests.docs.markdown import ROOT

_PAGE: Final = ROOT / "docs" / "reference" / "formats.md"
_ROW: Final = re.compile(r"\| (?:`(\w+)` )?\| (.*) \| (.*) \|")
_Row = tuple[str, str, tuple[tuple[str, bool], ...]]
"""The part, the key if it is the name of a setting, and the fields, each with whether a new object must have it."""


def _tables() -> list[str]:
    text = _PAGE.read_text(encoding="utf-8")
    return [table.partition("\n\n")[0] for table in text.split("| part | key | fields |\n| --- | --- | --- |\n")[1:]]


def _shown(table: str) -> Iterator[_Row]:
    part = ""
    for line in table.splitlines():
        found = _ROW.fullmatch(line)
        assert found is not None, line
        part = found[1] or part
        fields = tuple((each.strip("*`"), each.startswith("**")) for each in found[3].split(", "))
        for key in re.findall("`(.*?)`", found[2]) or [""]:
            yield part, key, fields


def _known(kinds: Mapping[str, ObjectKind]) -> Iterator[_Row]:
    for part, kind in kinds.items():
        for key in kind.keys or ("",):
            fields = kind.fields_of(key) if key else kind.fields
            yield part, key, tuple((name, each.is_required) for name, each in fields.items() if name != kind.key_field)


@pytest.mark.parametrize(("index", "kinds"), [*enumerate((ACCOUNT, ENVIRONMENT))], ids=["accounts", "environment"])
def test_the_table_has_all_parts_and_their_fields(index: int, kinds: Mapping[str, ObjectKind]) -> None:
    """In the order in which exports have them, and in bold what a new object must have."""
    assert [*_shown(_tables()[index])] == [*_known(kinds)]
