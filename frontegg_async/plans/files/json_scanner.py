"""Read JSON text with the line and column of each value, in order to report the places of faults.

The scanner is much slower than the readers of the standard library and of msgspec, so it reads only rows with faults.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from typing import Final, NoReturn, cast

from frontegg_async._core.checks.arguments import MAX_DEPTH
from frontegg_async._values.json_values import JsonValue
from frontegg_async.plans.files.places import MAX_PARTS, BrokenTextError, Finder, Part, Path, PlacedValue, Spot

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TEXT: Final = re.compile(r'"(?:[^"\\\x00-\x1f]+|\\.)*', re.DOTALL)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BREAK: Final = re.compile("\n")
_WORD: Final = re.compile(r"[A-Za-z]+")
_WORDS: Final[dict[str, JsonValue]] = {"true": True, "false": False, "null": None}


def scan_json(
    text: str, start: Spot = (1, 1), *, begin: int = 0, is_whole: bool = True, most: int = MAX_PARTS
) -> tuple[PlacedValue, int]:
    """Return the value of a JSON text, and the position of its end.

    Args:
        text: The text.
        start: The line and column of the character at ``begin``.
        begin: The position of the value.
        is_whole: Whether only white space may follow the value.
        most: The maximum number of values whose places are stored.

    Raises:
        BrokenTextError: The text is not JSON.
    """
    scanner = _Scanner(text, most)
    breaks: list[int] = []
    seen = begin

    def spot(position: int) -> Spot:
        nonlocal seen
        if position > seen:
            breaks.extend(found.start() for found in _BREAK.finditer(text, seen, position))
            seen = position
        line = bisect_left(breaks, position)
        column = position - breaks[line - 1] if line else start[1] + position - begin
        return start[0] + line, column

    try:
        value, part, end = scanner.value(skip_space(text, begin), 0, -1)
        if is_whole and (rest := skip_space(text, end)) < len(text):
            scanner.fail(rest, "the text continues after the JSON value")
    except _ScanError as error:
        raise BrokenTextError(spot(error.position), error.message) from None

    def find(path: Path, of_name: bool) -> Spot:
        return spot(part.find(path, of_name))

    return PlacedValue(value, find, [(spot(position), message) for position, message in scanner.faults]), end


def finder(text: str, start: Spot, *, begin: int = 0) -> Finder:
    """Return a function that finds the line and column of a value in a JSON text. Each call scans the text.

    Args:
        text: The text.
        start: The line and column of the character at ``begin``.
        begin: The position of the value.
    """

    def find(path: Path, of_name: bool) -> Spot:
        return scan_json(text, start, begin=begin, is_whole=False)[0].find(path, of_name)

    return find


def skip_space(text: str, position: int) -> int:
    """Return the position after white space."""
    found = _SPACE.match(text, position)
    return found.end() if found else position


class _ScanError(Exception):
    def __init__(self, position: int, message: str) -> None:
        super().__init__(position, message)
        self.position = position
        self.message = message


class _Scanner:
    """Reads the values of a text. Positions count characters from 0.

    Args:
        text: The text.
        most: The maximum number of values whose places are stored.

    Attributes:
        faults: The faults in spite of which the scanner can continue.
    """

    def __init__(self, text: str, most: int) -> None:
        self._text = text
        self._left = most
        self.faults: list[tuple[int, str]] = []

    def fail(self, position: int, message: str) -> NoReturn:
        """Raise an error for a position in the text."""
        raise _ScanError(position, message)

    def value(self, position: int, depth: int, name: int) -> tuple[JsonValue, Part[int], int]:
        """Return the value at a position, its place, and the position of its end.

        Args:
            position: The position of the value.
            depth: The number of lists and objects around the value.
            name: The position of the value's name; -1 without a name.

        Raises:
            _ScanError: There is no JSON value.
        """
        begins = self._text[position : position + 1]
        name = position if name < 0 else name
        if begins in ("{", "["):
            if depth > MAX_DEPTH:
                self.fail(position, f"the row is nested deeper than {MAX_DEPTH} levels")
            members: dict[str | int, Part[int]] = {}
            read = self._object if begins == "{" else self._list
            container, end = read(position, depth, members)
            return container, Part(name, position, members), end
        scalar, end = self._scalar(position, begins)
        return scalar, Part(name, position, _NONE), end

    def _object(self, position: int, depth: int, members: dict[str | int, Part[int]]) -> tuple[JsonValue, int]:
        found: dict[str, JsonValue] = {}
        at = skip_space(self._text, position + 1)
        while not (self._is(at, "}") and not found):
            if not self._is(at, '"'):
                self.fail(at, "the name of a field is missing: it must be text in double quotes")
            key, end = self._string(at)
            colon = skip_space(self._text, end)
            if not self._is(colon, ":"):
                self.fail(colon, "a colon is missing after the name of a field")
            value, part, end = self.value(skip_space(self._text, colon + 1), depth + 1, at)
            if key in found:
                self.faults.append((at, f"the field {key!r} occurs twice"))
            found[key] = value
            self._place(members, key, part)
            mark = skip_space(self._text, end)
            if self._is(mark, "}"):
                return found, mark + 1
            if not self._is(mark, ","):
                self.fail(mark, "a comma or } is missing")
            at = skip_space(self._text, mark + 1)
        return found, at + 1

    def _list(self, position: int, depth: int, members: dict[str | int, Part[int]]) -> tuple[JsonValue, int]:
        found: list[JsonValue] = []
        at = skip_space(self._text, position + 1)
        while not (self._is(at, "]") and not found):
            value, part, end = self.value(at, depth + 1, -1)
            self._place(members, len(found), part)
            found.append(value)
            mark = skip_space(self._text, end)
            if self._is(mark, "]"):
                return found, mark + 1
            if not self._is(mark, ","):
                self.fail(mark, "a comma or ] is missing")
            at = skip_space(self._text, mark + 1)
        return found, at + 1

    def _is(self, position: int, mark: str) -> bool:
        return self._text.startswith(mark, position)

    def _place(self, members: dict[str | int, Part[int]], key: str | int, part: Part[int]) -> None:
        if self._left > 0:
            self._left -= 1
            members[key] = part

    def _scalar(self, position: int, begins: str) -> tuple[JsonValue, int]:
        if begins == '"':
            return self._string(position)
        if found := _NUMBER.match(self._text, position):
            return self._number(found), found.end()
        word = found[0] if (found := _WORD.match(self._text, position)) else ""
        if word not in _WORDS:
            self.fail(position, f"{word[:20]} is not a JSON value" if word else "a value is missing")
        return _WORDS[word], position + len(word)

    def _number(self, found: re.Match[str]) -> JsonValue:
        try:
            number = cast("int | float", json.loads(found[0]))
        except ValueError:
            number = math.inf  # the number has more digits than Python reads
        if isinstance(number, float) and not math.isfinite(number):
            self.faults.append((found.start(), "the number is out of range"))
            return 0
        return number

    def _string(self, position: int) -> tuple[str, int]:
        found = _TEXT.match(self._text, position)
        end = found.end() if found else position
        if not self._is(end, '"'):
            if end < len(self._text) and self._text[end] != "\\":
                self.fail(end, "a text has a control character: write it as an escape, such as \\n")
            self.fail(position, "the text that begins here has no closing quote")
        try:
            return cast("str", json.loads(self._text[position : end + 1])), end + 1
        except json.JSONDecodeError as error:
            self.fail(position + error.pos, "a text has an invalid escape")


_NONE: Final[dict[str | int, Part[int]]] = {}
