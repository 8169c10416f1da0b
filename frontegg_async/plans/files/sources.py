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
    """A canonical row whose id is not greater than the ids before it."""

    number: int
    """The line of the row."""
    line: bytes
    """The bytes of the row."""
    rows: CanonicalRows
    """The row, as the only element."""


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
        number: The position among the sources.
        name: The given name.

    Attributes:
        digest: The SHA-256 of the bytes, after all rows were read. For Python rows, the SHA-256 of the sorted rows.
    """

    is_file: ClassVar[bool] = True
    """Whether the source is a file, whose bytes have a digest."""

    def __init__(self, number: int, name: str) -> None:
        self.number: int = number
        self.name: str = name
        self.digest: str = ""

    @abstractmethod
    def read(self) -> Iterator[ReadItem]:
        """Yield all rows. The method is called once.

        Raises:
            BrokenTextError: The text cannot be read beyond a place.
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
        """Read the text again in blocks of lines if it is exactly in the form of an export; else return ``None``.

        The iterator raises `BrokenTextError` if the file was changed after `read`, and `OSError` if it cannot be read.
        """
        return None

    def find(self, spot: Spot, path: Path) -> Spot:
        """Return the place of a value in a row, or the place of the row if the text has changed.

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
        """Return a place for a message; without a spot, the place of the whole source."""
        return Place(self.name, *(spot or (0, 0)))


class FileRow(msgspec.Struct, frozen=True, gc=False):
    """A row without a fault."""

    tenant_id: str
    line: bytes
    """The `sorted_json` of the row, with the names of attributes."""
    source: Source
    """The source of the row."""
    number: int
    """The first line of the row; for Python rows, the position."""
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
