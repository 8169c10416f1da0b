"""`MirrorConnection`: a connection to a mirror's database, with a transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, TypeAlias, TypeVar

import attrs
from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from frontegg_async._core.runtime.worker_threads import run_to_end

T = TypeVar("T")

Rows: TypeAlias = "CursorResult[*tuple[Any, ...]]"
"""The result of a statement. The types of columns are unknown for tables that are defined at run time."""


@attrs.frozen(eq=False)
class MirrorConnection:
    """A connection with a transaction.

    In SQLite, a statement runs to its end even if its caller is cancelled. Otherwise SQLAlchemy would leave the
    connection, and with it the lock of the file, to the garbage collector.
    """

    _connection: AsyncConnection

    async def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> Rows:
        """Run a statement.

        Args:
            statement: The statement.
            parameters: The parameters by name, or a list of parameters to run the statement once for each element;
                ``None`` without parameters.
        """
        return await self._ended(self._connection.execute(statement, parameters))

    async def execute_sql(self, statement: str, parameters: tuple[object, ...] | list[tuple[object, ...]]) -> Rows:
        """Run an SQL statement in the syntax of the driver.

        Args:
            statement: The SQL.
            parameters: The parameters, or a list of parameters.
        """
        return await self._ended(self._connection.exec_driver_sql(statement, parameters))

    async def rows(self, query: Executable) -> Sequence[tuple[object, ...]]:
        """Return the rows of a query from the driver. SQLAlchemy's row objects would take longer than the query.

        Args:
            query: The query.
        """
        result = await self.execute(query)
        with closing(result):
            return result.cursor.fetchall() if result.cursor is not None else ()

    async def run(self, function: Callable[[Connection], T]) -> T:
        """Call a function with a blocking connection, and return its result.

        Args:
            function: The function.
        """
        return await self._ended(self._connection.run_sync(function))

    async def start(self) -> None:
        """Connect to the database."""
        await self._ended(self._connection.start())

    async def commit(self) -> None:
        """Commit the transaction."""
        await self._ended(self._connection.commit())

    async def close(self) -> None:
        """Roll back uncommitted changes, and return the connection to the pool."""
        if self._connection.sync_connection is not None:
            await self._ended(self._connection.close())

    async def _ended(self, work: Awaitable[T]) -> T:
        return await (run_to_end(work) if self._connection.engine.dialect.name == "sqlite" else work)
