"""The conversion of values to CSV cells that no spreadsheet evaluates as formulas, and of cells to the same values."""

from __future__ import annotations

import re
import string
from typing import Final, cast

from frontegg_async._formats.json_text import JsonLimitError, json_line, load_json
from frontegg_async._values.json_values import JsonValue, RepeatedNameError

_FORMULA: Final = re.compile(r"'*(?:\s*[=+\-@]|[\t\r])")
_HARMLESS: Final = frozenset(string.ascii_letters + string.digits)
"""First characters that cannot begin a formula. Most texts begin with such a character."""
_GUARDED: Final = re.compile(r"'+(?:\s*[=+\-@]|[\t\r])")
_JSON_BEGINS: Final = frozenset('{["-0123456789tfn')
"""The characters with which a cell begins that may be JSON."""


def guarded(text: str) -> str:
    """Prefix a text with ``'`` if a spreadsheet might evaluate the text, even after white space.

    A text that already begins with such a prefix gets another ``'``, so that `unguarded` returns the original text.
    """
    return f"'{text}" if text[:1] not in _HARMLESS and _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Remove the prefix that `guarded` added."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell


def cell_of(value: object, *, is_json: bool = False) -> str:
    """Return the cell for a value. Null and empty text both become an empty cell.

    Args:
        value: A JSON value.
        is_json: Whether the column contains JSON text, which needs no prefix: a number with a sign is not a formula. In
            other columns, text is written without quotes.
    """
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) and not is_json else json_line(value)


def key_cell(value: object) -> str:
    """Return the cell for the value of a single key, such as ``metadata.plan``. `value_of_key` reads the cell.

    Text is written without quotes, unless `value_of_key` would return another value. So the texts ``3`` and ``null``
    and an empty text become JSON.
    """
    is_plain = isinstance(value, str) and value != "" and _is_read_as_text(value)
    return guarded(cast("str", value)) if is_plain else json_line(value)


def value_of_key(cell: str) -> JsonValue:
    """Parse the cell of a single key, without the prefix of `guarded`. A cell that is not JSON is text.

    Raises:
        JsonLimitError: The cell is JSON with too many digits, or nested too deep.
        RepeatedNameError: The cell is JSON with an object that has a name twice.
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
