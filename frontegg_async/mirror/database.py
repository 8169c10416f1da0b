"""The database of a mirror: its connections, its tables and the counter of reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

import attrs
from sqlalchemy import URL, Connection, event, select, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from frontegg_async._core.runtime.forks import notice_fork, renew_after_fork
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async.errors import MirrorError
from frontegg_async.mirror.tables import SCHEMA, Tables, tables_of

_READS: Final = "frontegg_mirror_reads"
_CONNECT: Final[Mapping[str, object]] = {"application_name": "frontegg-mirror", "connect_timeout": 10}
_BUSY_MS: Final = 30_000
"""How long a transaction of SQLite waits for another."""


@attrs.frozen(eq=False)
class Database:
    """The database of a mirror."""

    engine: AsyncEngine
    tables: Tables
    _users: dict[asyncio.Task[object], asyncio.Event] = attrs.field(
        factory=dict[asyncio.Task[object], asyncio.Event], init=False
    )
    """The tasks that use a connection; the event of each is set when it no longer does."""

    @classmethod
    def of(cls, url: URL) -> Database:
        """Return the database at an address; nothing is connected before it is used."""
        # Values of rows, which are personal data, stay out of errors and logs.
        is_sqlite = url.get_backend_name() == "sqlite"
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={} if is_sqlite else {name: each for name, each in _CONNECT.items() if name not in url.query},
        )
        if is_sqlite:
            event.listen(engine.sync_engine, "connect", _set_up)
            event.listen(engine.sync_engine, "begin", _begin)
        database = cls(engine, tables_of(url.get_backend_name()))
        renew_after_fork(database)
        return database

    def after_fork(self) -> None:
        """Leave the connections to the parent process."""
        self.engine.sync_engine.dispose(close=False)

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL, and not SQLite."""
        return self.engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Return a connection with a transaction, which is committed at the end.

        Raises:
            MirrorError: The database failed.
        """
        notice_fork()
        with self._in_use(), _translated():
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Return a connection that only reads; writers do not wait for it.

        Raises:
            MirrorError: The database failed.
        """
        notice_fork()
        with self._in_use(), _translated():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(**{_READS: True})

    @contextmanager
    def _in_use(self) -> Generator[None]:
        task = asyncio.current_task()
        if task is None or task in self._users:
            yield
            return
        ended = self._users[task] = asyncio.Event()
        try:
            yield
        finally:
            del self._users[task]
            ended.set()

    async def until_unused_by(self, task: asyncio.Task[None]) -> None:
        """Wait until a task uses no connection. Cancel it at once: the driver would go on with what it has begun.

        Args:
            task: The task.
        """
        while (ended := self._users.get(task)) is not None:
            await ended.wait()

    async def now(self, connection: AsyncConnection) -> datetime:
        """Return the time by the clock of the database, which all processes share."""
        if not self.is_postgres:
            return datetime.now(UTC)
        return cast("datetime", (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one())

    async def draw_number(self) -> int:
        """Return the number of a read that begins now. It is larger than all that were drawn before.

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
        """Make sure that the tables are there.

        Raises:
            MirrorError: They are not, or the database failed.
        """
        file = None if self.is_postgres else self.engine.url.database
        if file is not None and not await run_in_thread(Path(file).exists):  # connecting would make it
            raise MirrorError("there is no such file of SQLite; make it by upgrade()")
        async with self.reading() as connection:
            accounts = self.tables.accounts
            if not await connection.run_sync(lambda sync: sync.dialect.has_table(sync, accounts.name, accounts.schema)):
                raise MirrorError("the database has no tables of a mirror; make them by upgrade()")
            await connection.execute(select(self.tables.state.c.environment_id).limit(1))

    async def close(self) -> None:
        """Close the connections."""
        await self.engine.dispose()


class _translated:  # noqa: N801 - used as a statement, like contextlib.suppress
    """Raise errors of the database as `MirrorError`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, SQLAlchemyError | OSError):
            raise MirrorError(f"the database of the mirror failed: {_reason(error)}") from None


def _reason(error: SQLAlchemyError | OSError) -> str:
    """Return why a database failed, without values of rows."""
    if isinstance(error, OperationalError):
        return str(error.orig).strip().partition("\n")[0]
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return type(error.orig).__name__ + (f" (SQLSTATE {state})" if state else "")
    return str(error) if isinstance(error, OSError) else type(error).__name__


def _set_up(connection: DBAPIConnection, record: object) -> None:
    """Prepare a connection of SQLite, whose transactions `_begin` begins."""
    del record
    setattr(connection, "isolation_level", None)  # noqa: B010 - SQLAlchemy does not declare it
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(
        "PRAGMA synchronous = NORMAL"
    )  # a crash of the machine may lose the last writes, which are read again
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that writes waits for others at its beginning, where it can still wait.
    is_reading = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")
