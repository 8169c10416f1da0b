"""Events, and what the worker makes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.dirty import Dirty
from frontegg_async.mirror.reading import AccountReader
from frontegg_async.mirror.worker import Worker
from frontegg_async.webhooks import WebhookEvent, parse_event
from tests.mirror.rows import accounts_table, rows_of, run_sql

pytestmark = pytest.mark.anyio


def event(tenant_id: object, key: str = "frontegg.tenant.updated", **context: object) -> WebhookEvent:
    """Return an event about an account."""
    return parse_event({"eventKey": key, "eventContext": {"tenantId": tenant_id, **context}})


@pytest.fixture
async def worker(mirror: AsyncMirror, client: AsyncFrontegg) -> Worker:
    """The worker of a mirror that was filled."""
    await mirror.refresh()
    accounts = await mirror._accounts(None)
    return Worker(
        accounts,
        Dirty(accounts.database, accounts.environment_id),
        AccountReader(client._caller, None),
        mirror._settle,
    )


async def test_an_event_marks_its_account_and_the_worker_reads_it(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, url: str
) -> None:
    """Nothing is read in the request; many events about one account are one read."""
    await client.tenants.update("zebra", name="Zebra 2")
    for _ in range(5):
        await mirror.receive(event("zebra"))
    assert (await rows_of(url, mirror))["zebra"]["name"] == "Zebra"

    assert await worker.work() == 1
    assert (await rows_of(url, mirror))["zebra"]["name"] == "Zebra 2"
    assert await worker.work() == 0
    assert (await mirror.check()).equal


async def test_the_body_of_an_event_is_never_stored(mirror: AsyncMirror, worker: Worker, url: str) -> None:
    """The header of a webhook does not cover it."""
    forged = {"tenantId": "zebra", "name": "Forged"}
    await mirror.receive(
        parse_event({"eventKey": "frontegg.tenant.updated", "eventContext": {"tenantId": "zebra"}, "tenant": forged})
    )
    await worker.work()
    assert (await rows_of(url, mirror))["zebra"]["name"] == "Zebra"


async def test_created_and_deleted_accounts(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, url: str
) -> None:
    """An account that is gone is marked as deleted; one that never was leaves nothing."""
    await client.tenants.create(tenant_id="new", name="New")
    await client.tenants.delete("zebra")
    for tenant_id in ("new", "zebra", "never-there"):
        await mirror.receive(event(tenant_id))

    assert await worker.work() == 3
    assert sorted(await rows_of(url, mirror)) == ["acme", "acme-north", "new"]
    assert (await mirror.check()).equal


async def test_an_event_that_lies_about_a_deletion_deletes_nothing(
    mirror: AsyncMirror, worker: Worker, url: str
) -> None:
    """The service has the account, so it stays."""
    await mirror.receive(event("zebra", "frontegg.tenant.deleted"))
    await worker.work()
    assert "zebra" in await rows_of(url, mirror)


@pytest.mark.parametrize(
    "ignored",
    [
        event("zebra", "frontegg.user.authenticated"),
        event("zebra", "frontegg.scim.user.created"),
        event("zebra", vendorId="another environment"),
        event("a\nb"),
        event("."),
        parse_event({"eventKey": "frontegg.tenant.updated"}),
    ],
)
async def test_events_about_no_account_of_the_environment_mark_nothing(
    mirror: AsyncMirror, worker: Worker, ignored: WebhookEvent
) -> None:
    """Those of users and of other environments too."""
    await mirror.receive(ignored)
    assert (await mirror.health()).oldest_dirty is None
    assert await worker.work() == 0


async def test_an_account_that_is_marked_during_its_read_is_read_again(mirror: AsyncMirror, worker: Worker) -> None:
    """The read may have been too early for the second event."""
    await mirror.receive(event("zebra"))
    rows = await worker.dirty.take(100)
    await mirror.receive(event("zebra"))
    assert await worker.dirty.take(100) == []  # nobody else takes it meanwhile
    await worker.dirty.finish(rows, worker.settle)

    assert [(row.id, row.marks) for row in await worker.dirty.take(100)] == [("zebra", 2)]


async def test_a_failed_read_is_done_again(mirror: AsyncMirror, worker: Worker, emulator: AsyncEmulatorHandle) -> None:
    """The mark stays, and waits for a pause."""
    await mirror.receive(event("zebra"))
    match = {"method": "GET", "path": "/tenants/*"}
    fault = await emulator.add_fault(stage="before_commit", action={"type": "status", "status": 403}, match=match)
    with pytest.raises(Exception, match="403"):
        await worker.work()
    assert await worker.work() == 0
    await emulator.delete_fault(fault)
    assert (await mirror.health()).oldest_dirty is not None


async def test_one_account_that_cannot_be_read_holds_no_other_back(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, emulator: AsyncEmulatorHandle, url: str
) -> None:
    """Whatever is wrong with it: the others of its batch are read without it."""
    await emulator.seed(tenants=[{"tenantId": f"a{number}", "name": "A"} for number in range(20)])
    await mirror.refresh()
    ids = [f"a{number}" for number in range(20)]
    for tenant_id in ids:
        await client.tenants.update(tenant_id, name="B")
        await mirror.receive(event(tenant_id))
    await client.tenants.delete("a7")  # so that it is asked for alone
    bad = {"method": "GET", "path": "/tenants/resources/tenants/v2/a7"}
    await emulator.add_fault(stage="before_commit", action={"type": "status", "status": 403}, match=bad)

    assert await worker.work() == 20
    rows = await rows_of(url, mirror)
    assert [tenant_id for tenant_id in ids if rows[tenant_id]["name"] != "B"] == ["a7"]
    assert [row.id for row in await worker.dirty.due()] == ["a7"]


async def test_a_new_account_above_others_marks_them(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, emulator: AsyncEmulatorHandle, url: str
) -> None:
    """They were read when the mirror did not know that there was an account to look below; so too if it is deleted."""
    ids = [f"a{number}" for number in range(5)]
    await emulator.seed(tenants=[{"tenantId": tenant_id, "name": "A"} for tenant_id in ids])
    await mirror.refresh()
    await client.tenants.create(tenant_id="top", name="Top", is_reseller=True)
    for tenant_id in ids:
        await client.hierarchy.assign(tenant_id, "top")
        await mirror.receive(event(tenant_id))
    await worker.work()
    assert (await rows_of(url, mirror))["a0"]["parent_tenant_id"] is None  # the event of the other is not there yet

    await mirror.receive(event("top"))
    assert [await worker.work(), await worker.work(), await worker.work()] == [1, 5, 0]
    assert {(await rows_of(url, mirror))[tenant_id]["parent_tenant_id"] for tenant_id in ids} == {"top"}

    await client.tenants.delete("top")
    await mirror.receive(event("top"))
    assert [await worker.work(), await worker.work(), await worker.work()] == [1, 5, 0]
    assert (await mirror.check()).equal


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_a_worker_that_is_killed_before_it_marks_what_is_below(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, url: str, is_deleted: bool
) -> None:
    """The next worker finds the account as it is, and marks those below it nevertheless."""
    accounts = worker.accounts
    await client.tenants.create(tenant_id="top", name="Top", is_reseller=True)
    await client.hierarchy.assign("zebra", "top")
    if is_deleted:
        await mirror.refresh()
        await client.tenants.delete("top")
    await mirror.receive(event("top"))
    await worker.dirty.take(100)
    number = await accounts.database.draw_number()
    read = await worker.reader.read(["top"], ())
    async with accounts.database.reading() as connection:
        now = await accounts.database.now(connection)
    await accounts.write(read.records, number, now)
    await accounts.mark_deleted(read.absent, number, now)

    await run_sql(url, f"UPDATE {accounts_table(url).removesuffix('accounts')}dirty SET leased_until = NULL")
    assert [await worker.work(), await worker.work(), await worker.work()] == [1, 1, 0]
    assert (await mirror.check()).equal


async def test_a_worker_that_is_late_does_not_remove_a_later_mark(mirror: AsyncMirror, worker: Worker) -> None:
    """Another took its row after the lease, and was done with it; then an event came."""
    await mirror.receive(event("zebra"))
    late = await worker.dirty.take(100)
    await worker.dirty.finish(late, timedelta())
    await mirror.receive(event("zebra"))
    await worker.dirty.finish(late, timedelta())
    await worker.dirty.give_back(late)
    assert [row.id for row in await worker.dirty.take(100)] == ["zebra"]


async def test_a_lease_of_a_clock_that_was_ahead_ends(mirror: AsyncMirror, worker: Worker, url: str) -> None:
    """SQLite has no other clock than that of the machine."""
    await mirror.receive(event("zebra"))
    table = accounts_table(url).removesuffix("accounts") + "dirty"
    await run_sql(url, f"UPDATE {table} SET leased_until = '2999-01-01 00:00:00.000000'")
    assert [row.id for row in await worker.dirty.take(100)] == ["zebra"]


async def test_writes_go_on_after_the_counter_fell_back(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, url: str
) -> None:
    """As when the tables are restored without it: a number that was never drawn orders nothing."""
    counter = (
        "UPDATE frontegg_mirror_numbers SET value = 0"
        if url.startswith("sqlite")
        else "SELECT setval('frontegg_mirror.numbers', 1)"
    )
    await run_sql(url, f"UPDATE {accounts_table(url)} SET read_number = 1000", counter)
    await client.tenants.update("zebra", name="Zebra 2")
    await mirror.receive(event("zebra"))
    await worker.work()
    assert (await rows_of(url, mirror))["zebra"]["name"] == "Zebra 2"
    await client.tenants.delete("zebra")
    assert (await mirror.refresh()).deleted == 1
    assert (await mirror.check()).equal


async def test_the_second_read_comes_after_the_time_to_settle(
    client: AsyncFrontegg, url: str, mirror: AsyncMirror
) -> None:
    """Reads may lag behind writes. An event meanwhile is read at once."""
    await mirror.refresh()
    async with AsyncMirror(client, url, settle=3_600) as patient:
        accounts = await patient._accounts(None)
        dirty = Dirty(accounts.database, accounts.environment_id)
        worker = Worker(accounts, dirty, AccountReader(client._caller, None), patient._settle)
        await patient.receive(event("zebra"))
        assert await worker.work() == 1
        assert await worker.work() == 0
        assert (await patient.health()).oldest_dirty is None

        await patient.receive(event("zebra"))
        assert await worker.work() == 1
        assert await worker.work() == 0


async def test_an_older_read_does_not_replace_a_newer_one(
    mirror: AsyncMirror, worker: Worker, client: AsyncFrontegg, url: str
) -> None:
    """The read that began last wins, whichever comes last."""
    accounts, reader = worker.accounts, worker.reader
    older = await accounts.database.draw_number()
    before = await reader.read(["zebra"], ())
    await client.tenants.update("zebra", name="Newer")
    newer = await accounts.database.draw_number()
    after = await reader.read(["zebra"], ())
    now = await _now(worker)

    assert await accounts.write(after.records, newer, now) == []
    assert await accounts.write(before.records, older, now) == ["zebra"]
    assert await accounts.mark_deleted(["zebra"], older, now) == 0
    assert (await rows_of(url, mirror))["zebra"]["name"] == "Newer"


async def _now(worker: Worker) -> object:
    async with worker.accounts.database.reading() as connection:
        return await worker.accounts.database.now(connection)
