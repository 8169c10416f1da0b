"""`YamlStream`: the text of a YAML file as a stream for the parser."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Final

from frontegg_async.plans.files.file_bytes import LONG_ROW, text_of
from frontegg_async.plans.files.places import MAX_ROW, BrokenTextError, Spot

# Characters that YAML forbids, and characters that end a line for the parser but not for editors.
_REFUSED: Final = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\r(?!\n)")


class YamlStream:
    """A file-like object whose ``read`` returns text.

    Args:
        blocks: Blocks of lines, each with the number of its first line.
    """

    def __init__(self, blocks: Generator[tuple[int, bytes], None, None]) -> None:
        self._blocks = blocks
        self._number = 1
        self._lines: list[str] = []
        """The lines of the last block."""
        self._row: Spot = (1, 1)
        self._size = 0

    def close(self) -> None:
        """Close the file of the blocks."""
        self._blocks.close()

    def begin_row(self, spot: Spot) -> None:
        """Begin a row at a place, and restart the limit of its size."""
        self._row, self._size = spot, 0

    def read(self, size: int) -> str:
        """Return the next block of lines, of any size. The parser accepts more text than it requested.

        Raises:
            BrokenTextError: The lines contain a forbidden character, or the row is too long.
        """
        del size
        number, block = next(self._blocks, (0, b""))
        text = text_of(block, number)
        self._size += len(text)
        if self._size > 2 * MAX_ROW:  # twice the limit, since the parser reads ahead
            raise BrokenTextError(self._row, LONG_ROW)
        if text:
            self._number, self._lines = number, text.split("\n")
        if refused := _REFUSED.search(text):
            before = text[: refused.start()]
            column = len(before) - before.rfind("\n")
            shown = f"U+{ord(refused[0]):04X}"
            is_end = refused[0] == "\r"
            message = (
                "a line ends with CR alone: end lines with LF or CRLF"
                if is_end
                else f"the character {shown} must be written as an escape"
            )
            raise BrokenTextError((number + before.count("\n"), column), message)
        return text

    def is_tab(self, spot: Spot) -> bool:
        """Return whether a place in the last block is a tab, or the indentation of its line contains a tab."""
        position = spot[0] - self._number
        if not 0 <= position < len(self._lines):
            return False
        line = self._lines[position]
        return "\t" in line[: len(line) - len(line.lstrip())] + line[spot[1] - 1 : spot[1]]
