"""Transactions in PostgreSQL, on one connection that is made anew when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Final, TypeAlias, TypeVar

import psycopg

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.errors import FronteggError, LedgerError, UnusableLedgerError

T = TypeVar("T")

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

_FIRST_WAIT: Final = 0.05
_LONGEST_WAIT: Final = 1.5
"""The seconds between attempts to reach a server that is gone, which grow."""


_NOT_READY: Final = "the database system is "
"""How a server that starts or ends refuses a connection (57P03): libpq gives its text only, in its language."""


class _LostError(Exception):
    """The connection was lost; the transaction may have been committed."""


@contextlib.contextmanager
def explained(name: str, *, is_begun: bool = False) -> Generator[None]:
    """Raise the errors of psycopg, and those of damaged values, as errors of ours.

    Args:
        name: The address of the ledger.
        is_begun: Whether rows may have been sent; otherwise the caller may have named a wrong ledger.
    """
    refusal = LedgerError if is_begun else UnusableLedgerError
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        failure = refusal(f"there is no ledger {name}: begin the job with create() or another operation")
    except psycopg.errors.UndefinedColumn:
        failure = refusal(f"{name} is no ledger: its tables are those of another program")
    except UnusableLedgerError as error:
        failure = refusal(error.message)
    except FronteggError:
        raise
    except psycopg.Error as error:
        failure = LedgerError(f"the ledger {name} cannot be used: {' '.join(str(error).split())}")
    except (ValueError, TypeError, LookupError):  # values that were edited
        failure = refusal(f"the ledger {name} is damaged: its tables were edited, or are not whole")
    else:
        return
    raise failure


class PostgresSession:
    """Transactions of one process, one after the other.

    Args:
        address: The address of the ledger.
        clock: The monotonic clock.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        address: PostgresAddress,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.address = address
        self.patience: float = 60.0
        """The seconds for which a server that is gone is awaited: it may be restarted."""
        self.greet: Callable[[Connection], object] = lambda _: None
        """Called with each new connection: locks that last as long as a connection are taken again."""
        self.losses: int = 0
        """How often the connection was lost: the transaction of that moment may have been committed."""
        self.is_begun: bool = False
        """Whether there was a ledger, so that rows may have been sent."""
        self._clock = clock
        self._sleep = sleep
        self._calls = threading.Lock()
        self._connection: Connection | None = None

    async def run(
        self, step: Callable[[Connection], T], *, is_repeatable: bool = True, is_interrupted: bool = False
    ) -> T:
        """Run a step in a transaction, in a thread: a commit waits for the disk.

        Args:
            step: Is given the connection.
            is_repeatable: Whether the step may be done twice, so that it is repeated when the connection is lost.
            is_interrupted: Whether the server is told to give the step up when its caller is cancelled.

        Raises:
            LedgerError: The server cannot be reached for that long, or refuses a statement.
            UnusableLedgerError: There is no ledger, and none was before.
        """
        try:
            return await self._run(step, is_repeatable=is_repeatable)
        except asyncio.CancelledError:
            if is_interrupted and self._connection is not None:
                # Not in this thread, which would wait for the server.
                threading.Thread(target=_interrupt, args=(self._connection,), daemon=True).start()
            raise

    async def reach(self) -> None:
        """Connect. Wait for a server that says that it starts or ends; raise any other failure.

        Raises:
            LedgerError: The server cannot be reached, or is not ready in time.
        """
        began, wait, is_known = self._clock(), _FIRST_WAIT, False
        while True:
            try:
                return await run_in_thread(self._reach)
            except psycopg.Error as error:
                # After a server has said so, there may be no server for a moment.
                is_known = is_known or _NOT_READY in str(error)
                if not is_known or self._clock() - began >= self.patience:
                    with explained(self.address.name):
                        raise
            await self._sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _reach(self) -> None:
        with self._calls:
            if self._connection is None or self._connection.closed:
                self._connection = self._connect()

    async def _run(self, step: Callable[[Connection], T], *, is_repeatable: bool) -> T:
        began, wait = self._clock(), _FIRST_WAIT
        while is_repeatable and self._clock() - began < self.patience:
            try:
                return await run_in_thread(self._transact, step, is_last=False)
            except _LostError:
                self.losses += 1
            await self._sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        return await run_in_thread(self._transact, step, is_last=True)

    def _transact(self, step: Callable[[Connection], T], *, is_last: bool) -> T:
        # A cancelled caller does not wait for its thread, so the next call waits for the lock.
        with self._calls, explained(self.address.name, is_begun=self.is_begun):
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = self._connect()
                with self._connection.transaction():
                    return step(self._connection)
            except psycopg.Error as error:
                is_gone = self._connection is None or self._connection.closed
                if is_last or not (is_gone or isinstance(error, psycopg.errors.DeadlockDetected)):
                    raise
        raise _LostError

    def _connect(self) -> Connection:
        connection = psycopg.connect(self.address.conninfo, autocommit=True)
        try:
            self.greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    async def close(self) -> None:
        """Close the connection."""
        await asyncio.shield(run_in_thread(self._close))

    def _close(self) -> None:
        with self._calls:
            if self._connection is None or self._connection.closed:
                return
            with self._connection, contextlib.suppress(psycopg.Error):
                # A server ends a session a moment after its client has gone.
                self._connection.execute("SELECT pg_advisory_unlock_all()")


def _interrupt(connection: Connection) -> None:
    with contextlib.suppress(psycopg.Error):
        connection.cancel()
