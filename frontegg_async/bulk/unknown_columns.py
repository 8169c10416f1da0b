"""Report unknown columns of an input, each with the column that the caller probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Final

from frontegg_async.bulk.operation import Operation, RowProblem

_LONGEST_NAME: Final = 60
_MOST_NAMES: Final = 10
"""The maximum number of unknown columns in a message."""


class UnknownColumn(RowProblem):
    """An operation has no column with this name."""


def unknown_columns(operation: Operation, names: Sequence[str]) -> UnknownColumn:
    """Return the problem of columns that an operation does not have.

    Args:
        operation: The operation.
        names: The names of the columns, at least one.
    """
    shown = [name[:_LONGEST_NAME] for name in names[:_MOST_NAMES]]
    listed = ", ".join(f"{name!r}{_meant(operation, name)}" for name in shown)
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    word = "column" if len(names) == 1 else "columns"
    return UnknownColumn(shown[0], f"{operation.name} has no {word} {listed}{more}: it takes {_allowed(operation)}")


def _allowed(operation: Operation) -> str:
    columns = ", ".join(operation.columns)
    return f"{columns}; --map 'NAME=COLUMN' renames a column, and --ignore-column NAME leaves a column out"


def _meant(operation: Operation, name: str) -> str:
    """Return a hint with the column that the caller probably meant; empty if no name is similar."""
    begin, dot, _ = name.partition(".")
    spellings = {_spelled(each): each for each in (*operation.aliases, *operation.columns)}
    near = difflib.get_close_matches(_spelled(name), spellings, 1) or difflib.get_close_matches(
        _spelled(begin), spellings, 1
    )
    if near:
        return f" (did you mean {spellings[near[0]]!r}?)"
    key = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    holds_keys = "metadata" in operation.columns and "key" not in operation.columns
    return f" (did you mean 'metadata.{key}'?)" if holds_keys and key and not dot else ""


def _spelled(name: str) -> str:
    """Normalize a name for comparison. Only letters and digits stay, and ``tenant`` replaces its synonyms."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).replace("account", "tenant").replace("company", "tenant")
