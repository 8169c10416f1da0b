"""`Store`: the interface between the engine and a ledger, and the data types of its methods.

A job is written in three steps. First, `Store.add` adds the rows, and the planner puts the rows into generations. A
generation is a number: a row is sent when all rows of lower generations have an outcome. Second, `Store.seal` records
that the ledger contains the whole input. Nothing is sent before. Third, each commit durably records the outcomes of
rows, and marks the next rows as about to be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.bulk.ledger import Before, Counts, Job, LedgerReader, RowState

T = TypeVar("T")


class NewRow(msgspec.Struct, frozen=True, gc=False):
    """A row of the input that is added to a ledger."""

    number: int
    line: int | None
    key: str | None
    """The id of the written tenant; ``None`` for an invalid row."""
    parent: str | None
    """The id of a tenant that must exist before the row is sent; ``None`` if no row of the input can create this
    tenant.
    """
    input: bytes
    """The values of the row, as JSON."""
    problem: str | None = None
    """Why the row is invalid; ``None`` for a valid row."""
    operation: str | None = None
    """The name of the operation; ``None`` in a job with one operation."""
    generation: int = 0
    """Rows of a generation are sent when all rows of lower generations have an outcome."""
    created_at: float | None = None
    """When the service created the tenant, in seconds since the epoch, if the operation needs this time."""
    before: bytes | None = None
    """The values that the row expects, as JSON; ``None`` if the row expects no values."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """A row that a job sends, or whose effect it reads."""

    number: int
    operation: str
    """The name of the operation."""
    key: str
    values: dict[str, JsonValue]
    attempts: int = 0
    """The number of earlier requests for the row."""
    was_sent: bool = False
    """Whether the row may have been sent before."""
    created_at: float | None = None
    """The creation time of the tenant, as the service showed it while the job read its input.

    A tenant with a later time is another tenant. The value is infinite if the service showed no time, and ``None`` if
    no tenant existed.
    """
    before: Before | Unset = UNSET
    """The values that the row expects, if they were read for a comparison."""
    read_at: float | None = None
    """The time when the last comparison with the service began, by the monotonic clock; ``None`` if the row must be
    compared again.
    """
    is_unsettled: bool = False
    """Whether a request of this run may have changed the tenant, although no response confirms the change."""


class RowOutcome(msgspec.Struct, frozen=True, gc=False):
    """The new state of a row, and its reason."""

    number: int
    state: RowState
    attempts: int
    """The total number of requests for the row."""
    error: str | None = None
    status: int | None = None
    trace_id: str | None = None
    message: str | None = None
    is_unsent: bool = False
    """Whether a failed row did not reach the service. If so, the next run sends the row again."""


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of one commit: the outcomes of rows, and the number of rows to take next."""

    outcomes: Sequence[RowOutcome] = ()
    generation: int = 0
    most: int = 0
    """The maximum number of rows to mark as sent and return."""
    released: Sequence[int] = ()
    """The numbers of rows that were marked as sent but certainly were not sent."""
    before: Sequence[tuple[int, bytes]] = ()
    """The number of each row, with the values that the row is about to replace as JSON."""
    requests: int = 0
    """The number of requests since the last commit."""
    elapsed: float = 0.0
    """The seconds since the last commit."""
    guard: tuple[str, str] | None = None
    """The name of a guard that stopped the job, and the reason."""


class Committed(msgspec.Struct, frozen=True):
    """The result of a commit."""

    items: Sequence[Item]
    """The rows to send, in order. They are already marked as sent."""
    failed: int | None = None
    """The number of failed rows in all processes; ``None`` if only this process works on the job."""


class Rows(Protocol):
    """The result of an SQL statement."""

    def fetchall(self) -> Sequence[tuple[object, ...]]:
        """Return the rows."""
        ...


Execute: TypeAlias = Callable[[str, Sequence[object]], Rows]
"""Runs a statement of the planner on the table ``item``, with a parameter for each ``?``.

The table has the columns ``number``, ``line``, ``key``, ``parent``, ``operation``, ``generation``, ``created_at`` and
``problem``, which is null for a valid row.
"""


class Store(Protocol):
    """A ledger from which an engine takes rows, and in which it records outcomes. The methods are called one at a time.

    In a store that several processes share, each process takes groups of rows. If another process has taken the group,
    a write raises `LedgerError` and records nothing.
    """

    job: Job
    """The properties of the job, as of the last call."""

    def reader(self) -> LedgerReader:
        """Return a reader for reports."""
        ...

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows. Must be called before `plan`."""
        ...

    async def plan(self, step: Callable[[Execute], T]) -> T:
        """Run a step of the planner in a transaction, after `add` and before `seal`.

        Args:
            step: Called with a function that runs statements. The step runs in a thread. If the connection is lost, the
                step runs again.
        """
        ...

    async def seal(self, guard: tuple[str, str] | None = None) -> None:
        """Record that the ledger contains the whole input and the order of its rows. All processes may then begin.

        Invalid rows are recorded as failed.

        Args:
            guard: The name of a guard that stops the job before the first row, and the reason. With a guard, no run
                begins.
        """
        ...

    async def start(self, settings: Mapping[str, JsonValue], *, opens_guard: bool = False) -> None:
        """Begin another run.

        Rows that did not reach the service, and rows that were skipped because of such rows, become pending again.

        Args:
            settings: The new settings of the job, for all processes.
            opens_guard: Whether to continue a job that a guard stopped. Guards do not count earlier failed rows again.
        """
        ...

    async def items(self, states: Sequence[RowState], after: int, most: int) -> Sequence[Item]:
        """Return rows in the given states, in order.

        Args:
            states: The states.
            after: Only rows with a higher number than this.
            most: The maximum number of rows.
        """
        ...

    async def before(self, numbers: Sequence[int]) -> Mapping[int, Before]:
        """Return the old values of rows by row number: the values that a row expects, or the values that it replaced.

        Args:
            numbers: The numbers of the rows. The result leaves out rows without such values.
        """
        ...

    async def next_generation(self, after: int) -> int | None:
        """Return the number of the next generation that has rows; ``None`` if no rows follow.

        Rows of this generation whose parent was not created are skipped.
        """
        ...

    async def commit(self, commit: Commit) -> Committed:
        """Write a commit. When the call returns, the whole commit is durable.

        Returns:
            The next pending rows of the generation. A row is left out while its parent is not done, or while an earlier
            row with the same key has no outcome or did not reach the service.
        """
        ...

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        ...

    async def close(self, *, is_removed: bool = False) -> None:
        """Close the ledger, so that another process may open it.

        Args:
            is_removed: Whether to remove the ledger. This is allowed only before the first row was sent.
        """
        ...
