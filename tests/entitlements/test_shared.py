"""One snapshot for all open objects of an environment, whichever of them refreshes it."""

from __future__ import annotations

import asyncio
import gc
import math
import threading
from collections.abc import AsyncGenerator
from typing import Any, Final

import pytest

from frontegg_async import AsyncEntitlements, AsyncFrontegg, ClientClosedError
from frontegg_async.emulator import AsyncEmulatorHandle, EmulatorHandle
from frontegg_async.entitlements import EntitlementsEvent
from frontegg_async.entitlements.shared import SHARED
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, RequestTimeoutError, ServerError
from frontegg_async.options import Options
from frontegg_sync import Entitlements
from tests.entitlements.stepped import PLANS, Stepped
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

_HANGS: Final[Any] = {"type": "delay", "seconds": 600}
_ENDLESS: Final = Options(deadline=None)
_PATHS: Final = "/entitlements/*"


@pytest.fixture
async def other(stepped: Stepped) -> AsyncGenerator[Stepped]:
    """Another client of the same environment, with the same time."""
    other = Stepped(stepped.emulator, beside=stepped)
    async with other.client:
        yield other


def _snapshot_of(entitlements: AsyncEntitlements) -> object:
    return entitlements._snapshot()


@pytest.mark.slow
async def test_clients_of_one_environment_share_a_snapshot(stepped: Stepped, other: Stepped) -> None:
    """It is read once and refreshed once, and goes with the last of them."""
    async with AsyncEntitlements(stepped.client) as first:
        async with AsyncEntitlements(other.client) as second:
            await stepped.time.settle(2)
            assert await stepped.requests() == ["whole"]
            assert _snapshot_of(first) is _snapshot_of(second)
            await stepped.advance(300.0)
            assert await stepped.requests() == ["offset"] * 10
            await stepped.client.plan_assignments.remove(["a1"])
            await stepped.advance(30.0)
            assert await stepped.requests() == ["offset", "whole"]
            assert _snapshot_of(first) is _snapshot_of(second)
            assert first.features_of(tenant_id="acme") == second.features_of(tenant_id="acme") == frozenset()
        assert len(SHARED.look()) == 1
    assert SHARED.look() == []
    async with AsyncEntitlements(other.client):
        assert await stepped.requests() == ["whole"]


async def test_environments_do_not_share(stepped: Stepped) -> None:
    """Each has its own."""
    other = Stepped(await stepped.emulator.create_environment())
    async with other.client, AsyncEntitlements(stepped.client) as first, AsyncEntitlements(other.client) as second:
        assert first.features_of(tenant_id="acme") == {"reports"}
        assert second.features_of(tenant_id="acme") == frozenset()


async def test_another_takes_over_from_one_that_was_closed(stepped: Stepped, other: Stepped) -> None:
    """The opener is closed first."""
    first = AsyncEntitlements(stepped.client)
    await first.open()
    async with AsyncEntitlements(other.client) as second:
        await stepped.time.settle(2)
        await first.aclose()
        await stepped.requests()
        await stepped.advance(90.0)
        assert await stepped.requests() == ["offset"] * 3
        assert second.age == 0.0


async def test_another_takes_over_from_one_whose_client_was_closed(stepped: Stepped, other: Stepped) -> None:
    """Which is no outage, as long as there is another."""
    events: list[EntitlementsEvent] = []
    first = AsyncEntitlements(other.client, on_event=events.append)
    await first.open()
    async with AsyncEntitlements(stepped.client) as second:
        await stepped.time.settle(2)
        await other.client.aclose()
        await stepped.requests()
        await stepped.advance(90.0)
        assert await stepped.requests() == ["offset"] * 3
        assert (first.age, second.age, first.has_outage) == (0.0, 0.0, False)
        assert [each.kind for each in events] == ["ready"]
        await first.aclose()


