"""`AsyncMirror`: its settings, its tables, and its health."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, MirrorError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.running import _forever
from tests.mirror.rows import run_sql
from tests.mirror.test_worker import event

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"url": "mysql://h/d"}, "url must be an address such as postgresql://user@host/database or sqlite:///file"),
        ({"url": "postgresql+asyncpg://h/d"}, "the address must not name a driver other than psycopg or aiosqlite"),
        ({"url": "sqlite://"}, "url must name a file"),
        ({"url": "sqlite:///:memory:"}, "url must name a file"),
        ({"url": "no address, and a secret"}, "url must be an address"),
        ({"url": 5}, "url must be an address .*, not int"),
        ({"settle": -1}, "settle must be a number of seconds from 0 to 3,600"),
        ({"settle": float("nan")}, "settle must be a number of seconds"),
        ({"settle": True}, "settle must be a number of seconds"),
        ({"check_every": 1}, "check_every must be a number of seconds from 60 to 2,592,000"),
        ({"parts": ("accounts", "users")}, r"parts must be \('accounts',\)"),
        ({"parts": "accounts"}, "parts must be"),
    ],
)
async def test_settings_that_are_not_allowed(
    client: AsyncFrontegg, tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    """The message names the setting and what is allowed, and does not quote an address."""
    with pytest.raises(ConfigurationError, match=message) as raised:
        AsyncMirror(client, **{"url": f"sqlite:///{tmp_path}/m.db", **settings})
    assert "secret" not in str(raised.value)


async def test_a_database_that_cannot_be_reached(client: AsyncFrontegg) -> None:
    """The error is ours, and has no password."""
    async with AsyncMirror(client, "postgresql://u:secret@127.0.0.1:1/d") as mirror:
        with pytest.raises(MirrorError, match="the database of the mirror failed: ") as raised:
            await mirror.upgrade()
    assert "secret" not in repr(raised.value)
    assert raised.value.__cause__ is None


async def test_there_is_no_other_table(mirror: AsyncMirror) -> None:
    """The message names those that there are."""
    assert mirror.table("accounts").c.tenant_id is not None
    name: Any = "dirty"
    with pytest.raises(InvalidArgumentError, match="name must be one of accounts, live_accounts"):
        mirror.table(name)


async def test_health_from_the_beginning(mirror: AsyncMirror) -> None:
    """Listing, proof and event each leave a time."""
    health = await mirror.health()
    assert (health.last_listing, health.last_proof, health.last_event, health.is_equal) == (None, None, None, None)
    assert not health.is_silent

    await mirror.check()
    health = await mirror.health()
    assert health.is_equal is False
    assert health.oldest_dirty is not None

    await mirror.refresh()
    await mirror.check()
    health = await mirror.health()
    assert health.is_equal is True
    assert health.oldest_dirty is None
    assert health.last_listing is not None
    assert health.last_proof is not None


async def test_a_closed_mirror_does_not_run(mirror: AsyncMirror) -> None:
    """Its tasks end before its connections are closed, also inside of ``running``."""
    async with mirror.running():
        tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("mirror: ")]
        assert len(tasks) == 4
        await mirror.aclose()
        assert all(task.done() for task in tasks)


async def test_the_mirror_of_another_environment_is_not_shown(
    mirror: AsyncMirror, emulator: AsyncEmulatorHandle, url: str, tmp_path: Path
) -> None:
    """A database may have the mirror of one environment only, and be asked by the client of another."""
    await mirror.refresh()
    await mirror.check()
    async with (await emulator.create_environment()).client() as client, AsyncMirror(client, url) as other:
        assert (await other.health()).last_proof is None
        assert (await other.export(tmp_path / "accounts.jsonl")).accounts == 0


async def test_a_mirror_that_was_built_anew(mirror: AsyncMirror, url: str) -> None:
    """The process that uses it goes on."""
    await mirror.refresh()
    names = ["accounts", "dirty", "state", "numbers", "live_accounts", "alembic_version"]
    if url.startswith("sqlite"):
        kinds = ["TABLE"] * 4 + ["VIEW", "TABLE"]
        drops = [f"DROP {kind} frontegg_mirror_{name}" for kind, name in zip(kinds, names, strict=True)]
    else:
        drops = ["DROP SCHEMA frontegg_mirror CASCADE"]
    await run_sql(url, *reversed(drops))
    await mirror.upgrade()
    await mirror.refresh()
    assert (await mirror.check()).equal
    assert (await mirror.health()).is_equal


async def test_a_task_that_fails_is_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    """Also if the error is not of ours: a task that ended without a word would leave the mirror to age."""
    ended = asyncio.Event()

    async def step() -> None:
        if not caplog.records:
            raise RuntimeError
        ended.set()

    async with asyncio.timeout(30):
        await _forever("worker", step)
    assert ended.is_set()
    assert [record.getMessage() for record in caplog.records] == [
        "mirror: the worker failed, and starts again in 1 s: RuntimeError"
    ]


async def test_webhooks_are_silent(mirror: AsyncMirror, client: AsyncFrontegg, url: str) -> None:
    """A change that only a check found, and no event since; an event ends it."""
    await mirror.refresh()
    await client.tenants.update("zebra", name="Zebra 2")
    await mirror.check()
    worker = await _worker_of(mirror, client)
    assert await worker.work() == 1
    state = "frontegg_mirror_state" if url.startswith("sqlite") else "frontegg_mirror.state"
    assert not (await mirror.health()).is_silent  # its event may be on its way
    await run_sql(url, f"UPDATE {state} SET unannounced_since = '2020-01-01 00:00:00'")
    assert (await mirror.health()).is_silent

    await mirror.receive(event("zebra"))
    await worker.work()
    assert not (await mirror.health()).is_silent


async def _worker_of(mirror: AsyncMirror, client: AsyncFrontegg) -> Any:
    from frontegg_async.mirror.dirty import Dirty
    from frontegg_async.mirror.reading import AccountReader
    from frontegg_async.mirror.worker import Worker

    accounts = await mirror._accounts(None)
    dirty = Dirty(accounts.database, accounts.environment_id)
    return Worker(accounts, dirty, AccountReader(client._caller, None), mirror._settle)
