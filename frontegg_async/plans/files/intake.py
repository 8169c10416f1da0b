"""`Intake`: checks the rows of sources.

It stores rows that cannot be read again from their file in the order of their ids.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from typing import Final, cast

from frontegg_async._formats.json_text import sorted_json
from frontegg_async.errors import Fault
from frontegg_async.plans.files.canonical_rows import FIELDS, CanonicalRows
from frontegg_async.plans.files.faults import FaultList
from frontegg_async.plans.files.fields import TENANT_ID
from frontegg_async.plans.files.places import BrokenTextError, PlacedValue, Spot
from frontegg_async.plans.files.problems import Problem
from frontegg_async.plans.files.relations import Relations
from frontegg_async.plans.files.row_checks import checked
from frontegg_async.plans.files.sources import FileRow, PlacedRow, ReadItem, Source, UnsortedRow
from frontegg_async.snapshots.rows import PARENT
from frontegg_async.snapshots.sorted_spool import SortedSpool

_RUN: Final = 8 * 2**20
"""The maximum number of bytes of rows that are sorted in memory."""

_PLACE: Final = struct.Struct("<IQI")
"""The format in which the place of a row is stored: the number of the source, the line and the column."""

_END: Final = "\0"
"""Separates an id from a number that makes the sort key unique. No id contains this character, and it sorts before all
other characters.
"""


class Intake:
    """Checks and stores all rows of the sources.

    Args:
        directory: The directory for temporary files; the system's directory by default.

    Attributes:
        count: The number of rows.
        fields: The names of the fields that occur in rows.
        relations: Finds conflicts between rows.
        faults: The faults of the rows.
    """

    def __init__(self, directory: FilePath | None) -> None:
        self.count: int = 0
        self.fields: set[str] = set()
        self.relations: Relations = Relations()
        self.faults: FaultList = FaultList()
        self._unseen = list(FIELDS)
        self._spool = SortedSpool(directory, run=_RUN)
        self._spooled = 0

    def close(self) -> None:
        """Close and delete the temporary files."""
        self._spool.close()

    def take(self, source: Source) -> None:
        """Read all rows of a source.

        Raises:
            OSError: A temporary file cannot be written.
        """
        for item in _items(source):
            if isinstance(item, CanonicalRows):
                self._add(item)
            elif isinstance(item, UnsortedRow):
                self._add(item.rows)
                self._keep(source, (item.number, 1), item.rows.ids[0], item.line)
            elif isinstance(item, PlacedRow):
                self._check(source, item)
            else:
                self.add_fault(source, item.spot, item.message)

    def add_fault(self, source: Source, spot: Spot | None, message: str) -> None:
        """Add a fault.

        Args:
            source: The source with the fault.
            spot: The line and the column of the fault; ``None`` if the fault concerns the whole source.
            message: The message of the fault.
        """
        line, column = spot or (0, 0)
        self.faults.add((source.number, line, column), Fault(source.place(spot), message))

    def _add(self, found: CanonicalRows) -> None:
        self.count += len(found.ids)
        self.relations.add(found.ids, found.parents)
        named = [field for field in self._unseen if found.names(field)]
        if named:
            self.fields.update(named)
            self._unseen = [field for field in self._unseen if field not in self.fields]

    def _check(self, source: Source, item: PlacedRow) -> None:
        row, problems = checked(item.value.value)
        self.count += 1
        if problems or item.value.faults:
            self._add_faults(source, item.value, problems)
        else:
            tenant_id = cast("str", row[TENANT_ID])
            self.fields.update(row)
            self.relations.add([tenant_id], [cast("str | None", row.get(PARENT))])
            self._keep(source, item.spot, tenant_id, sorted_json(row))

    def _add_faults(self, source: Source, value: PlacedValue, problems: Sequence[Problem]) -> None:
        if self.faults.is_full:
            self.faults.count += len(value.faults) + len(problems)
            return
        for spot, message in value.faults:
            self.add_fault(source, spot, message)
        try:
            for problem in problems:
                self.add_fault(source, value.find(problem.path, problem.of_name), problem.message)
        except BrokenTextError as error:  # the reader that finds places is stricter than the first reader
            self.add_fault(source, error.spot, error.message)

    def _keep(self, source: Source, spot: Spot, tenant_id: str, line: bytes) -> None:
        self._spooled += 1
        key = f"{tenant_id}{_END}{self._spooled}"
        self._spool.add([key], [_PLACE.pack(source.number, *spot) + line])
        if self._spool.is_full:
            self._spool.spill()

    @property
    def has_kept(self) -> bool:
        """Whether rows are stored."""
        return self._spooled > 0

    def kept(self, sources: Sequence[Source]) -> Iterator[FileRow]:
        """Yield the stored rows, ordered by id. The method may be called again.

        Args:
            sources: The sources, ordered by number.

        Raises:
            OSError: A temporary file cannot be read.
        """
        for keys, values in self._spool.sorted():
            for key, value in zip(keys, values, strict=True):
                number, line, column = cast("tuple[int, int, int]", _PLACE.unpack_from(value))
                yield FileRow(key.partition(_END)[0], value[_PLACE.size :], sources[number], line, column)


def _items(source: Source) -> Iterator[ReadItem]:
    """Yield the items of a source. If the source cannot be read further, yield the error as the last item."""
    try:
        yield from source.read()
    except BrokenTextError as error:
        yield error
    except OSError as error:
        if not source.is_file:
            raise
        yield BrokenTextError(None, f"the file cannot be read: {error.strerror or error}")
