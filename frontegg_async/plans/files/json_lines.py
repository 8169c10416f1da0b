"""Read accounts from files with a JSON object on each line."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import repeat
from typing import Final

import msgspec

from frontegg_async._formats.json_text import load_json
from frontegg_async.plans.files.canonical_rows import canonical_rows
from frontegg_async.plans.files.file_bytes import CHANGED, FileBytes, text_of
from frontegg_async.plans.files.json_scanner import finder, scan_json
from frontegg_async.plans.files.places import BrokenTextError, Path, PlacedValue, Spot
from frontegg_async.plans.files.sources import FileRow, PlacedRow, ReadItem, Source, UnsortedRow

_SPACE: Final = b" \t\r\n"


class _Id(msgspec.Struct, gc=False):
    tenant_id: str


_ids_of: Final = msgspec.json.Decoder(_Id).decode_lines


class JsonLines(Source):
    """A JSON Lines file.

    Canonical rows (rows in exactly the form of exports) with ascending ids are not stored. They are read again from the
    file when they are needed.

    Args:
        number: The position of this source among all sources.
        name: The name of the file as the caller gave it.
        file: The bytes of the file.
    """

    def __init__(self, number: int, name: str, file: FileBytes) -> None:
        super().__init__(number, name)
        self._file = file
        self._last = ""
        self._others = array("q")
        """The numbers of the lines that `streamed` leaves out, since their rows are stored."""
        self._is_plain = True
        """Whether the whole file is exactly in the form of an export."""

    def read(self) -> Iterator[ReadItem]:
        """Yield all rows."""
        for number, block in self._file.blocks():
            lines = _ended(block)
            rows = canonical_rows(lines)
            if rows is not None and rows.is_sorted and rows.ids[0] > self._last:
                self._last = rows.ids[-1]
                yield rows
            else:
                self._is_plain = False
                for at, line in enumerate(_lines(lines), number):
                    yield from self._read_line(at, line)
        self.digest: str = self._file.digest

    def _read_line(self, number: int, line: bytes) -> Iterator[ReadItem]:
        text = line.strip(_SPACE)
        rows = canonical_rows(text + b"\n") if text else None
        if rows is not None and rows.ids[0] > self._last:
            self._last = rows.ids[0]
            yield rows
            return
        self._others.append(number)
        if rows is not None:
            yield UnsortedRow(number, text, rows)
        elif text:
            try:
                yield PlacedRow((number, 1), _placed(text_of(line, number), number))
            except BrokenTextError as error:
                yield error

    def blocks(self) -> Iterator[bytes] | None:
        """Read the text again in blocks of lines; return ``None`` unless the text is in the exact form of an export."""
        return (_ended(block) for _, block in self._file.blocks()) if self._is_plain else None

    def streamed(self) -> Iterator[FileRow]:
        """Yield the rows with ascending ids, from a second read of the file."""
        last = ""
        try:
            for number, block in self._file.blocks():
                numbers, lines = self._streamed_lines(number, _ended(block))
                ids = [row.tenant_id for row in _ids_of(b"\n".join(lines))]
                for row in map(FileRow, ids, lines, repeat(self), numbers, repeat(1)):
                    if row.tenant_id <= last:
                        raise BrokenTextError(None, CHANGED)
                    last = row.tenant_id
                    yield row
        except (ValueError, RecursionError):
            raise BrokenTextError(None, CHANGED) from None

    def _streamed_lines(self, number: int, block: bytes) -> tuple[list[int] | range, list[bytes]]:
        """Return the numbers of the lines of a block that `streamed` yields, and these lines."""
        lines = [line.strip(_SPACE) for line in _lines(block)]
        end = number + len(lines)
        others = self._others[bisect_left(self._others, number) : bisect_left(self._others, end)]
        if not others:
            return range(number, end), lines
        left_out = {*others}
        numbers = [at for at in range(number, end) if at not in left_out]
        return numbers, [lines[at - number] for at in numbers]

    def _find(self, spot: Spot, path: Path) -> Spot:
        line = next(self._file.lines_from(spot[0]))
        return scan_json(text_of(line, spot[0]), spot)[0].find(path, False)


def _ended(block: bytes) -> bytes:
    """Return lines with a line feed after each line, including the last line of a file."""
    return block if block.endswith(b"\n") else block + b"\n"


def _lines(block: bytes) -> list[bytes]:
    return block.split(b"\n")[:-1]


def _placed(text: str, number: int) -> PlacedValue:
    """Return the value of a line.

    Raises:
        BrokenTextError: The line is not JSON.
    """
    try:
        return PlacedValue(load_json(text), finder(text, (number, 1)))
    except ValueError:
        return scan_json(text, (number, 1))[0]
