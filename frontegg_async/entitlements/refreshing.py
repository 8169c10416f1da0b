"""`Refresher`: the task with which an open client takes part in refreshing the shared snapshot."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import math
from collections.abc import Callable, Coroutine, Generator
from typing import Final, TypeAlias

from frontegg_async._core.call.observers import log_failure
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.forks import ProcessLock, notice_fork, renew_after_fork
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async._core.runtime.loops import loop_runs, running_loop
from frontegg_async._core.runtime.worker_threads import run_to_end
from frontegg_async.entitlements.events import EntitlementsEvent, EntitlementsEventKind
from frontegg_async.entitlements.file_keeper import FileKeeper
from frontegg_async.entitlements.listeners import Listeners
from frontegg_async.entitlements.reading import Reader
from frontegg_async.entitlements.shared import SHARED, Confirmed, Environment, SharedSnapshot, Turn
from frontegg_async.entitlements.starting import OF_CLIENT, PARSING, Start, refresh, stale_at
from frontegg_async.errors import ClientClosedError, FronteggError, WrongLoopError
from frontegg_async.options import Options

_LONGEST: Final = 30.0
"""The longest duration of a request during a refresh, in seconds."""
_JITTER: Final = 0.1
_TICK: Final = 0.01
"""The largest number of seconds by which a timer fires early."""
_AGAIN: Final = 1.0
"""The seconds after which a client tries again, if another client is reading the service."""
_NOT_OPEN: Final = "the entitlements are not open: use the object in a 'with' block, or call open() first"
_CLOSED: Final = "the entitlements are closed: the 'with' block ended, or aclose() was called"

Spawn: TypeAlias = Callable[[Callable[[], Coroutine[object, object, None]]], None]
"""A function that runs a coroutine in an event loop without waiting for its end.

