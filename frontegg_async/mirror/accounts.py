"""The mirror's table of accounts: write rows without replacing the result of a later read, and read rows in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import UTC, datetime
from itertools import starmap
from typing import Any, Final, cast

import attrs
import msgspec
from msgspec.structs import astuple
from sqlalchemy import Column, ColumnElement, Select, literal_column, or_, select, update

from frontegg_async.mirror.account_rows import AccountRecord
from frontegg_async.mirror.database import Database

_PAGE: Final = 5_000
"""The number of rows that are read in one transaction."""
_KEY: Final = ("environment_id", "tenant_id")
_OWN: Final = ("environment_id", "read_number", "read_at", "deleted_at")
_FLAGS: Final = ("is_locked", "may_have_children")
_AT_ONCE: Final = 200
"""The largest number of ids in a statement."""


@attrs.frozen
class Accounts:
    """The rows of the accounts of one environment."""

    database: Database
    environment_id: str

    async def write(self, records: Sequence[AccountRecord], number: int, read_at: datetime) -> list[str]:
        """Write the accounts that a read returned. A row from a later read stays unchanged.

        Args:
            records: The accounts, in the order of their ids.
            number: The number of the read, drawn by `Database.draw_number` before the read began.
            read_at: When the accounts were read.

        Returns:
            The ids of the accounts for which a later read has written other values.

        Raises:
            MirrorError: The database failed.
        """
        if not records:
            return []
        table = self.database.tables.accounts
        own = (self.environment_id, number, self._stored(read_at), None)
        async with self.database.writing() as connection:
            # Use the driver directly, because SQLAlchemy needs more time for the values than the driver.
            done = await connection.execute_sql(
                _upsert_sql(self.database),
                (*own, msgspec.json.encode(records).decode())
                if self.database.is_postgres
                else [(*own, *astuple(record)) for record in records],
            )
            if done.rowcount == len(records):
                return []
            later = select(table.c.tenant_id, table.c.hash, table.c.deleted_at).where(
                table.c.environment_id == self.environment_id,
                table.c.tenant_id >= records[0].tenant_id,
                table.c.tenant_id <= records[-1].tenant_id,
                table.c.read_number > number,
            )
            found = (await connection.execute(later)).all()
        hashes = {record.tenant_id: record.hash for record in records}
        return [
            row.tenant_id
            for row in found
            if row.tenant_id in hashes and (row.hash != hashes[row.tenant_id] or row.deleted_at is not None)
        ]

    async def tops(self, most: int, others: Collection[str] = ()) -> set[str] | None:
        """Return the ids of the accounts that may have children. Return ``None`` for more than ``most`` ids.

        Args:
            most: The largest number of ids to return.
            others: The ids of more accounts that may have children, from a listing.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.accounts
        query = (
            select(table.c.tenant_id)
            .where(
                table.c.environment_id == self.environment_id,
                table.c.may_have_children,
                table.c.deleted_at.is_(None),
            )
            .limit(most + 1)
        )
        async with self.database.reading() as connection:
            ids = {*others, *(await connection.execute(query)).scalars()}
        return None if len(ids) > most else ids

    async def children_of(self, ids: Collection[str]) -> list[str]:
        """Return the ids of the direct children of accounts.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.accounts
        found: list[str] = []
        async with self.database.reading() as connection:
            for part in _parts(sorted(ids)):
                query = select(table.c.tenant_id).where(
                    table.c.environment_id == self.environment_id,
                    table.c.parent_tenant_id.in_(part),
                    table.c.deleted_at.is_(None),
                )
                found += (await connection.execute(query)).scalars()
        return found

    async def mark_deleted(self, ids: Collection[str], number: int, now: datetime) -> int:
        """Mark accounts as deleted. Return the number of accounts that were marked.

        A row from a later read stays unchanged.

        Args:
            ids: The ids of the accounts that the service does not have.
            number: The number of the read, drawn by `Database.draw_number` before the read began.
            now: When the accounts were read.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.accounts
        marked = 0
        async with self.database.writing() as connection:
            for some in _parts(sorted(ids)):
                done = await connection.execute(
                    update(table)
                    .where(
                        table.c.environment_id == self.environment_id,
                        table.c.tenant_id.in_(some),
                        or_(table.c.read_number < number, self._is_impossible),
                        table.c.deleted_at.is_(None),
                    )
                    .values(deleted_at=now, read_at=now, read_number=number)
                )
                marked += done.rowcount
        return marked

    async def known_before(self, number: int, ids: Collection[str]) -> list[str]:
        """Return the ids of those given accounts that are not deleted and whose last read has a lower number.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.accounts
        found: list[str] = []
        async with self.database.reading() as connection:
            for part in _parts(sorted(ids)):
                query = select(table.c.tenant_id).where(
                    table.c.environment_id == self.environment_id,
                    table.c.tenant_id.in_(part),
                    table.c.read_number < number,
                    table.c.deleted_at.is_(None),
                )
                found += (await connection.execute(query)).scalars()
        return found

    async def read_before(self, number: int) -> AsyncGenerator[list[str]]:
        """Yield the ids of all accounts that are not deleted and whose last read has a lower number.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.accounts
        last: str | None = None
        while True:
            query = (
                select(table.c.tenant_id)
                .where(
                    table.c.environment_id == self.environment_id,
                    or_(table.c.read_number < number, self._is_impossible),
                    table.c.deleted_at.is_(None),
                )
                .order_by(table.c.tenant_id)
                .limit(_PAGE)
            )
            if last is not None:
                query = query.where(table.c.tenant_id > last)
            async with self.database.reading() as connection:
                ids = cast("list[str]", [*(await connection.execute(query)).scalars()])
            if ids:
                yield ids
            if len(ids) < _PAGE:
                return
            last = ids[-1]

    async def live(self, after: str | None, until: str | None) -> AsyncGenerator[list[AccountRecord]]:
        """Yield the accounts that are not deleted, in the order of their ids.

        Args:
            after: Yield only accounts after this id. ``None`` for no limit.
            until: Yield only accounts up to this id. ``None`` for no limit.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.accounts
        while True:
            query = self._live().order_by(table.c.tenant_id).limit(_PAGE)
            if after is not None:
                query = query.where(table.c.tenant_id > after)
            if until is not None:
                query = query.where(table.c.tenant_id <= until)
            async with self.database.reading() as connection:
                records = [*starmap(AccountRecord, await connection.rows(query))]
            if records:
                yield records
            if len(records) < _PAGE:
                return
            after = records[-1].tenant_id

    async def some(self, ids: Collection[str]) -> list[AccountRecord]:
        """Return the rows of those given accounts that are not deleted.

        Raises:
            MirrorError: The database failed.
        """
        found: list[AccountRecord] = []
        async with self.database.reading() as connection:
            for part in _parts(sorted(ids)):
                query = self._live().where(self.database.tables.accounts.c.tenant_id.in_(part))
                found += starmap(AccountRecord, await connection.rows(query))
        return found

    @property
    def _is_impossible(self) -> ColumnElement[bool]:
        """An SQL condition: the number of a row was never drawn. The row was edited, or the counter was restored."""
        return self.database.tables.accounts.c.read_number > literal_column(self.database.last_number)

    def _stored(self, time: datetime) -> datetime | str:
        """Convert a time for the driver. SQLite needs the text format of SQLAlchemy."""
        return time if self.database.is_postgres else f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"

    def _live(self) -> Select[*tuple[Any, ...]]:
        table = self.database.tables.accounts
        columns: list[Column[Any]] = [table.c[name] for name in AccountRecord.__struct_fields__]
        return select(*columns).where(table.c.environment_id == self.environment_id, table.c.deleted_at.is_(None))


def _upsert_sql(database: Database) -> str:
    """Return the statement that writes accounts, without replacing rows from a later read.

    The parameters are the values of `_OWN`, followed by the fields of an `AccountRecord`. For PostgreSQL, all records
    are one JSON array, because the driver is faster with one value.
    """
    names = AccountRecord.__struct_fields__
    if database.is_postgres:
        values = [f"(record->>{place}){'::boolean' * (name in _FLAGS)}" for place, name in enumerate(names)]
        own = "%s, %s, %s, %s::timestamptz"
        rows = f"SELECT {own}, {', '.join(values)} FROM jsonb_array_elements(%s) AS record"  # noqa: S608 - names of our own
    else:
        rows = f"VALUES ({', '.join('?' * (len(_OWN) + len(names)))})"
    table = database.tables.accounts.fullname
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*_OWN, *names) if name not in _KEY)
    return (
        f"INSERT INTO {table} ({', '.join((*_OWN, *names))}) {rows}"
        f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {changes}"
        f" WHERE {table}.read_number < excluded.read_number OR {table}.read_number > {database.last_number}"
    )


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
