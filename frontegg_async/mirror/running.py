"""The tasks of a running mirror: read marked accounts, follow the audit log, and check on a schedule."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

import attrs

from frontegg_async._values.wrong_statements import OnlyAsyncWith
from frontegg_async.errors import APIError, MirrorError
from frontegg_async.mirror.health import health_of
from frontegg_async.mirror.health_board import BOARD
from frontegg_async.mirror.reading import batched
from frontegg_async.mirror.state import State
from frontegg_async.mirror.worker import BATCH, Worker
from frontegg_async.resources.audits import AsyncAudits

logger: Final = logging.getLogger("frontegg_async.mirror")
logger.addHandler(logging.NullHandler())

_MOST_PAUSE: Final = 60.0
_LOOK: Final = 30.0
"""The seconds between two reads of the schedule, of the audit log, and of the health."""
_LEASE: Final = timedelta(hours=2)
"""The time for which a process claims a scheduled check."""
_AGAIN: Final = timedelta(minutes=5)
"""The pause after a check that found differences or failed."""
_AUDIT_ROWS: Final = 2_000
_NO_AUDITS: Final = frozenset({402, 403, 404})
"""The HTTP statuses that mean that the environment has no audit log, or that the credential may not read it."""


@attrs.frozen(eq=False)
class Running:
    """The tasks of a mirror."""

    worker: Worker
    audits: AsyncAudits
    check_every: timedelta
    check: Callable[[], Awaitable[bool]]
    """Fills or checks the mirror, and returns whether it is equal to the service."""
    _tasks: list[asyncio.Task[None]] = attrs.field(factory=list[asyncio.Task[None]], init=False)

    @property
    def _state(self) -> State:
        return self.worker.dirty.state

    def start(self) -> None:
        """Start the tasks."""
        steps = {"worker": self.worker.run, "audit log": self._follow_audits, "schedule": self._keep_schedule}
        for name, step in steps.items():
            self._tasks.append(asyncio.create_task(_forever(name, step), name=f"mirror: {name}"))
        self._tasks.append(asyncio.create_task(self._show_health(), name="mirror: health"))

    async def end(self) -> None:
        """End the tasks, and wait until they have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow_audits(self) -> None:
        """Mark the accounts in new rows of the audit log. So the effect of a lost event lasts only some seconds."""
        database = self._state.database
        async with database.reading() as connection:
            cursor = (await self._state.get(connection)).audit_cursor
        tail = self.audits.tail(cursor=cursor)
        while True:
            try:
                rows = await tail.new(limit=_AUDIT_ROWS)
            except APIError as error:
                if error.status not in _NO_AUDITS:
                    raise
                logger.info("mirror: there is no audit log to follow (status %s)", error.status)
                return
            # Use short transactions, so that no event waits long for a row that this transaction marks.
            for ids in batched(sorted({row.tenant_id for row in rows if row.tenant_id}), BATCH):
                async with database.writing() as connection:
                    await self.worker.dirty.mark(connection, ids, is_announced=False)
            async with database.writing() as connection:
                await self._state.keep_cursor(connection, tail.cursor)
            if len(rows) < _AUDIT_ROWS:
                await asyncio.sleep(_LOOK)

    async def _keep_schedule(self) -> None:
        while True:
            if await self._state.claim_schedule(_LEASE, max(_LEASE, self.check_every)):
                following = _AGAIN
                try:
                    if await self.check():
                        following = self.check_every
                finally:
                    await self._state.schedule(following)
            await asyncio.sleep(_LOOK)

    async def _show_health(self) -> None:
        """Store the health for telemetry. If the health cannot be read, the last known health stays."""
        try:
            await _forever("reading of the health", self._read_health)
        finally:
            BOARD.remove(self)

    async def _read_health(self) -> None:
        dirty = self.worker.dirty
        while True:
            if BOARD.is_wanted:
                BOARD.show(self, dirty.environment_id, await health_of(dirty))
            await asyncio.sleep(_LOOK)


class AsyncMirrorRun(OnlyAsyncWith):
    """A context manager that keeps a mirror up to date. Use each object only once, in ``async with``.

    Args:
        tasks: Returns the context manager of the tasks.
    """

    def __init__(self, tasks: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._context = tasks()

    async def __aenter__(self) -> Self:
        """Start the tasks.

        Raises:
            MirrorError: The tables of the mirror do not exist, or the database failed.
            FronteggError: The id of the environment could not be read.
        """
        await self._context.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the tasks, and wait until they have ended."""
        await self._context.__aexit__(kind, error, traceback)


async def _forever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Run a step. After each failure, run the step again after a pause, which grows with each failure."""
    loop, pause = asyncio.get_running_loop(), 1.0
    while True:
        began = loop.time()
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - a task that ends silently would leave the mirror outdated
            reason = str(error) if isinstance(error, MirrorError) else type(error).__name__
            logger.warning("mirror: the %s failed, and starts again in %.0f s: %s", name, pause, reason)
        else:
            return
        await asyncio.sleep(pause)
        pause = 1.0 if loop.time() - began > 2 * _MOST_PAUSE else min(2 * pause, _MOST_PAUSE)