The argument is a function that creates the coroutine.
"""


class Refresher:
    """Refreshes the shared snapshot when a refresh is due, and notifies the listeners of one client.

    Args:
        reader: Reads the snapshot.
        environment: The environment of the snapshot.
        clocks: The clocks.
        period: The seconds between two refreshes.
        max_age: The age from which a snapshot is stale, in seconds. ``None`` if no snapshot is stale.
        keeper: Writes the file of the snapshot. ``None`` without a file.
    """

    def __init__(
        self,
        reader: Reader,
        environment: Environment,
        clocks: Clocks,
        *,
        period: float,
        max_age: float | None,
        keeper: FileKeeper | None,
    ) -> None:
        self.listeners: Listeners = Listeners()
        self._caller = reader.caller
        self._reader = reader
        self._environment = environment
        self._period = period
        self._max_age = max_age
        self._keeper = keeper
        self._clocks = clocks
        self._shared: SharedSnapshot | None = None
        self._opening = asyncio.Lock()
        self._is_closed = False
        self._was_stale = False
        self._spawn: Spawn | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._is_lost = False
        """Whether this client can no longer read the service, for example after the client was closed.
        """
        self._revived_at = -math.inf
        """The monotonic time of the last attempt to restart the task in another loop."""
        self._lock = ProcessLock()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """In a forked child, abandon the task of the parent process. The next decision starts another task."""
        leak_on_purpose(self._task, self._starting, self._loop)
        self._task = self._starting = self._loop = None
        self._opening = asyncio.Lock()
        self._revived_at = -math.inf
        if self._keeper is not None:
            self._keeper.after_fork()

    def use_loop_of(self, spawn: Spawn) -> None:
        """Set the function that restarts the task in another event loop, for callers without an event loop."""
        self._spawn = spawn

    @property
    def failure(self) -> FronteggError | None:
        """The error of the last refresh. ``None`` if the last refresh succeeded."""
        shared = self._shared
        return shared.failure if shared is not None and shared.has_outage else None

    def current(self) -> Confirmed:
        """Return the current snapshot. If the refresh task has ended, restart the task.

        Raises:
            ClientClosedError: The client is not open.
        """
        notice_fork()
        shared = self._shared
        current = None if shared is None else shared.current
        if current is None:
            raise ClientClosedError(_CLOSED if self._is_closed else _NOT_OPEN)
        if self._is_gone():
            self._revive()
        return current

    def is_stale(self, current: Confirmed) -> bool:
        """Return whether a snapshot is too old for decisions."""
        return self._clocks.monotonic() >= stale_at(current, self._max_age)

    async def open(self) -> None:
        """Get the first snapshot, and start the refresh task.

        Raises:
            ConfigurationError: The file may not be written.
            ClientClosedError: The client is closed.
            WrongLoopError: The entitlements are being opened in another event loop.
            FronteggError: No snapshot can be read, neither from the service nor from the file.
        """
        loop = running_loop()
        if self._loop is not None and self._loop.is_closed():
            self._opening = asyncio.Lock()
        if self._opening.locked() and loop is not self._loop:
            raise WrongLoopError("the entitlements are being opened in another event loop")
        async with self._opening:
            self._check_not_closed()
            if self._shared is None:
                await self._open()

    async def _open(self) -> None:
        self._loop = running_loop()
        if self._keeper is not None:
            await self._keeper.check()
        shared = SHARED.join(self._environment, self)
        try:
            await self._begin(shared)
            if self._keeper is not None:
                await self._keeper.drain()
            self._check_not_closed()
        except BaseException:
            SHARED.leave(shared, self)
            raise
        self._shared = shared
        self._start(shared)
        self._call_listeners(EntitlementsEventKind.READY, None)
        if shared.has_outage:
            self._call_listeners(EntitlementsEventKind.ERROR, shared.failure)

    async def _begin(self, shared: SharedSnapshot) -> None:
        """Get the first snapshot in a task that `end` can cancel."""
        start = Start(shared, self._reader, self._keeper, self._clocks, period=self._period, max_age=self._max_age)
        task = self._starting = running_loop().create_task(start.run(), name="entitlements: start")
        task.add_done_callback(_retrieve_exception)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await run_to_end(asyncio.wait([task]))
            raise
        if task.cancelled():
            raise ClientClosedError(_CLOSED)
        task.result()

    def _check_not_closed(self) -> None:
        if self._is_closed:
            raise ClientClosedError(_CLOSED)

    def end(self) -> None:
        """Close the client's refresher without waiting. Any thread may call this method. A second call does nothing."""
        self._is_closed = True
        shared, self._shared = self._shared, None
        if shared is not None:
            SHARED.leave(shared, self)
        for task in (self._task, self._starting):
            if task is not None and not task.done():
                with contextlib.suppress(RuntimeError):  # the loop of the task is closed
                    task.get_loop().call_soon_threadsafe(task.cancel)

    def forget(self) -> None:
        """Close the refresher from a finalizer. Take no lock, because the interrupted thread may hold the lock."""
        self._is_closed = True
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self.end)
                return
        except RuntimeError:  # the loop is closed
            pass
        SHARED.forgotten.append(self.end)

    async def close(self) -> None:
        """Close the refresher. Wait for the end of the task and of writes to the file."""
        self.end()
        task = self._task
        if task is not None and task.get_loop() is running_loop():
            await asyncio.wait([task])
        if self._keeper is not None:
            await self._keeper.drain()

    def notify(self, kind: EntitlementsEventKind, error: FronteggError | None) -> None:
        """Call the listeners in the event loop of the task. Any thread may call this method."""
        self._in_loop(lambda: self._call_listeners(kind, error))

    def keep(self, confirmed: Confirmed, body: bytes | None) -> None:
        """Start to write the file in the event loop of the task. Any thread may call this method."""
        keeper = self._keeper
        if keeper is not None:
            self._in_loop(lambda: keeper.keep(confirmed, body))

    def _in_loop(self, callback: Callable[[], None]) -> None:
        loop = self._loop
        if loop is None:
            return
        if loop_runs() and running_loop() is loop:
            callback()
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(callback)

    def _call_listeners(self, kind: EntitlementsEventKind, error: FronteggError | None) -> None:
        current = None if self._shared is None else self._shared.current
        if current is None:
            return
        if kind is EntitlementsEventKind.RECOVERED:
            self._was_stale = False
        age = self._clocks.monotonic() - current.at
        event = EntitlementsEvent(kind, age, None if error is None else error.fresh())
        self.listeners.call(event)

    def _start(self, shared: SharedSnapshot) -> None:
        """Start the task in the running event loop. Its context is empty, because the task works for all callers."""
        self._loop = running_loop()
        self._is_lost = False
        context = contextvars.Context()
        self._task = self._loop.create_task(self._run(shared), name="entitlements: refresh", context=context)

    def _revive(self) -> None:
        """Restart the task if an event loop can run it.

        This is necessary in a forked child, and after the event loop of the task was closed.
        """
        if self._spawn is None:
            if loop_runs():
                self._restart()
            return
        now = self._clocks.monotonic()
        with self._lock.of_process():
            if now < self._revived_at + _AGAIN:
                return  # another call has just asked the loop to start the task
            self._revived_at = now
        try:
            self._spawn(self._restart_in_loop)
        except FronteggError as error:  # the interpreter exits, or no thread can be started
            log_failure(error)

    async def _restart_in_loop(self) -> None:
        self._restart()

    def _restart(self) -> None:
        with self._lock.of_process():
            shared = self._shared
            if shared is None or not self._is_gone():
                return
            shared.join(self)
            self._start(shared)
        if self._is_closed:
            self.end()

    def _is_gone(self) -> bool:
        """Return whether this client has no running refresh task."""
        task, loop = self._task, self._loop
        return task is None or loop is None or task.done() or loop.is_closed()

    async def _run(self, shared: SharedSnapshot) -> None:
        now = self._clocks.monotonic
        period = self._draw_period()
        while True:
            await self._pause(min(self._due(shared, period), self._next_staleness(shared)) - now(), shared)
            self._notice_staleness(shared)
            if self._keeper is not None and self._keeper.is_missing:
                shared.is_whole_wanted = True
            if now() < self._due(shared, period):
                continue
            turn = shared.take_turn(running_loop(), now(), now() + 2 * _LONGEST + PARSING)
            if turn is None:
                await self._pause(_AGAIN, shared)
                continue
            period = self._draw_period()
            with self._noticing_staleness(shared):
                await self._take(shared, turn)

    def _draw_period(self) -> float:
        return self._period * (1 + _JITTER * (2 * self._clocks.rng() - 1))

    def _due(self, shared: SharedSnapshot, period: float) -> float:
        return math.inf if self._is_lost else shared.attempted_at + period

    def _next_staleness(self, shared: SharedSnapshot) -> float:
        current = shared.current
        return math.inf if current is None or self._was_stale else stale_at(current, self._max_age)

    async def _pause(self, seconds: float, shared: SharedSnapshot) -> None:
        seconds = min(max(0.0, seconds), self._period)
        if self._is_lost:
            await asyncio.sleep(seconds)
            return
        try:
            await self._caller.pause(seconds)
        except ClientClosedError as error:
            self._lose(shared, error)

    def _lose(self, shared: SharedSnapshot, error: FronteggError) -> None:
        self._is_lost = True
        shared.lose(self, error)

    def _notice_staleness(self, shared: SharedSnapshot) -> None:
        current = shared.current
        is_stale = current is not None and self.is_stale(current)
        if is_stale is self._was_stale:
            return
        self._was_stale = is_stale
        kind = EntitlementsEventKind.STALE if is_stale else EntitlementsEventKind.RECOVERED
        self._call_listeners(kind, shared.failure)

    @contextlib.contextmanager
    def _noticing_staleness(self, shared: SharedSnapshot) -> Generator[None]:
        """Notify the listeners if the snapshot becomes stale during the block, which may contain a long request."""
        left = self._next_staleness(shared) - self._clocks.monotonic()
        timer = None if left == math.inf else running_loop().call_later(left + _TICK, self._notice_staleness, shared)
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()

    async def _take(self, shared: SharedSnapshot, turn: Turn) -> None:
        """Make one attempt to refresh the snapshot."""
        limit = self._caller.options_for(None).deadline
        options = Options(max_retries=0, deadline=_LONGEST if limit is None else min(limit, _LONGEST))
        try:
            await refresh(shared, turn, self._reader, options, self._clocks)
        except OF_CLIENT as error:
            self._lose(shared, error)
        except FronteggError as error:
            shared.fail(turn, error)
        except Exception as error:  # noqa: BLE001 - a defect must not end the task silently
            shared.fail(turn, FronteggError(f"the refresh of the entitlements failed: {type(error).__name__}"))
        finally:
            shared.give_back(turn)


def _retrieve_exception(task: asyncio.Task[None]) -> None:
    """Retrieve the exception of a task that nobody awaits, so that asyncio does not log it."""
    if not task.cancelled():
        task.exception()
