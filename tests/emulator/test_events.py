"""The event stream: requests when they arrive and when they are done, changes by verbs, and the end."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.http import events
from frontegg_async.emulator.http.events import last_of
from frontegg_async.emulator.world.journal import Effect, Journal, JournalEntry
from frontegg_async.emulator.world.subscribers import MAX_SUBSCRIBERS, MAX_WAITING, Subscribers
from tests.emulator.process import EmulatorProcess
from tests.emulator.support import V2, Service, until

pytestmark = pytest.mark.anyio


class Stream:
    """A reader of server-sent events."""

    def __init__(self, content: aiohttp.StreamReader) -> None:
        self._content = content

    async def event(self) -> tuple[str, Any]:
        """Return the next event; the name is empty at the end."""
        name = ""
        async with asyncio.timeout(30):
            while line := (await self._content.readline()).decode():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))
        return "", None

    async def until_request(self, route: str) -> Any:
        """Return a request of a route that is done."""
        while True:
            name, data = await self.event()
            assert name
            for entry in data["requests"] if name == "requests" else ():
                if entry["route"] == route and entry["status"] is not None:
                    return entry


@asynccontextmanager
async def stream(service: Service, query: str = "", *, only: bool = True) -> AsyncIterator[Stream]:
    target = f"environments/{service.emulator.client_id}/" if only else ""
    async with service.session.get(f"{service.emulator.url}/_emulator/v1/{target}events{query}") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        yield Stream(response.content)


async def test_requests_are_seen_as_they_come(service: Service) -> None:
    """First those of before, then each as it is; secrets are out, and other environments too."""
    other = Service(await service.emulator.create_environment(), service.session)
    async with stream(service, "?last=1") as seen:
        name, data = await seen.event()
        assert (name, [entry["route"] for entry in data["requests"]]) == ("requests", ["auth.authenticate"])
        await other.authenticate()
        await service.create("acme")
        created = await seen.until_request("tenants.create")
        assert created["effect"]["created"] == ["acme"]
        assert created["environment"] == service.emulator.client_id
        await service.send("GET", f"{V2}?access_token=hush&_filter=ann@acme.example")
        listed = await seen.until_request("tenants.list")
        assert "hush" not in listed["query"]
        assert "ann" not in listed["query"]
    async with stream(service, "?last=2", only=False) as seen:
        _, data = await seen.event()
        assert [entry["route"] for entry in data["requests"]] == ["tenants.create", "tenants.list"]


async def test_a_request_is_seen_while_it_waits(service: Service) -> None:
    """A request that a fault holds is there without a status."""
    await service.emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 60})
    async with stream(service, "?last=0") as seen, asyncio.TaskGroup() as group:
        assert (await seen.event())[1] == {"requests": [], "missed": 0}
        waiting = group.create_task(service.send("GET", V2))
        _, data = await seen.event()
        assert [(entry["route"], entry["status"]) for entry in data["requests"]] == [("tenants.list", None)]
        waiting.cancel()


@pytest.mark.slow
async def test_what_verbs_change_is_told(service: Service) -> None:
    """By subject, for the environment or for all."""
    async with stream(service) as seen:
        await seen.event()

        async def changed() -> set[str]:
            name, data = await seen.event()
            assert name == "changed"
            return set(data)

        await service.emulator.seed(tenants=[{"tenantId": "a", "name": "A"}])
        assert await changed() == {"state"}
        await service.emulator.clock(advance=5)
        assert await changed() == {"clock"}
        fault = await service.emulator.add_fault(stage="idle", action={"type": "close"}, match={"path": "/x"})
        await service.emulator.delete_fault(fault)
        assert await changed() == {"faults"}
        await service.emulator.clear_journal()
        assert await changed() == {"journal"}
        await service.emulator.restore(await service.emulator.snapshot())
        assert await changed() == {"state", "clock"}
        default = service.emulator.environment("emu_client")
        await default.reset()
        await service.emulator.create_environment()
        assert await changed() == {"environments"}
        await service.admin("POST", "reset", only=False)
        assert await changed() == {"state", "faults", "clock", "journal"}


@pytest.mark.parametrize(
    ("target", "status"),
    [("events?last=x", 400), ("events?last=2001", 400), ("environments/emu_nobody/events", 404)],
)
async def test_bad_streams(service: Service, target: str, status: int) -> None:
    """They are refused with the reason."""
    answer = await service.send("GET", f"/_emulator/v1/{target}")
    assert (answer.status, bool(answer.json["error"])) == (status, True)


async def test_streams_end_with_the_emulator() -> None:
    """At once, in the right way, and none is let in afterwards."""
    async with aiohttp.ClientSession() as session:
        async with Emulator() as emulator:
            response = await session.get(f"{emulator.url}/_emulator/v1/events")
            seen = Stream(response.content)
            await seen.event()
        assert await seen.event() == ("", None)
        response.close()


@pytest.mark.slow
def test_a_server_ends_while_somebody_looks_on() -> None:
    """With status 0, nothing said, and the stream ended in the right way."""
    with (
        EmulatorProcess() as emulator,
        urllib.request.urlopen(f"{emulator.ready['url']}/_emulator/v1/events", timeout=30) as stream,
    ):
        assert stream.readline() == b"retry: 1000\n"
        assert emulator.end(signal.SIGTERM) == (0, "", "")
        assert stream.read().endswith(b"\n\n")


async def test_so_many_look_on(service: Service) -> None:
    """More are told to come later; those who are gone make room."""
    subscribers = service.emulator._verbs.world.subscribers
    with subscribers.subscribe(None):
        for _ in range(MAX_SUBSCRIBERS - 1):
            subscribers._all.append(subscribers._all[0])
        assert (await service.send("GET", "/_emulator/v1/events")).status == 503
        del subscribers._all[1:]
    async with stream(service) as seen:
        assert (await seen.event())[0] == "requests"


async def test_a_reader_that_left_makes_room_at_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nothing happens that it could be sent, and nothing tells that it still reads."""
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 3600.0)
    subscribers = service.emulator._verbs.world.subscribers
    host, port = service.emulator.url.removeprefix("http://").split(":")
    for _ in range(3):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /_emulator/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"event: requests")
        assert len(subscribers._all) == 1
        writer.close()
        await writer.wait_closed()

        async def has_room() -> bool:
            return not subscribers._all

        await until(has_room)


