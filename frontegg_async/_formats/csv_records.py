"""`CsvWriter`, which writes records as CSV, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from frontegg_async._formats.csv_cells import cell_of, guarded, key_cell
from frontegg_async._formats.csv_text import LinesOfText, csv_rows
from frontegg_async._formats.records import Record, Writer, pick
from frontegg_async._values.unset import UNSET


class CsvWriter(Writer):
    """A writer of CSV: a header and one row per record. Bulk jobs convert the rows back to the same values."""

    def __init__(
        self, stream: TextIO, fields: Sequence[str] = (), *, one: bool = False, columns: Sequence[str] = ()
    ) -> None:
        super().__init__(stream, fields, one=one)
        self._columns = tuple(fields or columns)
        self._writer = csv_rows(LinesOfText(self.put))

    def write(self, record: Record) -> None:
        """Write a record."""
        if self._rows == 0:
            self._columns = self._columns or tuple(record)
            self._head()
        self._writer.writerow([_cell(record, name) for name in self._columns])

    def _head(self) -> None:
        self._writer.writerow([guarded(name) for name in self._columns])

    def end(self) -> None:
        """Write the header if there was no row and the columns are known."""
        if self._rows == 0 and self._columns:
            self._head()


def _cell(record: Record, name: str) -> str:
    if name in record or "." not in name:
        return cell_of(record.get(name))
    value = pick(record, name, UNSET)
    return "" if value is UNSET else key_cell(value)
