"""Read accounts from JSON files with a list of rows. The whole file is read into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, cast

from frontegg_async._formats.json_text import refuse_constant
from frontegg_async._values.json_values import unique_names
from frontegg_async.plans.files.file_bytes import LONG_ROW, FileBytes, text_of
from frontegg_async.plans.files.json_scanner import finder, scan_json, skip_space
from frontegg_async.plans.files.places import MAX_ROW, BrokenTextError, Path, PlacedValue, Spot
from frontegg_async.plans.files.row_checks import whole_file_problem
from frontegg_async.plans.files.sources import PlacedRow, ReadItem, Source

_decode: Final = json.JSONDecoder(object_pairs_hook=unique_names, parse_constant=refuse_constant).raw_decode


class JsonFile(Source):
    """A JSON file with a list of rows.

    Args:
        number: The position of this source among all sources.
        name: The name of the file as the caller gave it.
        file: The bytes of the file.
    """

    def __init__(self, number: int, name: str, file: FileBytes) -> None:
        super().__init__(number, name)
        self._file = file

    def read(self) -> Iterator[ReadItem]:
        """Yield all rows."""
        yield from _Items(text_of(self._file.whole(), 1))
        self.digest: str = self._file.digest

    def _find(self, spot: Spot, path: Path) -> Spot:
        lines: list[str] = []
        size = 0
        for number, line in enumerate(self._file.lines_from(spot[0]), spot[0]):
            text = text_of(line, number)
            lines.append(text[spot[1] - 1 :] if number == spot[0] else text)
            size += len(lines[-1])
            if size > 2 * MAX_ROW:
                break
        return finder("".join(lines), spot)(path, False)


class _Items:
    """Iterates over the items of a JSON list."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._begins, self._seen = 1, 0, 0

    def __iter__(self) -> Iterator[ReadItem]:
        at = skip_space(self._text, 0)
        if at == len(self._text):
            return
        if not self._is(at, "["):
            value, _ = self._value(at)
            problem = whole_file_problem(value.value)
            raise BrokenTextError(value.find(problem.path, False), problem.message)
        at = skip_space(self._text, at + 1)
        is_closed = self._is(at, "]")
        while not is_closed:
            value, end = self._value(at)
            yield PlacedRow(self._spot(at), value) if end - at <= MAX_ROW else BrokenTextError(self._spot(at), LONG_ROW)
            at = skip_space(self._text, end)
            is_closed = self._is(at, "]")
            if not is_closed and not self._is(at, ","):
                raise BrokenTextError(self._spot(at), "a comma or ] is missing")
            at = at if is_closed else skip_space(self._text, at + 1)
        at = skip_space(self._text, at + 1)
        if at < len(self._text):
            raise BrokenTextError(self._spot(at), "the text continues after the list")

    def _is(self, position: int, mark: str) -> bool:
        return self._text.startswith(mark, position)

    def _spot(self, position: int) -> Spot:
        """Return the line and column of a position. Positions must not decrease between calls."""
        breaks = self._text.count("\n", self._seen, position)
        if breaks:
            self._line += breaks
            self._begins = self._text.rindex("\n", 0, position) + 1
        self._seen = position
        return self._line, position - self._begins + 1

    def _value(self, position: int) -> tuple[PlacedValue, int]:
        """Return the value at a position, and the position of its end.

        Raises:
            BrokenTextError: There is no JSON value.
        """
        spot = self._spot(position)
        try:
            value, end = cast("tuple[object, int]", _decode(self._text, position))
        except (ValueError, RecursionError):
            return scan_json(self._text, spot, begin=position, is_whole=False)

        return PlacedValue(value, finder(self._text, spot, begin=position)), end
