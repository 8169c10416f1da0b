"""`BulkReport`: the counts, rows and errors of a bulk job, and files as input of another job."""

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
    """The outcomes of the rows of a bulk job, as of the creation of the report.

    Methods read rows from the ledger, a few hundred at a time. So a report of a million rows takes no more memory than
    a report of ten rows. The methods block while they read. In an event loop, call methods that write long files in a
    thread.

    Args:
        reader: Reads the ledger. The constructor blocks while the reader counts rows.

    Raises:
        LedgerError: The ledger cannot be read.
    """

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        job, counts = reader.summary()
        self.job_id: Final = job.job_id
        """The id of the job, a random UUID."""
        self.environment: Final = job.environment
        """The Frontegg environment of the job: the address of the service and the client id."""
        self.operation: Final = job.operation
        """The name of the operation, such as ``create``."""
        self.total: Final = job.total
        """The number of rows of the job, including invalid rows."""
        self.succeeded: Final = counts.done
        """The number of rows that are done."""
        self.failed: Final = counts.failed
        """The number of rows that failed and certainly had no effect."""
        self.unknown: Final = counts.unknown
        """The number of rows with an unknown outcome: neither a response nor a read shows whether they had an effect.
        """
        self.in_flight: Final = counts.in_flight
        """The number of rows in flight, now or when the last run was killed. `resume` finds out whether these rows had
        an effect.
        """
        self.skipped: Final = counts.skipped
        """The number of rows that were not sent, since a tenant that they depend on was not created."""
        self.stale: Final = counts.stale
        """The number of rows that were not sent, since the service no longer shows the values that they expect."""
        self.pending: Final = counts.pending
        """The number of rows that are still to be sent."""
        self.requests: Final = job.requests
        """The number of requests in all runs, including reads and retries."""
        self.elapsed: Final = job.elapsed
        """The number of seconds in which at least one process worked on the job."""
        self.is_dry_run: Final = job.settings.get("dry_run") is True
        """Whether the job was a dry run, which sends only read requests. A real run would send the pending rows."""
        self.guard: Final = job.guard
        """The name of the guard that stopped the job; ``None`` if no guard did so."""
        self.guard_reason: Final = job.guard_reason
        """Why the guard stopped the job; ``None`` if no guard did so."""

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
            InvalidArgumentError: ``only`` is not a state.
            LedgerError: The ledger cannot be read.
        """
        if only is None:
            return self._reader.rows()
        return self._reader.rows(check_member(only, RowState, "only"))

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown, skipped or stale.

        Args:
            most: The maximum number of errors, from 1.

        Returns:
            Each error with its count and the first row with the error, most frequent first.

        Raises:
            InvalidArgumentError: ``most`` is not 1 to 10,000.
            LedgerError: The ledger cannot be read.
        """
        check_count(most, "most", least=1, most=_MOST)
        return self._reader.reasons(most)

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a plain dict, with the most frequent errors as ``reasons``.

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
        """Return rows as plain dicts with the same keys, for pandas and polars. The list holds all rows in memory.

        Args:
            only: The state of the rows; all rows by default.

        Returns:
            A dict for each row, with ``row``, ``line``, ``tenant_id``, ``state``, ``error``, ``status``, ``trace_id``,
            ``message``, ``attempts``, and ``input`` as JSON text.

        Raises:
            InvalidArgumentError: ``only`` is not a state.
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
            path: The file, which is replaced. By default, the method returns the text. A ``.jsonl`` or ``.ndjson`` file
                contains one row per line, and another job can take it as input. Names that begin with ``_`` contain the
                outcome.
            only: The state of the rows. By default, JSON contains the fields that ``to_dict()`` returns, and JSON Lines
                contain all rows.

        Raises:
            InvalidArgumentError: ``only`` is not a state, or the file is a ledger or another SQLite database.
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
        """Write rows to a CSV file, which another job can take as input.

        Each row contains its input values, and its outcome in columns that begin with ``_``. Cells that a spreadsheet
        would treat as a formula get a leading ``'``, which a job removes when it reads the file.

        Args:
            path: The file, which is replaced.
            only: The state of the rows; all rows by default.

        Raises:
            InvalidArgumentError: ``only`` is not a state, or the file is a ledger or another SQLite database. Or a row
                has an empty text or clears a field, which CSV cannot express; in this case, write JSON Lines with
                ``to_json``.
            LedgerError: The ledger cannot be read.
            OSError: The file cannot be written.
        """
        head = csv_columns(self.rows(only=only), self.operation)
        with replacing(Path(path)) as file:
            write_csv(file, self.rows(only=only), self.operation, head)

    def summary(self, width: int | None = None, *, notes: bool = True) -> str:
        """Return the report as text: the counts, and the most frequent errors with an example of each.

        Args:
            width: The maximum length of a line, from 36; by default the width of the terminal, at most 100.
            notes: Whether to explain at the end how to continue.

        Raises:
            InvalidArgumentError: ``width`` is not 36 to 10,000.
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
            yield f"A dry run: nothing was sent, and a real run would send {text.counted(self.pending, 'row')}."
        elif self.guard is not None:
            on = f"resume(..., override={self.guard!r}) continues anyway"
            yield f"The guard {self.guard} stopped the job: {self.guard_reason}; {on}."
        elif left := self.pending + self.in_flight + self.unknown:
            yield f"{text.counted(left, 'row')} without a final outcome: resume the job."

    def __repr__(self) -> str:
        # Tracebacks may show a report whose ledger could not be read, which has no fields.
        shown = {name: getattr(self, name, None) for name in ("operation", "total", *_COUNTS)}
        return f"BulkReport({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: a table of the counts, and a table of the most frequent errors."""
        counts = [(name, f"{count:,}", text.share(count, self.total)) for name, count in self._counts if count]
        parts = [markup.table(self._title, ("rows", "", ""), counts, " ".join(self._notes()) or None)]
        reasons = [(f"{each.count:,}", text.heading(each), text.example(each.example)) for each in self.reasons()]
        if reasons:
            parts.append(markup.table("Why", ("rows", "error", "example"), reasons))
        return "".join(parts)
