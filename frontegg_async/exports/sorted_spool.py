"""`SortedSpool`: sort any number of rows in bounded memory, by temporary files of sorted rows."""

from __future__ import annotations

import pickle
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, TypeAlias, cast

Entry: TypeAlias = tuple[str, bytes]
"""A key and what belongs to it."""

_KEY: Final = itemgetter(0)
_VALUE: Final = itemgetter(1)

_RUN: Final = 16 * 2**20
"""The bytes of a run, which is sorted in memory."""

_OBJECTS: Final = 200
"""The bytes that a row takes in memory beside its value."""

_PARTS: Final = 128
"""In how many parts a run is read when all runs are merged."""


class SortedSpool:
    """Takes rows in any order and returns them by their keys, in the order of code points.

    Use it in ``with``, which closes the temporary files. They are deleted when they are closed, also by the end of the
    process. A spool may be used in any thread, and in one at a time.

    Args:
        directory: Where the temporary files are.
        run: The bytes of rows that are sorted in memory.
    """

    def __init__(self, directory: Path | None = None, *, run: int = _RUN) -> None:
        self._directory = directory
        self._most = run
        self._size = 0
        self._rows: list[Entry] = []
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the temporary files, which deletes them."""
        for file in self._runs:
            with suppress(OSError):  # a full disk does not take what the buffer still has
                file.close()

    def add(self, rows: Sequence[Entry]) -> None:
        """Add rows. Spill them when the spool is full."""
        self._rows += rows
        self._size += sum(map(len, map(_VALUE, rows))) + _OBJECTS * len(rows)

    @property
    def is_full(self) -> bool:
        """Whether the rows in memory are as many as they should be."""
        return self._size >= self._most

    def spill(self) -> None:
        """Write the rows in memory to a temporary file.

        Raises:
            OSError: It cannot be written.
        """
        file = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115 - closed by `close`
        self._runs.append(file)
        for part in self._in_memory():
            pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)
        file.flush()
        self._rows, self._size = [], 0

    def sorted(self) -> Iterator[list[Entry]]:
        """Yield the rows by their keys, a few hundred at a time."""
        runs = [*map(_read, self._runs), self._in_memory()]
        heads: list[list[Entry]] = [next(run, []) for run in runs]
        # Whole lists are compared and sorted, which takes a fifth of the time of `heapq.merge`.
        while any(heads):
            end = min(head[-1][0] for head in heads if head)
            rows: list[Entry] = []
            for place, head in enumerate(heads):
                cut = bisect_right(head, end, key=_KEY)
                rows += head[:cut]
                heads[place] = head[cut:] or next(runs[place], [])
            rows.sort(key=_KEY)
            yield rows

    def _in_memory(self) -> Iterator[list[Entry]]:
        self._rows.sort(key=_KEY)
        size = len(self._rows) // _PARTS + 1
        for start in range(0, len(self._rows), size):
            yield self._rows[start : start + size]


def _read(file: IO[bytes]) -> Iterator[list[Entry]]:
    end = file.tell()
    file.seek(0)
    while file.tell() < end:
        yield cast("list[Entry]", pickle.load(file))  # noqa: S301 - a file of this process, without a name
