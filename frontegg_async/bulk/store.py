"""What the engine needs of a store of ledgers, and the values that it passes.

A job is written in three steps. While the input is read, rows are added, the planner puts them into generations, and
nothing is sent. `Store.seal` ends that. Then commits follow: each one records, durably, the outcomes of rows, and that
the next rows are about to be sent.
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
    """A row to add."""

    number: int
    line: int | None
    key: str | None
    """The tenant that it writes; ``None`` for an invalid row."""
    parent: str | None
    """The tenant that must exist before, if the input can have it too."""
    input: bytes
    """Its values, as JSON."""
    problem: str | None = None
    """Why it is invalid, if it is."""
    operation: str | None = None
    """The name of its operation; ``None`` for that of a job with one operation."""
    generation: int = 0
    """Rows of a generation are sent when those of all lower ones have an outcome."""
    created_at: float | None = None
    """When its tenant was created, in seconds of the epoch by the service's clock, if the operation must know it."""
    before: bytes | None = None
    """The values that it expects to find, as JSON; ``None`` if it expects none in particular."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """A row to work on."""

    number: int
    operation: str
    """The name of its operation."""
    key: str
    values: dict[str, JsonValue]
    attempts: int = 0
    """The requests that were made for it before."""
    was_sent: bool = False
    """Whether it may have been sent before."""
    created_at: float | None = None
    """When its tenant was created, as the service told while the input was read: a later one is another tenant.

    Infinite if the service told no time; ``None`` if there was no tenant.
    """
    before: Before | Unset = UNSET
    """The values that the row expects to find, if they were read for a comparison."""
    read_at: float | None = None
    """When the comparison began to read the tenant, by the monotonic clock; ``None`` if not since the last request."""
    is_unsettled: bool = False
    """Whether a request of this run may have changed the tenant, and no response says so."""


class RowOutcome(msgspec.Struct, frozen=True, gc=False):
    """The state that a row has now, and why."""

    number: int
    state: RowState
    attempts: int
    """The requests that were made for it in all."""
    error: str | None = None
    status: int | None = None
    trace_id: str | None = None
    message: str | None = None
    is_unsent: bool = False
    """Of a row that failed, whether nothing reached the service, so that the next run sends it again."""


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """One durable commit of a job: the outcomes of rows, and how many rows are to be sent next."""

    outcomes: Sequence[RowOutcome] = ()
    generation: int = 0
    most: int = 0
    """The most rows to mark as sent and return."""
    released: Sequence[int] = ()
    """The numbers of rows that were marked as sent, and certainly were not sent."""
    before: Sequence[tuple[int, bytes]] = ()
    """Numbers of rows, and the values that they are about to replace, as JSON."""
    requests: int = 0
    """The requests that were made since the last commit."""
    elapsed: float = 0.0
    """The seconds since the last commit."""
    guard: tuple[str, str] | None = None
    """The name of a guard that has shut, and why."""


class Committed(msgspec.Struct, frozen=True):
    """What a commit returns."""

    items: Sequence[Item]
    """The rows that are to be sent, in order; they are marked as sent."""
    failed: int | None = None
    """How many rows of the job have failed, in any process; ``None`` if this is the only one."""


class Rows(Protocol):
    """The result of a statement."""

    def fetchall(self) -> Sequence[tuple[object, ...]]:
        """Return the rows."""
        ...


Execute: TypeAlias = Callable[[str, Sequence[object]], Rows]
"""Runs a statement of the planner on the table ``item``, with a value for each ``?``.

The table has the columns ``number``, ``line``, ``key``, ``parent``, ``operation``, ``generation``, ``created_at`` and
``problem``, which is null for a valid row.
"""


class Store(Protocol):
    """A ledger that a job is worked on with; calls are made one after the other.

    A store of which several processes take parts of a job makes each write conditional on what its owner has taken, and
    raises `LedgerError` when another has taken it meanwhile: then nothing of the commit is recorded.
    """

    job: Job
    """What holds for all rows, as of the last call."""

    def reader(self) -> LedgerReader:
        """Return what a report reads."""
        ...

    async def add(self, rows: Sequence[NewRow]) -> None:
        """Add rows, before `plan`."""
        ...

    async def plan(self, step: Callable[[Execute], T]) -> T:
        """Run a step of the planner in a transaction, after `add` and before `seal`.

        Args:
            step: Is given the function that runs statements. It runs in a thread, and again if a connection is lost.
        """
        ...

    async def seal(self, guard: tuple[str, str] | None = None) -> None:
        """Record that all rows are there and in their generations, and begin the first run, in all processes.

        Rows with a problem have failed.

        Args:
            guard: The name of a guard that is shut from the beginning, and why; then no run begins.
        """
        ...

    async def start(self, settings: Mapping[str, JsonValue], *, opens_guard: bool = False) -> None:
        """Begin another run: rows that did not reach the service are pending again, and those skipped because of them.

        Args:
            settings: How the job runs from now on, also in other processes.
            opens_guard: Whether the guard that has shut is opened; rows that have failed do not count for it again.
        """
        ...

    async def items(self, states: Sequence[RowState], after: int, most: int) -> Sequence[Item]:
        """Return rows in some states after a number, in order.

        Args:
            states: The states.
            after: Only rows with a higher number.
            most: The most rows.
        """
        ...

    async def before(self, numbers: Sequence[int]) -> Mapping[int, Before]:
        """Return the values that rows expect to find, or replaced, by their numbers.

        Args:
            numbers: The rows. Those without such values are left out.
        """
        ...

    async def next_generation(self, after: int) -> int | None:
        """Return the first generation after one that has rows, or ``None``; skip rows whose parent was not created."""
        ...

    async def commit(self, commit: Commit) -> Committed:
        """Make a commit; when this returns, all of it is durable.

        Returns:
            The next pending rows of the generation. Rows are left out whose parent is not done, and those of a key
            whose row before has no outcome, or did not reach the service.
        """
        ...

    async def counts(self) -> Counts:
        """Return the number of rows in each state."""
        ...

    async def close(self, *, is_removed: bool = False) -> None:
        """Give the ledger up; another process may take it then.

        Args:
            is_removed: Whether the ledger is removed, before anything was sent.
        """
        ...
