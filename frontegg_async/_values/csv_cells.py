"""Cells of CSV that no spreadsheet takes for a formula, in a form that is read back to the same text."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """Return the text of a cell, with ``'`` before it if a spreadsheet would compute it.

    Text that looks guarded already is guarded once more, so that `unguarded` returns every text as it was.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text for which `guarded` returned a cell."""
    return cell[1:] if _GUARDED.match(cell) else cell
