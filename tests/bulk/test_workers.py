"""Processes that work on the shards of one ledger."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, LiteralString

import msgspec
import psycopg
import pytest

from frontegg_async import AsyncFrontegg, LedgerError
from frontegg_async.bulk import BulkReport, planner, postgres_store, postgres_tables, stores
from frontegg_async.bulk.ledger import Counts, RowState
from frontegg_async.bulk.postgres_address import PostgresAddress
from frontegg_async.bulk.postgres_session import Connection, PostgresSession
from frontegg_async.bulk.postgres_store import PostgresStore
from frontegg_async.bulk.shard_queue import lock_job
from frontegg_async.bulk.shards import LedgerBook, ShardStore, TakenAwayError, end_of, sweep
from frontegg_async.bulk.shared_pace import Usage
from frontegg_async.bulk.store import Commit, NewRow, RowOutcome
from frontegg_async.bulk.worker import worker
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import GuardShutError, LedgerInUseError, UnusableLedgerError
from tests.support.postgres import PostgresServer, postgres_server

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    """Return the address of a ledger that is not there yet."""
    return postgres.new_address()


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut a few rows into several shards."""
    monkeypatch.setattr(postgres_store, "SHARD", 10)


@pytest.fixture
async def other(frontegg_emulator: EmulatorHandle) -> AsyncIterator[AsyncFrontegg]:
    """Return a second client of the same environment."""
    emulator = frontegg_emulator
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        yield client


def tenants(count: int) -> list[dict[str, Any]]:
    return [{"tenant_id": f"t{n}", "name": f"Tenant {n}"} for n in range(count)]


def family() -> list[dict[str, Any]]:
    """Return 4 generations, the last first: 25 below each of 4 below one."""
    rows: list[dict[str, Any]] = [
        {"tenant_id": f"c{n}", "name": "C", "parent_tenant_id": f"b{n % 4}"} for n in range(100)
    ]
    rows += [{"tenant_id": f"b{n}", "name": "B", "parent_tenant_id": "a", "is_reseller": True} for n in range(4)]
    return [*rows, {"tenant_id": "a", "name": "A", "is_reseller": True}]


def created(emulator: EmulatorHandle) -> Counter[str]:
    entries = [entry for entry in emulator.journal() if entry.route == "tenants.create" and entry.effect]
    return Counter(tenant_id for entry in entries if entry.effect for tenant_id in entry.effect.created)


async def begun(address: str, *rows: NewRow) -> PostgresStore:
    ledger = await begin_empty(address)
    await ledger.add(rows)
    await ledger.plan(planner.index)
    await ledger.plan(planner.put_below_parents)
    await ledger.seal()
    await ledger.start({})
    return ledger


def row(number: int, key: str | None = None, parent: str | None = None) -> NewRow:
    return NewRow(number, None, key or f"t{number}", parent, msgspec.json.encode({"name": "T"}))


async def queued(session: PostgresSession) -> list[int]:
    query = "SELECT (args->>'shard')::int FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
    return [shard for (shard,) in await session.run(lambda connection: connection.execute(query).fetchall())]


async def fetch(session: PostgresSession) -> None:
    """Do as if all queued shards were taken out of the queue."""
    query = "UPDATE procrastinate_jobs SET status = 'doing'"
    await session.run(lambda connection: connection.execute(query))


async def test_a_job_alone(frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str) -> None:
    """One process does all of it, those above first, and tells how far it is."""
    finished: list[int] = []
    report = await frontegg_client.bulk.create(
        family(), ledger=address, on_progress=lambda progress: finished.append(progress.finished)
    )
    assert (report.total, report.succeeded, report.failed, report.skipped) == (105, 105, 0, 0)
    assert report.requests == 105
    assert finished[-1] == 105
    assert created(frontegg_emulator) == Counter(str(row["tenant_id"]) for row in family())
    assert len(await frontegg_client.hierarchy.list_sub_accounts("b1")) == 25
    again = await frontegg_client.bulk.resume(address)
    assert (again.succeeded, again.requests) == (105, 105)


