"""The migrations resource: a migration is started once, its status is polled, and it can be awaited."""

from __future__ import annotations

import asyncio

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ClientClosedError,
    InvalidArgumentError,
    JsonValue,
    MigrationTimeoutError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    ResponseMismatchError,
    ResultLostError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints.migrations import START
from frontegg_async.models import MigratedTenant, MigrationStatus
from frontegg_sync import Frontegg
from tests.support.clients import FakeClock, make_client
from tests.support.loop_time import skip_waits
from tests.support.raw_server import SILENCE, Answer, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

PATH = "/tenants/resources/migrations/v1/tenants"


def _state(status: str, *tenants: dict[str, object], **more: object) -> dict[str, object]:
    return {"migrationId": "m1", "status": status, "tenants": list(tenants), **more}


async def test_a_migration_from_start_to_end(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It fails, because a tenant of it did; the others came."""
    await frontegg_client.tenants.create(tenant_id="a", name="A")
    frontegg_emulator.clock(freeze=True)
    started = await frontegg_client.migrations.start(["a", "nobody", "a"])
    first = await frontegg_client.migrations.get_status(started.migration_id)
    assert (first.status, first.is_over) == (MigrationStatus.PENDING, False)
    assert (
        repr(first) == f"Migration(migration_id={started.migration_id!r}, status=<MigrationStatus.PENDING: 'pending'>)"
    )
    frontegg_emulator.clock(advance=10)
    last = await frontegg_client.migrations.wait(started.migration_id).result()
    assert (last.status, last.is_over) == (MigrationStatus.FAILED, True)
    assert last.tenants == (
        MigratedTenant(tenant_id="a", status=MigrationStatus.COMPLETED),
        MigratedTenant(tenant_id="nobody", status=MigrationStatus.FAILED, error="Tenant not found"),
    )


@pytest.mark.parametrize("shape", ["migration_id", "id", "text", "plain_text"])
async def test_the_id_comes_in_whatever_form(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, shape: str
) -> None:
    """All that the service may say are taken."""
    frontegg_emulator.set_switch("migration_answer", shape)
    started = await frontegg_client.migrations.start(["a"])
    assert (await frontegg_client.migrations.get_status(started.migration_id)).migration_id == started.migration_id
    assert started.extra == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"migrationId": "m1", "eta": 5},
        {"migrationId": None, "id": "m1"},
        {"id": "m1", "tenants": ["a"]},
    ],
)
async def test_more_than_the_id_is_kept(answer: dict[str, object]) -> None:
    """By its names on the wire."""
    async with raw_server(http(202, answer)) as server, make_client(server.url) as client:
        started = await client.migrations.start(["a"])
    kept = {name: value for name, value in answer.items() if value != "m1"}
    assert (started.migration_id, started.extra) == ("m1", kept)


@pytest.mark.parametrize(
    "answer",
    [
        http(503),
        SILENCE,
    ],
)
async def test_a_start_of_which_no_answer_tells_is_not_sent_again(answer: object) -> None:
    """The error has the tenants that were asked for."""
    skip_waits()
    async with raw_server(answer) as server, make_client(server.url) as client:  # type: ignore[arg-type]  # a step
        await client.check()
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.migrations.start(["a", "b"])
    assert caught.value.unknown == ("a", "b")
    assert [request.json() for request in server.requests] == [{"tenants": ["a", "b"]}]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (http(202, []), Outcome.DONE),
        (http(202), Outcome.DONE),
        (http(202, {"migrationId": 5}), Outcome.UNKNOWN),
        (http(202, raw=b"<html></html>"), Outcome.UNKNOWN),
        (http(202, raw=b"Migration started"), Outcome.UNKNOWN),
        (http(202, raw=b"\xff"), Outcome.UNKNOWN),
    ],
)
async def test_a_start_whose_id_is_lost_is_not_made_again(answer: Answer, outcome: Outcome) -> None:
    """An empty response has acted, another body proves nothing; the error has the tenants that were asked for."""
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(ResultLostError if outcome is Outcome.DONE else OutcomeUnknownError) as caught:
            await client.migrations.start(["a", "b"])
    assert (caught.value.outcome, caught.value.asked) == (outcome, {"tenants": ("a", "b")})
    assert len(server.requests) == 1


async def test_a_lost_answer_of_the_emulator(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """One migration was started, and the client does not know it."""
    frontegg_emulator.add_fault(match={"path": PATH}, stage="after_commit", action={"type": "close"})
    with pytest.raises(OutcomeUnknownError):
        await frontegg_client.migrations.start(["a"])
    assert [entry.route for entry in frontegg_emulator.journal()].count("migrations.start") == 1


async def test_what_the_service_refuses(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It comes out as errors of ours."""
    with pytest.raises(NotFoundError):
        await frontegg_client.migrations.get_status("nothing")
    with pytest.raises(NotFoundError):
        await frontegg_client.migrations.wait("nothing").result()
    frontegg_emulator.set_switch("migration_of_unknown", "refuse")
    with pytest.raises(BadRequestError):
        await frontegg_client.migrations.start(["a"])


async def test_states_and_fields_that_are_not_known_are_kept() -> None:
    """They are text, and extra."""
    tenant = {"tenantId": "a", "status": "copying", "percent": 5}
    async with raw_server(http(200, _state("verifying", tenant, eta=3))) as server, make_client(server.url) as client:
        found = await client.migrations.get_status("m1")
    assert (found.status, found.is_over, found.extra) == ("verifying", False, {"eta": 3})
    assert (found.tenants[0].status, found.tenants[0].extra) == ("copying", {"percent": 5})


async def test_an_answer_about_another_migration_is_refused() -> None:
    """The response of somebody else's call is not taken for this one's."""
    async with raw_server(http(200, _state("pending"))) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError, match="another migration"):
            await client.migrations.get_status("m2")


