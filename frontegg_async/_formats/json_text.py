"""JSON text: functions that write JSON on one line, with sorted keys or as a list, and a strict parser."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, NoReturn, cast

import msgspec

from frontegg_async._core.checks.arguments import MAX_DEPTH
from frontegg_async._values.json_values import RepeatedNameError, unique_names

# The encoder calls ``str`` for values whose type JSON does not have.
_sorted: Final = msgspec.json.Encoder(order="deterministic", enc_hook=str)
_encode: Final = msgspec.json.Encoder().encode
_encode_any: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_line(value: object) -> str:
    """Format a value as JSON on one line, without white space.

    Args:
        value: A JSON value. A lone surrogate, which UTF-8 cannot encode, stays unchanged.
    """
    try:
        return _encode(value).decode()
    except (ValueError, OverflowError):  # a lone surrogate, or an integer of more than 64 bits
        return _encode_any(value)


def indented_json(value: object) -> str:
    """Format a value as indented JSON that ends with a line feed.

    Args:
        value: A JSON value. If the value contains a lone surrogate, which UTF-8 cannot encode, all characters beyond
            ASCII are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    return f"{text}\n"


def json_list(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a JSON array, with one value on each line.

    Args:
        texts: The JSON text of each value.
    """
    mark = "["
    for text in texts:
        yield f"{mark}{text}"
        mark = ","
    yield "[]" if mark == "[" else "]"


sorted_json: Final = _sorted.encode
"""Return JSON with sorted keys and without white space. Equal values have equal texts."""

sorted_json_lines: Final = _sorted.encode_lines
"""Return JSON Lines: the `sorted_json` of each value."""


class JsonLimitError(ValueError):
    """A JSON text exceeds a limit: a number has too many digits, or the text is nested too deep."""


def load_json(text: str) -> object:
    """Parse a JSON text strictly.

    Raises:
        ValueError: The text is not JSON, or has NaN or an infinity. The message does not quote the text.
        RepeatedNameError: An object has a name twice.
        JsonLimitError: A number has too many digits, or the text is nested too deep.
    """
    kind: type[ValueError] = ValueError
    try:
        return cast("object", json.loads(text, object_pairs_hook=unique_names, parse_constant=refuse_constant))
    except json.JSONDecodeError as error:
        problem = f"{error.msg} (character {error.pos + 1})"
    except RecursionError:
        kind, problem = JsonLimitError, f"it is nested deeper than {MAX_DEPTH} levels"
    except RepeatedNameError as error:
        kind, problem = RepeatedNameError, str(error)
    except ValueError as error:
        problem = str(error)
        if "digits" in problem:
            kind, problem = JsonLimitError, "a number has too many digits"
    raise kind(problem)


def refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and the infinities. `json.loads` calls this function as ``parse_constant``.

    Raises:
        ValueError: Always.
    """
    raise ValueError(f"{name} is no JSON number")
