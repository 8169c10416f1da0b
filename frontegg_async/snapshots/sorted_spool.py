"""`SortedSpool`, which sorts any number of rows in bounded memory, with temporary files of sorted rows."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import starmap
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, TypeAlias

import msgspec

Part: TypeAlias = tuple[list[str], list[bytes]]
"""A list of sorted keys and a list of their values.

Two lists need less time for garbage collection than a list of pairs.
"""

_RUN: Final = 6 * 2**20
"""The minimum size in bytes of a run. A run is a group of rows that are sorted in memory and written to one file."""

_SHARE: Final = 16
"""A run is at least as large as all earlier runs together, divided by this number.

So the number of runs stays small.
"""

_OBJECTS: Final = 200
"""The number of bytes of memory that a row needs in addition to its value."""

_PARTS: Final = 128
"""The number of parts in which each run is read while all runs are merged."""

_END: Final[Part] = ([], [])

_write: Final = msgspec.msgpack.Encoder().encode
_read: Final = msgspec.msgpack.Decoder(Part).decode


class SortedSpool:
    """Accepts rows in any order, and returns the rows sorted by the code points of their keys.

    Each key is returned once. Use the spool in a ``with`` block, at whose end the temporary files are closed. A
    temporary file is deleted when it is closed or when the process ends. Several threads may use a spool, but only one
    thread at a time.

    Args:
        directory: The directory for temporary files.
        run: The size in bytes of the rows that are sorted in memory.
        path: The path that system errors name instead of the path of a temporary file.

    Attributes:
        repeated: A key that occurred twice, or ``None``. Use the value only after all rows were returned.
    """

    def __init__(self, directory: Path | None = None, *, run: int = _RUN, path: Path | None = None) -> None:
        self.repeated: str | None = None
        self._directory = directory
        self._path = path
        self._most = run
        self._size = 0
        self._spilled = 0
        self._keys: list[str] = []
        self._values: list[bytes] = []
        self._runs: list[tuple[IO[bytes], list[int]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close and delete the temporary files."""
        for file, _ in self._runs:
            with suppress(OSError):  # on a full disk, the buffered rows cannot be written
                file.close()

    def clear(self) -> None:
        """Forget all rows."""
        self.close()
        self.repeated = None
        self._runs, self._keys, self._values, self._size, self._spilled = [], [], [], 0, 0

    def add(self, keys: Iterable[str], values: Sequence[bytes]) -> None:
        """Add rows. The caller must call `spill` when the spool is full.

        Args:
            keys: The keys of the rows.
            values: The value of each row.
        """
        self._keys += keys
        self._values += values
        self._size += sum(map(len, values)) + _OBJECTS * len(values)

    @property
    def is_full(self) -> bool:
        """Whether the rows in memory have reached the size of a run."""
        return self._size >= max(self._most, self._spilled // _SHARE)

    def spill(self) -> None:
        """Write the rows in memory to a temporary file.

        Raises:
            OSError: The file cannot be written.
        """
        with self._naming():
            file = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115 - closed by `close`
            sizes: list[int] = []
            self._runs.append((file, sizes))
            sizes += [file.write(_write(part)) for part in self._in_memory()]
        self._spilled += self._size
        self._keys, self._values, self._size = [], [], 0

    def whole(self) -> dict[str, bytes] | None:
        """Return all rows unsorted, which is quick. Return ``None`` if some rows are on disk."""
        return None if self._runs else dict(zip(self._keys, self._values, strict=True))

    def sorted(self) -> Iterator[Part]:
        """Yield the rows sorted by key, a few hundred at a time.

        You may call the method again after the returned iterator ended.
        """
        with self._naming():
            yield from self._merged()

    @contextmanager
    def _naming(self) -> Generator[None]:
        """Replace the path in system errors by the path that the caller named."""
        try:
            yield
        except OSError as error:
            if self._path is None:
                raise
            raise OSError(error.errno, error.strerror, str(self._path)) from None

    def _merged(self) -> Iterator[Part]:
        runs = [*starmap(_parts, self._runs), self._in_memory()]
        heads = [next(run, _END) for run in runs]
        while lasts := [keys[-1] for keys, _ in heads if keys]:
            end = min(lasts)
            found: list[str] = []
            rows: dict[str, bytes] = {}
            for place, (keys, values) in enumerate(heads):
                cut = bisect_right(keys, end)
                found += keys[:cut]
                rows.update(zip(keys[:cut], values[:cut], strict=True))
                heads[place] = (keys[cut:], values[cut:]) if cut < len(keys) else next(runs[place], _END)
            if len(rows) < len(found):
                self.repeated = Counter(found).most_common(1)[0][0]
            yield _sorted(rows)

    def _in_memory(self) -> Iterator[Part]:
        keys, values = _sorted(dict(zip(self._keys, self._values, strict=True)))
        if len(keys) < len(self._keys):
            self.repeated = Counter(self._keys).most_common(1)[0][0]
        size = len(keys) // _PARTS + 1
        for start in range(0, len(keys), size):
            yield keys[start : start + size], values[start : start + size]


def _sorted(rows: dict[str, bytes]) -> Part:
    keys = sorted(rows)
    return keys, [*map(rows.__getitem__, keys)]


def _parts(file: IO[bytes], sizes: Sequence[int]) -> Iterator[Part]:
    file.seek(0)
    for size in sizes:
        yield _read(file.read(size))
