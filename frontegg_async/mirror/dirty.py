"""`Dirty`: the table of marked accounts, which workers must read. A worker leases the rows that it reads."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
from sqlalchemy import (
    ColumnElement,
    Insert,
    Row,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from frontegg_async.mirror.connections import MirrorConnection
from frontegg_async.mirror.database import Database
from frontegg_async.mirror.reading import batched
from frontegg_async.mirror.state import State
from frontegg_async.mirror.tables import Tables

ACCOUNT: Final = "account"
"""The value of the column ``kind`` for accounts."""

LEASE: Final = timedelta(seconds=60)
"""The time for which a worker leases the accounts of a batch."""

_MOST_PAUSE: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=1, minutes=1)
"""The longest plausible lease. A longer lease was written by a process whose clock was ahead, and is ignored."""
_AT_ONCE: Final = 1_000
"""The largest number of rows in a statement."""
_ID: Final = "row_id"
_ENVIRONMENT: Final = "row_environment"
_IS_ANNOUNCED: Final = "row_is_announced"
_NOW: Final = "row_now"


@attrs.frozen
class DirtyRow:
    """A marked account that a worker has leased in order to read the account."""

    id: str
    marks: int
    """The number of times that the account was marked. If the number grows during the read, the account is read again.
    """
    is_settling: bool
    """Whether this is the second read after the last mark. `AsyncMirror` explains second reads at ``settle``."""
    is_announced: bool
    """Whether a webhook event announced the change."""
    attempts: int
    """The number of reads since the last successful read, including this read."""
    leased_until: datetime | None
    """The end of the worker's lease. Another value in the table means that the row no longer belongs to the worker."""


