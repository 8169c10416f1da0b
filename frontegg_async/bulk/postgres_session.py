"""Transactions in PostgreSQL on one connection. If the connection is lost, a new connection replaces it."""

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
"""The longest pause in seconds between two attempts to reach a server. The pauses grow."""


_NOT_READY: Final = "the database system is "
"""The error text of a server that starts or stops (57P03). libpq passes only the text on, not the code."""


class _LostError(Exception):
    """The connection was lost, and the transaction may have been committed."""


@contextlib.contextmanager
def explained(name: str, *, is_begun: bool = False) -> Generator[None]:
    """Convert errors of psycopg, and errors from damaged values, into errors of this library.

    Args:
        name: The address of the ledger.
        is_begun: Whether rows may have been sent. Otherwise the caller may have named the wrong ledger.
    """
    refusal = LedgerError if is_begun else UnusableLedgerError
    try:
        yield
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        failure = refusal(f"there is no ledger {name}: begin the job with create() or another operation")
    except psycopg.errors.UndefinedColumn:
        failure = refusal(f"{name} is not a ledger: its tables are those of another program")
    except UnusableLedgerError as error:
        failure = refusal(error.message)
    except FronteggError:
        raise
    except psycopg.Error as error:
        failure = LedgerError(f"the ledger {name} cannot be used: {' '.join(str(error).split())}")
    except (ValueError, TypeError, LookupError):  # another program edited the values
        failure = refusal(f"the ledger {name} is damaged: its tables were edited, or are incomplete")
    else:
        return
    raise failure


class PostgresSession:
    """Runs the transactions of one process, one at a time.

    Args:
        address: The address of the ledger.
        clock: The monotonic clock.
        sleep: Waits for a number of seconds.
    """

    def __init__(
        self,
        address: PostgresAddress,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.address = address
        self.patience: float = 60.0
        """The seconds for which a session waits for an unreachable server, which may be restarting."""
        self.greet: Callable[[Connection], object] = lambda _: None
        """Called with each new connection. It takes the locks that a lost connection no longer holds."""
        self.losses: int = 0
        """The number of times that the connection was lost. The transaction of that moment may have been committed."""
        self.is_begun: bool = False
        """Whether the ledger existed, so that rows may have been sent."""
        self._clock = clock
        self._sleep = sleep
        self._calls = threading.Lock()
        self._connection: Connection | None = None

    async def run(
        self, step: Callable[[Connection], T], *, is_repeatable: bool = True, is_interrupted: bool = False
    ) -> T:
        """Run a step in a transaction. It runs in a thread, since a commit waits for the disk.

        Args:
            step: Called with the connection.
            is_repeatable: Whether the step may run twice. If so, the step is repeated after a lost connection.
            is_interrupted: Whether the server must abort the step if the caller is cancelled.

        Raises:
            LedgerError: The server cannot be reached for ``patience`` seconds, or refuses a statement.
            UnusableLedgerError: The ledger does not exist, and this session never found it.
        """
        try:
            return await self._run(step, is_repeatable=is_repeatable)
        except asyncio.CancelledError:
            if is_interrupted and self._connection is not None:
                # Use another thread, since the call waits for the server.
                threading.Thread(target=_interrupt, args=(self._connection,), daemon=True).start()
            raise

    async def reach(self) -> None:
        """Connect to the server. Wait while the server reports that it starts or stops; raise any other failure.

        Raises:
            LedgerError: The server cannot be reached, or is not ready in time.
        """
        began, wait, is_known = self._clock(), _FIRST_WAIT, False
        while True:
            try:
                return await run_in_thread(self._reach)
            except psycopg.Error as error:
                # After this report, a restarting server may not listen at all for a moment.
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
        # A cancelled caller does not wait for its thread. The lock makes the next call wait for this thread.
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
                # The server ends a session a moment after the client, so release the locks now.
                self._connection.execute("SELECT pg_advisory_unlock_all()")


def _interrupt(connection: Connection) -> None:
    with contextlib.suppress(psycopg.Error):
        connection.cancel()
