"""What holds for a ledger, in whichever store it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from frontegg_async import AsyncFrontegg, LedgerError, LedgerInUseError, Options
from frontegg_async.bulk import stores
from frontegg_async.bulk.ledger import Counts, Finished, Ledger, NewRow, RowState, Turn
from frontegg_async.emulator import EmulatorHandle
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.anyio


def row(number: int, key: str | None = None, parent: str | None = None, problem: str | None = None) -> NewRow:
    values = {"tenant_id": key, "name": f"Tenant {number}"}
    return NewRow(number, number + 1, key or f"t{number}", parent, msgspec.json.encode(values), problem)


async def begin(address: str, **settings: Any) -> Ledger:
    return await stores.begin_ledger(address, operation="create", environment="here", settings=settings)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_address()


@pytest.fixture
async def ledger(address: str) -> AsyncIterator[Ledger]:
    """Return a new ledger."""
    begun = await begin(address, rate="4/s")
    try:
        yield begun
    finally:
        await begun.close()


async def fill(ledger: Ledger, *rows: NewRow) -> None:
    await ledger.add(rows)
    await ledger.prepare()
    assert not await ledger.put_below_parents()
    await ledger.seal()


def states(ledger: Ledger) -> dict[int, str]:
    return {each.number: each.state.value for each in ledger.reader().rows()}


async def test_a_job(ledger: Ledger, address: str) -> None:
    """What holds for all rows is there from the start, and for each reader."""
    await fill(ledger, *(row(n) for n in range(1, 8)))
    for job in (ledger.job, ledger.reader().job()):
        assert (job.operation, job.environment, job.settings) == ("create", "here", {"rate": "4/s"})
        assert job.job_id.count("-") == 4
        assert job.guard is None
    assert (ledger.reader().job().total, ledger.reader().job().is_sealed) == (7, True)
    assert ledger.reader().counts() == Counts(pending=7)
    assert stores.read_report(address).total == 7


async def test_turns(ledger: Ledger) -> None:
    """Rows are taken in order, each once, and what became of them is recorded."""
    await fill(ledger, *(row(n) for n in range(1, 8)))
    assert await ledger.next_generation(-1) == 0
    first = await ledger.turn(Turn(most=4))
    assert [(item.number, item.key, item.was_sent) for item in first] == [(n, f"t{n}", False) for n in range(1, 5)]
    assert first[0].values == {"tenant_id": None, "name": "Tenant 1"}
    ends = [
        Finished(1, RowState.DONE, 1),
        Finished(2, RowState.FAILED, 1, "ConflictError", 409, "trace", "it is \0 there"),
        Finished(3, RowState.UNKNOWN, 2, "ResponseError", None, None, "no response"),
    ]
    second = await ledger.turn(Turn(finished=ends, most=2, requests=5, elapsed=0.5))
    assert [item.number for item in second] == [5, 6]
    assert await ledger.counts() == Counts(pending=1, in_flight=3, done=1, failed=1, unknown=1)
    unsettled = await ledger.unsettled(0, 10)
    assert [(item.number, item.attempts, item.was_sent) for item in unsettled] == [
        (3, 2, True),
        (4, 0, True),
        (5, 0, True),
        (6, 0, True),
    ]
    assert [item.number for item in await ledger.unsettled(3, 1)] == [4]
    assert [item.number for item in await ledger.turn(Turn(most=10))] == [7]
    assert not await ledger.turn(Turn(most=10))
    await ledger.turn(Turn(released=[4, 7]))
    assert (await ledger.counts()).pending == 2
    assert await ledger.next_generation(0) is None
    job = ledger.reader().job()
    assert job.requests == 5
    assert 0 < job.elapsed <= 0.5
    [failed] = ledger.reader().rows(RowState.FAILED)
    assert (failed.row, failed.line, failed.tenant_id, failed.attempts) == (2, 3, "t2", 1)
    assert (failed.error, failed.status, failed.trace_id) == ("ConflictError", 409, "trace")
    assert failed.message is not None
    assert failed.sent_at is not None
    assert failed.finished_at is not None
    assert failed.finished_at >= failed.sent_at


async def test_a_row_that_was_sent_before(ledger: Ledger, address: str) -> None:
    """It is known as that when the next run takes it again."""
    await fill(ledger, row(1))
    await ledger.turn(Turn(most=1))
    await ledger.close()
    again = await stores.resume_ledger(address)
    assert [item.number for item in await again.unsettled(0, 9)] == [1]
    await again.turn(Turn(finished=[Finished(1, RowState.PENDING, 1)]))
    [item] = await again.turn(Turn(most=1))
    assert (item.attempts, item.was_sent) == (1, True)
    await again.close()


async def test_generations(ledger: Ledger) -> None:
    """Rows come after their parents, and not at all if these failed."""
    await fill(ledger, row(1, "c", "b"), row(2, "b", "a"), row(3, "a"), row(4, "z", "y"), row(5, "y"), row(6, "u", "w"))
    assert await ledger.next_generation(-1) == 0
    assert [item.key for item in await ledger.turn(Turn(most=9))] == ["a", "y", "u"]
    ends = [Finished(3, RowState.DONE, 1), Finished(5, RowState.FAILED, 1, "ConflictError", 409, None, "it is there")]
    await ledger.turn(Turn(finished=[*ends, Finished(6, RowState.DONE, 1)]))
    assert await ledger.next_generation(0) == 1
    assert [item.key for item in await ledger.turn(Turn(generation=1, most=9))] == ["b"]
    [skipped] = ledger.reader().rows(RowState.SKIPPED)
    assert (skipped.tenant_id, skipped.error) == ("z", "ParentFailed")
    assert skipped.message == "its parent y failed: it is there"
    await ledger.turn(Turn(finished=[Finished(2, RowState.UNKNOWN, 1)]))
    assert await ledger.next_generation(1) == 2
    assert not await ledger.turn(Turn(generation=2, most=9))
    assert states(ledger) == {1: "pending", 2: "unknown", 3: "done", 4: "skipped", 5: "failed", 6: "done"}


async def test_rows_that_cannot_be_used(ledger: Ledger) -> None:
    """They are found before anything is sent, and are failed."""
    await ledger.add([row(1, problem="no"), row(2, "a"), row(3, "a"), row(4, "x", "y"), row(5, "y", "x")])
    await ledger.add([row(6, "b", "strange"), row(7, "a"), row(8, "c", "stranger")])
    await ledger.prepare()
    assert await ledger.repeated(1) == [(3, 4, "a")]
    assert await ledger.repeated(9) == [(7, 8, "a")]
    assert not await ledger.repeated(9)
    await ledger.reject([(3, "again"), (7, "again")])
    assert await ledger.strange_parents("", 1) == ["strange"]
    assert await ledger.strange_parents("strange", 9) == ["stranger"]
    assert await ledger.children("strange", 9) == [(6, 7)]
    await ledger.reject([(6, "whose parent is strange")])
    assert not await ledger.children("strange", 9)
    circle = await ledger.put_below_parents()
    assert circle == [(4, 5, "x"), (5, 6, "y")]
    await ledger.reject([(number, "a circle") for number, _, _ in circle])
    assert await ledger.keys(0, 9) == [(2, "a"), (8, "c")]
    await ledger.seal()
    assert await ledger.counts() == Counts(pending=2, failed=6)
    assert [item.number for item in await ledger.turn(Turn(most=9))] == [2, 8]
    assert {(each.error, each.message) for each in ledger.reader().rows(RowState.FAILED)} == {
        ("UnusableRowsError", message) for message in ("no", "again", "whose parent is strange", "a circle")
    }


async def test_generations_that_are_given(ledger: Ledger) -> None:
    """As those of leaves before what is above them, or of the rows of one key."""
    await ledger.add([row(1, "a"), row(2, "b"), row(3, "a"), row(4, "a")])
    await ledger.prepare()
    await ledger.put_repeated_apart()
    await ledger.put([(2, 2)])
    await ledger.seal()
    taken: list[list[int]] = []
    generation = await ledger.next_generation(-1)
    while generation is not None:
        taken.append([item.number for item in await ledger.turn(Turn(generation=generation, most=9))])
        await ledger.turn(Turn(finished=[Finished(number, RowState.DONE, 1) for number in taken[-1]]))
        generation = await ledger.next_generation(generation)
    assert taken == [[1], [3], [2, 4]]


@pytest.mark.parametrize(
    ("first", "is_followed"),
    [
        (None, False),  # it is in flight, as when a process has ended
        (Finished(1, RowState.PENDING, 1), False),
        (Finished(1, RowState.UNKNOWN, 1, "ResponseError"), False),
        (Finished(1, RowState.FAILED, 1, "AuthenticationError", 401, is_unsent=True), False),
        (Finished(1, RowState.FAILED, 1, "ConflictError", 409), True),
        (Finished(1, RowState.DONE, 1), True),
    ],
)
async def test_rows_of_one_key(ledger: Ledger, first: Finished | None, is_followed: bool) -> None:
    """None is sent while an earlier one may be sent again; rows of other keys are."""
    await ledger.add([row(1, "a"), row(2, "b"), row(3, "b"), row(4, "a"), row(5, "a")])
    await ledger.prepare()
    await ledger.put_repeated_apart()
    await ledger.seal()
    assert [item.number for item in await ledger.turn(Turn(most=9))] == [1, 2]
    await ledger.turn(Turn(finished=[Finished(2, RowState.DONE, 1), *([first] if first else [])]))
    taken = [item.number for item in await ledger.turn(Turn(generation=1, most=9))]
    assert taken == ([3, 4] if is_followed else [3])
    assert not await ledger.turn(Turn(generation=2, most=9))


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


async def test_reasons(ledger: Ledger) -> None:
    """They are counted, the most frequent first, with an example."""
    await fill(ledger, *(row(n) for n in range(1, 8)))
    await ledger.turn(Turn(most=7))
    conflicts = [Finished(n, RowState.FAILED, 1, "ConflictError", 409, None, f"no {n}") for n in (3, 4, 5)]
    await ledger.turn(Turn(finished=[*conflicts, Finished(1, RowState.UNKNOWN, 1, "ResponseError")]))
    first, second = ledger.reader().reasons()
    assert (first.state, first.error, first.status, first.count) == (RowState.FAILED, "ConflictError", 409, 3)
    assert first.example.message == "no 3"
    assert (second.state, second.error, second.status, second.count) == (RowState.UNKNOWN, "ResponseError", None, 1)
    assert ledger.reader().reasons(1) == [first] or len(ledger.reader().reasons(1)) == 1


async def test_a_message_that_is_no_unicode(ledger: Ledger) -> None:
    """It is kept as well as can be: bodies of the service may have anything."""
    await fill(ledger, row(1))
    await ledger.turn(Turn(most=1))
    await ledger.turn(Turn(finished=[Finished(1, RowState.FAILED, 1, message="no \ud800")]))
    assert [each.message for each in ledger.reader().rows()] == ["no ?"]


async def test_reopened(ledger: Ledger) -> None:
    """What did not reach the service is sent by the next run, and what was skipped because of it."""
    await fill(ledger, row(1, "a"), row(2, "b", "a"), row(3, "c"))
    await ledger.turn(Turn(most=9))
    unsent = Finished(1, RowState.FAILED, 0, "ConnectError", None, None, "unreachable", is_unsent=True)
    await ledger.turn(Turn(finished=[unsent, Finished(3, RowState.FAILED, 1, "ConflictError", 409)]))
    await ledger.next_generation(0)
    assert states(ledger) == {1: "failed", 2: "skipped", 3: "failed"}
    await ledger.reopen()
    assert states(ledger) == {1: "pending", 2: "pending", 3: "failed"}


async def test_guards(ledger: Ledger, address: str) -> None:
    """A guard stays shut."""
    await fill(ledger, row(1))
    await ledger.shut("max_failures", "too many")
    await ledger.close()
    again = await stores.resume_ledger(address)
    assert (again.job.guard, again.job.guard_reason) == ("max_failures", "too many")
    await again.shut(None, None)
    assert (again.job.guard, again.job.guard_reason) == (None, None)
    await again.close()


async def test_one_at_a_time(ledger: Ledger, address: str) -> None:
    """No second job is begun, neither while the input is read nor after that; one that was not read is begun anew."""
    with pytest.raises(LedgerInUseError, match="another run"):
        await begin(address)
    await ledger.add([row(1)])
    await ledger.close()
    again = await begin(address)
    await fill(again, row(1))
    await again.close()
    with pytest.raises(LedgerError, match="already: resume"):
        await begin(address)


async def test_discarded(ledger: Ledger, address: str) -> None:
    """Nothing is left."""
    await ledger.add([row(1)])
    await ledger.discard()
    with pytest.raises(LedgerError, match="there is no ledger"):
        await stores.resume_ledger(address)
    with pytest.raises(LedgerError, match="there is no ledger"):
        stores.read_report(address)
