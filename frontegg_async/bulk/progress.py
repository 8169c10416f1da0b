"""`BulkProgress`: the progress of a bulk job, for its callers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async._notebook import markup
from frontegg_async._values.records import record_of
from frontegg_async._values.value import Value
from frontegg_async.bulk import text
from frontegg_async.bulk.ledger import Job, RowState

__all__ = ["BulkProgress"]

_WHOLE: Final = 10
"""The number of rows per second from which the text shows the rate without tenths."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BulkProgress(Value):
    """The progress of a bulk job: the argument of ``on_progress``."""

    total: int
    """The number of rows of the job."""
    done: int
    """The number of rows that are done."""
    failed: int
    """The number of rows that failed."""
    unknown: int
    """The number of rows for which no response shows whether they had an effect."""
    skipped: int
    """The number of rows that were not sent, since a tenant that they depend on was not created."""
    stale: int = 0
    """The number of rows that were not sent, since the service no longer shows the values that they expect."""
    requests: int
    """The number of requests in all runs of the job."""
    rate: float
    """The number of rows per second in this run."""
    elapsed: float
    """The number of seconds since this run began."""
    expected_end: float | None
    """The expected time of the job's end at the present rate, in seconds since the epoch; ``None`` while the rate is
    unknown.
    """

    @property
    def finished(self) -> int:
        """The number of rows that have an outcome."""
        return self.done + self.failed + self.unknown + self.skipped + self.stale

    @property
    def left(self) -> float | None:
        """The number of seconds until the job ends at the present rate; ``None`` while the rate is unknown."""
        return (self.total - self.finished) / self.rate if self.rate > 0 else None

    def to_json(self) -> str:
        """Return the fields as one line of JSON, for programs."""
        return json.dumps(record_of(self))

    def line(self, width: int | None = None) -> str:
        """Return a line of text for people, with the most important parts first.

        Args:
            width: The maximum number of characters. Parts that do not fit are left out from the end.
        """
        problems = {"failed": self.failed, "unknown": self.unknown, "skipped": self.skipped, "stale": self.stale}
        parts = [
            text.share(self.finished, self.total),
            f"{self.finished:,} of {self.total:,}",
            *(f"{count:,} {name}" for name, count in problems.items() if count),
            f"{self.rate:,.0f}/s" if self.rate >= _WHOLE else f"{self.rate:.1f}/s",
        ]
        if self.left:
            parts.append(f"{text.duration(self.left)} left")
        while width is not None and len(parts) > 1 and len(", ".join(parts)) > width:
            parts.pop()
        return ", ".join(parts)

    def __str__(self) -> str:
        return self.line()

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: a bar with text."""
        return (
            f'<div {markup.CLASSES}><progress max="{self.total}" value="{self.finished}"></progress> '
            f"{markup.shown(str(self))}</div>"
        )


def progress_of(job: Job, counts: Mapping[RowState, int], *, ended: int, elapsed: float, now: float) -> BulkProgress:
    """Return the progress of a job.

    Args:
        job: The job.
        counts: The number of rows in each state.
        ended: The number of rows that got an outcome in this run.
        elapsed: The number of seconds since this run began.
        now: The time in seconds since the epoch.
    """
    rate = ended / elapsed if elapsed > 0 else 0.0
    done, failed = counts[RowState.DONE], counts[RowState.FAILED]
    unknown, skipped, stale = counts[RowState.UNKNOWN], counts[RowState.SKIPPED], counts[RowState.STALE]
    left = job.total - done - failed - unknown - skipped - stale
    return BulkProgress(
        total=job.total,
        done=done,
        failed=failed,
        unknown=unknown,
        skipped=skipped,
        stale=stale,
        requests=job.requests,
        rate=rate,
        elapsed=elapsed,
        expected_end=now + left / rate if rate else None,
    )