async def test_children_of_a_failed_parent(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str
) -> None:
    """They are skipped, shards of nothing else too."""
    frontegg_emulator.seed(tenants=[{"tenantId": "b1", "name": "Here already", "isReseller": True}])
    report = await frontegg_client.bulk.create(family(), ledger=address)
    assert (report.succeeded, report.failed, report.skipped) == (79, 1, 25)
    assert {row.tenant_id for row in report.failures()} == {"b1"}


async def test_several(
    frontegg_client: AsyncFrontegg, other: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str
) -> None:
    """Whoever is there takes shards; the rate is that of all together."""
    began = asyncio.get_running_loop().time()
    running = asyncio.create_task(frontegg_client.bulk.create(tenants(200), ledger=address, rate=100, concurrency=4))
    while True:
        with contextlib.suppress(LedgerError):
            report = await worker(address, other.bulk, stalled_after=2)
            break
        await asyncio.sleep(0.01)
    assert report.succeeded == (await running).succeeded == 200
    assert asyncio.get_running_loop().time() - began >= 1.5
    assert set(created(frontegg_emulator).values()) == {1}


async def begun_job(client: AsyncFrontegg, address: str) -> asyncio.Task[BulkReport]:
    """Begin a job of 60 rows, and return it once a row is finished."""
    seen = asyncio.Event()
    job = client.bulk.create(
        tenants(60), ledger=address, rate=50, on_progress=lambda progress: seen.set() if progress.finished else None
    )
    running = asyncio.create_task(job)
    await seen.wait()
    return running


async def test_a_worker_that_is_told_to_end(
    frontegg_client: AsyncFrontegg, other: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str
) -> None:
    """It ends after what is in flight, and gives the rest of its shard back at once."""
    running = await begun_job(frontegg_client, address)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    left = await frontegg_client.bulk.report(address)
    assert 0 < left.succeeded < 60
    assert left.unknown == 0
    report = await other.bulk.work(address)
    assert report.succeeded == 60
    assert set(created(frontegg_emulator).values()) == {1}


async def test_a_shard_that_is_taken_away(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str
) -> None:
    """The process that had the shard continues with the others, and with the rest of it when it is given back."""
    running = await begun_job(frontegg_client, address)
    beside = await PostgresStore.resume(PostgresAddress.parse(address))
    at_work = "SELECT id FROM shard WHERE NOT is_over AND epoch > 0"
    taken = None
    while taken is None:
        for (number,) in await beside.run(lambda connection: connection.execute(at_work).fetchall()):
            taken = await ShardStore.take(beside, number)
    taken.stop()
    await taken.finish()
    await beside.close()
    assert (await running).succeeded == 60
    assert set(created(frontegg_emulator).values()) == {1}


async def test_a_server_that_is_restarted(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str, postgres: PostgresServer
) -> None:
    """The job continues."""
    seen = asyncio.Event()
    running = asyncio.create_task(
        frontegg_client.bulk.create(
            tenants(100),
            ledger=address,
            rate=50,
            on_progress=lambda progress: seen.set() if progress.finished else None,
        )
    )
    await seen.wait()
    await asyncio.to_thread(postgres.stop)
    await asyncio.to_thread(postgres.start)
    report = await running
    assert report.succeeded == 100
    assert set(created(frontegg_emulator).values()) == {1}