@attrs.frozen
class Dirty:
    """The marked accounts of one environment."""

    database: Database
    environment_id: str

    @property
    def state(self) -> State:
        """The state of the mirror."""
        return State(self.database, self.environment_id)

    async def mark(self, connection: MirrorConnection, ids: Collection[str], *, is_announced: bool) -> None:
        """Mark accounts, so that a worker reads them. The transaction belongs to the caller.

        Args:
            connection: The connection with the transaction.
            ids: The ids of the accounts.
            is_announced: Whether a webhook event announced a change of the accounts.
        """
        if not ids:
            return
        now = {} if self.database.is_postgres else {_NOW: datetime.now(UTC)}
        every = {_ENVIRONMENT: self.environment_id, _IS_ANNOUNCED: is_announced, **now}
        # Sort the rows, so that two processes that mark the same accounts cannot deadlock.
        rows = [{**every, _ID: each} for each in sorted(ids)]
        # A single row needs one round trip to the database. A list needs more, because SQLAlchemy uses executemany().
        await connection.execute(_marking(self.database.tables), rows[0] if len(rows) == 1 else rows)

    async def due(self) -> list[DirtyRow]:
        """Return the marked accounts that are due, including accounts that a worker is reading.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.dirty
        async with self.database.reading() as connection:
            now = await self.database.now(connection)
            is_due = or_(table.c.is_settling == false(), table.c.leased_until <= now)
            rows = await connection.execute(select(table).where(self._mine, is_due))
            return [_row_of(row, row.leased_until) for row in rows]

    async def take(self, most: int) -> list[DirtyRow]:
        """Lease marked accounts that no other worker has leased.

        Accounts that an event announced come first, because an audit log or a check can mark many other accounts at
        once. Accounts that wait for their second read come last.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.dirty
        async with self.database.writing() as connection:
            now = await self.database.now(connection)
            free = (
                select(table)
                .where(
                    self._mine,
                    or_(
                        table.c.leased_until.is_(None),
                        table.c.leased_until <= now,
                        table.c.leased_until > now + _LONGEST,
                    ),
                )
                .order_by(table.c.is_settling, table.c.is_announced.desc(), table.c.since)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
            rows = (await connection.execute(free)).all()
            if rows:
                await connection.execute(
                    update(table)
                    .where(self._mine, table.c.id.in_([row.id for row in rows]))
                    .values(leased_until=now + LEASE, attempts=table.c.attempts + 1, is_announced=false())
                )
            announced = [row.since for row in rows if row.is_announced]
            if announced:
                await self.state.note_event(connection, max(announced))
        return [_row_of(row, now + LEASE) for row in rows]

    async def finish(self, rows: Sequence[DirtyRow], settle: timedelta) -> None:
        """Unmark accounts that were read. Keep accounts that were marked during the read or need a second read.

        Args:
            rows: The accounts that were read.
            settle: The time between the first and the second read of an account. Zero for no second read.

        Raises:
            MirrorError: The database failed.
        """
        for some in batched(rows, _AT_ONCE):
            await self._finish(some, settle)

    async def _finish(self, rows: Sequence[DirtyRow], settle: timedelta) -> None:
        table = self.database.tables.dirty
        async with self.database.writing() as connection:
            held = await self._lock(connection, rows)
            now = await self.database.now(connection)
            read = [row for row, marks in held if marks == row.marks]
            done = [row.id for row in read if row.is_settling or not settle]
            others = [row.id for row in read if not row.is_settling and settle]
            again = [row.id for row, marks in held if marks != row.marks]
            if done:
                await connection.execute(delete(table).where(self._mine, table.c.id.in_(done)))
            if others:
                later = update(table).values(is_settling=true(), leased_until=now + settle, attempts=0)
                await connection.execute(later.where(self._mine, table.c.id.in_(others)))
            if again:
                free = update(table).values(leased_until=None, attempts=0)
                await connection.execute(free.where(self._mine, table.c.id.in_(again)))

    async def give_back(self, rows: Sequence[DirtyRow]) -> None:
        """Let workers lease accounts again that could not be read, after a pause that grows with each attempt.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.dirty
        async with self.database.writing() as connection:
            held = await self._lock(connection, rows)
            now = await self.database.now(connection)
            for attempts in {row.attempts for row, _ in held}:
                ids = [row.id for row, _ in held if row.attempts == attempts]
                await connection.execute(
                    update(table).where(self._mine, table.c.id.in_(ids)).values(leased_until=now + _pause(attempts))
                )

    async def _lock(self, connection: MirrorConnection, rows: Sequence[DirtyRow]) -> list[tuple[DirtyRow, int]]:
        """Lock the rows whose lease this worker still has. Return each row with its current number of marks.

        Rows are locked in the order in which `mark` writes them, so that two transactions cannot deadlock.
        """
        table = self.database.tables.dirty
        query = select(table).where(self._mine, table.c.id.in_([row.id for row in rows]))
        locked = await connection.execute(query.order_by(table.c.id).with_for_update())
        now = {row.id: row for row in locked}
        return [
            (row, now[row.id].marks) for row in rows if row.id in now and now[row.id].leased_until == row.leased_until
        ]

    async def oldest(self, connection: MirrorConnection) -> datetime | None:
        """Return the earliest time of a mark. Accounts that wait for their second read are ignored."""
        table = self.database.tables.dirty
        query = select(func.min(table.c.since)).where(self._mine, table.c.is_settling == false())
        found: datetime | None = (await connection.execute(query)).scalar_one()
        return found

    @property
    def _mine(self) -> ColumnElement[bool]:
        table = self.database.tables.dirty
        return and_(table.c.environment_id == self.environment_id, table.c.kind == ACCOUNT)


@functools.cache
def _marking(tables: Tables) -> Insert:
    """Return the statement that marks accounts. It is cached, because building it takes longer than running it."""
    table = tables.dirty
    is_postgres = table.schema is not None
    statement = (postgresql.insert if is_postgres else sqlite.insert)(table).values(
        environment_id=bindparam(_ENVIRONMENT),
        kind=ACCOUNT,
        id=bindparam(_ID),
        since=func.clock_timestamp() if is_postgres else bindparam(_NOW),
        marks=1,
        attempts=0,
        is_announced=bindparam(_IS_ANNOUNCED),
        is_settling=False,
    )
    return statement.on_conflict_do_update(
        index_elements=("environment_id", "kind", "id"),
        set_={
            "marks": table.c.marks + 1,
            "is_announced": or_(table.c.is_announced, statement.excluded.is_announced),
            "is_settling": false(),
            "since": case((table.c.is_settling, statement.excluded.since), else_=table.c.since),
            # A new mark ends the wait for a second read. An account that a worker is reading is read again after that
            # read.
            "leased_until": case((table.c.is_settling, null()), else_=table.c.leased_until),
        },
    )


def _row_of(row: Row[*tuple[Any, ...]], leased_until: datetime | None) -> DirtyRow:
    return DirtyRow(row.id, row.marks, row.is_settling, row.is_announced, row.attempts + 1, leased_until)


def _pause(attempts: int) -> timedelta:
    """Return the pause after a failed read: 1 s, 2 s, 4 s and so on, up to 5 minutes."""
    return min(timedelta(seconds=2.0 ** min(attempts - 1, 20)), _MOST_PAUSE)
