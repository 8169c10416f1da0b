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
"""The result of a statement. The types of the columns are unknown, because the tables are defined at run time."""


@attrs.frozen(eq=False)
class MirrorConnection:
    """A connection to a mirror's database, with one transaction.

    In SQLite, a statement runs to its end even if its caller is cancelled. Otherwise SQLAlchemy would leave the
    connection to the garbage collector, and the file would stay locked until then.
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
            parameters: The parameters by name. A list runs the statement once for each element. ``None`` for no
                parameters.
        """
        return await self._ended(self._connection.execute(statement, parameters))

    async def execute_sql(self, statement: str, parameters: tuple[object, ...] | list[tuple[object, ...]]) -> Rows:
        """Run an SQL statement in the syntax of the driver.

        Args:
            statement: The SQL text.
            parameters: The parameters. A list runs the statement once for each element.
        """
        return await self._ended(self._connection.exec_driver_sql(statement, parameters))

    async def rows(self, query: Executable) -> Sequence[tuple[object, ...]]:
        """Return the rows of a query as the driver returns them. Creating SQLAlchemy's row objects would take longer.

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