async def test_users_of_one_tenant(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str
) -> None:
    """Invitations are sent beside each other, and each once; a user who is there twice is refused."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t0", "name": "t0"}])
    rows = [{"tenant_id": "t0", "email": f"u{n}@x.example", "roles": "Admin"} for n in range(40)]
    report = await frontegg_client.bulk.invite(
        [*rows, rows[3]], ledger=address, rate=None, concurrency=4, on_bad_row="report"
    )
    assert (report.succeeded, report.failed, report.total) == (40, 1, 41)
    assert sum(entry.route == "users.invite" for entry in frontegg_emulator.journal()) == 40
    assert await frontegg_client.users.list("t0").count() == 40


async def test_a_guard(frontegg_client: AsyncFrontegg, other: AsyncFrontegg, address: str) -> None:
    """It ends the work of all, and stays shut until it is overridden."""
    await frontegg_client.bulk.create(tenants(30), ledger=address)
    again = f"{address}_again"
    with pytest.raises(GuardShutError):
        await frontegg_client.bulk.create(tenants(60), ledger=again, max_failures=5, concurrency=1)
    with pytest.raises(GuardShutError):
        await other.bulk.work(again)
    report = await frontegg_client.bulk.resume(again, override=True, max_failures=50)
    assert (report.succeeded, report.failed) == (30, 30)


async def test_work_that_is_not_confirmed(frontegg_client: AsyncFrontegg, other: AsyncFrontegg, address: str) -> None:
    """Nobody begins with it."""
    with pytest.raises(GuardShutError):
        await frontegg_client.bulk.delete([{"tenant_id": "a"}], ledger=address)
    with pytest.raises(GuardShutError):
        await other.bulk.work(address)
    assert (await other.bulk.report(address)).succeeded == 0


async def test_ledgers_that_cannot_be_worked_on(frontegg_client: AsyncFrontegg, address: str) -> None:
    """One that is not there, of another environment, or without its whole input."""
    with pytest.raises(UnusableLedgerError, match="there is no ledger"):
        await frontegg_client.bulk.work(address)
    ledger = await begun(address, row(1))
    await ledger.close()
    with pytest.raises(LedgerError, match="to another environment, here"):
        await frontegg_client.bulk.work(address)
    unread = await begin_empty(f"{address}_2")
    with pytest.raises(LedgerInUseError, match="another run is writing its input"):
        await frontegg_client.bulk.work(f"{address}_2")
    await unread.close()
    with pytest.raises(LedgerError, match=r"is incomplete: .* began the job$"):
        await frontegg_client.bulk.work(f"{address}_2")


async def test_an_input_that_is_given_up(address: str) -> None:
    """The server is told, so that whoever interrupts the program does not wait for a long statement."""
    ledger = await begin_empty(address)
    sleeping = asyncio.create_task(ledger.run(lambda connection: connection.execute("SELECT pg_sleep(3600)")))
    session = PostgresSession(PostgresAddress.parse(address))
    asleep = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND wait_event = 'PgSleep'"
    while await session.run(lambda connection: connection.execute(asleep).fetchone()) != (1,):
        continue
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    await ledger.close(is_removed=True)
    await session.close()


async def begin_empty(address: str) -> PostgresStore:
    return await PostgresStore.begin(
        PostgresAddress.parse(address), operation="create", environment="here", settings={}
    )


async def test_rows_that_depend_on_each_other(frontegg_client: AsyncFrontegg, address: str) -> None:
    """Invalid ones are reported; those of one tenant are in order; what is below is deleted first."""
    given = [*family(), {"tenant_id": "a", "name": "Twice"}, {"name": "X", "parent_tenant_id": "nobody"}]
    report = await frontegg_client.bulk.create(given, ledger=address, on_bad_row="report")
    assert (report.succeeded, report.failed) == (105, 2)
    assert [row.error for row in report.failures()] == ["UnusableRowsError"] * 2
    names = [{"tenant_id": "a", "name": str(n)} for n in range(3)]
    report = await frontegg_client.bulk.update(names, ledger=f"{address}_names")
    assert (report.succeeded, (await frontegg_client.tenants.get("a")).name) == (3, "2")
    everything = [{"tenant_id": str(row["tenant_id"])} for row in reversed(family())]
    report = await frontegg_client.bulk.delete(everything, ledger=f"{address}_gone", confirm=105)
    assert report.succeeded == 105


async def test_rows_that_were_not_sent(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, address: str
) -> None:
    """They are sent when the job is resumed, and those below them."""
    async with AsyncFrontegg(frontegg_emulator.client_id, "wrong", base_url=frontegg_emulator.url) as wrong:
        report = await wrong.bulk.create([*family()[-1:], *family()[-2:-1]], ledger=address)
    assert (report.failed, report.skipped) == (1, 1)
    assert {reason.error for reason in report.reasons()} == {"AuthenticationError", "ParentFailed"}
    report = await frontegg_client.bulk.resume(address)
    assert report.succeeded == 2


async def test_a_worker_that_gets_a_signal(frontegg_client: AsyncFrontegg, other: AsyncFrontegg, address: str) -> None:
    """It says what is done by then."""
    seen = asyncio.Event()
    running = asyncio.create_task(
        frontegg_client.bulk.create(
            tenants(100),
            ledger=address,
            rate=50,
            on_progress=lambda progress: seen.set() if progress.finished else None,
        )
    )
    await seen.wait()
    left = [signal.SIGTERM]
    report = await worker(address, other.bulk, on_progress=lambda _: signal.raise_signal(left.pop()) if left else None)
    assert report.succeeded < 100
    assert (await running).succeeded == 100


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE job SET version = 9", "has version 9 of the format"),
        ("UPDATE job SET version = 1; ALTER TABLE job DROP overridden", "resume the job with frontegg-async 0.2.0"),
        ("DELETE FROM job", "is damaged: it has no job"),
    ],
)
async def test_tables_that_are_not_understood(address: str, change: LiteralString, said: str) -> None:
    """Nobody works on them, and nobody removes them."""
    ledger = await begun(address, row(1))
    await ledger.session.run(lambda connection: connection.execute(change))
    with pytest.raises(LedgerError, match=said) as caught:
        await ledger.counts()
    assert type(caught.value) is LedgerError  # its rows may have been sent
    for use in (PostgresStore.resume(ledger.address), begun(address)):
        with pytest.raises(UnusableLedgerError, match=said):
            await use
    with pytest.raises(UnusableLedgerError, match=said):
        stores.read_report(address)
    await ledger.close()


_EDITS: list[LiteralString] = [
    "DELETE FROM shard",
    "DELETE FROM shard WHERE id = 1",
    "UPDATE shard SET generation = -3 WHERE id = 2",
    "UPDATE shard SET done = 99 WHERE id = 1",
    "DELETE FROM item WHERE number = 2",
    "UPDATE item SET state = 9 WHERE number = 2",
    "UPDATE item SET state = -1 WHERE number = 2",
    "UPDATE item SET generation = -3",
    "UPDATE item SET shard = NULL WHERE number = 1",
    "UPDATE item SET input = '[]'",
    "UPDATE item SET input = '{'",
    "UPDATE item SET input = 'null'",
    "UPDATE item SET input = '\\xff'",
    "UPDATE item SET operation = 'delete' WHERE number = 1",
    "UPDATE job SET total = -5",
    "UPDATE job SET total = 0",
    "UPDATE job SET elapsed = 'NaN'",
    "UPDATE job SET elapsed = -1",
    "UPDATE job SET created_at = 'Infinity'",
    "UPDATE job SET operation = 'burn'",
    "UPDATE job SET settings = '{'",
    "UPDATE job SET settings = '[]'",
]


async def take(address: PostgresAddress) -> None:
    """Take the rows of a ledger."""
    ledger = await PostgresStore.resume(address)
    try:
        await ledger.commit(Commit(most=9))
    finally:
        await ledger.close()


async def test_tables_that_were_edited(address: str) -> None:
    """Neither a report nor a run takes them for those of a job."""
    ledger = await begun(address, row(1), row(2, "a"), row(3, "b", "a"))
    keep: list[LiteralString] = [f"CREATE TABLE kept_{name} AS TABLE {name}" for name in ("job", "item", "shard")]
    back: list[LiteralString] = [
        f"TRUNCATE {name}; INSERT INTO {name} SELECT * FROM kept_{name}" for name in ("job", "item", "shard")
    ]
    await ledger.session.run(lambda connection: [connection.execute(each) for each in keep])

    def edit(change: LiteralString) -> None:
        with psycopg.connect(ledger.address.conninfo) as connection:
            for each in (*back, change):
                connection.execute(each)

    for change in _EDITS:
        edit(change)
        with pytest.raises(UnusableLedgerError, match="is damaged"):
            list(stores.read_report(address).rows())
        with pytest.raises(LedgerError, match="is damaged"):
            await take(ledger.address)
    edit("SELECT 1")
    assert stores.read_report(address).total == 3
    await ledger.close()


async def test_a_queue_of_another_version(frontegg_client: AsyncFrontegg, address: str) -> None:
    """Nobody waits for it."""
    with pytest.raises(GuardShutError):
        await frontegg_client.bulk.delete([{"tenant_id": "a"}], ledger=address)
    session = PostgresSession(PostgresAddress.parse(address))
    await session.run(lambda connection: connection.execute("DROP FUNCTION procrastinate_prune_stalled_workers_v1"))
    await session.close()
    with pytest.raises(LedgerError, match=r"cannot be used: function .* does not exist"):
        await frontegg_client.bulk.resume(address, override=True)


async def test_who_was_thought_dead_records_nothing(address: str) -> None:
    """The epoch of the shard is higher."""
    ledger = await begun(address, row(1), row(2))
    first = await ShardStore.take(ledger, 1)
    assert first is not None
    [item, _] = (await first.commit(Commit(most=2))).items
    second = await ShardStore.take(ledger, 1)
    assert second is not None
    with pytest.raises(TakenAwayError):
        await first.commit(Commit(outcomes=[RowOutcome(item.number, RowState.DONE, 1)], requests=7))
    permits = LedgerBook(lambda: first).reserve(Usage("one", 0, 1, 0))
    shuts, left = first.commit(Commit(guard=("x", "y"))), first.items([RowState.IN_FLIGHT], 0, 9)
    for refused in (left, first.counts(), first.touch(), first.finish(), shuts, permits):
        with pytest.raises(TakenAwayError):
            await refused
    assert await ledger.counts() == Counts(in_flight=2)
    assert (ledger.job.requests, ledger.job.guard) == (0, None)
    assert [item.number for item in await second.items([RowState.IN_FLIGHT, RowState.UNKNOWN], 0, 9)] == [1, 2]
    assert await second.finish() is False
    await second.commit(Commit(outcomes=[RowOutcome(n, RowState.DONE, 1) for n in (1, 2)]))
    assert await second.finish() is True
    assert await ShardStore.take(ledger, 1) is None
    assert await end_of(ledger.session) == (None, None)
    await ledger.commit(Commit(guard=("max_failures", "enough")))
    assert await end_of(ledger.session) == ("max_failures", "enough")
    await ledger.close()


async def test_shards(address: str) -> None:
    """The rows below one tenant stay together, unless they are too many; a generation comes after the one before."""
    rows = [row(1, "a"), row(2, "b"), *(row(n, parent="a") for n in range(3, 28)), row(28, parent="b")]
    rows += [row(29, parent="b"), row(30, "x", "c"), row(31, "c", "t3")]
    ledger = await begun(address, *rows)
    query = "SELECT shard, array_agg(number ORDER BY number) FROM item GROUP BY shard ORDER BY shard"
    found = await ledger.session.run(lambda connection: connection.execute(query).fetchall())
    cut: dict[int, list[int]] = dict(found)
    assert cut == {
        1: [1, 2],
        2: [*range(3, 13)],
        3: [*range(13, 23)],
        4: [*range(23, 28)],
        5: [28, 29],
        6: [31],
        7: [30],
    }
    assert await queued(ledger.session) == [1]
    await fetch(ledger.session)
    shard = await ShardStore.take(ledger, 1)
    assert shard is not None
    await shard.commit(Commit(most=9))
    lost = RowOutcome(2, RowState.FAILED, 1, "ConflictError", 409)
    await shard.commit(Commit(outcomes=[RowOutcome(1, RowState.DONE, 1), lost]))
    assert await queued(ledger.session) == []
    await shard.finish()
    # All rows of shard 5 are below b, and are skipped.
    assert await queued(ledger.session) == [2, 3, 4]
    assert (await ledger.counts()).skipped == 2
    await ledger.close()


async def test_whoever_comes_when_nobody_is_there(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for shards of processes that are gone, unless the server has just been started."""
    monkeypatch.setattr(postgres_tables, "BACK", 0)
    gone = await begun(address, *(row(n) for n in range(1, 31)))
    await fetch(gone.session)
    old = await ShardStore.take(gone, 1)
    assert old is not None
    parsed = PostgresAddress.parse(address)
    beside = await PostgresStore.resume(parsed)
    assert await queued(beside.session) == []
    await beside.close()
    # A killed process closes its session in this way.
    await gone.close()
    monkeypatch.setattr(postgres_tables, "BACK", 3600)
    early = await PostgresStore.resume(parsed)
    assert await queued(early.session) == []
    await early.close()
    monkeypatch.setattr(postgres_tables, "BACK", 0)
    first, second = await asyncio.gather(PostgresStore.resume(parsed), PostgresStore.resume(parsed))
    assert await queued(first.session) == [1, 2, 3]
    assert await ShardStore.take(second, 1) is not None
    # The process of this shard was alive, and learns that the shard was taken away.
    with pytest.raises(TakenAwayError):
        await old.touch()
    for ledger in (gone, first, second):
        await ledger.close()