async def test_waiting_yields_what_changes() -> None:
    """The looks are apart by growing waits, and what is as before is not told again."""
    clock = FakeClock()
    steps = [http(200, _state(status)) for status in ("pending", "pending", "in_progress", "in_progress", "completed")]
    async with raw_server(*steps) as server, make_client(server.url, clock=clock, rng=lambda: 1.0) as client:
        progress = client.migrations.wait("m1")
        assert server.requests == []
        seen = [migration.status async for migration in progress]
    assert seen == ["pending", "in_progress", "completed"]
    assert clock.slept == [0.5, 0.75, 1.125, 1.6875]


async def test_waiting_ends_when_the_time_is_over() -> None:
    """The error has how far it was."""
    clock = FakeClock()
    async with raw_server(http(200, _state("in_progress"))) as server, make_client(server.url, clock=clock) as client:
        with pytest.raises(MigrationTimeoutError) as caught:
            await client.migrations.wait("m1", timeout=5).result()
    assert caught.value.migration is not None
    assert caught.value.migration.status is MigrationStatus.IN_PROGRESS
    assert clock.now == pytest.approx(1_005.0)


async def test_a_look_takes_no_longer_than_is_left(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """A service that does not answer uses up the time allowed, and no more."""
    started = await frontegg_client.migrations.start(["a"])
    frontegg_emulator.add_fault(
        match={"path": f"{PATH}/status/*"}, stage="accept", action={"type": "delay", "seconds": 60}
    )
    async with asyncio.timeout(30):
        with pytest.raises(MigrationTimeoutError) as caught:
            await frontegg_client.migrations.wait(started.migration_id, timeout=0.1).result()
    assert caught.value.migration is None


async def test_closing_the_client_ends_the_wait(frontegg_emulator: EmulatorHandle) -> None:
    """Also when it is closed between two changes, while nobody waits."""
    client = AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)
    frontegg_emulator.clock(freeze=True)
    started = await client.migrations.start(["a"])
    waiting = asyncio.ensure_future(client.migrations.wait(started.migration_id).result())
    reader = client.migrations.wait(started.migration_id)._reader()
    assert await reader.read() is not None
    await until(lambda: bool(client._caller._context.waits._waiting))
    await client.aclose()
    async with asyncio.timeout(30):
        with pytest.raises(ClientClosedError):
            await waiting
        with pytest.raises(ClientClosedError):
            await reader.read()


