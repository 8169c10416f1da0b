"""What a ledger is: the truth about a job, row by row; a store of ledgers implements `Ledger` and `LedgerReader`.

A job is written in three steps. While the input is read, rows are added and put into generations, and nothing is sent.
`Ledger.seal` ends that. Then turns follow: each turn records, in one durable commit, what became of rows, and that the
next rows are about to be sent.
"""

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
    """It was not sent, since the tenant above it could not be created."""


RowStateLiteral: TypeAlias = Literal["pending", "in_flight", "done", "failed", "unknown", "skipped"]
"""The states of `RowState` as text."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Job(Value):
    """What holds for all rows of a ledger."""

    job_id: str
    """A random UUID, stored before anything else."""
    operation: str
    """The name of the operation, as ``create``."""
    environment: str
    """The environment that the rows are for: its address and client id, never a secret."""
    created_at: float
    """When the job began, in seconds of the epoch."""
    settings: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue])
    """How the job was asked to run; `resume` goes on so, unless it is told otherwise."""
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


class Counts(msgspec.Struct, kw_only=True, frozen=True):
    """The number of rows in each state."""

    pending: int = 0
    in_flight: int = 0
    done: int = 0
    failed: int = 0
    unknown: int = 0
    skipped: int = 0


@attrs.frozen(kw_only=True, eq=False, repr=False)
class LedgerRow(Value):
    """A row of a ledger."""

    number: int
    """Its place in the input, from 1."""
    line: int | None
    """Its line in the file that it came from; ``None`` if it came from none."""
    tenant_id: str | None
    """The tenant that it writes; ``None`` if the row could not be read."""
    state: RowState
    """What is known of it."""
    attempts: int = 0
    """The requests that were made for it, reads after a lost response included."""
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

    def job(self) -> Job:
        """Return what holds for all rows.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...

    def counts(self) -> Counts:
        """Return the number of rows in each state.

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
        """Return the most frequent errors of rows that are failed, unknown or skipped, most frequent first.

        Args:
            most: How many.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        ...


class NewRow(msgspec.Struct, frozen=True, gc=False):
    """A row to add."""

    number: int
    line: int | None
    key: str | None
    """The tenant that it writes; ``None`` for a row that cannot be used."""
    parent: str | None
    """The tenant that must be there before, if it can be in the input too."""
    input: bytes
    """Its values, as JSON."""
    problem: str | None = None
    """Why it cannot be used, if it cannot."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """A row to work on."""

    number: int
    operation: str
    """The name of the operation that is done for it."""
    key: str
    values: dict[str, JsonValue]
    attempts: int = 0
    """The requests that were made for it before."""
    was_sent: bool = False
    """Whether it may have been sent before."""
    created_at: float | None = None
    """When its tenant was created, as the service told while the input was read: a later one is another tenant.

    Infinite if the service told no time; ``None`` if there was no tenant, or the ledger is of an older program.
    """


class Finished(msgspec.Struct, frozen=True, gc=False):
    """What became of a row."""

    number: int
    state: RowState
    attempts: int
    """The requests that were made for it in all."""
    error: str | None = None
    status: int | None = None
    trace_id: str | None = None
    message: str | None = None
    is_unsent: bool = False
    """Of a row that failed, whether nothing reached the service, so that `Ledger.reopen` makes it pending again."""


class Turn(msgspec.Struct, frozen=True):
    """One durable commit of a job: what became of rows, and how many rows are to be sent next."""

    finished: Sequence[Finished] = ()
    generation: int = 0
    most: int = 0
    """The most rows to mark as sent and return."""
    released: Sequence[int] = ()
    """The numbers of rows that were marked as sent, and certainly were not sent."""
    requests: int = 0
    """The requests that were made since the last turn."""
    elapsed: float = 0.0
    """The seconds since the last turn."""


class Ledger(Protocol):
    """A ledger that a job is worked on with, by its only owner; calls are made one after the other.

    A store of which several processes take parts of a job makes each write conditional on what its owner has taken, and
    raises `LedgerError` when another has taken it meanwhile: then nothing of the turn is recorded.
    """

    @property
    def job(self) -> Job:
        """What holds for all rows, as of the last call."""
        ...

    def reader(self) -> LedgerReader:
        """Return what a report reads."""
        ...

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows, before `seal`; one with a problem is failed."""
        ...

    async def reject(self, rows: Sequence[tuple[int, str]]) -> None:
        """Mark rows as failed, before `seal`: their numbers, and why they cannot be used."""
        ...

    async def repeated(self, most: int) -> Sequence[tuple[int, int | None, str]]:
        """Return rows whose key an earlier row has too: number, line and key. They are no rows of that key any more."""
        ...

    async def strange_parents(self, after: str, most: int) -> Sequence[str]:
        """Return parents that are not in the input, in order.

        Args:
            after: Only those after this one.
            most: How many.
        """
        ...

    async def children(self, parent: str, most: int) -> Sequence[tuple[int, int | None]]:
        """Return number and line of usable rows with a parent."""
        ...

    async def keys(self, after: int, most: int) -> Sequence[tuple[int, str]]:
        """Return number and key of usable rows after a number, in order."""
        ...

    async def put(self, generations: Sequence[tuple[int, int]]) -> None:
        """Put rows into generations: numbers and generations. All rows are in generation 0 at first."""
        ...

    async def note_creations(self, times: Sequence[tuple[int, float]]) -> None:
        """Keep when the tenants of rows were created: numbers, and seconds of the epoch by the service's clock.

        They are infinite where the service told no time.
        """
        ...

    async def creations(self, numbers: Sequence[int]) -> Mapping[int, float]:
        """Return what `note_creations` has kept of some rows, by their numbers; nothing in an older ledger."""
        ...

    async def put_below_parents(self) -> Sequence[tuple[int, int | None, str]]:
        """Put each row into the generation after that of its parent; return rows of which that is impossible.

        Returns:
            Number, line and key of rows whose parents are a circle.
        """
        ...

    async def put_repeated_apart(self) -> None:
        """Put the rows of one key into generations one after the other, in the order of the input."""
        ...

    async def prepare(self) -> None:
        """End the adding of rows: the calls from here to `seal` look at all of them."""
        ...

    async def seal(self) -> None:
        """Record that the whole input is there and in its generations."""
        ...

    async def start(self, settings: Mapping[str, JsonValue]) -> None:
        """Say that rows may be sent, to whoever else works on the job.

        Args:
            settings: How the job runs.
        """
        ...

    async def reopen(self) -> None:
        """Make rows pending again that failed without reaching the service, and those skipped because of them."""
        ...

    async def unsettled(self, after: int, most: int) -> Sequence[Item]:
        """Return rows after a number that are in flight or unknown, in order."""
        ...

    async def next_generation(self, after: int) -> int | None:
        """Return the first generation after one that has rows, or ``None``; skip rows in it whose parent failed."""
        ...

    async def turn(self, turn: Turn) -> Sequence[Item]:
        """Make a turn; when this returns, all of it is durable.

        Returns:
            The next pending rows of the generation, in order; they are marked as sent. Rows are left out whose parent
            is not done, and those of a key whose row before is not settled, or did not reach the service.
        """
        ...

    async def shut(self, guard: str | None, reason: str | None) -> None:
        """Record that a guard has shut, and why; ``None`` opens it."""
        ...

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        ...

    async def failures(self) -> int | None:
        """Return how many rows of the job have failed, in any process; ``None`` if this is the only one."""
        ...

    async def discard(self) -> None:
        """Give the ledger up and remove it, before anything was sent."""
        ...

    async def close(self) -> None:
        """Give the ledger up; another process may take it then."""
        ...
