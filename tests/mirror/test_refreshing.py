"""A refresh: all accounts are written, and what is gone is marked as deleted."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import FronteggError, MirrorError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.dirty import Dirty
from frontegg_async.models import MirrorRefresh
from tests.mirror.rows import rows_of
from tests.mirror.test_worker import event

pytestmark = pytest.mark.anyio

LISTING = {"method": "GET", "path": "/tenants/resources/tenants/v2"}


async def test_the_first_refresh_writes_all_accounts(
    mirror: AsyncMirror, client: AsyncFrontegg, url: str, tmp_path: Path
) -> None:
    """Each document is the line of an export; columns of their own have what queries need."""
    assert await mirror.refresh() == MirrorRefresh(accounts=3, read_again=0, deleted=0)

    rows = await rows_of(url, mirror)
    await client.export(tmp_path / "accounts.jsonl")
    lines = (tmp_path / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [rows[tenant_id]["document"] for tenant_id in sorted(rows)] == lines
    assert {tenant_id: (row["name"], row["parent_tenant_id"], row["is_locked"]) for tenant_id, row in rows.items()} == {
        "acme": ("Acme", None, False),
        "acme-north": ("North", "acme", False),
        "zebra": ("Zebra", None, False),
    }


async def test_a_refresh_writes_what_changed(mirror: AsyncMirror, client: AsyncFrontegg, url: str) -> None:
    """Fields, the parent, and new accounts."""
    await mirror.refresh()
    await client.tenants.update("zebra", name="Zebra 2")
    await client.hierarchy.unassign("acme-north", "acme")
    await client.tenants.create(tenant_id="new", name="New")

    assert (await mirror.refresh()).accounts == 4
    rows = await rows_of(url, mirror)
    assert rows["zebra"]["name"] == "Zebra 2"
    assert rows["acme-north"]["parent_tenant_id"] is None
    assert "new" in rows


async def test_a_deleted_account_stays_as_a_row(mirror: AsyncMirror, client: AsyncFrontegg, url: str) -> None:
    """It has ``deleted_at``, and the view leaves it out; one that comes back has none."""
    await mirror.refresh()
    await client.tenants.delete("zebra")

    assert await mirror.refresh() == MirrorRefresh(accounts=2, read_again=1, deleted=1)
    assert "zebra" not in await rows_of(url, mirror)
    row = (await rows_of(url, mirror, "accounts"))["zebra"]
    assert row["deleted_at"].tzinfo is not None
    assert json.loads(row["document"])["name"] == "Zebra"

    await client.tenants.create(tenant_id="zebra", name="Back")
    await mirror.refresh()
    assert (await rows_of(url, mirror))["zebra"]["name"] == "Back"


async def test_a_listing_that_fails_deletes_nothing(
    mirror: AsyncMirror, client: AsyncFrontegg, emulator: AsyncEmulatorHandle, url: str
) -> None:
    """What was not listed may be there."""
    await mirror.refresh()
    await client.tenants.delete("zebra")
    await emulator.add_fault(stage="before_commit", action={"type": "status", "status": 500}, match=LISTING)

    with pytest.raises(FronteggError):
        await mirror.refresh()
    assert "zebra" in await rows_of(url, mirror)


async def test_a_refresh_leaves_second_reads_to_come(client: AsyncFrontegg, url: str) -> None:
    """The listing may lag behind writes as the first read did."""
    async with AsyncMirror(client, url, settle=3_600) as mirror:
        await mirror.upgrade()
        await mirror.receive(event("zebra"))
        await mirror.refresh()
        await mirror.refresh()
        accounts = await mirror._accounts(None)
        dirty = Dirty(accounts.database, accounts.environment_id)
        async with accounts.database.reading() as connection:
            rows = (await connection.execute(select(accounts.database.tables.dirty))).all()
        assert await dirty.due() == []
    assert [(row.id, row.is_settling) for row in rows] == [("zebra", True)]


@pytest.mark.slow
async def test_a_refresh_that_is_cancelled_leaves_no_lock(mirror: AsyncMirror) -> None:
    """Wherever it is; a connection of SQLite that is left in a transaction would lock the file for all."""
    for steps in range(60):
        refreshing = asyncio.create_task(mirror.refresh())
        for _ in range(steps * 4):
            await asyncio.sleep(0)
        refreshing.cancel()
        await asyncio.wait([refreshing])
        async with asyncio.timeout(10):
            await mirror.receive(event("zebra"))


async def test_without_tables_it_says_what_to_do(client: AsyncFrontegg, url: str) -> None:
    """Nothing is sent."""
    async with AsyncMirror(client, url) as mirror:
        with pytest.raises(MirrorError, match=r"upgrade\(\) creates"):
            await mirror.refresh()