@pytest.mark.parametrize(
    ("verb", "arguments", "named"),
    [
        ("start", {"tenant_ids": []}, "tenant_ids must have at least one id"),
        ("start", {"tenant_ids": "abc"}, "tenant_ids must be a sequence of ids"),
        ("start", {"tenant_ids": ["a", ""]}, r"tenant_ids\[1\]"),
        ("get_status", {"migration_id": ""}, "migration_id"),
        ("get_status", {"migration_id": ".."}, "migration_id"),
        ("wait", {"migration_id": None}, "migration_id"),
        ("wait", {"migration_id": "m", "timeout": 0}, "timeout must be a positive number of seconds"),
        ("wait", {"migration_id": "m", "timeout": -1}, "timeout"),
        ("wait", {"migration_id": "m", "timeout": float("nan")}, "timeout"),
        ("wait", {"migration_id": "m", "timeout": float("inf")}, "None for no limit"),
        ("wait", {"migration_id": "m", "timeout": True}, "timeout"),
        ("wait", {"migration_id": "m", "options": 5}, "options"),
    ],
)
async def test_bad_arguments_are_named_before_anything_is_sent(
    frontegg_emulator: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    verb: str,
    arguments: dict[str, JsonValue],
    named: str,
) -> None:
    """Each says which argument and what is allowed."""
    with pytest.raises(InvalidArgumentError, match=named):
        await getattr(frontegg_client.migrations, verb)(**arguments)
    assert frontegg_emulator.journal() == []


async def test_an_own_operation_may_be_sent(frontegg_client: AsyncFrontegg) -> None:
    """The operation is data like any other."""
    answer = await frontegg_client.send(START, body={"tenants": ["a"]})
    assert answer.status == 202
    assert answer.value.migration_id


def test_the_blocking_twin_waits_too(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """It goes into the loop once for each change; the iteration may be dropped in between."""
    migrations = frontegg_sync_client.migrations
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "A"}])
    frontegg_emulator.clock(freeze=True)
    started = migrations.start(["a"])
    progress = migrations.wait(started.migration_id)
    assert next(iter(progress)).status is MigrationStatus.PENDING
    seen = []
    for migration in progress:
        seen.append(migration.status)
        frontegg_emulator.clock(advance=10)
    assert seen == [MigrationStatus.PENDING, MigrationStatus.COMPLETED]
    assert progress.result() == migrations.get_status(started.migration_id)


@pytest.mark.slow
def test_the_blocking_twin_gives_up(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """When the time is over, and when the service or the arguments are wrong."""
    migrations = frontegg_sync_client.migrations
    frontegg_emulator.clock(freeze=True)
    started = migrations.start(["a"])
    with pytest.raises(MigrationTimeoutError) as caught:
        list(migrations.wait(started.migration_id, timeout=2))
    assert caught.value.migration is not None
    with pytest.raises(NotFoundError):
        migrations.get_status("nothing")
    with pytest.raises(NotFoundError):
        migrations.wait("nothing").result()
    with pytest.raises(InvalidArgumentError, match="tenant_ids"):
        migrations.start([])
    with pytest.raises(InvalidArgumentError, match="timeout"):
        migrations.wait("m", timeout=0)
    frontegg_emulator.add_fault(match={"path": PATH}, stage="after_commit", action={"type": "close"})
    with pytest.raises(OutcomeUnknownError) as unknown:
        migrations.start(["a", "b"])
    assert unknown.value.unknown == ("a", "b")
