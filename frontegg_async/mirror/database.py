"""`Database`: the database of a mirror: its connections, its tables, and the counter that numbers reads."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

import attrs
from sqlalchemy import URL, Connection, event, select, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from frontegg_async._core.runtime.forks import notice_fork, renew_after_fork
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.errors import MirrorError
from frontegg_async.mirror.connections import MirrorConnection
from frontegg_async.mirror.tables import SCHEMA, Tables, tables_of

_READS: Final = "frontegg_mirror_reads"
_CONNECT: Final[Mapping[str, object]] = {
    "application_name": "frontegg-mirror",
    "client_encoding": "UTF8",
    "connect_timeout": 10,
}
_CACHE_KIB: Final = 8_000
"""The page cache of SQLite, in KiB.

The cache is large, because a refresh writes to the index of parents in random order.
"""
_CHECKPOINT_PAGES: Final = 4_000
"""The number of pages in the write-ahead log after which SQLite copies the log to the file.

With a larger number, a page that is written repeatedly is copied less often.
"""
_BUSY_MS: Final = 30_000
"""The longest wait of a SQLite transaction for another transaction, in milliseconds."""


@attrs.frozen(eq=False)
class Database:
    """The database of a mirror."""

    engine: AsyncEngine
    tables: Tables

    @classmethod
    def of(cls, url: URL) -> Database:
        """Return the database at an address. The first use of the result connects to the database."""
        # The values of rows are personal data. Keep them out of errors and logs.
        is_sqlite = url.get_backend_name() == "sqlite"
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=not is_sqlite,
            connect_args={} if is_sqlite else {name: each for name, each in _CONNECT.items() if name not in url.query},
        )
        event.listen(engine.sync_engine, "connect", _set_up_sqlite if is_sqlite else _set_up_postgres)
        if is_sqlite:
            event.listen(engine.sync_engine, "begin", _begin)
        database = cls(engine, tables_of(url.get_backend_name()))
        renew_after_fork(database)
        return database

    def after_fork(self) -> None:
        """In a forked child, discard the connections without closing them, because they belong to the parent."""
        self.engine.sync_engine.dispose(close=False)

    @property
    def is_postgres(self) -> bool:
        """Whether the database is PostgreSQL. Otherwise the database is SQLite."""
        return self.engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[MirrorConnection]:
        """Open a connection with a transaction. Commit the transaction at the end.

        Raises:
            MirrorError: The database failed.
        """
        async with self._opened(self.engine) as connection:
            yield connection
            await connection.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[MirrorConnection]:
        """Open a connection that only reads. Other transactions can write meanwhile.

        Raises:
            MirrorError: The database failed.
        """
        async with self._opened(self.engine.execution_options(**{_READS: True})) as connection:
            yield connection

    @asynccontextmanager
    async def _opened(self, engine: AsyncEngine) -> AsyncGenerator[MirrorConnection]:
        notice_fork()
        connection = MirrorConnection(engine.connect())
        with _translated():
            try:
                await connection.start()
                yield connection
            finally:
                await connection.close()

    async def now(self, connection: MirrorConnection) -> datetime:
        """Return the time of the database. All processes that use the database share this clock."""
        if not self.is_postgres:
            return datetime.now(UTC)
        return cast("datetime", (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one())

    @property
    def last_number(self) -> str:
        """The SQL expression for the last drawn number. PostgreSQL evaluates the expression for each row."""
        numbers = self.tables.numbers
        if self.is_postgres:
            return f"coalesce(pg_sequence_last_value('{SCHEMA}.{numbers.name}'), 0)"
        return f"(SELECT value FROM {numbers.name})"  # noqa: S608 - a name of our own

    async def draw_number(self) -> int:
        """Draw the number for a read that begins now. The number is larger than all earlier numbers.

        Raises:
            MirrorError: The database failed.
        """
        numbers = self.tables.numbers
        async with self.writing() as connection:
            if self.is_postgres:
                drawn = await connection.execute(text(f"SELECT nextval('{SCHEMA}.{numbers.name}')"))
            else:
                drawn = await connection.execute(
                    update(numbers).values(value=numbers.c.value + 1).returning(numbers.c.value)
                )
            return cast("int", drawn.scalar_one())

    async def require_tables(self) -> None:
        """Check that the tables exist.

        Raises:
            MirrorError: The tables do not exist, or the database failed.
        """
        file = None if self.is_postgres else self.engine.url.database
        if file is not None and not await run_in_thread(Path(file).exists):  # connecting would create the file
            raise MirrorError("the SQLite file of the mirror does not exist; upgrade() creates it")
        async with self.reading() as connection:
            accounts = self.tables.accounts
            if not await connection.run(lambda sync: sync.dialect.has_table(sync, accounts.name, accounts.schema)):
                raise MirrorError("the database has no tables of a mirror; upgrade() creates them")
            await connection.execute(select(self.tables.state.c.environment_id).limit(1))

    async def close(self) -> None:
        """Close the connections."""
        await self.engine.dispose()


class RefusedRowError(MirrorError):
    """The database refused the values of a row, for example because an index cannot compute its expression."""


class _translated:  # noqa: N801 - used as a statement, like contextlib.suppress
    """A context manager that converts errors of the database to `MirrorError`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, SQLAlchemyError | OSError):
            failure = RefusedRowError if isinstance(error, DataError | IntegrityError) else MirrorError
            raise failure(f"the database of the mirror failed: {_reason(error)}") from None


def _reason(error: SQLAlchemyError | OSError) -> str:
    """Return the reason for a database error. The text contains no values of rows."""
    if isinstance(error, OperationalError):
        return str(error.orig).strip().partition("\n")[0]
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return type(error.orig).__name__ + (f" (SQLSTATE {state})" if state else "")
    return str(error) if isinstance(error, OSError) else type(error).__name__


def _set_up_postgres(connection: DBAPIConnection, record: object) -> None:
    """Prepare a connection to PostgreSQL. psycopg can parse times only in the style ISO."""
    del record
    cursor = connection.cursor()
    cursor.execute("SET DateStyle = ISO")
    cursor.close()
    connection.commit()


def _set_up_sqlite(connection: DBAPIConnection, record: object) -> None:
    """Prepare a connection to SQLite. `_begin` starts its transactions."""
    del record
    setattr(connection, "isolation_level", None)  # noqa: B010 - SQLAlchemy does not declare it
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    with suppress(sqlite3.OperationalError):  # another connection has locked the file, and sets the mode
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    cursor.execute(
        "PRAGMA synchronous = NORMAL"
    )  # a crash of the machine may lose the last writes, and the mirror then reads these accounts again
    cursor.close()


def _begin(connection: Connection) -> None:
    # Take the write lock at the beginning, because SQLite cannot wait for the lock later in a transaction.
    is_reading = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")
