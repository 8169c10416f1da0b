"""The snapshot that all open clients of an environment in this process share."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import attrs

from frontegg_async._core.runtime.forks import ProcessLock, renew_after_fork
from frontegg_async.entitlements.events import EntitlementsEventKind
from frontegg_async.entitlements.reading import Read
from frontegg_async.entitlements.snapshot import Snapshot
from frontegg_async.errors import APIError, FronteggError

logger: Final = logging.getLogger("frontegg_async.entitlements")
logger.addHandler(logging.NullHandler())


class Environment(NamedTuple):
    """The identity of an environment. Clients with an equal identity share a snapshot."""

    address: str
    """The address of the service, with its prefix."""
    name: str
    """The client id, the host, and the id of the environment if the client was given one."""


@attrs.frozen(eq=False)
class Confirmed:
    """A snapshot, and the time when the service confirmed it."""

    snapshot: Snapshot
    at: float
    """The monotonic time just before the confirming request. ``-inf`` if the time is unknown."""
    is_of_file: bool = False
    """Whether the snapshot comes from a file and the service has not confirmed it since."""


@attrs.frozen(eq=False)
class Turn:
    """The right to read the service. Only one client has the right at a time."""

    loop: asyncio.AbstractEventLoop
    ends: float
    """The monotonic time after which other clients may take the turn. The client with the turn may hang or be gone."""


class Member(Protocol):
    """An open client. Any thread may call its methods."""

    def notify(self, kind: EntitlementsEventKind, error: FronteggError | None) -> None:
        """Handle an event."""
        ...

    def keep(self, confirmed: Confirmed, body: bytes | None) -> None:
        """Handle a confirmed snapshot. ``body`` is the JSON of a new snapshot."""
        ...


class SharedSnapshot:
    """The shared snapshot of an environment. Any thread may use it.

    The client that first notices that a refresh is due takes the turn to read the service. So if a client is closed or
    its event loop ends, another client continues.

    Args:
        environment: The environment.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment: Environment = environment
        self.current: Confirmed | None = None
        self.failure: FronteggError | None = None
        """The error of the last attempt. ``None`` if the attempt succeeded."""
        self.has_outage: bool = False
        """Whether the last refresh failed, and the clients were notified."""
        self.outages: int = 0
        self.attempted_at: float = -math.inf
        """The monotonic time of the last attempt."""
        self.is_whole_wanted: bool = False
        """Whether the next attempt reads the whole snapshot even if the offset is equal.

        A client then needs the JSON for its file.
        """
        self._members: dict[Member, bool] = {}
        """The open clients, and whether each can read the service."""
        self._turn: Turn | None = None
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._refused: frozenset[str] = frozenset()
        self._lock = ProcessLock()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """In a forked child, free the turn, because the task that held the turn does not exist. Keep the snapshot."""
        self._turn, self._waiting = None, []

    def join(self, member: Member) -> None:
        """Add a client that can read the service."""
        with self._lock.of_process():
            self._members[member] = True

    def leave(self, member: Member) -> bool:
        """Remove a client. Return whether no client is left."""
        with self._lock.of_process():
            self._members.pop(member, None)
            return not self._members

    def lose(self, member: Member, failure: FronteggError) -> None:
        """Record that a client can no longer read the service. If no other client can read it, an outage begins."""
        with self._lock.of_process():
            if member in self._members:
                self._members[member] = False
            if any(self._members.values()):
                return
        self._note_failure(failure)

    def take_turn(
        self, loop: asyncio.AbstractEventLoop, now: float, ends: float, *, takes_over: bool = False
    ) -> Turn | None:
        """Take the turn to read the service. Return ``None`` if another client has the turn.

        Args:
            loop: The event loop of the client.
            now: The monotonic time.
            ends: The monotonic time after which other clients may take the turn.
            takes_over: Whether to take the turn even if another client has it. The result of the other client's read is
                then ignored.
        """
        with self._lock.of_process():
            held = self._turn
            if held is not None and not takes_over and now < held.ends and not held.loop.is_closed():
                return None
            self._turn, self.attempted_at = Turn(loop, ends), now
            return self._turn

    def give_back(self, turn: Turn) -> None:
        """End a turn, and wake the clients that wait for the end."""
        with self._lock.of_process():
            if self._turn is not turn:
                return
            self._turn = None
            waiting, self._waiting = self._waiting, []
        for loop, future in waiting:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(_finish, future)

    def is_valid(self, turn: Turn) -> bool:
        """Return whether a turn has not ended and no other client took it over."""
        return self._turn is turn

    async def wait_for_turn(self, seconds: float) -> bool:
        """Wait at most some seconds until the turn ends. Return whether the turn ended."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock.of_process():
            if self._turn is None:
                return True
            self._waiting.append((loop, future))
        done, _ = await asyncio.wait([future], timeout=seconds)
        return bool(done)

    def confirm(self, turn: Turn, at: float) -> None:
        """Record that the service confirmed the current snapshot."""
        with self._lock.of_process():
            if self._turn is not turn or self.current is None:
                return
            confirmed = self.current = attrs.evolve(self.current, at=at)
        self._succeed(confirmed, None)

    def replace(self, turn: Turn, read: Read, at: float) -> None:
        """Replace the snapshot with a new snapshot from the service."""
        with self._lock.of_process():
            if self._turn is not turn:
                return
            before = self.current
            confirmed = self.current = Confirmed(read.snapshot, at)
            self.is_whole_wanted = False
        self._warn_of(read)
        self._succeed(confirmed, read.body)
        if before is not None and (before.is_of_file or before.snapshot.offset != read.snapshot.offset):
            self._notify(EntitlementsEventKind.CHANGED, None)

    def start_with(self, turn: Turn, read: Read, at: float, failure: FronteggError) -> None:
        """Start with the snapshot of a file, because the service cannot be read."""
        with self._lock.of_process():
            if self._turn is not turn or self.current is not None:
                return
            self.current = Confirmed(read.snapshot, at, is_of_file=True)
        self._warn_of(read)
        self._note_failure(failure)

    def fail(self, turn: Turn, failure: FronteggError) -> None:
        """Record a failed attempt. The last snapshot stays in use."""
        with self._lock.of_process():
            if self._turn is not turn:
                return
        self._note_failure(failure)

    def _note_failure(self, failure: FronteggError) -> None:
        with self._lock.of_process():
            self.failure = failure.fresh()
            if self.current is None or self.has_outage:
                return
            self.has_outage = True
            self.outages += 1
        logger.warning(
            "entitlements: the snapshot cannot be refreshed, and the last snapshot stays in use: %s", _words(failure)
        )
        self._notify(EntitlementsEventKind.ERROR, failure)

    def _succeed(self, confirmed: Confirmed, body: bytes | None) -> None:
        with self._lock.of_process():
            self.failure, had_outage, self.has_outage = None, self.has_outage, False
            members = [*self._members]
        for member in members:
            member.keep(confirmed, body)
        if had_outage:
            logger.info("entitlements: the snapshot is refreshed again")
            self._notify(EntitlementsEventKind.RECOVERED, None)

    def _notify(self, kind: EntitlementsEventKind, error: FronteggError | None) -> None:
        with self._lock.of_process():
            members = [*self._members]
        for member in members:
            member.notify(kind, error)

    def _warn_of(self, read: Read) -> None:
        """Log one warning for each unsupported expression that the last snapshot did not contain."""
        new, self._refused = read.refused - self._refused, read.refused
        for expression in sorted(new):
            logger.warning(
                "entitlements: a condition with the expression %r applies to nobody, because RE2 cannot "
                "evaluate the expression like JavaScript",
                expression,
            )


def _words(failure: FronteggError) -> str:
    """Return the cause of a failure for the log. The text contains no text from the service."""
    return f"status {failure.status}" if isinstance(failure, APIError) else failure.message


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class SharedSnapshots:
    """The shared snapshots of this process, by environment. Any thread may use them."""

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._all: dict[Environment, SharedSnapshot] = {}
        self.forgotten: deque[Callable[[], None]] = deque()
        """Functions that close clients which the garbage collector found and whose event loop is closed."""

    def join(self, environment: Environment, member: Member) -> SharedSnapshot:
        """Add a client to the clients of an environment's snapshot. Return the snapshot."""
        self._end_forgotten()
        with self._lock.of_process():
            shared = self._all.get(environment)
            if shared is None:
                shared = self._all[environment] = SharedSnapshot(environment)
            shared.join(member)
            return shared

    def leave(self, shared: SharedSnapshot, member: Member) -> None:
        """Remove a client from the clients of a snapshot. Drop the snapshot after its last client."""
        with self._lock.of_process():
            if shared.leave(member) and self._all.get(shared.environment) is shared:
                del self._all[shared.environment]

    def look(self) -> list[SharedSnapshot]:
        """Return the snapshots in use."""
        self._end_forgotten()
        with self._lock.of_process():
            return [*self._all.values()]

    def _end_forgotten(self) -> None:
        with contextlib.suppress(IndexError):  # the queue is empty
            while True:
                self.forgotten.popleft()()


SHARED: Final = SharedSnapshots()
"""The shared snapshots of this process."""
