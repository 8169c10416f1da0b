"""`BulkReport`: counts, rows and errors of a bulk job, and files for the next run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast, overload

from frontegg_async._core.checks.arguments import check_count, check_member
from frontegg_async._formats.json_text import json_line
from frontegg_async._notebook import markup
from frontegg_async._values.records import Record, record_of
from frontegg_async.bulk import text
from frontegg_async.bulk.ledger import LedgerReader, LedgerRow, Reason, RowState, RowStateLiteral
from frontegg_async.bulk.report_files import FIELDS, csv_columns, json_array, json_lines, replacing, write_csv

__all__ = ["BulkReport"]

_COUNTS: Final = ("succeeded", "failed", "unknown", "in_flight", "skipped", "stale", "pending")
NUMBERS: Final = ("operation", "total", *_COUNTS, "requests", "elapsed", "is_dry_run", "guard", "guard_reason")
_JSON_LINES: Final = (".jsonl", ".ndjson")
_WIDEST: Final = 100
_MOST: Final = 10_000


class BulkReport:
    """The outcomes of the rows of a bulk job, as of the moment when the report was made.

    Rows are read from the ledger when they are asked for, some hundred at a time. So the report of a million rows takes
    no more memory than that of ten. The methods block while they read: in an event loop, write long files in a
    thread.

    Args:
        reader: Reads the ledger, and blocks while it counts rows.

    Raises:
        LedgerError: The ledger cannot be read.
    """

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        job, counts = reader.summary()
        self.job_id: Final = job.job_id
        """The id of the job, a random UUID."""
        self.environment: Final = job.environment
        """The environment of the job: its address and client id."""
        self.operation: Final = job.operation
        """The operation, as ``create``."""
        self.total: Final = job.total
        """The rows of the job, also the invalid ones."""
        self.succeeded: Final = counts.done
        """The rows that are done."""
        self.failed: Final = counts.failed
        """The rows that certainly had no effect."""
        self.unknown: Final = counts.unknown
        """The rows that were sent, while neither a response nor a read shows whether they had an effect."""
        self.in_flight: Final = counts.in_flight
        """The rows that are being sent, or were when the last run was killed; `resume` settles them."""
        self.skipped: Final = counts.skipped
        """The rows that were not sent, since a tenant that they depend on was not created."""
        self.stale: Final = counts.stale
        """The rows that were not sent, since the service no longer shows the values that they expect."""
        self.pending: Final = counts.pending
        """The rows that are still to be sent."""
        self.requests: Final = job.requests
        """The requests that were made by all runs, reads and repetitions included."""
        self.elapsed: Final = job.elapsed
        """The seconds in which a process was working on the job."""
        self.is_dry_run: Final = job.settings.get("dry_run") is True
        """Whether nothing was sent: a run would send the pending rows."""
        self.guard: Final = job.guard
        """The guard that has shut and stopped the job; ``None`` if none has."""
        self.guard_reason: Final = job.guard_reason
        """Why it has shut; ``None`` if none has."""

    def failures(self) -> Iterator[LedgerRow]:
        """Yield the rows that failed, in the order of the input.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        return self.rows(only="failed")

    def rows(self, *, only: RowState | RowStateLiteral | None = None) -> Iterator[LedgerRow]:
        """Yield rows in the order of the input.

        Args:
            only: The state of the rows; all rows by default.

        Raises:
            InvalidArgumentError: There is no such state.
            LedgerError: The ledger cannot be read.
        """
        if only is None:
            return self._reader.rows()
        return self._reader.rows(check_member(only, RowState, "only"))

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that failed, are unknown, were skipped or are stale.

        Args:
            most: How many, from 1.

        Returns:
            Each with its count and the first row that has it, most frequent first.

        Raises:
            InvalidArgumentError: The number is not allowed.
            LedgerError: The ledger cannot be read.
        """
        check_count(most, "most", least=1, most=_MOST)
        return self._reader.reasons(most)

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a plain dict, and the most frequent errors as ``reasons``.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        reasons = [
            {
                "count": reason.count,
                "state": reason.state.value,
                "error": reason.error,
                "status": reason.status,
                "example": record_of(reason.example, FIELDS),
            }
            for reason in self.reasons()
        ]
        return {**record_of(self, NUMBERS), "reasons": reasons}

    def to_records(self, *, only: RowState | RowStateLiteral | None = None) -> list[Record]:
        """Return rows as plain dicts of one shape, for pandas and polars. All of them are in memory.

        Args:
            only: The state of the rows; all rows by default.

        Returns:
            For each row ``row``, ``line``, ``tenant_id``, ``state``, ``error``, ``status``, ``trace_id``, ``message``,
            ``attempts``, and ``input`` as JSON text.

        Raises:
            InvalidArgumentError: There is no such state.
            LedgerError: The ledger cannot be read.
        """
        return [record_of(row, FIELDS, json_as_text=True) for row in self.rows(only=only)]

    @overload
    def to_json(self, path: None = None, *, only: RowState | RowStateLiteral | None = None) -> str: ...
    @overload
    def to_json(self, path: str | os.PathLike[str], *, only: RowState | RowStateLiteral | None = None) -> None: ...
    def to_json(
        self, path: str | os.PathLike[str] | None = None, *, only: RowState | RowStateLiteral | None = None
    ) -> str | None:
        """Return or write the fields as a JSON object, or rows as a JSON array or JSON Lines.

        Args:
            path: The file, which is replaced; by default the text is returned. A file of ``.jsonl`` or ``.ndjson`` has
                the rows, one a line, and is an input of the next run. Names that begin with ``_`` have the outcome.
            only: The state of the rows. By default the JSON has the fields, as ``to_dict()`` returns them, and JSON
                Lines have all rows.

        Raises:
            InvalidArgumentError: There is no such state, or the file is a ledger or another SQLite database.
            LedgerError: The ledger cannot be read.
            OSError: The file cannot be written.
        """
        if path is not None and Path(path).suffix.lower() in _JSON_LINES:
            parts = json_lines(self.rows(only=only))
        elif only is None:
            parts = iter([json_line(self.to_dict()), "\n"])
        else:
            parts = json_array(self.rows(only=only))
        if path is None:
            return "".join(parts).rstrip("\n")
        with replacing(Path(path)) as file:
            for part in parts:
                file.write(part)
        return None

    def to_csv(self, path: str | os.PathLike[str], *, only: RowState | RowStateLiteral | None = None) -> None:
        """Write rows to a CSV file, which is an input of the next run.

        A row has the given values, and its outcome in columns that begin with ``_``. Cells that a spreadsheet would
        compute have ``'`` before them, which the next run removes.

        Args:
            path: The file, which is replaced.
            only: The state of the rows; all rows by default.

        Raises:
            InvalidArgumentError: There is no such state, or the file is a ledger or another SQLite database. Or a row
                has an empty text or clears a field, which CSV cannot express: write JSON Lines with ``to_json``.
            LedgerError: The ledger cannot be read.
            OSError: The file cannot be written.
        """
        head = csv_columns(self.rows(only=only), self.operation)
        with replacing(Path(path)) as file:
            write_csv(file, self.rows(only=only), self.operation, head)

    def summary(self, width: int | None = None, *, notes: bool = True) -> str:
        """Return the report for people: the counts, and the most frequent errors with an example of each.

        Args:
            width: The most columns of a line, from 36; by default those of the terminal, at most 100.
            notes: Whether to say at the end how to continue.

        Raises:
            InvalidArgumentError: The width is not allowed.
            LedgerError: The ledger cannot be read.
        """
        if width is None:
            width = max(text.NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
        check_count(width, "width", least=text.NARROWEST, most=_MOST)
        counts = text.count_lines(self._counts, self.total)
        return text.summary(self._title, counts, self.reasons(), self._notes() if notes else (), width)

    @property
    def _title(self) -> str:
        requests = text.counted(self.requests, "request")
        return f"{self.operation}: {text.counted(self.total, 'row')} in {text.duration(self.elapsed)}, {requests}"

    @property
    def _counts(self) -> Sequence[tuple[str, int]]:
        return [(name, cast("int", getattr(self, name))) for name in _COUNTS]

    def _notes(self) -> Iterator[str]:
        if self.is_dry_run:
            yield f"A dry run: nothing was sent, and {text.counted(self.pending, 'row')} would be."
        elif self.guard is not None:
            on = f"resume(..., override={self.guard!r}) continues in spite of it"
            yield f"The guard {self.guard} has shut: {self.guard_reason}; {on}."
        elif left := self.pending + self.in_flight + self.unknown:
            yield f"{text.counted(left, 'row')} to be settled: resume the job."

    def __repr__(self) -> str:
        # Tracebacks that show locals also ask reports whose ledger could not be read.
        shown = {name: getattr(self, name, None) for name in ("operation", "total", *_COUNTS)}
        return f"BulkReport({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: a table of the counts, and one of the most frequent errors."""
        counts = [(name, f"{count:,}", text.share(count, self.total)) for name, count in self._counts if count]
        parts = [markup.table(self._title, ("rows", "", ""), counts, " ".join(self._notes()) or None)]
        reasons = [(f"{each.count:,}", text.heading(each), text.example(each.example)) for each in self.reasons()]
        if reasons:
            parts.append(markup.table("Why", ("rows", "error", "example"), reasons))
        return "".join(parts)
