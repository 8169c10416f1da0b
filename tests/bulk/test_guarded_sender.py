"""Rows that expect values and wait before they are sent, while another program changes the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async._core.http.attempt_results import Kind
from frontegg_async.bulk.guarded_sender import kind_of
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.settings import settings_of
from frontegg_async.bulk.store import Item
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import (
    ConnectionFailedError,
    ErrorDetails,
    FronteggError,
    Outcome,
    OutcomeUnknownError,
    RateLimitError,
    RequestTimeoutError,
)
from tests.bulk.guarded_rows import CHANGES, SEED, apply, deletions, row, states
from tests.support.clients import FakeClock, FakeWaits, make_client

pytestmark = pytest.mark.anyio

SLOWLY: Final = settings_of(4, 0.5, 0.0, None)
"""A row each two seconds: each but the first waits for longer than its reading counts."""

LIMIT: Final = {"type": "rate_limit", "reset_in": 30, "with_header": True}
FAILURE: Final = {"type": "status", "status": 503, "headers": {"Retry-After": "3"}}
FAULTS: Final[dict[str, dict[str, Any]]] = {
    "429": {"stage": "accept", "action": LIMIT},
    "503": {"stage": "accept", "action": FAILURE},
    "503 after the change": {"stage": "after_commit", "action": FAILURE},
    "lost": {"stage": "before_commit", "action": {"type": "close"}},
    "lost after the change": {"stage": "after_commit", "action": {"type": "close"}},
}


class Waits(FakeWaits):
    """Waits that return at once; during each of the first ones something happens."""

    def __init__(self, clock: FakeClock, *events: Callable[[], Awaitable[object]]) -> None:
        super().__init__(clock)
        self.events = list(events)

    async def sleep(self, seconds: float) -> None:
        """Move the clock forward, and wait for the next event."""
        await super().sleep(seconds)
        if self.events:
            await self.events.pop(0)()


@attrs.frozen
class Ground:
    """A client with a clock of its own, and what happens while the client waits."""

    client: AsyncFrontegg
    clock: FakeClock
    emulator: EmulatorHandle

    def fail(self, method: str, fault: str, path: str | None = None, times: int | None = 1) -> None:
        """Make the next requests of a method fail."""
        self.emulator.add_fault(match={"method": method, "path": path, "times": times}, **FAULTS[fault])

    def meanwhile(self, *events: Callable[[], Awaitable[object]]) -> Waits:
        """Let something happen during each of the next waits."""
        waits = Waits(self.clock, *events)
        self.client._caller._context.waits = waits
        return waits


@pytest.fixture
async def ground(frontegg_emulator: EmulatorHandle) -> AsyncIterator[Ground]:
    """Return a client of an environment with some tenants."""
    frontegg_emulator.seed(tenants=SEED)
    clock, emulator = FakeClock(), frontegg_emulator
    async with make_client(
        emulator.url, clock=clock, rng=lambda: 0.5, client_id=emulator.client_id, secret=emulator.secret
    ) as client:
        yield Ground(client, clock, emulator)


def first_request(operation: str) -> str:
    """Return the method of the first request of a row that writes."""
    return "DELETE" if operation == "move" else OPERATIONS[operation].endpoint.method


WAITING: Final = [
    (change, fault)
    for change in CHANGES
    for fault in ("429", "503")
    if (change, fault) != ("move", "503")  # others take the parent away, and so may the request without a response
]


@pytest.mark.parametrize(("change", "fault"), WAITING)
async def test_a_change_while_a_row_waits_to_be_sent_again(
    ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path, change: str, fault: str
) -> None:
    """The row is stale, and the change of the other program stays."""
    operation, values, before, method, others = CHANGES[change]
    kind, name = method.split(".")
    seen: list[object] = []

    async def look() -> None:
        item = Item(1, operation, "acme", values)
        seen.append(await OPERATIONS[operation].read_now(frontegg_client._caller, [item]))

    async def by_others() -> None:
        await getattr(getattr(frontegg_client, kind), name)("acme", **others)
        await look()

    waits = ground.meanwhile(by_others)
    ground.fail(first_request(operation), fault)

    report = await apply(ground.client, [row(operation, before, tenant_id="acme", **values)], str(tmp_path / "l"))

    await look()
    assert (states(report), waits.events) == (["stale"], [])
    assert seen[0] == seen[1]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("change", CHANGES)
async def test_a_row_that_is_sent_again(ground: Ground, tmp_path: Path, change: str, fault: str) -> None:
    """It is done, and counts its requests, so that an undo knows it for the work of the job."""
    operation, values, before, _, _ = CHANGES[change]
    ground.fail(first_request(operation), fault)

    report = await apply(ground.client, [row(operation, before, tenant_id="acme", **values)], str(tmp_path / "l"))

    [done] = report.rows()
    assert (done.state.value, done.attempts > 0) == ("done", True)
    assert report.requests == sum(entry.route != "auth.authenticate" for entry in ground.emulator.journal())
    again = await apply(ground.client, [row(operation, before, tenant_id="acme", **values)], str(tmp_path / "again"))
    assert [each.attempts for each in again.rows()] == [0]


async def recreate(client: AsyncFrontegg) -> None:
    if "south" in {tenant.tenant_id for tenant in await client.tenants.list(tenant_ids=["south"]).all()}:
        await client.tenants.delete("south")
    await client.tenants.create(tenant_id="south", name="South", is_reseller=True)


async def invite(client: AsyncFrontegg) -> None:
    await client.users.invite("south", email="ann@south.example", name="Ann")


OTHERS: Final = {"made anew": recreate, "the first user": invite}


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("fault", ["429", "503", "lost"])
async def test_a_tenant_that_changes_while_its_deletion_waits(
    ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path, fault: str, others: str
) -> None:
    """It stays: its deletion is not sent again."""
    rows = await deletions(frontegg_client, "south")
    ground.meanwhile(lambda: OTHERS[others](frontegg_client))
    ground.fail("DELETE", fault)

    report = await apply(ground.client, rows, str(tmp_path / "l"))

    assert states(report) == ["stale"]
    assert (await frontegg_client.tenants.get("south")).name == "South"


async def test_a_deletion_whose_response_is_lost_and_a_tenant_that_is_made_anew(
    ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The new tenant stays."""
    rows = await deletions(frontegg_client, "south")
    ground.meanwhile(lambda: recreate(frontegg_client))
    ground.fail("DELETE", "lost after the change")

    report = await apply(ground.client, rows, str(tmp_path / "l"))

    assert [(each.state.value, each.attempts) for each in report.rows()] == [("stale", 1)]
    assert (await frontegg_client.tenants.get("south")).name == "South"