def entry(number: int, environment: str | None = "emu_a") -> JournalEntry:
    return JournalEntry(
        at="", method="GET", path="/", query="", route=None, environment=environment, trace_id=f"t{number}", status=200
    )


async def test_a_slow_reader_misses_requests_and_holds_no_more() -> None:
    """Its queue is bounded; a request that waits is told once, as it is by then."""
    subscribers = Subscribers()
    with subscribers.subscribe("emu_a") as subscriber, subscribers.subscribe("emu_b") as other:
        first = entry(0)
        subscribers.publish_request(first)
        first.effect = Effect(created=("x",))
        for number in range(MAX_WAITING + 10):
            subscribers.publish_request(entry(number) if number else first)
        subscribers.publish_change("clock", "emu_b")
        pending = await subscriber.next(1)
        assert pending is not None
        assert (len(pending.requests), pending.missed, pending.requests[0].effect) == (MAX_WAITING, 10, first.effect)
        assert pending.changed == ()
        assert (await subscriber.next(0)) is not None  # nothing came: it is told that nothing did
        told = await other.next(1)
        assert told is not None
        assert (told.requests, told.changed) == ((), ("clock",))
        subscribers.close()
        assert await subscriber.next(1) is None
        await subscriber.pause(60)
        assert subscribers.is_full


def test_the_last_of_a_journal() -> None:
    """The newest of all environments in the order in which they came."""
    journal = Journal()
    for number in range(6):
        journal.add(entry(number, "emu_a" if number % 2 else "emu_b"))
    assert [one.trace_id for one in journal.last(3)] == ["t3", "t4", "t5"]
    assert [one.trace_id for one in journal.last(2, "emu_b")] == ["t2", "t4"]
    assert len(journal.last(100)) == 6
    assert journal.last(0) == journal.last(5, "emu_c") == []


def test_how_many_of_before() -> None:
    """200 unless it is said."""
    assert (last_of(""), last_of("last=0"), last_of("x=1&last=7")) == (200, 0, 7)
