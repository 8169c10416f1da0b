"""The order in which marked accounts are taken and locked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.dirty import Dirty

pytestmark = pytest.mark.anyio

_SOON = timedelta(microseconds=1)
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
async def dirty(mirror: AsyncMirror) -> Dirty:
    """The marked accounts of a mirror without any."""
    accounts = await mirror._accounts(None)
    return Dirty(accounts.database, accounts.environment_id)


async def mark(dirty: Dirty, *ids: str, is_announced: bool = True) -> None:
    """Mark accounts, as an event or the audit log does."""
    async with dirty.database.writing() as connection:
        await dirty.mark(connection, ids, is_announced=is_announced)


async def is_one_waiting(dirty: Dirty) -> bool:
    """Return whether a transaction waits for another. A transaction sees the others as they were at first."""
    async with dirty.database.reading() as connection:
        return bool((await connection.execute(_WAITING)).scalar_one())


async def test_events_come_before_the_accounts_of_an_audit_log(dirty: Dirty) -> None:
    """The audit log marks many accounts at once, and no change must wait for them."""
    await mark(dirty, "of-audits-1", "of-audits-2", is_announced=False)
    await mark(dirty, "of-an-event")
    assert [row.id for row in await dirty.take(1)] == ["of-an-event"]
    assert {row.id for row in await dirty.take(100)} == {"of-audits-1", "of-audits-2"}


@pytest.mark.parametrize("url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("is_read", [True, False])
async def test_rows_are_locked_in_the_order_of_their_ids(dirty: Dirty, is_read: bool) -> None:
    """Otherwise a transaction that marks the same accounts and this one would wait for each other."""
    await mark(dirty, "zebra")
    await dirty.finish(await dirty.take(1), _SOON)  # its second read is due now
    await mark(dirty, "acme")
    rows = sorted(await dirty.take(2), key=lambda row: row.is_settling, reverse=True)
    assert [row.id for row in rows] == ["zebra", "acme"]

    async with dirty.database.writing() as connection:
        await dirty.mark(connection, ["acme"], is_announced=True)
        ending = asyncio.create_task(dirty.finish(rows, _SOON) if is_read else dirty.give_back(rows))
        while not await is_one_waiting(dirty):
            assert not ending.done()
        await dirty.mark(connection, ["zebra"], is_announced=True)
    await ending
