"""`read_accounts`: reads accounts files or rows completely, and returns them as `AccountsFiles`."""

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
    """Read and check accounts files or rows. The call blocks.

    Args:
        sources: The paths and rows.
        directory: The directory for temporary files; the system's directory by default.

    Returns:
        The rows. Use the result in a ``with`` statement, which deletes the temporary files at its end.

    Raises:
        FilesError: A file cannot be read, or rows have faults; the error contains all faults.
        InvalidArgumentError: A source is invalid.
        MissingExtraError: A file is YAML, but PyYAML is not installed.
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
    """The rows of accounts files. A row is the entry of one account.

    Args:
        sources: The files.
        intake: Checks and stores the rows.
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
        """Close and delete the temporary files."""
        self._intake.close()

    def read(self) -> None:
        """Read all rows. Must be called once, before the other methods.

        Raises:
            FilesError: The files have faults.
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
        """The SHA-256 of the bytes of each source.

        For Python rows, it is the SHA-256 of the sorted rows as JSON Lines.
        """
        return [source.digest for source in self._sources]

    @property
    def names(self) -> Sequence[str]:
        """The name of each source as the caller gave it; ``rows`` for Python rows."""
        return [source.name for source in self._sources]

    @property
    def parts(self) -> frozenset[str]:
        """The fields that occur in any row."""
        return frozenset(self._intake.fields)

    @property
    def count(self) -> int:
        """The number of rows."""
        return self._intake.count

    def sorted(self) -> Iterator[FileRow]:
        """Yield the rows, ordered by the code points of their ids. The iterator blocks.

        Call the method again only when the rows of the last call are no longer needed.

        Raises:
            FilesError: A file was changed after it was read.
            OSError: A temporary file cannot be read.
        """
        streams = [_unbroken(source, source.streamed()) for source in self._sources]
        return merge(*streams, self._intake.kept(self._sources), key=attrgetter("tenant_id"))

    def stream(self) -> RowStream:
        """Return the sorted rows as a stream. The stream can skip rows that are equal to known lines."""
        blocks = self._sources[0].blocks() if len(self._sources) == 1 else None
        if blocks is None or self._intake.has_kept:
            return RowStream(self.sorted())
        return LineStream(self._sources[0], _unbroken(self._sources[0], blocks))

    @staticmethod
    def fault_at(row: FileRow, path: Path, message: str) -> Fault:
        """Return a fault of a row. The call reads the row in its file again, and blocks.

        Args:
            row: The row.
            path: The path of the wrong value, such as ``("metadata", "seats")``.
            message: The message of the fault.
        """
        return Fault(row.source.place(row.source.find(row.spot, path)), message)


def _unbroken(source: Source, items: Iterator[T]) -> Iterator[T]:
    """Yield the items of a source that is read for the second time, and convert errors of the read.

    Raises:
        FilesError: The file was changed, or can no longer be read.
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
