"""What holds for each store of ledgers (`frontegg_async.bulk.store`)."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from frontegg_async import AsyncFrontegg, LedgerError, Options
from frontegg_async.bulk import planner, stores
from frontegg_async.bulk.ledger import Counts, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.store import Commit, Execute, Item, NewRow, RowOutcome, Store
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import LedgerInUseError
from tests.bulk.each_store import new_address

pytestmark = pytest.mark.anyio


PENDING, IN_FLIGHT, DONE, FAILED, UNKNOWN, SKIPPED, STALE = RowState


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    return new_address(request, tmp_path)


def row(number: int, key: str | None = None, parent: str | None = None, **others: Any) -> NewRow:
    values = {"tenant_id": key, "name": f"Tenant {number}"}
    return NewRow(number, number + 1, key or f"t{number}", parent, msgspec.json.encode(values), **others)


async def begin(address: str, operation: str = "create", **settings: Any) -> Store:
    begun = await stores.begin_ledger(address, operation=operation, environment="here", settings=settings)
    return begun.store


async def resume(address: str) -> Store:
    return (await stores.resume_ledger(address)).store


@pytest.fixture
async def ledger(address: str) -> AsyncIterator[Store]:
    """Return a new ledger."""
    begun = await begin(address, rate="4/s")
    try:
        yield begun
    finally:
        await begun.close()


async def fill(ledger: Store, *rows: NewRow, operation: str = "create") -> None:
    """Add rows, and put them into generations as those of an operation."""
    await ledger.add(rows)
    found = await ledger.plan(partial(planner.begin, operation=OPERATIONS[operation]))
    while asked := found.unknown_parents:
        found = await ledger.plan(partial(planner.proceed, operation=OPERATIONS[operation], asked=asked))
    await ledger.seal()
    await ledger.start({"rate": "5/s"})


async def take(ledger: Store, most: int = 9, generation: int = 0, *outcomes: RowOutcome) -> list[int]:
    """Return the numbers of the rows that a commit marks as sent."""
    committed = await ledger.commit(Commit(most=most, generation=generation, outcomes=outcomes))
    return [item.number for item in committed.items]


async def found(ledger: Store, *states: RowState, after: int = 0, most: int = 9) -> list[int]:
    return [item.number for item in await ledger.items(states, after, most)]


def states(ledger: Store) -> dict[int, str]:
    return {each.number: each.state.value for each in ledger.reader().rows()}


async def test_a_job(ledger: Store, address: str) -> None:
    assert (ledger.job.settings, ledger.job.total, ledger.job.is_sealed) == ({"rate": "4/s"}, 0, False)
    await fill(ledger, *(row(n) for n in range(1, 8)))
    for job in (ledger.job, ledger.reader().summary()[0]):
        assert (job.operation, job.environment, job.settings) == ("create", "here", {"rate": "5/s"})
        assert job.job_id.count("-") == 4
        assert (job.total, job.is_sealed, job.guard, job.overridden) == (7, True, None, 0)
    assert ledger.reader().summary()[1] == Counts(pending=7)
    assert stores.read_report(address).total == 7


async def test_rows_are_taken_once_and_in_order(ledger: Store) -> None:
    await fill(ledger, *(row(n) for n in range(1, 8)))
    assert await ledger.next_generation(-1) == 0
    first = (await ledger.commit(Commit(most=4))).items
    assert [(item.number, item.operation, item.key, item.was_sent) for item in first] == [
        (n, "create", f"t{n}", False) for n in range(1, 5)
    ]
    assert first[0].values == {"tenant_id": None, "name": "Tenant 1"}
    ends = [
        RowOutcome(1, DONE, 1),
        RowOutcome(2, FAILED, 1, "ConflictError", 409, "trace", "it is \0 there"),
        RowOutcome(3, UNKNOWN, 2, "ResponseError", None, None, "no response"),
    ]
    second = await ledger.commit(Commit(outcomes=ends, most=2, requests=5, elapsed=0.5))
    assert [item.number for item in second.items] == [5, 6]
    assert second.failed in {None, 1}
    assert await ledger.counts() == Counts(pending=1, in_flight=3, done=1, failed=1, unknown=1)
    assert await take(ledger) == [7]
    assert not await take(ledger)
    await ledger.commit(Commit(released=[4, 7]))
    assert (await ledger.counts()).pending == 2
    assert await ledger.next_generation(0) is None
    for job in (ledger.job, ledger.reader().summary()[0]):
        assert job.requests == 5
        assert 0 < job.elapsed <= 0.5
    [failed] = ledger.reader().rows(FAILED)
    assert (failed.row, failed.line, failed.tenant_id, failed.attempts) == (2, 3, "t2", 1)
    assert (failed.error, failed.status, failed.trace_id) == ("ConflictError", 409, "trace")
    assert failed.message is not None
    assert failed.sent_at is not None
    assert failed.finished_at is not None
    assert failed.finished_at >= failed.sent_at


async def test_items_in_states(ledger: Store) -> None:
    """They are found with and without a row of their own in the store."""
    await fill(ledger, *(row(n) for n in range(1, 9)))
    await ledger.commit(Commit(most=6))
    outcomes = [RowOutcome(1, DONE, 1), RowOutcome(2, UNKNOWN, 2), RowOutcome(3, PENDING, 1)]
    await ledger.commit(Commit(outcomes=outcomes, released=[4]))
    unsettled = await ledger.items([IN_FLIGHT, UNKNOWN], 0, 9)
    assert [(item.number, item.attempts, item.was_sent) for item in unsettled] == [
        (2, 2, True),
        (5, 0, True),
        (6, 0, True),
    ]
    pending = await ledger.items([PENDING], 0, 9)
    assert [(item.number, item.attempts, item.was_sent) for item in pending] == [
        (3, 1, True),
        (4, 0, False),
        (7, 0, False),
        (8, 0, False),
    ]
    assert pending[0].values == {"tenant_id": None, "name": "Tenant 3"}
    assert await found(ledger, UNKNOWN, IN_FLIGHT, after=2, most=1) == [5]
    assert await found(ledger, PENDING, after=4) == [7, 8]
    assert await found(ledger, PENDING, IN_FLIGHT) == [3, 4, 5, 6, 7, 8]
    assert await found(ledger, DONE, FAILED) == [1]
    assert await found(ledger, *RowState) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_values_that_rows_expect(ledger: Store) -> None:
    """They are added with the rows, and stay as they are; no tenant is another value than none."""
    await fill(ledger, row(1, before=b'{"name":"A"}'), row(2, before=b"null"), row(3))
    assert await ledger.before([1, 2, 3, 9]) == {1: {"name": "A"}, 2: None}
    await ledger.commit(Commit(before=[(1, b'{"name":"B"}'), (3, b'{"name":"C"}')]))
    assert await ledger.before([3, 1]) == {1: {"name": "A"}, 3: {"name": "C"}}
    assert [(each.before, each.has_before) for each in ledger.reader().rows()] == [
        ({"name": "A"}, True),
        (None, True),
        ({"name": "C"}, True),
    ]


async def test_rows_that_are_stale(ledger: Store, address: str) -> None:
    """They have an outcome, which a later run leaves, and are counted among the reasons."""
    await fill(ledger, row(1), row(2))
    await take(ledger)
    await ledger.commit(
        Commit(outcomes=[RowOutcome(1, STALE, 0, "ValuesChanged", message="no"), RowOutcome(2, DONE, 1)])
    )
    assert await ledger.counts() == Counts(done=1, stale=1)
    [reason] = ledger.reader().reasons()
    assert (reason.state, reason.error, reason.count, reason.example.message) == (STALE, "ValuesChanged", 1, "no")
    await ledger.close()
    again = await resume(address)
    await again.start({})
    assert not await take(again)
    assert states(again) == {1: "stale", 2: "done"}
    await again.close()


async def test_rows_below_one_that_is_stale(ledger: Store) -> None:
    await fill(ledger, row(1, "b", "a"), row(2, "a"))
    assert await take(ledger) == [2]
    await ledger.commit(Commit(outcomes=[RowOutcome(2, STALE, 0, "ValuesChanged", message="no")]))
    assert not await take(ledger, generation=1)
    assert await ledger.next_generation(0) == 1
    [skipped] = ledger.reader().rows(SKIPPED)
    assert skipped.message == "the tenant a was not created: no"


async def test_a_row_that_was_sent_before(ledger: Store, address: str) -> None:
    await fill(ledger, row(1))
    await take(ledger)
    await ledger.close()
    again = await resume(address)
    assert await found(again, IN_FLIGHT, UNKNOWN) == [1]
    await again.commit(Commit(outcomes=[RowOutcome(1, PENDING, 1)]))
    [item] = (await again.commit(Commit(most=1))).items
    assert (item.attempts, item.was_sent) == (1, True)
    await again.close()


async def test_rows_come_after_their_parents(ledger: Store) -> None:
    """They do not come at all if these failed."""
    await fill(ledger, row(1, "c", "b"), row(2, "b", "a"), row(3, "a"), row(4, "z", "y"), row(5, "y"), row(6, "u", "w"))
    assert await ledger.next_generation(-1) == 0
    assert await take(ledger) == [3, 5, 6]
    ends = [RowOutcome(3, DONE, 1), RowOutcome(5, FAILED, 1, "ConflictError", 409, None, "it is there")]
    await ledger.commit(Commit(outcomes=[*ends, RowOutcome(6, DONE, 1)]))
    assert await ledger.next_generation(0) == 1
    assert await take(ledger, generation=1) == [2]
    [skipped] = ledger.reader().rows(SKIPPED)
    assert (skipped.tenant_id, skipped.error) == ("z", "ParentFailed")
    assert skipped.message == "the tenant y was not created: it is there"
    await ledger.commit(Commit(outcomes=[RowOutcome(2, UNKNOWN, 1)]))
    assert await ledger.next_generation(1) == 2
    assert not await take(ledger, generation=2)
    assert states(ledger) == {1: "pending", 2: "unknown", 3: "done", 4: "skipped", 5: "failed", 6: "done"}


async def test_rows_with_operations_of_their_own(address: str) -> None:
    """A child waits for the rows of its parent in lower generations, and not for later ones."""
    ledger = await begin(address, "create,lock")
    await ledger.add(
        [
            row(1, "a", operation="create"),
            row(2, "b", "a", operation="create", generation=1),
            row(3, "a", operation="lock", generation=1),
            row(4, "b", "a", operation="lock", generation=2),
        ]
    )
    await ledger.seal()
    await ledger.start({})
    taken: list[list[tuple[int, str]]] = []
    generation = await ledger.next_generation(-1)
    while generation is not None:
        items = (await ledger.commit(Commit(generation=generation, most=9))).items
        taken.append([(item.number, item.operation) for item in items])
        await ledger.commit(Commit(outcomes=[RowOutcome(item.number, DONE, 1) for item in items]))
        generation = await ledger.next_generation(generation)
    assert taken == [[(1, "create")], [(2, "create"), (3, "lock")], [(4, "lock")]]
    assert [each.operation for each in ledger.reader().rows()] == ["create", "create", "lock", "lock"]
    await ledger.close()


async def test_a_later_row_of_the_parent_skips_nothing(address: str) -> None:
    ledger = await begin(address, "create,lock")
    rows = [row(1, "a", operation="create"), row(2, "b", "a", operation="create", generation=1)]
    await ledger.add([*rows, row(3, "a", operation="lock", generation=1)])
    await ledger.seal()
    await ledger.start({})
    await take(ledger)
    assert await take(ledger, 1, 1, RowOutcome(1, DONE, 1)) == [2]
    await ledger.commit(Commit(outcomes=[RowOutcome(2, PENDING, 1), RowOutcome(3, FAILED, 1)]))
    assert await ledger.next_generation(0) == 1
    assert states(ledger) == {1: "done", 2: "pending", 3: "failed"}
    await ledger.close()


async def test_invalid_rows_have_failed(ledger: Store) -> None:
    await fill(ledger, row(1, problem="no"), row(2, "a"), row(3, "a"), row(4, "x", "y"), row(5, "y", "x"))
    assert await ledger.counts() == Counts(pending=1, failed=4)
    assert await take(ledger) == [2]
    failed = list(ledger.reader().rows(FAILED))
    assert {(each.error, each.sent_at, each.attempts) for each in failed} == {("UnusableRowsError", None, 0)}
    assert failed[0].message == "no"
    assert all(each.finished_at for each in failed)


async def test_rows_below_an_invalid_one_are_skipped(ledger: Store) -> None:
    await fill(ledger, row(1, "a", problem="no"), row(2, "b", "a"), row(3, "c", "b"))
    assert not await take(ledger)
    assert (await ledger.next_generation(0), await ledger.next_generation(1)) == (1, 2)
    assert states(ledger) == {1: "failed", 2: "skipped", 3: "skipped"}
    assert await found(ledger, SKIPPED) == [2, 3]


@pytest.mark.parametrize(
    ("first", "is_followed"),
    [
        (None, False),  # it is in flight, as when a process has ended
        (RowOutcome(1, PENDING, 1), False),
        (RowOutcome(1, UNKNOWN, 1, "ResponseError"), False),
        (RowOutcome(1, FAILED, 1, "AuthenticationError", 401, is_unsent=True), False),
        (RowOutcome(1, FAILED, 1, "ConflictError", 409), True),
        (RowOutcome(1, DONE, 1), True),
    ],
)
async def test_rows_of_one_key(ledger: Store, first: RowOutcome | None, is_followed: bool) -> None:
    """None is sent while an earlier one may be sent again; rows of other keys are."""
    rows = [row(1, "a"), row(2, "b"), row(3, "b"), row(4, "a"), row(5, "a")]
    await fill(ledger, *rows, operation="update")
    assert await take(ledger) == [1, 2]
    await ledger.commit(Commit(outcomes=[RowOutcome(2, DONE, 1), *([first] if first else [])]))
    assert await take(ledger, generation=1) == ([3, 4] if is_followed else [3])
    assert not await take(ledger, generation=2)


@pytest.mark.parametrize("generations", [1, 2])
async def test_times_of_tenants_are_kept_exactly(ledger: Store, generations: int) -> None:
    times = [1764460800.123457, None, math.inf, 1764460800.0]

    def note(execute: Execute) -> None:
        known = [(n, (n - 1) * (generations - 1), time) for n, time in enumerate(times, 1)]
        planner.put_leaves_first(execute, known)

    await ledger.add([row(n) for n in range(1, 5)])
    await ledger.plan(note)
    await ledger.seal()
    await ledger.start({})
    taken: list[Item] = []
    for generation in range(4):
        taken += (await ledger.commit(Commit(generation=generation, most=9))).items
    assert [item.created_at for item in taken] == times
    assert [item.created_at for item in await ledger.items([IN_FLIGHT], 0, 9)] == times


async def test_the_first_values_before_a_row_are_kept(ledger: Store) -> None:
    await fill(ledger, *(row(n) for n in range(1, 4)))
    await ledger.commit(Commit(most=9, before=[(1, b'{"name": "A"}'), (3, b"{}")]))
    await ledger.commit(Commit(before=[(1, b'{"name": "B"}'), (2, b'{"name": "C"}')]))
    assert [each.before for each in ledger.reader().rows()] == [{"name": "A"}, {"name": "C"}, {}]


async def test_a_step_of_the_planner_that_fails_changes_nothing(ledger: Store) -> None:
    await ledger.add([row(1), row(2)])

    def fail(execute: Execute) -> None:
        for number in (1, 2):
            execute("UPDATE item SET generation = ? WHERE number = ?", (number, number))
        found = execute("SELECT number FROM item WHERE generation > ? ORDER BY number", (0,)).fetchall()
        assert found == [(1,), (2,)]
        raise LedgerError("the step fails")

    with pytest.raises(LedgerError, match="the step fails"):
        await ledger.plan(fail)
    assert await ledger.plan(lambda execute: execute("SELECT max(generation) FROM item", ()).fetchall()) == [(0,)]


@pytest.mark.slow
@pytest.mark.parametrize("is_lost", [False, True])
async def test_the_order_of_rows_of_one_tenant(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, address: str, is_lost: bool
) -> None:
    """The last one holds when the job is over, whatever became of the first one before."""
    await frontegg_client.tenants.create(tenant_id="t", name="T")
    if is_lost:
        for method in ("PUT", "GET"):
            frontegg_emulator.add_fault(
                stage="after_commit", action={"type": "reset"}, match={"method": method, "times": 1}
            )
    else:
        frontegg_emulator.add_fault(
            stage="accept", action={"type": "status", "status": 401}, match={"path": "/tenants/*", "times": 2}
        )
    once = Options(max_retries=0)
    async with AsyncFrontegg(
        frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, options=once
    ) as client:
        report = await client.bulk.update(
            [{"tenant_id": "t", "name": "A"}, {"tenant_id": "t", "name": "B"}], ledger=address
        )
    assert (report.failed, report.unknown, report.pending) == (not is_lost, is_lost, 1)
    report = await frontegg_client.bulk.resume(address)
    assert report.succeeded == 2
    assert (await frontegg_client.tenants.get("t")).name == "B"


async def test_reasons(ledger: Store) -> None:
    """They are counted, the most frequent first, with an example."""
    await fill(ledger, *(row(n) for n in range(1, 8)))
    await take(ledger)
    conflicts = [RowOutcome(n, FAILED, 1, "ConflictError", 409, None, f"no {n}") for n in (3, 4, 5)]
    await ledger.commit(Commit(outcomes=[*conflicts, RowOutcome(1, UNKNOWN, 1, "ResponseError")]))
    first, second = ledger.reader().reasons()
    assert (first.state, first.error, first.status, first.count) == (FAILED, "ConflictError", 409, 3)
    assert first.example.message == "no 3"
    assert (second.state, second.error, second.status, second.count) == (UNKNOWN, "ResponseError", None, 1)
    assert ledger.reader().reasons(1) == [first] or len(ledger.reader().reasons(1)) == 1


async def test_a_message_that_is_no_unicode(ledger: Store) -> None:
    """It is kept as well as can be: bodies of the service may have anything."""
    await fill(ledger, row(1))
    await take(ledger)
    await ledger.commit(Commit(outcomes=[RowOutcome(1, FAILED, 1, message="no \ud800")]))
    assert [each.message for each in ledger.reader().rows()] == ["no ?"]


async def test_the_next_run_sends_what_did_not_reach_the_service(ledger: Store) -> None:
    """It also sends what was skipped because of that."""
    await fill(ledger, row(1, "a"), row(2, "b", "a"), row(3, "c"))
    await take(ledger)
    unsent = RowOutcome(1, FAILED, 0, "ConnectError", None, None, "unreachable", is_unsent=True)
    await ledger.commit(Commit(outcomes=[unsent, RowOutcome(3, FAILED, 1, "ConflictError", 409)]))
    await ledger.next_generation(0)
    assert states(ledger) == {1: "failed", 2: "skipped", 3: "failed"}
    await ledger.start({})
    assert states(ledger) == {1: "pending", 2: "pending", 3: "failed"}
    assert ledger.job.overridden == 0
    assert await take(ledger) == [1]


async def test_a_guard_stays_shut_until_it_is_opened(ledger: Store, address: str) -> None:
    """Rows that had failed then are noted, but for those that are sent again."""
    await fill(ledger, *(row(n) for n in range(1, 4)))
    await take(ledger)
    unsent = RowOutcome(1, FAILED, 0, "ConnectError", is_unsent=True)
    refused = RowOutcome(2, FAILED, 1, "ConflictError", 409)
    await ledger.commit(Commit(outcomes=[unsent, refused], guard=("max_failures", "too many")))
    assert (ledger.job.guard, ledger.job.guard_reason) == ("max_failures", "too many")
    await ledger.close()
    again = await resume(address)
    assert (again.job.guard, again.job.guard_reason) == ("max_failures", "too many")
    await again.start({})
    assert (again.job.guard, again.job.overridden) == ("max_failures", 0)
    await again.start({}, opens_guard=True)
    for job in (again.job, again.reader().summary()[0]):
        assert (job.guard, job.guard_reason, job.overridden) == (None, None, 1)
    await again.close()


async def test_a_guard_that_is_shut_from_the_beginning(ledger: Store) -> None:
    await ledger.add([row(1)])
    await ledger.seal(("confirm", "nobody has confirmed it"))
    for job in (ledger.job, ledger.reader().summary()[0]):
        assert (job.is_sealed, job.guard, job.guard_reason) == (True, "confirm", "nobody has confirmed it")


async def test_one_at_a_time(ledger: Store, address: str) -> None:
    """No second job is begun, neither while the input is read nor after that; one that was not read is begun anew."""
    with pytest.raises(LedgerInUseError, match="another run"):
        await begin(address)
    await ledger.add([row(1)])
    await ledger.close()
    again = await begin(address)
    await fill(again, row(1))
    await again.close()
    with pytest.raises(LedgerError, match="already exists: resume"):
        await begin(address)


async def test_nothing_is_left_of_a_removed_ledger(ledger: Store, address: str) -> None:
    await ledger.add([row(1)])
    await ledger.close(is_removed=True)
    with pytest.raises(LedgerError, match="there is no ledger"):
        await resume(address)
    with pytest.raises(LedgerError, match="there is no ledger"):
        stores.read_report(address)
