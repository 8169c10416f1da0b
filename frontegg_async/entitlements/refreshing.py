"""`Refresher`: how an open client takes part in refreshing the shared snapshot, and learns what happens to it."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import math
from collections.abc import Callable, Coroutine, Iterator
from typing import Final, TypeAlias

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.observers import log_failure
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.forks import ProcessLock, notice_fork, renew_after_fork
from frontegg_async._core.runtime.leaked_on_purpose import leak_on_purpose
from frontegg_async._core.runtime.loops import loop_runs, running_loop
from frontegg_async.entitlements.events import EntitlementsEvent, EntitlementsEventKind
from frontegg_async.entitlements.file_keeper import FileKeeper
from frontegg_async.entitlements.reading import Reader
from frontegg_async.entitlements.shared import SHARED, Confirmed, Environment, SharedSnapshot, Turn
from frontegg_async.entitlements.stale_file import UnusableFileError
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    ErrorDetails,
    FronteggError,
    NotFoundError,
    PermissionDeniedError,
    RequestTimeoutError,
    WrongLoopError,
)
from frontegg_async.options import Options

_LONGEST: Final = 60.0
"""The longest time of a request of a refresh, in seconds, and of parsing its response."""
_JITTER: Final = 0.1
_TICK: Final = 0.01
"""Seconds by which timers may be early."""
_AGAIN: Final = 1.0
"""Seconds until a client looks again that found the turn taken."""
_OF_CLIENT: Final = (ClientClosedError, WrongLoopError)
"""Failures of one client, which say nothing about the service."""
_DEFINITE: Final = (AuthenticationError, PermissionDeniedError, NotFoundError, ConfigurationError, *_OF_CLIENT)
"""Failures at the start for which no file makes up: the service, or the client, refused."""
_NOT_OPEN: Final = "the entitlements are not open: use them in a 'with' block, or call open() first"
_CLOSED: Final = "the entitlements are closed, as they are at the end of their 'with' block or of a blocking client"

Listener: TypeAlias = Callable[[EntitlementsEvent], None]
Spawn: TypeAlias = Callable[[Callable[[], Coroutine[object, object, None]]], None]
"""Runs a coroutine, which a function creates, in a loop, without waiting for it."""


class Refresher:
    """Refreshes the shared snapshot whenever that is due, and tells listeners what happens.

    Args:
        caller: Makes the calls.
        reader: Reads the snapshot.
        environment: The environment.
        clocks: The time.
        period: Seconds between two refreshes.
        max_age: The age at which a snapshot is stale; ``None`` for none.
        keeper: Keeps the file, if there is one.
    """

    def __init__(
        self,
        caller: Caller,
        reader: Reader,
        environment: Environment,
        clocks: Clocks,
        *,
        period: float,
        max_age: float | None,
        keeper: FileKeeper | None,
    ) -> None:
        self.listeners: tuple[Listener, ...] = ()
        self._caller = caller
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
        self._is_lost = False
        """Whether the client cannot read the service any more."""
        self._is_reviving = False
        self._lock = ProcessLock()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """Abandon the task of the parent in a forked child, where the next decision begins another."""
        leak_on_purpose(self._task, self._loop)
        self._task = self._loop = None
        self._opening = asyncio.Lock()
        self._is_reviving = False
        if self._keeper is not None:
            self._keeper.after_fork()

    def use_loop_of(self, spawn: Spawn) -> None:
        """Begin the task by a function wherever no loop of its own runs."""
        self._spawn = spawn

    def add_listener(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; return a function that removes it."""
        own = functools.partial(listener)  # one listener may be added twice

        def remove() -> None:
            with self._lock.of_process():
                self.listeners = tuple(each for each in self.listeners if each is not own)

        with self._lock.of_process():
            self.listeners = (*self.listeners, own)
        return remove

    @property
    def failure(self) -> FronteggError | None:
        """Why the snapshot cannot be refreshed; ``None`` if it can."""
        shared = self._shared
        return shared.failure if shared is not None and shared.has_outage else None

    def current(self) -> Confirmed:
        """Return the present snapshot; begin the task again if it is gone.

        Raises:
            ClientClosedError: The client is not open.
        """
        notice_fork()
        shared = self._shared
        current = None if shared is None else shared.current
        if current is None:
            raise ClientClosedError(_CLOSED if self._is_closed else _NOT_OPEN)
        task, loop = self._task, self._loop
        if task is None or loop is None or task.done() or loop.is_closed():
            self._revive()
        return current

    def is_stale(self, current: Confirmed) -> bool:
        """Return whether a snapshot is too old."""
        return self._clocks.monotonic() >= self._stale_at(current.at)

    def _stale_at(self, confirmed_at: float) -> float:
        """Return when a snapshot becomes too old."""
        return math.inf if self._max_age is None else confirmed_at + self._max_age

    async def open(self) -> None:
        """Get a first snapshot, and begin the task.

        Raises:
            ConfigurationError: The file must not be written.
            ClientClosedError: The client is closed.
            WrongLoopError: It is being opened in another event loop.
            FronteggError: There is no snapshot.
        """
        loop = running_loop()
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

    def _check_not_closed(self) -> None:
        if self._is_closed:
            raise ClientClosedError(_CLOSED)

    def end(self) -> None:
        """Close without waiting. Any thread may call this, and twice does nothing."""
        self._is_closed = True
        shared, self._shared = self._shared, None
        if shared is not None:
            SHARED.leave(shared, self)
        task = self._task
        if task is not None and not task.done():
            with contextlib.suppress(RuntimeError):  # its loop is closed
                task.get_loop().call_soon_threadsafe(task.cancel)

    async def close(self) -> None:
        """Close, and wait until nothing is under way."""
        self.end()
        task = self._task
        if task is not None and task.get_loop() is running_loop():
            await asyncio.wait([task])
        if self._keeper is not None:
            await self._keeper.drain()

    def notify(self, kind: EntitlementsEventKind, error: FronteggError | None) -> None:
        """Call the listeners in the loop of the task. Any thread may call this."""
        self._in_loop(lambda: self._call_listeners(kind, error))

    def keep(self, confirmed: Confirmed, body: bytes | None) -> None:
        """Have the file written in the loop of the task. Any thread may call this."""
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
        with contextlib.suppress(RuntimeError):  # it is closed
            loop.call_soon_threadsafe(callback)

    def _call_listeners(self, kind: EntitlementsEventKind, error: FronteggError | None) -> None:
        current = None if self._shared is None else self._shared.current
        if current is None:
            return
        if kind is EntitlementsEventKind.RECOVERED:
            self._was_stale = False
        age = self._clocks.monotonic() - current.at
        event = EntitlementsEvent(kind, age, None if error is None else error.fresh())
        for listener in self.listeners:
            try:
                listener(event)
            except (Exception, asyncio.CancelledError, GeneratorExit) as failure:  # noqa: BLE001 - it must not end the task
                log_failure(failure)

    async def _begin(self, shared: SharedSnapshot) -> None:
        """Wait until there is a snapshot that is up to date, or the last one if the service cannot be read."""
        now = self._clocks.monotonic
        limit = self._caller.options_for(None).deadline
        until = math.inf if limit is None else now() + limit
        is_of_others = shared.current is not None
        while not self._is_usable(shared):
            left = until - now()
            if left <= 0:
                raise RequestTimeoutError(
                    "the deadline passed before there was a snapshot of entitlements", ErrorDetails(reason="deadline")
                )
            turn = shared.take_turn(running_loop(), now(), until + _LONGEST)
            if turn is None:
                is_of_others = True
                await shared.wait_for_turn(None if left == math.inf else left)
                continue
            try:
                await self._read_first(shared, turn, Options() if left == math.inf else Options(deadline=left))
            finally:
                shared.give_back(turn)
        if is_of_others and self._keeper is not None:
            shared.is_whole_wanted = True

    def _is_usable(self, shared: SharedSnapshot) -> bool:
        """Return whether there is a snapshot that need not be read now: others refresh it, or cannot."""
        current = shared.current
        if current is None:
            return False
        return shared.has_outage or self._clocks.monotonic() - current.at <= 2 * self._period

    async def _read_first(self, shared: SharedSnapshot, turn: Turn, options: Options) -> None:
        """Read the snapshot, or use that of the file if the service cannot be read."""
        try:
            await self._refresh(shared, turn, options)
        except FronteggError as error:
            failure = error.fresh()
        else:
            return
        if shared.current is not None and not isinstance(failure, _DEFINITE):
            shared.fail(turn, failure)
            return
        if self._keeper is not None and not isinstance(failure, _DEFINITE):
            try:
                read, at = await self._keeper.read(self._reader.re2)
            except UnusableFileError as error:
                failure.add_note(f"stale_file was not used: {error}")
            else:
                if self._clocks.monotonic() < self._stale_at(at):
                    shared.start_with(turn, read, at, failure)
                    return
                failure.add_note("stale_file was not used: its snapshot is older than max_age, or of unknown age")
        raise failure

    def _start(self, shared: SharedSnapshot) -> None:
        """Begin the task in the running loop, in an empty context: it works for more than the caller."""
        self._loop = running_loop()
        self._is_lost = False
        context = contextvars.Context()
        self._task = self._loop.create_task(self._run(shared), name="entitlements: refresh", context=context)

    def _revive(self) -> None:
        """Begin the task again, in a forked child or after the end of its loop, if there is a loop to run it."""
        with self._lock.of_process():
            if self._is_reviving:
                return
            self._is_reviving = True
        try:
            if self._spawn is not None:
                self._spawn(self._revived)
                return
            if loop_runs():
                self._restart()
        except FronteggError as error:  # the interpreter exits, or no thread can be started
            log_failure(error)
        self._is_reviving = False

    async def _revived(self) -> None:
        try:
            self._restart()
        finally:
            self._is_reviving = False

    def _restart(self) -> None:
        shared = self._shared
        if shared is not None:
            shared.join(self)
            self._start(shared)
            if self._is_closed:
                self.end()

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
            turn = shared.take_turn(running_loop(), now(), now() + 3 * _LONGEST)
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
        return math.inf if current is None or self._was_stale else self._stale_at(current.at)

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
    def _noticing_staleness(self, shared: SharedSnapshot) -> Iterator[None]:
        """Tell listeners of a snapshot that becomes stale while the service is asked, which can take long."""
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
            await self._refresh(shared, turn, options)
        except _OF_CLIENT as error:
            self._lose(shared, error)
        except FronteggError as error:
            shared.fail(turn, error)
        except Exception as error:  # noqa: BLE001 - a defect must not end the task silently
            shared.fail(turn, FronteggError(f"the refresh of the entitlements failed: {type(error).__name__}"))
        finally:
            shared.give_back(turn)

    async def _refresh(self, shared: SharedSnapshot, turn: Turn, options: Options) -> None:
        """Read the offset, and the snapshot if that differs."""
        asked_at, current = self._clocks.monotonic(), shared.current
        if current is not None and not current.is_of_file and not shared.is_whole_wanted:
            if await self._reader.offset(options) == current.snapshot.offset:
                shared.confirm(turn, asked_at)
                return
            asked_at = self._clocks.monotonic()
        shared.replace(turn, await self._reader.whole(options), asked_at)
