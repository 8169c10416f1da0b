"""Connections to the database of a mirror, each with a transaction."""

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
"""The result of a statement. SQLAlchemy does not know the types of the columns of a table that is made at run time."""


@attrs.frozen(eq=False)
class MirrorConnection:
    """A connection with a transaction.

    In SQLite, a statement ends even when its caller is cancelled. SQLAlchemy leaves a connection whose statement was
    cancelled to the garbage collector, and with it the lock of the file.
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
            parameters: The values of its parameters by their names, or a list of such values, for each of which it
                runs; ``None`` if it has none.
        """
        return await self._ended(self._connection.execute(statement, parameters))

    async def execute_sql(self, statement: str, parameters: tuple[object, ...] | list[tuple[object, ...]]) -> Rows:
        """Run a statement as the driver takes it.

        Args:
            statement: The SQL.
            parameters: The values of its parameters, or a list of such values.
        """
        return await self._ended(self._connection.exec_driver_sql(statement, parameters))

    async def rows(self, query: Executable) -> Sequence[tuple[object, ...]]:
        """Return the rows of a query as the driver has them: SQLAlchemy's own take longer than the query.

        Args:
            query: The query.
        """
        result = await self.execute(query)
        with closing(result):
            return result.cursor.fetchall() if result.cursor is not None else ()

    async def run(self, function: Callable[[Connection], T]) -> T:
        """Return what a function returns that takes a blocking connection.

        Args:
            function: The function.
        """
        return await self._ended(self._connection.run_sync(function))

    async def start(self) -> None:
        """Connect."""
        await self._ended(self._connection.start())

    async def commit(self) -> None:
        """Keep what was written."""
        await self._ended(self._connection.commit())

    async def close(self) -> None:
        """Take back what was not committed, and give the connection back."""
        if self._connection.sync_connection is not None:
            await self._ended(self._connection.close())

    async def _ended(self, work: Awaitable[T]) -> T:
        return await (run_to_end(work) if self._connection.engine.dialect.name == "sqlite" else work)