async def test_the_last_client_that_is_closed_begins_an_outage(
    stepped: Stepped, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody reads the service any more; the last snapshot stays."""
    events: list[EntitlementsEvent] = []
    async with AsyncEntitlements(stepped.client, max_age=3_600, on_event=events.append) as entitlements:
        await stepped.time.settle(1)
        await stepped.client.aclose()
        await until(lambda: entitlements.has_outage)
        assert entitlements.features_of(tenant_id="acme") == {"reports"}
    assert [each.kind for each in events] == ["ready", "error"]
    assert isinstance(events[1].error, ClientClosedError)
    assert len(caplog.records) == 1


async def test_objects_that_open_together_read_once(stepped: Stepped, other: Stepped) -> None:
    """The others wait for the first."""
    opened = [AsyncEntitlements(each.client) for each in (stepped, other, stepped, other)]
    await asyncio.gather(*(each.open() for each in opened))
    assert await stepped.requests() == ["whole"]
    assert len({id(_snapshot_of(each)) for each in opened}) == 1
    await asyncio.gather(*(each.aclose() for each in opened))


async def test_one_that_waits_tries_itself_when_the_first_is_cancelled(stepped: Stepped, other: Stepped) -> None:
    """A cancelled start leaves nothing behind."""
    fault = await stepped.emulator.add_fault(stage="accept", action=_HANGS, match={"path": _PATHS, "times": 1})
    first = asyncio.create_task(AsyncEntitlements(stepped.client).open())
    await _requested(stepped)
    second = AsyncEntitlements(other.client)
    opening = asyncio.create_task(second.open())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await opening
    assert second.features_of(tenant_id="acme") == {"reports"}
    await second.aclose()
    assert SHARED.look() == []
    await stepped.emulator.delete_fault(fault)


async def test_closing_during_a_refresh(stepped: Stepped, other: Stepped) -> None:
    """The request is given up, and another object refreshes when that is due the next time."""
    first = AsyncEntitlements(stepped.client)
    await first.open()
    await stepped.time.settle(1)
    await stepped.emulator.add_fault(stage="accept", action=_HANGS, match={"path": _PATHS, "times": 1})
    await stepped.emulator.clear_journal()
    stepped.time.wake()
    await _requested(stepped)
    async with AsyncEntitlements(other.client) as second:
        await first.aclose()
        await stepped.requests()
        await stepped.advance(60.0)
        assert await stepped.requests() == ["offset"] * 2
        assert (second.age, second.has_outage) == (0.0, False)


async def _requested(stepped: Stepped) -> None:
    """Wait until a request about entitlements is under way."""
    async with asyncio.timeout(30):
        while not await stepped.requests():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


async def test_a_turn_that_hangs_is_taken_over(stepped: Stepped, other: Stepped) -> None:
    """As when the loop of its holder was stopped."""
    async with AsyncEntitlements(stepped.client), AsyncEntitlements(other.client) as second:
        await stepped.time.settle(2)
        (shared,) = SHARED.look()
        turn = shared.take_turn(asyncio.get_running_loop(), stepped.clock.now, stepped.clock.now + 180.0)
        assert turn is not None
        await stepped.requests()
        await stepped.advance(170.0)
        assert await stepped.requests() == []
        await stepped.advance(60.0)
        assert await stepped.requests() == ["offset"] * 2
        shared.confirm(turn, stepped.clock.now + 1_000.0)
        shared.give_back(turn)
        assert second.age < 30.0


@pytest.mark.slow
async def test_a_start_takes_over_from_a_client_that_hangs(emulator: AsyncEmulatorHandle) -> None:
    """In the middle of its deadline; what the other one reads later is ignored."""
    async with emulator.client() as client, AsyncEntitlements(client) as first:
        (shared,) = SHARED.look()
        turn = shared.take_turn(asyncio.get_running_loop(), 0.0, math.inf)
        assert turn is not None
        shared.current = None
        async with AsyncEntitlements(client.with_options(deadline=0.5)) as second:
            assert second.features_of(tenant_id="acme") == first.features_of(tenant_id="acme") == {"reports"}
            shared.confirm(turn, math.inf)
            assert second.age < 30


async def test_a_start_is_over_when_its_deadline_passed(emulator: AsyncEmulatorHandle) -> None:
    """The service does not answer."""
    async with emulator.client() as client, AsyncEntitlements(client):
        (shared,) = SHARED.look()
        shared.current = None
        await emulator.add_fault(stage="accept", action=_HANGS, match={"path": _PATHS})
        with pytest.raises(RequestTimeoutError):
            await AsyncEntitlements(client.with_options(deadline=0.02, max_retries=0)).open()


async def test_a_start_reads_a_slow_service_once() -> None:
    """What it has read is up to date, however long that took."""
    clock = FakeClock()

    def slow(request: RawRequest) -> Answer:
        clock.now += 1_000.0
        data = {"features": [], "featureBundles": [], "entitlements": [], "featureFlags": []}
        return http(200, {"data": data, "snapshotOffset": len(request.path)})

    async with raw_server(slow) as server, make_client(server.url, clock=clock, options=_ENDLESS) as client:
        await AsyncEntitlements(client).open()
        assert len(server.requests) == 1


async def test_closing_during_a_start(stepped: Stepped) -> None:
    """The start is over at once, and leaves nothing behind."""
    await stepped.emulator.add_fault(stage="accept", action=_HANGS, match={"path": _PATHS})
    entitlements = AsyncEntitlements(stepped.client)
    opening = asyncio.create_task(entitlements.open())
    await _requested(stepped)
    await entitlements.aclose()
    with pytest.raises(ClientClosedError, match="are closed"):
        await opening
    assert SHARED.look() == []
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("entitlements")] == []


async def test_an_old_snapshot_of_others_is_not_enough(stepped: Stepped, other: Stepped) -> None:
    """If it is too old for this object, the service is read, or the start fails."""
    async with AsyncEntitlements(stepped.client):
        await stepped.time.settle(1)
        fault = await stepped.emulator.add_fault(
            stage="before_commit", action={"type": "status", "status": 503}, match={"path": _PATHS}
        )
        await stepped.advance(100.0)
        quick = other.client.with_options(max_retries=0)
        with pytest.raises(ServerError):
            await AsyncEntitlements(quick, refresh=30, max_age=60).open()
        async with AsyncEntitlements(quick, max_age=3_600) as entitlements:
            assert entitlements.has_outage
        await stepped.emulator.delete_fault(fault)
        async with AsyncEntitlements(quick, refresh=30, max_age=60) as entitlements:
            assert (entitlements.age, entitlements.has_outage) == (0.0, False)


def test_a_blocking_client_that_is_closed_closes_entitlements(frontegg_emulator: EmulatorHandle) -> None:
    """At once, and not when its loop ends."""
    frontegg = frontegg_emulator.client()
    with Entitlements(frontegg) as entitlements:
        assert entitlements.features_of(tenant_id="acme") == frozenset()
        frontegg.close()
        for use in (lambda: entitlements.features_of(tenant_id="acme"), lambda: entitlements.age):
            with pytest.raises(ClientClosedError):
                use()


def test_loops_of_several_threads(frontegg_emulator: EmulatorHandle) -> None:
    """A client in a loop of a thread, whose loop ends without closing anything, and blocking ones beside it."""
    frontegg_emulator.seed({"tenants": [{"tenantId": "acme", "name": "Acme"}], "tables": PLANS})
    opened: list[AsyncEntitlements] = []

    async def leave_open() -> None:
        client = AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)
        entitlements = AsyncEntitlements(client, refresh=0.1)
        await entitlements.open()
        opened.append(entitlements)

    thread = threading.Thread(target=lambda: asyncio.run(leave_open()))
    thread.start()
    thread.join()
    changed = threading.Event()

    def note(event: EntitlementsEvent) -> None:
        if event.kind == "changed":
            changed.set()

    with frontegg_emulator.client() as frontegg, Entitlements(frontegg, refresh=0.1, on_event=note) as entitlements:
        assert entitlements.features_of(tenant_id="acme") == {"reports"}
        frontegg.plan_assignments.remove(["a1"])
        assert changed.wait(30)
        assert entitlements.features_of(tenant_id="acme") == opened[0].features_of(tenant_id="acme") == frozenset()
    opened.clear()
    gc.collect()
    assert SHARED.look() == []


def test_a_loop_that_follows_another(frontegg_emulator: EmulatorHandle) -> None:
    """The first decision in it begins to refresh again."""
    frontegg_emulator.seed({"tenants": [{"tenantId": "acme", "name": "Acme"}], "tables": PLANS})
    client = AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)
    entitlements = AsyncEntitlements(client, refresh=0.1)
    asyncio.run(entitlements.open())
    assert entitlements.features_of(tenant_id="acme") == {"reports"}

    async def follow() -> None:
        await client.plan_assignments.remove(["a1"])
        await until(lambda: not entitlements.features_of(tenant_id="acme"))
        await entitlements.aclose()
        await client.aclose()

    asyncio.run(follow())
    assert SHARED.look() == []


async def test_one_that_was_forgotten_is_closed(stepped: Stepped) -> None:
    """When the garbage collector finds it."""
    entitlements = AsyncEntitlements(stepped.client)
    await entitlements.open()
    del entitlements
    gc.collect()
    await until(lambda: not SHARED.look())
    await until(lambda: not [task for task in asyncio.all_tasks() if task.get_name() == "entitlements: refresh"])


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError, GeneratorExit])
async def test_listeners_that_raise_change_nothing(
    stepped: Stepped, caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    """The others are called."""
    events: list[EntitlementsEvent] = []

    def fail(event: EntitlementsEvent) -> None:
        raise error(event.kind)

    async with AsyncEntitlements(stepped.client, on_event=fail) as entitlements:
        remove = entitlements.listen(events.append)
        entitlements.listen(events.append)
        await stepped.client.plan_assignments.remove(["a1"])
        await stepped.advance(30.0)
        assert [each.kind for each in events] == ["changed"] * 2
        remove()
        remove()
        await stepped.client.features.delete("f2")
        await stepped.advance(30.0)
    assert [each.kind for each in events] == ["changed"] * 3
    assert f"a hook or telemetry raised {error.__name__}" in caplog.text


async def test_one_object_that_is_opened_twice_at_once(stepped: Stepped) -> None:
    """It has one task, which ends with it; the second waits for the first."""
    entitlements = AsyncEntitlements(stepped.client)
    await asyncio.gather(entitlements.open(), entitlements.open())
    assert await stepped.requests() == ["whole"]
    assert len(_refreshing()) == 1
    await entitlements.aclose()
    assert _refreshing() == []
    assert SHARED.look() == []
    with pytest.raises(ClientClosedError):
        await entitlements.open()


async def test_an_opener_that_is_cancelled_leaves_the_object_to_another(stepped: Stepped) -> None:
    """The other reads the snapshot."""
    entitlements = AsyncEntitlements(stepped.client)
    first, second = asyncio.create_task(entitlements.open()), asyncio.create_task(entitlements.open())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first, second])
    assert first.cancelled()
    assert second.exception() is None
    assert len(SHARED.look()) == 1
    assert entitlements.features_of(tenant_id="acme") == {"reports"}
    await entitlements.aclose()
    assert _refreshing() == []
    assert SHARED.look() == []


@pytest.mark.slow
async def test_a_snapshot_becomes_stale_while_the_service_does_not_answer(emulator: AsyncEmulatorHandle) -> None:
    """Nobody waits for the end of the request to learn it."""
    kinds: list[str] = []
    async with (
        emulator.client() as client,
        AsyncEntitlements(client, refresh=0.1, max_age=0.2, on_event=lambda event: kinds.append(event.kind)),
    ):
        await emulator.add_fault(stage="before_commit", action=_HANGS, match={"path": _PATHS})
        await until(lambda: "stale" in kinds)
    assert kinds == ["ready", "stale"]


def _refreshing() -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "entitlements: refresh"]


class _AwaitedListener:
    async def __call__(self, event: EntitlementsEvent) -> None:
        """Do nothing."""


async def test_listeners_that_must_be_awaited_are_refused(stepped: Stepped) -> None:
    """Nobody would await them."""
    refused: Any = _AwaitedListener()
    async with AsyncEntitlements(stepped.client) as entitlements:
        others: list[Any] = [refused, refused.__call__, "listener"]
        for listener in others:
            with pytest.raises(InvalidArgumentError, match="listener must be a plain function"):
                entitlements.listen(listener)
    with pytest.raises(ConfigurationError, match="on_event must be a plain function"):
        AsyncEntitlements(stepped.client, on_event=refused)
