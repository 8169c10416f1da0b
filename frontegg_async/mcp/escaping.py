"""Escape and cut text of customers, so that an assistant cannot mistake it for text of this server."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue

MARK: Final = "\\…"
"""The prefix of text that this server adds. Customers cannot write this prefix, because each backslash is doubled."""

_QUOTED: Final = 60
"""The greatest length of a quoted text in an error, in characters."""
_MESSAGE: Final = 500
"""The greatest length of a message, in characters."""
_INTEGER: Final = 2**63

# Python treats these characters as printable, but they are invisible. They could hide instructions that only a model
# reads.
_INVISIBLE: Final = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U0001d173-\U0001d17a"
    "\U000e0100-\U000e01ef"
)
_SPECIAL: Final = re.compile(rf"[\\{_INVISIBLE}]")
_QUOTES: Final = re.compile(r"'[^']{61,}'|\"[^\"]{61,}\"")


@attrs.frozen
class Limits:
    """The limits for the part of a value that an answer shows."""

    text: int
    """The greatest length of an escaped text, in characters."""
    items: int
    """The largest number of items of a list, or of members of an object."""
    depth: int
    """The largest number of nested levels of lists and objects."""


STEPS: Final = (Limits(2_000, 100, 10), Limits(500, 40, 6), Limits(200, 20, 4), Limits(60, 8, 3), Limits(30, 3, 2))
"""The limits that are tried one after the other, until a value is small enough."""


def quoted(text: str) -> str:
    """Return at most 60 characters of a text for an error, escaped and in quotes."""
    return f"'{cut(text, _QUOTED)}'"


def message_of(error: BaseException) -> str:
    """Return the escaped message of an error of this package, with at most 60 characters of each quoted text."""
    return shown_message(str(error))


def shown_message(text: str) -> str:
    """Return at most 500 characters of an escaped message, with at most 60 characters of each quoted text."""
    shortened = _QUOTES.sub(lambda found: f"{found[0][: _QUOTED + 1]}…{found[0][0]}", text)
    return cut(shortened, _MESSAGE)


def cut(text: str, most: int) -> str:
    """Escape a text, and cut the result to ``most`` characters. A cut text ends with the length of the text."""
    if len(text) <= most and not _is_special(text):
        return text
    pieces: list[str] = []
    size = 0
    for character in text[:most]:
        piece = _shown(character)
        size += len(piece)
        if size > most:
            break
        pieces.append(piece)
    shown = "".join(pieces)
    return shown if len(pieces) == len(text) else f"{shown}{MARK} {len(text)} characters"


def fitted(value: JsonValue, most: int, weigh: Callable[[JsonValue], int]) -> JsonValue:
    """Escape a value, and cut the value to a number of bytes.

    Args:
        value: The value. If the value is an object, its members are fields of this server, which are never dropped.
        most: The largest number of bytes. It must be at least a few hundred for each field.
        weigh: Returns the number of bytes of a value in an answer.
    """
    for limits in STEPS:
        shown = safe(value, limits)
        if weigh(shown) <= most:
            return shown
    return f"{MARK} too long to show"


def safe(value: JsonValue, limits: Limits, level: int = 0) -> JsonValue:
    """Escape the texts and keys of a value, and cut the value to limits.

    Args:
        value: The value.
        limits: The limits.
        level: The number of lists and objects that contain the value. Members at level 0 are fields of this server and
            are kept.
    """
    if isinstance(value, str):
        return cut(value, limits.text)
    if isinstance(value, Mapping):
        return _safe_object(value, limits, level)
    if isinstance(value, Sequence):
        if level >= limits.depth:
            return f"{MARK} {len(value)} items"
        shown = [safe(each, limits, level + 1) for each in value[: limits.items]]
        left = len(value) - len(shown)
        return [*shown, f"{MARK} {left} more"] if left else shown
    if isinstance(value, int) and abs(value) >= _INTEGER:
        return cut(
            hex(value), limits.text
        )  # converting a large number to decimal digits takes long, or Python refuses the conversion
    return value


def _safe_object(value: Mapping[str, JsonValue], limits: Limits, level: int) -> JsonValue:
    if level >= limits.depth:
        return f"{MARK} {len(value)} members"
    names = [*value] if level == 0 else [*value][: limits.items]
    shown = {cut(name, limits.text): safe(value[name], limits, level + 1) for name in names}
    left = len(value) - len(shown)
    return cast("JsonValue", {**shown, MARK: f"{left} more"} if left else shown)


def _is_special(text: str) -> bool:
    return not text.isprintable() or _SPECIAL.search(text) is not None


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    return character.encode("unicode_escape").decode("ascii") if _is_special(character) else character
