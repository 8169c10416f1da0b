"""The operations that the page of own operations lists: those without a method, and those that are not declared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "own_operations.md"
_DECLARED, _, _UNDECLARED = (
    PAGE.read_text(encoding="utf-8")
    .partition("## Operations without a method\n")[2]
    .partition("## Neighbouring operations\n")
)
_SPAN: Final = re.compile(r"`(?:([A-Z, ]+) )?(/[^`\s]+)`")


class Row(NamedTuple):
    """A place of the page that stands for operations: ``methods`` is empty for all methods."""

    methods: frozenset[str]
    path: str

    def covers(self, method: str, path: str) -> bool:
        """Return whether the row stands for an operation."""
        if self.methods and method not in self.methods:
            return False
        mine, given = (re.sub(r"\{[^}]*\}", "{}", each.partition("?")[0]) for each in (self.path, path))
        return (given + "/").startswith(mine[: -len("...")]) if mine.endswith("/...") else given == mine


def rows() -> list[Row]:
    """Return the operations in the first cells of the tables of those that are not declared."""
    return _rows_of(_UNDECLARED)


def rows_without_method() -> list[Row]:
    """Return the operations in the first cells of the table of those that are declared and have no method."""
    return _rows_of(_DECLARED)


def _rows_of(tables: str) -> list[Row]:
    cells = (line.split("|")[1] for line in tables.splitlines() if line.startswith("| `"))
    return [
        Row(frozenset(methods.split(", ")) if methods else frozenset(), path)
        for cell in cells
        for methods, path in _SPAN.findall(cell)
    ]
