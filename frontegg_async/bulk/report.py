"""The report of a bulk job."""

from __future__ import annotations

from collections.abc import Iterator

from frontegg_async.bulk.ledger import LedgerReader, LedgerRow, RowState

__all__ = ["BulkReport"]


class BulkReport:
    """What became of the rows of a job.

    Args:
        reader: Reads the ledger.
    """

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        self._job = reader.job()
        counts = reader.counts()
        self.total: int = self._job.total
        self.succeeded: int = counts.done
        self.failed: int = counts.failed
        self.unknown: int = counts.unknown + counts.sent
        self.skipped: int = counts.skipped
        self.pending: int = counts.pending
        self.requests: int = self._job.requests
        self.elapsed: float = self._job.elapsed

    def failures(self) -> Iterator[LedgerRow]:
        """Return the rows that failed, in the order of the input."""
        return self._reader.rows(RowState.FAILED)
