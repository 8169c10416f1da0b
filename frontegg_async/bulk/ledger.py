"""The contents of a ledger for reports: the job, the state of each row, and the protocol of a reader."""

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
    """The state of a row."""

    PENDING = "pending"
    """The row will be sent. Nothing was sent for it yet."""
    IN_FLIGHT = "in_flight"
    """The row is about to be sent, or was sent and has no recorded outcome. If the process has ended, `resume` asks the
    service for the effect of the row.
    """
    DONE = "done"
    """The service confirmed the row, or shows its values."""
    FAILED = "failed"
    """The row certainly had no effect. ``error`` and ``message`` say why."""
    UNKNOWN = "unknown"
    """No response says whether the row had an effect. `resume` asks the service for the effect."""
    SKIPPED = "skipped"
    """The row was not sent, since a tenant that the row depends on was not created."""
    STALE = "stale"
    """The row was not sent, since the service no longer shows the values that the row expects."""


RowStateLiteral: TypeAlias = Literal["pending", "in_flight", "done", "failed", "unknown", "skipped", "stale"]
"""The states of `RowState` as text."""


Before: TypeAlias = Mapping[str, JsonValue] | None
"""The values before a write: the values that the row expects, or the values that it replaced.

``None`` means that the tenant did not exist.
"""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Job(Value):
    """The properties of the job in a ledger."""

    job_id: str
    """The id of the job, a random UUID."""
    operation: str
    """The name of the operation, such as ``create``. A job with several operations has their names, separated by
    commas.
    """
    operations: tuple[str, ...]
    """The names of the operations of the rows."""
    environment: str
    """The Frontegg environment of the tenants: the address of the service and the client id, without a secret."""
    created_at: float
    """When the job began, in seconds since the epoch."""
    settings: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue])
    """The settings of the job. `resume` keeps these settings by default."""
    total: int = 0
    """The number of rows, including invalid rows."""
    is_sealed: bool = False
    """Whether the ledger contains the whole input. If not, no row was sent."""
    requests: int = 0
    """The number of requests so far, including reads and retries."""
    elapsed: float = 0.0
    """The number of seconds in which at least one process worked on the job."""
    guard: str | None = None
    """The name of the guard that stopped the job; ``None`` if no guard did so."""
    guard_reason: str | None = None
    """Why the guard stopped the job."""
    overridden: int = 0
    """The number of failed rows when a guard was overridden. No guard counts these rows again."""


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
    """A row of the input and its outcome, as stored in a ledger."""

    number: int
    """The position of the row in the input, from 1."""
    line: int | None
    """The line of the row in its file; ``None`` if the input was not a file."""
    tenant_id: str | None
    """The id of the written tenant. In a job that applies a plan, it may also be the name of an object, such as
    ``roles.editor``.

    ``None`` if the row could not be read.
    """
    state: RowState
    """The state of the row."""
    attempts: int = 0
    """The number of requests for the row, including reads after a lost response.

    0 for a row that is done without a request, since the service already showed its values.
    """
    error: str | None = None
    """The class of the error, such as ``ConflictError``; ``None`` without an error."""
    status: int | None = None
    """The HTTP status of the error; ``None`` if the service did not respond."""
    trace_id: str | None = None
    """The ``frontegg-trace-id`` header of the error response."""
    message: str | None = attrs.field(default=None, repr=False)
    """The error in one line; in a dry run the expected effect."""
    sent_at: float | None = None
    """When the row was about to be sent, in seconds since the epoch."""
    finished_at: float | None = None
    """When the outcome was recorded, in seconds since the epoch."""
    input: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The values of the row, by the names of the columns of its operation."""
    operation: str = ""
    """The name of the operation, such as ``create``."""
    before: Mapping[str, JsonValue] | None = attrs.field(default=None, repr=False, hash=False)
    """The values that the row replaced or expects; ``None`` if the ledger has no such values, or if no tenant existed.
    """
    has_before: bool = False
    """Whether the ledger contains ``before``. If so, ``None`` means that no tenant existed.

    The value is false if the job does not store old values, or if the service already showed the values of the row.
    """

    @property
    def row(self) -> int:
        """The position of the row in the input, from 1; the same as ``number``."""
        return self.number


class Reason(msgspec.Struct, frozen=True):
    """An error, and the number of rows with this error and the same state."""

    state: RowState
    """The state of the rows."""
    error: str
    """The class of the error, such as ``ConflictError``; empty without an error."""
    status: int | None
    """The HTTP status of the error; ``None`` if the service did not respond."""
    count: int
    """The number of rows."""
    example: LedgerRow
    """The first of these rows."""


class LedgerReader(Protocol):
    """Read access to a ledger. The calls block. They are allowed in any thread, and while a job runs.

    Each call reads the present contents. Iterators hold at most a few hundred rows in memory.
    """

    def summary(self) -> tuple[Job, Counts]:
        """Return the properties of the job, and the number of rows in each state.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...

    def rows(self, *states: RowState) -> Iterator[LedgerRow]:
        """Return the rows in the given states, or all rows if no state is given, in the order of the input.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...

    def reasons(self, most: int = 10) -> Sequence[Reason]:
        """Return the most frequent errors of rows that are failed, unknown, skipped or stale, most frequent first.

        Args:
            most: The maximum number of errors.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...
