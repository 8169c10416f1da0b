"""`Source`: where rows are read from, what it yields of them, and `FileRow`: a row that was read."""

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
    """A row that is as exports write it, and does not come after the rows before it."""

    number: int
    """The line that it is in."""
    line: bytes
    """Its bytes."""
    rows: CanonicalRows
    """The row alone."""


@attrs.frozen
class PlacedRow:
    """A row that may have any form and any fault."""

    spot: Spot
    """Where it begins."""
    value: PlacedValue
    """Its value."""


ReadItem: TypeAlias = CanonicalRows | UnsortedRow | PlacedRow | BrokenTextError
"""Rows of a source, or a part of its text that cannot be read."""


class Source(ABC):
    """A file with rows, or rows that were given in Python.

    Args:
        number: Its position among the sources.
        name: Its name, as it was given.

    Attributes:
        digest: The SHA-256 of its bytes, once all rows were read; of rows, that of the sorted ones.
    """

    is_file: ClassVar[bool] = True
    """Whether its bytes have a digest."""

    def __init__(self, number: int, name: str) -> None:
        self.number: int = number
        self.name: str = name
        self.digest: str = ""

    @abstractmethod
    def read(self) -> Iterator[ReadItem]:
        """Yield all rows. It is called once.

        Raises:
            BrokenTextError: The text cannot be read from a place on.
            OSError: The source cannot be read.
        """

    def streamed(self) -> Iterator[FileRow]:
        """Yield the rows that `read` yielded as `CanonicalRows`, by their ids. It may be called again.

        Raises:
            BrokenTextError: The file changed since `read`.
            OSError: The source cannot be read.
        """
        return iter(())

    def blocks(self) -> Iterator[bytes] | None:
        """Return the text again, some lines at a time, if it is what an export writes; otherwise ``None``.

        The iterator raises `BrokenTextError` if the file changed since `read`, and `OSError` if it cannot be read.
        """
        return None

    def find(self, spot: Spot, path: Path) -> Spot:
        """Return the place of a value in a row, or that of the row if the text does not have it any more.

        Args:
            spot: Where the row begins.
            path: The path of the value.
        """
        try:
            return self._find(spot, path)
        except (BrokenTextError, OSError, StopIteration):
            return spot

    @abstractmethod
    def _find(self, spot: Spot, path: Path) -> Spot:
        """Do what `find` does, and raise an error if the text has changed."""

    def place(self, spot: Spot | None) -> Place:
        """Return a place as a message shows it, or that of the whole source."""
        return Place(self.name, *(spot or (0, 0)))


class FileRow(msgspec.Struct, frozen=True, gc=False):
    """A row without a fault."""

    tenant_id: str
    line: bytes
    """The `sorted_json` of the row, with the names of attributes."""
    source: Source
    """What it was read from."""
    number: int
    """The line that it begins in; of rows that were given in Python, its position."""
    column: int
    """The character that it begins with."""

    @property
    def spot(self) -> Spot:
        """Where it begins in its source."""
        return self.number, self.column

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.source.place(self.spot)
