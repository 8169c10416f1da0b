"""The states of the engine, each alone, and the parts that they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from frontegg_async import AsyncFrontegg, LedgerError
from frontegg_async._core.call.caller import Tally
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import BulkProgress, planner
from frontegg_async.bulk.engine import Engine, State, make_pace
from frontegg_async.bulk.feed import Feed
from frontegg_async.bulk.ledger import Counts, RowState
from frontegg_async.bulk.operation import Shown
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.pace import Pace
from frontegg_async.bulk.recorder import Recorder, outcome_of
from frontegg_async.bulk.running import Work, drain, run
from frontegg_async.bulk.settings import Settings
from frontegg_async.bulk.settling import settle, settled
from frontegg_async.bulk.sqlite_store import SqliteStore
from frontegg_async.bulk.store import Commit, Item, NewRow, RowOutcome
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import (
    AuthenticationError,
    ConflictError,
    ErrorDetails,
    FronteggError,
    Outcome,
    OutcomeUnknownError,
)

pytestmark = pytest.mark.anyio


def item(number: int, operation: str = "create", **changes: Any) -> Item:
    values: dict[str, JsonValue] = {"tenant_id": f"t{number}", "name": f"Tenant {number}"}
    return Item(number, operation, f"t{number}", values, **changes)


async def fill(store: SqliteStore, count: int) -> None:
    """Put rows that create tenants into a store, and seal it."""
    rows = [item(number) for number in range(1, count + 1)]
    await store.add([NewRow(row.number, None, row.key, None, msgspec.json.encode(row.values)) for row in rows])
    await store.plan(planner.index)
    await store.seal()


@pytest.fixture
async def store(frontegg_client: AsyncFrontegg, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """Return a ledger with ten rows that create tenants."""
    begun = await SqliteStore.begin(
        str(tmp_path / "l"), operation="create", environment=frontegg_client._environment.name, settings={}
    )
    await fill(begun, 10)
    yield begun
    await begun.close()


@pytest.fixture
def work(frontegg_client: AsyncFrontegg, store: SqliteStore) -> Work:
    """Return what the states share, without a worker."""
    caller = frontegg_client._caller
    settings = Settings.read({})
    recorder = Recorder(store, caller.clocks, Tally(), None, None)
    feed = Feed(1, 1_000)
    pace = make_pace(caller, store.job, settings, Pace)
    return Work(
        caller=caller,
        reads=caller,
        feed=feed,
        pace=pace,
        recorder=recorder,
        prepare=None,
        concurrency=0,
    )


def test_how_many_rows_are_marked_ahead() -> None:
    """Twice as many while half of them get their permit before the next commit, and half while few do."""
    feed = Feed(1, 16)
    wanted: list[int] = []
    for permits in (1, 2, 4, 8, 16, 1, 0):
        wanted.append(feed.wanted())
        feed.put([item(number) for number in range(wanted[-1])])
        feed.permit(permits)
    assert wanted == [1, 2, 4, 8, 16, 16, 0]
    assert (feed.waiting, feed.is_low) == (15, False)
    feed.permit(11)
    assert feed.is_low


async def test_batches_have_rows_of_one_operation() -> None:
    """Neighbours of one operation are sent together, as many as one request takes, in the order of the rows."""
    feed = Feed(1, 1_000)
    names = ["lock"] * 150 + ["create"] * 2 + ["lock"]
    feed.put([item(number, name) for number, name in enumerate(names)])
    batches = [await feed.take() for _ in range(5)]
    assert [(batch.operation.name, len(batch.items)) for batch in batches] == [
        ("lock", 100),
        ("lock", 50),
        ("create", 1),
        ("create", 1),
        ("lock", 1),
    ]
    assert [len(half.items) for half in batches[1].halves()] == [25, 25]
    feed.put([item(7), item(8)])
    assert (feed.clear(), feed.waiting) == ([7, 8], 0)


ERRORS: dict[str, tuple[FronteggError, bool]] = {
    "refused": (ConflictError("there", ErrorDetails(outcome=Outcome.REFUSED)), False),
    "not sent": (FronteggError("no", ErrorDetails(outcome=Outcome.NOT_SENT)), True),
    "not authenticated": (AuthenticationError("who", ErrorDetails(outcome=Outcome.REFUSED)), True),
}


@pytest.mark.parametrize("name", ERRORS)
def test_the_outcome_of_a_row_that_failed(name: str) -> None:
    """The next run sends it again if nothing reached the service."""
    error, is_unsent = ERRORS[name]
    outcome = outcome_of(item(3, attempts=2), RowState.FAILED, error, 1)
    assert (outcome.number, outcome.attempts, outcome.error) == (3, 3, type(error).__name__)
    assert (outcome.message, outcome.is_unsent) == (error.message, is_unsent)


SHOWN: dict[str, tuple[Shown | FronteggError, int, RowState, int]] = {
    "done": (Shown.DONE, 0, RowState.DONE, 1),
    "done by several requests": (Shown.DONE, 3, RowState.DONE, 3),
    "not done": (Shown.NOT_DONE, 0, RowState.PENDING, 1),
    "different": (Shown.DIFFERENT, 1, RowState.FAILED, 1),
    "not shown": (OutcomeUnknownError("?", ErrorDetails(outcome=Outcome.UNKNOWN)), 1, RowState.UNKNOWN, 1),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_outcome_of_a_row_that_may_have_been_sent(name: str) -> None:
    """A row that is not done is pending, and is known to be a repetition."""
    shown, attempts, state, then = SHOWN[name]
    outcome = settled(OPERATIONS["create"], item(1, attempts=attempts), shown)
    assert (outcome.state, outcome.attempts) == (state, then)


async def test_settling(frontegg_emulator: EmulatorHandle, work: Work, store: SqliteStore) -> None:
    """What the service shows of a row is its outcome; nothing is sent."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "Tenant 1"}, {"tenantId": "t2", "name": "Of others"}])
    await store.commit(Commit(most=3))
    assert await work.recorder.start() == 3
    await settle(store, work.reads, work.recorder)
    assert await store.counts() == Counts(done=1, failed=1, pending=8)
    assert {entry.method for entry in frontegg_emulator.journal()} <= {"GET", "POST"}
    assert not [entry for entry in frontegg_emulator.journal() if entry.effect]