@pytest.mark.parametrize("others", OTHERS)
async def test_a_tenant_that_changes_while_its_deletion_waits_for_its_permit(
    ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path, others: str
) -> None:
    """The page of the first row is read at once, and the rows behind it again when they get their permits."""
    first, second = [*await deletions(frontegg_client, "acme"), *await deletions(frontegg_client, "south")]
    waits = ground.meanwhile(lambda: OTHERS[others](frontegg_client))

    report = await apply(ground.client, [first, second], str(tmp_path / "l"), SLOWLY)

    assert (states(report), waits.events) == (["done", "stale"], [])
    assert (await frontegg_client.tenants.get("south")).name == "South"


async def test_rows_that_wait_for_their_permits(ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Each is compared again when its permit comes: stale, done by others, or sent."""
    rows = [row("update", {"name": name}, tenant_id=name.lower(), name="B") for name in ("Acme", "South", "North")]
    rows.append(row("update", {"website": None}, 0, tenant_id="acme", website="https://a.example"))

    async def by_others() -> None:
        await frontegg_client.tenants.update("south", name="Other")
        await frontegg_client.tenants.update("north", name="B")

    ground.meanwhile(by_others)
    report = await apply(ground.client, rows, str(tmp_path / "l"), SLOWLY)

    assert [(each.state.value, each.attempts) for each in report.rows()] == [
        ("done", 1),
        ("stale", 0),
        ("done", 0),
        ("done", 1),
    ]


async def test_locks_that_are_sent_again(ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Those of a request that were changed meanwhile are left out of the next."""
    ground.meanwhile(lambda: frontegg_client.tenants.delete("south"))
    ground.fail("POST", "503", "*/lock")
    rows = [row("lock", {"is_locked": False}, tenant_id=each) for each in ("acme", "south", "north")]

    report = await apply(ground.client, rows, str(tmp_path / "l"))

    assert states(report) == ["done", "stale", "done"]
    assert all([(await frontegg_client.tenants.get(each)).is_locked for each in ("acme", "north")])


async def test_locks_of_a_refused_request(ground: Ground, tmp_path: Path) -> None:
    """The rows are sent in smaller requests, and are read again before each."""
    ground.emulator.add_fault(
        match={"path": "*/lock", "times": 1}, stage="accept", action={"type": "status", "status": 400}
    )
    rows = [row("lock", {"is_locked": False}, tenant_id=each) for each in ("south", "north")]

    report = await apply(ground.client, rows, str(tmp_path / "l"))

    assert states(report) == ["done", "done"]
    routes = [entry.route for entry in ground.emulator.journal() if entry.route != "auth.authenticate"]
    assert routes == ["tenants.list", "tenants.lock"] * 3


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_update_whose_second_request_fails(ground: Ground, tmp_path: Path, fault: str) -> None:
    """The row is not stale, though one of its fields has its new value."""
    ground.fail("POST", fault, "*/metadata")
    before: dict[str, Any] = {"name": "Acme", "metadata": {"seats": 30}}
    rows = [row("update", before, tenant_id="acme", name="B", **{"metadata.seats": 40})]

    report = await apply(ground.client, rows, str(tmp_path / "l"))

    assert states(report) == ["done"]
    tenant = await ground.client.tenants.get("acme")
    assert (tenant.name, tenant.metadata) == ("B", {"plan": "free", "seats": 40})


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_move_whose_second_request_fails(ground: Ground, tmp_path: Path, fault: str) -> None:
    """The tenant is under its new parent in the end."""
    ground.fail("POST", fault, "*/hierarchy/v1")
    rows = [row("move", {"parent_tenant_id": "north"}, tenant_id="acme", parent_tenant_id="south")]

    report = await apply(ground.client, rows, str(tmp_path / "l"))

    assert states(report) == ["done"]
    assert [parent.tenant_id for parent in await ground.client.hierarchy.list_parents("acme")] == ["south"]


UPDATE: Final = row("update", {"name": "Acme"}, tenant_id="acme", name="B")


@pytest.mark.parametrize("fault", ["503", "lost"])
async def test_a_row_that_never_gets_a_response(ground: Ground, tmp_path: Path, fault: str) -> None:
    """It is sent as often as a call would send it, and is unknown then; the next run sends it."""
    ground.fail("PUT", fault, times=None)

    report = await apply(ground.client, [UPDATE], str(tmp_path / "l"))

    assert (states(report), puts(ground)) == (["unknown"], 3)
    [unknown] = report.rows()
    assert unknown.attempts == 3
    ground.emulator.delete_faults()
    assert states(await apply(ground.client, [UPDATE], str(tmp_path / "l"))) == ["done"]


async def test_the_last_response_is_lost(ground: Ground, tmp_path: Path) -> None:
    """The row is read once more when it may not be sent again."""
    ground.fail("PUT", "503", times=2)
    ground.fail("PUT", "503 after the change", times=3)

    report = await apply(ground.client, [UPDATE], str(tmp_path / "l"))

    assert [(each.state.value, each.attempts) for each in report.rows()] == [("done", 3)]
    assert puts(ground) == 3


@pytest.mark.parametrize(("fault", "expected"), [("429", "pending"), ("503", "in_flight")])
async def test_a_job_that_is_cancelled_while_a_row_waits(
    ground: Ground, tmp_path: Path, fault: str, expected: str
) -> None:
    """The row is pending if no request had an effect, and is read back by the next run otherwise."""
    waiting = asyncio.Event()

    async def forever() -> None:
        waiting.set()
        await asyncio.Event().wait()

    ground.meanwhile(forever)
    ground.fail("PUT", fault)
    job = asyncio.create_task(apply(ground.client, [UPDATE], str(tmp_path / "l")))
    await waiting.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert [each.state.value for each in read_report(tmp_path / "l").rows()] == [expected]
    ground.meanwhile()
    assert states(await apply(ground.client, [UPDATE], str(tmp_path / "l"))) == ["done"]


@pytest.mark.parametrize(("fault", "expected"), [("429", "failed"), ("503", "unknown")])
async def test_a_row_that_cannot_be_read_again(ground: Ground, tmp_path: Path, fault: str, expected: str) -> None:
    """It is not sent again; the next run compares and sends it."""

    async def refuse() -> None:
        ground.emulator.add_fault(match={"method": "GET"}, stage="accept", action={"type": "status", "status": 403})

    ground.meanwhile(refuse)
    ground.fail("PUT", fault)

    report = await apply(ground.client, [UPDATE], str(tmp_path / "l"))

    assert (states(report), puts(ground)) == ([expected], 1)
    ground.emulator.delete_faults()
    assert states(await apply(ground.client, [UPDATE], str(tmp_path / "l"))) == ["done"]


async def test_a_refusal_after_a_request_without_a_response(ground: Ground, tmp_path: Path) -> None:
    """The outcome of the row stays unknown."""
    ground.fail("PUT", "503")
    ground.emulator.add_fault(match={"method": "PUT"}, stage="accept", action={"type": "status", "status": 403})

    report = await apply(ground.client, [UPDATE], str(tmp_path / "l"))

    assert (states(report), puts(ground)) == (["unknown"], 2)


async def test_a_route_that_is_closed_while_a_row_is_compared(
    ground: Ground, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The row waits for a permit again, and is compared again, as the call would wait after the comparison."""

    async def slow_down_reads() -> None:
        ground.emulator.add_fault(match={"method": "GET", "times": 1}, **FAULTS["503"])

    async def close_route() -> None:
        ground.fail("PUT", "429")
        with pytest.raises(RateLimitError):
            await ground.client.tenants.update("north", status="x", options=Options(max_retries=0))

    waits = ground.meanwhile(
        slow_down_reads, close_route, lambda: frontegg_client.tenants.update("south", name="Of others")
    )
    rows = [UPDATE, row("update", {"name": "South"}, tenant_id="south", name="B")]
    report = await apply(ground.client, rows, str(tmp_path / "l"), SLOWLY)

    assert (states(report), waits.events) == (["done", "stale"], [])
    assert (await frontegg_client.tenants.get("south")).name == "Of others"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (ConnectionFailedError("", ErrorDetails(reason="refused", outcome=Outcome.NOT_SENT)), Kind.NOT_SENT),
        (ConnectionFailedError("", ErrorDetails(reason="tls", outcome=Outcome.NOT_SENT)), Kind.UNTRUSTED),
        (RequestTimeoutError("", ErrorDetails(outcome=Outcome.NOT_SENT)), Kind.DEFINITE),
        (OutcomeUnknownError("", ErrorDetails(outcome=Outcome.UNKNOWN)), Kind.AMBIGUOUS),
    ],
)
def test_the_kind_of_a_failure(failure: FronteggError, kind: Kind) -> None:
    """It is that of the attempt, so that the sender decides as the call would."""
    assert kind_of(failure) is kind


async def test_a_response_that_asks_for_a_later_request(ground: Ground, tmp_path: Path) -> None:
    """A 425 says that nothing was done: the row is sent again."""
    ground.emulator.add_fault(
        match={"method": "PUT", "times": 1}, stage="accept", action={"type": "status", "status": 425}
    )
    assert states(await apply(ground.client, [UPDATE], str(tmp_path / "l"))) == ["done"]


def puts(ground: Ground) -> int:
    """Return the number of requests that update a tenant."""
    return sum(entry.method == "PUT" for entry in ground.emulator.journal())
