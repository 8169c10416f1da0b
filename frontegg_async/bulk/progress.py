"""How far a bulk job is."""

from __future__ import annotations

import attrs

from frontegg_async._values.value import Value

__all__ = ["BulkProgress"]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class BulkProgress(Value):
    """How far a bulk job is: what ``on_progress`` is called with."""

    total: int
    """The rows of the job."""
    done: int
    """The rows that are done."""
    failed: int
    """The rows that failed."""
    unknown: int
    """The rows of which no response says whether they had an effect."""
    skipped: int
    """The rows that were not sent, since the tenant above them could not be created."""
    requests: int
    """The requests that were made, by all runs of the job."""
    rate: float
    """Rows a second, in this run."""
    elapsed: float
    """The seconds of this run."""
    expected_end: float | None
    """When the job ends at this rate, in seconds of the epoch; ``None`` while that cannot be said."""

    @property
    def finished(self) -> int:
        """The rows of which the end is known, whatever it is."""
        return self.done + self.failed + self.unknown + self.skipped