async def test_running_ends_with_the_rows_of_a_generation(work: Work, store: SqliteStore) -> None:
    """Rows are marked as sent in ever larger commits, until a commit finds fewer than it may take."""
    sizes: list[int] = []

    async def send(items: Sequence[Item]) -> Sequence[Item]:
        sizes.append(len(items))
        work.recorder.end(items, 1, RowState.DONE)
        return []

    work.prepare = send
    await run(work, 0)
    assert (sizes, work.takes_rows) == ([1, 2, 4, 3], False)
    assert len(work.recorder.outcomes) == 3
    await drain(work)
    assert await store.counts() == Counts(done=10)


async def test_running_takes_nothing_when_the_job_must_end(work: Work, store: SqliteStore) -> None:
    """A stop, or a guard that another process has shut, is enough."""
    work.stop()
    await run(work, 0)
    assert await store.counts() == Counts(pending=10)
    work.recorder.must_end = False
    await store.commit(Commit(guard=("max_failures", "elsewhere")))
    await run(work, 0)
    assert await store.counts() == Counts(pending=9, in_flight=1)


async def test_draining_raises_the_error_of_a_worker(work: Work) -> None:
    """It ends the run, also when nothing is in flight."""
    work.crash = LedgerError("damaged")
    with pytest.raises(LedgerError, match="damaged"):
        await drain(work)


async def test_a_row_that_failed_elsewhere_shuts_the_guard(work: Work) -> None:
    """A commit reports how many rows have failed in all processes."""
    recorder = Recorder(work.recorder._store, work.recorder._clocks, Tally(), 2, None)
    recorder.end([item(1)], 1, RowState.FAILED, ConflictError("there"))
    assert not recorder.must_end
    recorder._learn(3)
    assert (recorder.must_end, recorder.guard.reason) == (True, "3 rows failed, which is more than max_failures=2")


async def test_the_states_of_a_run(frontegg_client: AsyncFrontegg, store: SqliteStore) -> None:
    """Settling comes first, and a run stops when all outcomes are committed."""
    seen: list[State] = []

    def look(_: BulkProgress) -> None:
        seen.append(engine.state)

    await store.commit(Commit(most=1))
    await store.start({})
    engine = Engine(frontegg_client._caller, store, Settings.read({}), look, is_resumed=True)
    assert engine.state is State.SETTLING
    await engine.run()
    assert (engine.state, seen[-1]) == (State.STOPPED, State.STOPPED)
    assert await store.counts() == Counts(done=10)


async def test_an_outcome_is_committed_once(work: Work, store: SqliteStore) -> None:
    """A commit takes the outcomes, the rows that were not sent, and the requests with it."""
    await store.commit(Commit(most=2))
    work.recorder.outcomes.append(RowOutcome(1, RowState.DONE, 1))
    work.recorder.release([item(2)])
    work.recorder.requests = 5
    await work.recorder.commit()
    assert (work.recorder.outcomes, work.recorder.released, work.recorder.requests) == ([], [], 0)
    assert await store.counts() == Counts(pending=9, done=1)
    assert store.job.requests == 5


async def test_rows_are_released_if_progress_cannot_be_reported(
    frontegg_client: AsyncFrontegg, store: SqliteStore
) -> None:
    """Rows that a commit took are pending again: nobody sends them."""
    now = 0.0

    def fail(progress: BulkProgress) -> None:
        raise RuntimeError(str(progress))

    clocks = msgspec.structs.replace(frontegg_client._caller.clocks, monotonic=lambda: now)
    recorder = Recorder(store, clocks, Tally(), None, fail)
    now = 60.0
    with pytest.raises(RuntimeError):
        await recorder.commit(most=4)
    await recorder.commit()
    assert (await store.counts()).pending == 10