async def test_a_process_that_is_stopped_in_a_transaction(address: str) -> None:
    """The server ends its session, so that the others continue; its last commit is made again."""
    ledger = await begun(address, row(1))
    beside = await PostgresStore.resume(PostgresAddress.parse(address))
    is_locked, goes_on, calls = asyncio.Event(), threading.Event(), itertools.count()
    loop = asyncio.get_running_loop()

    def stop(connection: Connection) -> tuple[object, ...] | None:
        lock_job(connection)
        if next(calls) == 0:
            # Set the limit for this transaction alone: on a busy machine, other transactions would exceed it.
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 1")
            loop.call_soon_threadsafe(is_locked.set)
            goes_on.wait()
        return connection.execute("SHOW idle_in_transaction_session_timeout").fetchone()

    stopped = asyncio.create_task(ledger.session.run(stop))
    await is_locked.wait()
    await sweep(beside.session, 30)
    goes_on.set()
    assert await stopped == ("10s",)
    assert (ledger.session.losses, next(calls)) == (1, 2)
    await beside.close()
    await ledger.close()


class CutsAnswers:
    """Stands between a process and its server, and closes the connection in place of the answer to a commit."""

    def __init__(self, target: str) -> None:
        self.is_next = False
        """Whether the next commit has no answer."""
        self._target = target

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection."""
        answers, server = await asyncio.open_unix_connection(self._target)
        is_committing = asyncio.Event()
        forwarding = asyncio.create_task(self._forward(answers, writer, is_committing))
        while data := await reader.read(65_536):
            if self.is_next and b"COMMIT" in data:
                self.is_next = False
                is_committing.set()
            server.write(data)
        server.close()
        await forwarding

    async def _forward(
        self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter, is_committing: asyncio.Event
    ) -> None:
        while (data := await answers.read(65_536)) and not is_committing.is_set():
            writer.write(data)
        writer.close()


async def test_a_commit_without_an_answer(address: str, tmp_path: Path) -> None:
    """It is made again: the rows that it took are returned, and no others instead of them."""
    await (await begun(address, *(row(n) for n in range(1, 9)))).close()
    directory = address.partition("host=")[2].partition("&")[0]
    cuts = CutsAnswers(f"{directory}/.s.PGSQL.5432")
    async with await asyncio.start_unix_server(cuts.serve, str(tmp_path / ".s.PGSQL.5432")):
        ledger = await PostgresStore.resume(PostgresAddress.parse(address.replace(directory, str(tmp_path))))
        shard = await ShardStore.take(ledger, 1)
        assert shard is not None
        taken = [[item.number for item in (await shard.commit(Commit(most=2))).items]]
        for number in (1, 3):
            cuts.is_next = True
            done = RowOutcome(number, RowState.DONE, 1)
            committed = await shard.commit(Commit(outcomes=[done], released=[2], most=2))
            taken.append([item.number for item in committed.items])
        assert ledger.session.losses == 2
        assert taken == [[1, 2], [2, 3], [2, 4]]
        assert await ledger.counts() == Counts(pending=4, in_flight=2, done=2)
        await ledger.close()


async def test_a_ledger_that_is_made_again(address: str) -> None:
    """Whoever had the one before does nothing to it."""
    before = await begun(address, row(1), row(2))
    shard = await ShardStore.take(before, 1)
    assert shard is not None
    await shard.commit(Commit(most=2))
    schema = PostgresAddress.parse(address).schema
    await before.session.run(lambda connection: connection.execute(f"DROP SCHEMA {schema} CASCADE".encode()))
    after = await begun(address, row(1), row(2))
    assert await ShardStore.take(after, 1) is not None
    for refused in (shard.commit(Commit(outcomes=[RowOutcome(1, RowState.DONE, 1)])), ShardStore.take(before, 1)):
        with pytest.raises(LedgerError, match="now belongs to another job"):
            await refused
    await before.close(is_removed=True)
    assert await after.counts() == Counts(pending=2)
    await after.close()


async def test_a_rate_that_is_changed(address: str) -> None:
    """It holds for those that are at work too."""
    ledger = await begun(address, row(1))
    shard = await ShardStore.take(ledger, 1)
    assert shard is not None
    book = LedgerBook(lambda: shard)
    assert (await book.reserve(Usage("one", 0, 0, 0))).is_alone
    assert (await book.reserve(Usage("one", 0, 1, 0))).interval == 0
    await ledger.start({"rate": "300/min"})
    await shard.touch()
    assert (await book.reserve(Usage("one", 0, 1, 0))).interval == 0.2
    assert await book.note_limit(60, Usage("one", 0, 0, 1), 0.2) == 1 == await book.window()
    await ledger.close()


async def test_a_shard_whose_process_is_gone(address: str) -> None:
    """It is queued again, and one that is worked on is not."""
    ledger = await begun(address, *(row(n) for n in range(1, 31)))
    assert await queued(ledger.session) == [1, 2, 3]
    await fetch(ledger.session)
    taken = await ShardStore.take(ledger, 1)
    assert taken is not None
    old = "UPDATE shard SET seen_at = seen_at - interval '60 s' WHERE id < 3"
    await ledger.session.run(lambda connection: connection.execute(old))
    await taken.touch()
    await sweep(ledger.session, 30)
    await sweep(ledger.session, 30)
    assert await queued(ledger.session) == [2]
    await ledger.close()


async def test_a_server_that_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that ends or starts is awaited, also by a process that begins then; one that is not there is not."""
    with postgres_server() as server:
        address = server.new_address()
        await (await begun(address, row(1))).close()
        parsed, is_awaited = PostgresAddress.parse(address), asyncio.Event()

        async def sleep(seconds: float) -> None:
            is_awaited.set()
            await asyncio.sleep(seconds)

        monkeypatch.setattr(postgres_store, "PostgresSession", functools.partial(PostgresSession, sleep=sleep))
        holds = psycopg.connect(server.conninfo())
        ending = asyncio.create_task(asyncio.to_thread(server.stop, "smart"))  # which waits for that session
        await asyncio.to_thread(until_it_ends, server)
        resuming = asyncio.create_task(PostgresStore.resume(parsed))
        resuming.add_done_callback(lambda _: is_awaited.set())
        await is_awaited.wait()
        holds.close()
        await ending
        with pytest.raises(LedgerError, match="cannot be used"):
            await PostgresStore.resume(parsed)
        server.start()
        resumed = await resuming
        assert await resumed.counts() == Counts(pending=1)
        await resumed.close()


def until_it_ends(server: PostgresServer) -> None:
    """Wait until a server takes no more sessions."""
    while True:
        try:
            psycopg.connect(server.conninfo()).close()
        except psycopg.OperationalError:
            return
