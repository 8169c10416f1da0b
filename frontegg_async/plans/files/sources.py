"""`Source`: a source of rows, with the items that it yields. `FileRow`: a valid row with its place."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, TypeAlias

import attrs
import msgspec

from frontegg_async.errors import Place
from frontegg_async.plans.files.canonical_rows import CanonicalRows
from frontegg_async.plans.files.places import BrokenTextError, Path, PlacedValue, Spot


@attrs.frozen
class UnsortedRow:
    """A canonical row (a row in exactly the form of exports) whose id is not greater than all previous ids."""

    number: int
    """The line of the row."""
    line: bytes
    """The bytes of the row."""
    rows: CanonicalRows
    """A sequence of rows that contains only this row."""


@attrs.frozen
class PlacedRow:
    """A row in any form, possibly with faults."""

    spot: Spot
    """The place where the row begins."""
    value: PlacedValue
    """The value of the row."""


ReadItem: TypeAlias = CanonicalRows | UnsortedRow | PlacedRow | BrokenTextError
"""An item of a source: rows, or an error for an unreadable part of the text."""


class Source(ABC):
    """A file with rows, or Python rows.

    Args:
        number: The position of this source among all sources.
        name: The name of the source as the caller gave it.

    Attributes:
        digest: The SHA-256 of the bytes; known after all rows were read. For Python rows, it is the SHA-256 of the
            sorted rows.
    """

    is_file: ClassVar[bool] = True
    """Whether the source is a file. If so, the digest is of its bytes."""

    def __init__(self, number: int, name: str) -> None:
        self.number: int = number
        self.name: str = name
        self.digest: str = ""

    @abstractmethod
    def read(self) -> Iterator[ReadItem]:
        """Yield all rows. The method is called once.

        Raises:
            BrokenTextError: The text can only be read up to a place.
            OSError: The source cannot be read.
        """

    def streamed(self) -> Iterator[FileRow]:
        """Yield the rows that `read` yielded as `CanonicalRows`, ordered by id. The method may be called again.

        Raises:
            BrokenTextError: The file was changed after `read`.
            OSError: The source cannot be read.
        """
        return iter(())

    def blocks(self) -> Iterator[bytes] | None:
        """Read the text again in blocks of lines; return ``None`` unless the text is exactly in the form of an export.

        The iterator raises `BrokenTextError` if the file was changed after `read`, and `OSError` if it cannot be read.
        """
        return None

    def find(self, spot: Spot, path: Path) -> Spot:
        """Return the line and column of a value in a row. If the text has changed, return the place of the row.

        Args:
            spot: The place of the row.
            path: The path of the value.
        """
        try:
            return self._find(spot, path)
        except (BrokenTextError, OSError, StopIteration):
            return spot

    @abstractmethod
    def _find(self, spot: Spot, path: Path) -> Spot:
        """Do the work of `find`, and raise an error if the text has changed."""

    def place(self, spot: Spot | None) -> Place:
        """Return a place for a message. Without a line and column, the place is the whole source."""
        return Place(self.name, *(spot or (0, 0)))


class FileRow(msgspec.Struct, frozen=True, gc=False):
    """A row without a fault."""

    tenant_id: str
    line: bytes
    """The row as JSON with sorted keys. The keys are the names of Python attributes."""
    source: Source
    """The source of the row."""
    number: int
    """The number of the row's first line. For a Python row, it is the position of the row."""
    column: int
    """The column where the row begins."""

    @property
    def spot(self) -> Spot:
        """The line and column where the row begins."""
        return self.number, self.column

    @property
    def place(self) -> Place:
        """The place where the row begins."""
        return self.source.place(self.spot)
