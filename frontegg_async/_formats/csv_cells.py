"""The cells of CSV: values as text that no spreadsheet computes, and that is read back to the same values."""

from __future__ import annotations

import re
import string
from typing import Final, cast

from frontegg_async._formats.json_text import JsonLimitError, json_line, load_json
from frontegg_async._values.json_values import JsonValue, RepeatedNameError

_FORMULA: Final = re.compile(r"'*(?:\s*[=+\-@]|[\t\r])")
_HARMLESS: Final = frozenset(string.ascii_letters + string.digits)
"""The characters with which most texts begin, so that no pattern is needed."""
_GUARDED: Final = re.compile(r"'+(?:\s*[=+\-@]|[\t\r])")
_JSON_BEGINS: Final = frozenset('{["-0123456789tfn')
"""The characters with which a cell begins that may be JSON instead of text."""


def guarded(text: str) -> str:
    """Return the text of a cell, with ``'`` before it if a spreadsheet might compute it, also after white space.

    Text that looks guarded already is guarded once more, so that `unguarded` returns every text as it was.
    """
    return f"'{text}" if text[:1] not in _HARMLESS and _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text for which `guarded` returned a cell."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell


def cell_of(value: object, *, is_json: bool = False) -> str:
    """Return the cell of a value. Null is an empty cell, as an empty text is.

    Args:
        value: A JSON value.
        is_json: Whether the cells of the column are JSON text; in other columns, text is written as it is. JSON text
            needs no guard: a number with a sign is no formula.
    """
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) and not is_json else json_line(value)


def key_cell(value: object) -> str:
    """Return the cell of the value of one key, as that of ``metadata.plan``; `value_of_key` reads it.

    Text is written as it is, unless it would be read as another value: the text ``3``, ``null``, or an empty one.
    """
    is_plain = isinstance(value, str) and value != "" and _is_read_as_text(value)
    return guarded(cast("str", value)) if is_plain else json_line(value)


def value_of_key(cell: str) -> JsonValue:
    """Return the value of a cell for one key, without its guard: JSON, or text if it is no JSON.

    Raises:
        JsonLimitError: It is JSON that cannot be read.
        RepeatedNameError: It is JSON with an object that has a name twice.
    """
    if cell.lstrip()[:1] not in _JSON_BEGINS:
        return cell
    try:
        return cast("JsonValue", load_json(cell))
    except (JsonLimitError, RepeatedNameError):
        raise
    except ValueError:
        return cell


def _is_read_as_text(text: str) -> bool:
    try:
        return value_of_key(text) is text
    except (JsonLimitError, RepeatedNameError):
        return False
