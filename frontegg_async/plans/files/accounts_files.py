"""`read_accounts`: read files of accounts, or rows, completely; and `AccountsFiles`: what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import attrgetter
from pathlib import Path as FilePath
from types import TracebackType
from typing import Self, TypeVar

from frontegg_async.errors import Fault
from frontegg_async.plans.files.faults import files_error
from frontegg_async.plans.files.intake import Intake
from frontegg_async.plans.files.opening import AccountsSource, open_sources
from frontegg_async.plans.files.places import BrokenTextError, Path
from frontegg_async.plans.files.row_stream import LineStream, RowStream
from frontegg_async.plans.files.sources import FileRow, Source

T = TypeVar("T")


def read_accounts(sources: Sequence[AccountsSource], *, directory: FilePath | None = None) -> AccountsFiles:
    """Read files of accounts, or rows, and check them. It blocks.

    Args:
        sources: The paths and rows.
        directory: Where temporary files are; the system's by default.

    Returns:
        The rows; use it in ``with``, since it has temporary files.

    Raises:
        FilesError: A file cannot be read, or rows have faults; the error has all.
        InvalidArgumentError: A source is none.
        MissingExtraError: A file is YAML, and PyYAML is not installed.
        OSError: A temporary file cannot be written.
    """
    files = AccountsFiles(open_sources(sources), Intake(directory))
    try:
        files.read()
    except BaseException:
        files.close()
        raise
    return files


class AccountsFiles:
    """The rows of files, without any fault.

    Args:
        sources: The files.
        intake: Takes the rows.
    """

    def __init__(self, sources: Sequence[Source], intake: Intake) -> None:
        self._sources = sources
        self._intake = intake

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the temporary files, which deletes them."""
        self._intake.close()

    def read(self) -> None:
        """Read all rows; called once, before all else.

        Raises:
            FilesError: There are faults.
            OSError: A temporary file cannot be written.
        """
        intake = self._intake
        for source in self._sources:
            intake.take(source)
        for row, path, message in intake.relations.faults(self.sorted()):
            intake.add_fault(row.source, row.source.find(row.spot, path), message)
        intake.faults.check()
        given = {source.number: hashlib.sha256() for source in self._sources if not source.is_file}
        for row in intake.kept(self._sources) if given else ():
            if row.source.number in given:
                given[row.source.number].update(row.line + b"\n")
        for number, digest in given.items():
            self._sources[number].digest = digest.hexdigest()

    @property
    def digests(self) -> Sequence[str]:
        """The SHA-256 of the bytes of each source; of rows, that of the sorted rows as JSON Lines."""
        return [source.digest for source in self._sources]

    @property
    def names(self) -> Sequence[str]:
        """The name of each source, as it was given, and ``rows`` for rows."""
        return [source.name for source in self._sources]

    @property
    def parts(self) -> frozenset[str]:
        """The fields that any row names."""
        return frozenset(self._intake.fields)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._intake.count

    def sorted(self) -> Iterator[FileRow]:
        """Yield the rows by their ids, in the order of code points. It blocks.

        It may be called again once the rows of the last call are not needed any more.

        Raises:
            FilesError: A file changed since it was read.
            OSError: A temporary file cannot be read.
        """
        streams = [_unbroken(source, source.streamed()) for source in self._sources]
        return merge(*streams, self._intake.kept(self._sources), key=attrgetter("tenant_id"))

    def stream(self) -> RowStream:
        """Return the rows as `sorted` yields them, in a stream that can skip those that are equal to known lines."""
        blocks = self._sources[0].blocks() if len(self._sources) == 1 else None
        if blocks is None or self._intake.has_kept:
            return RowStream(self.sorted())
        return LineStream(self._sources[0], _unbroken(self._sources[0], blocks))

    @staticmethod
    def fault_at(row: FileRow, path: Path, message: str) -> Fault:
        """Return a fault of a row. It reads the row in its file again, and blocks.

        Args:
            row: The row.
            path: The path of the value that is wrong, as ``("metadata", "seats")``.
            message: What is wrong.
        """
        return Fault(row.source.place(row.source.find(row.spot, path)), message)


def _unbroken(source: Source, items: Iterator[T]) -> Iterator[T]:
    """Yield what is read again from a source.

    Raises:
        FilesError: The file changed, or cannot be read any more.
    """
    try:
        yield from items
    except BrokenTextError as error:
        spot, message = error.spot, error.message
    except OSError as error:
        spot, message = None, f"the file cannot be read: {error.strerror or error}"
    else:
        return
    raise files_error([Fault(source.place(spot), message)])
