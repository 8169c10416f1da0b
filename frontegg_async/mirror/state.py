"""`State`: the state table, with one row for the mirror of each environment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import attrs
from sqlalchemy import Row, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from frontegg_async.mirror.connections import MirrorConnection
from frontegg_async.mirror.database import Database
from frontegg_async.models.mirror import Proof


async def environment_of(database: Database, client: str) -> str | None:
    """Return the id of the environment whose mirror a client has used. Return ``None`` before the first use.

    Args:
        database: The database. It may contain mirrors of several environments.
        client: The text that identifies the client, see `State.ensure`.

    Raises:
        MirrorError: The database failed.
    """
    table = database.tables.state
    async with database.reading() as connection:
        found = (
            (await connection.execute(select(table.c.environment_id).where(table.c.client == client))).scalars().all()
        )
    return cast("str", found[0]) if len(found) == 1 else None


@attrs.frozen
class State:
    """The row of the state table for the mirror of one environment."""

    database: Database
    environment_id: str

    async def ensure(self, client: str) -> None:
        """Create the row of the environment if it does not exist, and store the client in it.

        Args:
            client: A text that identifies the client. `environment_of` finds the environment by this text.

        Raises:
            MirrorError: The database failed.
        """
        insert = postgresql.insert if self.database.is_postgres else sqlite.insert
        statement = insert(self.database.tables.state).values(environment_id=self.environment_id, client=client)
        async with self.database.writing() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["environment_id"], set_={"client": client})
            )

    async def get(self, connection: MirrorConnection) -> Row[tuple[object, ...]]:
        """Return the row of the environment."""
        table = self.database.tables.state
        query = select(table).where(table.c.environment_id == self.environment_id)
        return cast("Row[tuple[object, ...]]", (await connection.execute(query)).one())

    async def note_event(self, connection: MirrorConnection, at: datetime) -> None:
        """Store the time of the latest webhook event. Clear the time of an earlier change without an event."""
        table = self.database.tables.state
        await connection.execute(
            update(table)
            .where(
                table.c.environment_id == self.environment_id,
                or_(table.c.last_event.is_(None), table.c.last_event < at),
            )
            .values(last_event=at, unannounced_since=None)
        )

    async def note_unannounced(self, connection: MirrorConnection) -> None:
        """Store the time of a change for which no webhook event arrived, unless an earlier time is stored."""
        table = self.database.tables.state
        await connection.execute(
            update(table)
            .where(table.c.environment_id == self.environment_id, table.c.unannounced_since.is_(None))
            .values(unannounced_since=await self.database.now(connection))
        )

    async def note_listing(self) -> None:
        """Store that a complete listing was written.

        Raises:
            MirrorError: The database failed.
        """
        async with self.database.writing() as connection:
            await self._set(connection, last_listing=await self.database.now(connection))

    async def note_proof(self, connection: MirrorConnection, proof: Proof) -> None:
        """Store the result of a check."""
        at = await self.database.now(connection)
        await self._set(connection, last_proof=at, last_proof_equal=proof.equal, last_proof_root=proof.root)

    async def keep_cursor(self, connection: MirrorConnection, cursor: str | None) -> None:
        """Store the position in the audit log."""
        await self._set(connection, audit_cursor=cursor)

    async def claim_schedule(self, lease: timedelta, longest: timedelta) -> bool:
        """Claim a scheduled check if the check is due. Return whether this process has the claim.

        Args:
            lease: The time after which the claim ends.
            longest: The longest time between two checks. A later due time was written by a clock that was ahead, and is
                ignored.

        Raises:
            MirrorError: The database failed.
        """
        table = self.database.tables.state
        async with self.database.writing() as connection:
            now = await self.database.now(connection)
            claimed = await connection.execute(
                update(table)
                .where(
                    table.c.environment_id == self.environment_id,
                    or_(
                        table.c.scheduled_until.is_(None),
                        table.c.scheduled_until <= now,
                        table.c.scheduled_until > now + longest,
                    ),
                )
                .values(scheduled_until=now + lease)
            )
        return claimed.rowcount == 1

    async def schedule(self, following: timedelta) -> None:
        """Store the time of the next scheduled check, counted from now.

        Raises:
            MirrorError: The database failed.
        """
        async with self.database.writing() as connection:
            await self._set(connection, scheduled_until=await self.database.now(connection) + following)

    async def _set(self, connection: MirrorConnection, **values: object) -> None:
        table = self.database.tables.state
        await connection.execute(update(table).where(table.c.environment_id == self.environment_id).values(**values))
