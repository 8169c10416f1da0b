"""What a report reads of a ledger: the job, the state of each row, and the protocol of a reader."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value

__all__ = ["LedgerRow", "Reason", "RowState", "RowStateLiteral"]


class RowState(enum.StrEnum):
    """What is known of a row."""

    PENDING = "pending"
    """It was not sent, and will be."""
    IN_FLIGHT = "in_flight"
    """It is about to be sent, or was sent, and is not settled yet; `resume` settles those of a process that ended."""
    DONE = "done"
    """The service shows it, or said that it was done."""
    FAILED = "failed"
    """It certainly had no effect; ``error`` and ``message`` say why."""
    UNKNOWN = "unknown"
    """No response says whether it had an effect; `resume` settles that."""
    SKIPPED = "skipped"
    """It was not sent, since a tenant that it depends on was not created."""
    STALE = "stale"
    """It was not sent: the service no longer shows the values that the row expects."""


RowStateLiteral: TypeAlias = Literal["pending", "in_flight", "done", "failed", "unknown", "skipped", "stale"]
"""The states of `RowState` as text."""


Before: TypeAlias = Mapping[str, JsonValue] | None
"""The values of a tenant that a row writes, as they are or were before; ``None`` for no tenant."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Job(Value):
    """What holds for all rows of a ledger."""

    job_id: str
    """A random UUID, stored before anything else."""
    operation: str
    """The name of the operation, as ``create``; the names of several with commas between them."""
    operations: tuple[str, ...]
    """The names of the operations that its rows have."""
    environment: str
    """The environment that the rows are for: its address and client id, never a secret."""
    created_at: float
    """When the job began, in seconds of the epoch."""
    settings: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue])
    """How the job was asked to run; `resume` keeps these settings by default."""
    total: int = 0
    """The number of rows, those that cannot be used included."""
    is_sealed: bool = False
    """Whether the whole input is in the ledger; before, nothing was sent."""
    requests: int = 0
    """The requests that were made so far, reads and repetitions included."""
    elapsed: float = 0.0
    """The seconds in which a process was working on the job."""
    guard: str | None = None
    """The name of the guard that has shut; ``None`` while none has."""
    guard_reason: str | None = None
    """Why it has shut."""
    overridden: int = 0
    """The rows that had failed when a guard was overridden: no guard counts them again."""


class Counts(msgspec.Struct, kw_only=True, frozen=True):
    """The number of rows in each state."""

    pending: int = 0
    in_flight: int = 0
    done: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0
    stale: int = 0


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LedgerRow(Value):
    """A row of a ledger."""

    number: int
    """Its place in the input, from 1."""
    line: int | None
    """Its line in the file that it came from; ``None`` if it came from none."""
    tenant_id: str | None
    """The tenant that it writes; of a plan also an object of the environment, as ``roles.editor``.

    It is ``None`` if the row could not be read.
    """
    state: RowState
    """The state of the row."""
    attempts: int = 0
    """The requests that were made for it, reads after a lost response included.

    0 for a row that is done without a request, since the service showed its values already.
    """
    error: str | None = None
    """The class of the error, as ``ConflictError``; ``None`` if there is none."""
    status: int | None = None
    """The HTTP status that the service refused it with; ``None`` if it did not respond."""
    trace_id: str | None = None
    """The service's ``frontegg-trace-id`` of an error."""
    message: str | None = attrs.field(default=None, repr=False)
    """What went wrong, in a line; in a dry run, what would be done."""
    sent_at: float | None = None
    """When it was about to be sent, in seconds of the epoch."""
    finished_at: float | None = None
    """When its state became known, in seconds of the epoch."""
    input: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The values of the row, by the names of the columns of its operation."""
    operation: str = ""
    """The name of its operation, as ``create``."""
    before: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """The values that it replaced or expects, if the ledger has them; ``None`` also if there was no tenant."""
    has_before: bool = False
    """Whether the ledger has ``before``, which is ``None`` if there was no tenant.

    It has none if the job keeps none, or a run found the row done before it sent it.
    """

    @property
    def row(self) -> int:
        """Its place in the input, from 1, as ``number``."""
        return self.number


class Reason(msgspec.Struct, frozen=True):
    """Rows of one state that have the same error, counted."""

    state: RowState
    """The state."""
    error: str
    """The class of the error, as ``ConflictError``; empty if there is none."""
    status: int | None
    """The HTTP status that the service refused them with; ``None`` if it did not respond."""
    count: int
    """The number of rows."""
    example: LedgerRow
    """The first of them."""


class LedgerReader(Protocol):
    """What a report reads of a ledger. The calls block; they may be made while a job runs, and in any thread.

    Each call reads the ledger as it is then. Iterators hold a few hundred rows at a time, whatever the number of rows.
    """

    def summary(self) -> tuple[Job, Counts]:
        """Return what holds for all rows, and the number of rows in each state.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in these states, or all rows without one, in the order of the input.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown, skipped or stale, most frequent first.

        Args:
            most: How many.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...
