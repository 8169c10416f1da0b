"""Faults over raw sockets: each stage and action, and the journal and the state afterwards."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs
import pytest

from frontegg_async.emulator.http.fault_actions import NOISE
from frontegg_async.emulator.world.journal import JournalEntry
from tests.emulator.support import V1, V2, Service, until

pytestmark = pytest.mark.anyio

STAGES: Final = ("accept", "before_commit", "after_commit")


@attrs.frozen
class Raw:
    """What came on a raw connection until it ended or the answer was complete."""

    data: bytes
    end: str


class Wire:
    """A raw connection to the emulator."""

    def __init__(self, service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.service = service
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, service: Service) -> Wire:
        host, port = service.emulator.url.removeprefix("http://").split(":")
        return cls(service, *await asyncio.open_connection(host, int(port)))

    def send(self, method: str, path: str, body: Any = None) -> None:
        raw = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.service.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        self.writer.write(head.encode() + raw)

    async def rest(self) -> Raw:
        """Read to the end; tell a reset from a close."""
        data = b""
        try:
            while chunk := await self.reader.read(65_536):
                data += chunk
        except ConnectionResetError:
            return Raw(data, "reset")
        finally:
            self.writer.close()
        return Raw(data, "close")

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read one answer with a length."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")[:-2]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, body


async def arm(service: Service, stage: str, action: Mapping[str, Any], **match: Any) -> str:
    return await service.emulator.add_fault(stage=stage, action=action, match=match)


async def exists(service: Service, tenant_id: str) -> bool:
    await service.emulator.delete_faults()
    return bool((await service.send("GET", f"{V2}/{tenant_id}")).json)


async def create_raw(service: Service, tenant_id: str = "a") -> Raw:
    wire = await Wire.open(service)
    wire.send("POST", V1, {"tenantId": tenant_id, "name": "A"})
    return await wire.rest()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", ["reset", "close", "garbage"])
async def test_lost_answers(service: Service, stage: str, kind: str) -> None:
    """The connection ends without an answer; only after the commit is there a tenant."""
    await arm(service, stage, {"type": kind}, path=V1)
    raw = await create_raw(service)
    assert raw.data == (NOISE if kind == "garbage" else b"")
    assert raw.end == ("reset" if kind == "reset" else "close")
    entry = (await service.emulator.journal())[-1]
    assert entry.faults == ("fault-1",)
    assert entry.status is None
    assert (entry.effect is not None) == (stage == "after_commit")
    assert await exists(service, "a") == (stage == "after_commit")


@pytest.mark.parametrize("stage", STAGES)
async def test_other_answers(service: Service, stage: str) -> None:
    """A status, a redirect and a 429 come in place of the right answer."""
    for index, (action, status) in enumerate(
        [
            ({"type": "status", "status": 503}, 503),
            ({"type": "redirect", "location": "http://127.0.0.1:1/x", "status": 308}, 308),
            ({"type": "rate_limit", "reset_in": 5}, 429),
        ]
    ):
        await arm(service, stage, action, times=1)
        assert (await service.create(f"t{index}")).status == status
        assert (await service.emulator.journal())[-1].status == status
        assert await exists(service, f"t{index}") == (stage == "after_commit")


@pytest.mark.parametrize(
    ("action", "content_type", "body"),
    [
        (
            {"status": 500},
            "application/json; charset=utf-8",
            b'{"errors":["Internal Server Error"],"errorCode":"ER-00500"}',
        ),
        ({"status": 204}, None, b""),
        ({"status": 599}, None, b""),
        ({"status": 502, "body": "<h1>edge</h1>"}, "text/html; charset=utf-8", b"<h1>edge</h1>"),
        ({"status": 200, "body": {"a": 1}, "headers": {"X-A": "b"}}, "application/json; charset=utf-8", b'{"a":1}'),
        ({"status": 200, "body": "x", "headers": {"content-type": "text/plain"}}, "text/plain", b"x"),
    ],
)
async def test_status_bodies(service: Service, action: dict[str, Any], content_type: str | None, body: bytes) -> None:
    """A body is sent as it is given: text raw, all else as JSON; an error without one is in the service's shape."""
    await arm(service, "accept", {"type": "status", **action})
    answer = await service.send("GET", V2)
    assert answer.status == action["status"]
    assert answer.raw == body
    assert content_type is None or answer.headers["Content-Type"] == content_type
    assert answer.headers["frontegg-trace-id"]
    for name, value in action.get("headers", {}).items():
        assert answer.headers[name] == value


async def test_rate_limit_without_a_header(service: Service) -> None:
    """A 429 as upstream services send it says nothing."""
    await arm(service, "accept", {"type": "rate_limit", "reset_in": 5, "with_header": False}, times=1)
    answer = await service.send("GET", V2)
    assert "X-Rate-Limit-Reset" not in answer.headers
    await arm(service, "accept", {"type": "rate_limit", "reset_in": 5, "with_header": True})
    assert (await service.send("GET", V2)).headers["X-Rate-Limit-Reset"].endswith("Z")


async def test_authentication_can_fail(service: Service) -> None:
    """A fault of an environment finds its authentication by the client id, in both slash forms."""
    await arm(service, "accept", {"type": "status", "status": 503}, path="/auth/vendor")
    body = {"clientId": service.emulator.client_id, "secret": service.emulator.secret}
    for path in ("/auth/vendor", "/auth/vendor/", "/frontegg/auth/vendor"):
        assert (await service.send("POST", path, body)).status == 503
    other = await service.emulator.create_environment()
    body = {"clientId": other.client_id, "secret": other.secret}
    assert (await service.send("POST", "/auth/vendor", body)).status == 200


@pytest.mark.parametrize("stage", ["in_body", "after_commit"])
async def test_truncated_in_the_body(service: Service, stage: str) -> None:
    """The head is whole, so many bytes of the body come, and the change was made."""
    await arm(service, stage, {"type": "truncate", "bytes": 7}, path=V1)
    raw = await create_raw(service)
    head, _, body = raw.data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    assert b"frontegg-trace-id" in head
    assert len(body) == 7
    assert int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) > 7
    assert await exists(service, "a")


async def test_truncated_in_the_headers(service: Service) -> None:
    """So many bytes of the answer come."""
    await arm(service, "in_headers", {"type": "truncate", "bytes": 9}, path=V1)
    assert await create_raw(service) == Raw(b"HTTP/1.1 ", "close")


@pytest.mark.parametrize("stage", ["in_headers", "in_body"])
@pytest.mark.parametrize("kind", ["reset", "close"])
async def test_ends_in_the_answer(service: Service, stage: str, kind: str) -> None:
    """The connection ends in the middle of the head or of the body, after the change."""
    await arm(service, stage, {"type": kind}, path=V1)
    raw = await create_raw(service)
    assert raw.end == kind
    assert (b"\r\n\r\n" in raw.data) == (stage == "in_body")
    assert raw.data.startswith(b"HTTP/1.1 201")
    assert await exists(service, "a")


async def test_garbage_in_the_headers(service: Service) -> None:
    """The head breaks into bytes that are not HTTP."""
    await arm(service, "in_headers", {"type": "garbage"}, path=V1)
    raw = await create_raw(service)
    assert raw.data.startswith(b"HTTP/1.1 201")
    assert raw.data.endswith(NOISE)


async def test_garbage_in_the_body(service: Service) -> None:
    """The body has its length and breaks into bytes that are not JSON."""
    await arm(service, "in_body", {"type": "garbage"}, path=V1)
    answer = await service.create("a")
    assert answer.status == 201
    assert len(answer.raw) == int(answer.headers["Content-Length"])
    with pytest.raises(ValueError, match=r"."):
        json.loads(answer.raw)


@pytest.mark.parametrize("stage", ["in_headers", "in_body"])
@pytest.mark.parametrize("action", [{"type": "drip", "bytes": 50, "every": 0.0}, {"type": "delay", "seconds": 0.0}])
async def test_slow_answers_are_whole(service: Service, stage: str, action: dict[str, Any]) -> None:
    """An answer that drips or pauses arrives whole."""
    await arm(service, stage, action, path=V1)
    assert (await service.create("a")).json["tenantId"] == "a"


@pytest.mark.parametrize("stage", STAGES)
async def test_delays(service: Service, stage: str) -> None:
    """After a delay all goes on."""
    await arm(service, stage, {"type": "delay", "seconds": 0.001})
    assert (await service.create("a")).status == 201


@pytest.mark.parametrize("stage", ["before_commit", "after_commit", "in_headers", "in_body"])
async def test_a_delay_ends_when_the_peer_goes_away(service: Service, stage: str) -> None:
    """The emulator does not sit out the hours, and does what was under way; what was not begun is dropped."""
    await arm(service, stage, {"type": "delay", "seconds": 80_000}, path=V1)
    wire = await Wire.open(service)
    wire.send("POST", V1, {"tenantId": "a", "name": "A"})

    async def has(condition: Callable[[JournalEntry], bool]) -> bool:
        return condition((await service.emulator.journal())[-1])

    await until(lambda: has(lambda entry: bool(entry.faults)))
    wire.writer.close()
    await wire.writer.wait_closed()
    await until(lambda: has(lambda entry: entry.status is not None))
    assert await exists(service, "a")


@pytest.mark.parametrize("body", [{"tenantId": "a", "name": "A"}, None])
async def test_a_delay_at_the_start_drops_what_nobody_waits_for(service: Service, body: Any) -> None:
    """Nothing is done, with a body or without, and the journal says that there was no answer."""
    await arm(service, "accept", {"type": "delay", "seconds": 80_000}, times=1)
    wire = await Wire.open(service)
    wire.send("DELETE" if body is None else "POST", f"{V1}/there" if body is None else V1, body)

    async def has_begun() -> bool:
        return bool((await service.emulator.journal())[-1].faults)

    async def has_ended() -> bool:
        return (await service.emulator.stats()).connections_open == open_before - 1

    await until(has_begun)
    open_before = (await service.emulator.stats()).connections_open
    wire.writer.close()
    await wire.writer.wait_closed()
    await until(has_ended)
    await service.create("there")
    entry = next(entry for entry in await service.emulator.journal() if entry.faults)
    assert (entry.status, entry.effect) == (None, None)
    assert not await exists(service, "a")
    assert await exists(service, "there")


@pytest.mark.parametrize("stage", ["accept", "after_commit", "in_body"])
@pytest.mark.parametrize(("encoding", "inflate"), [("gzip", gzip.decompress), ("deflate", zlib.decompress)])
async def test_bombs(service: Service, stage: str, encoding: str, inflate: Any) -> None:
    """A small body that is large when it is decompressed; the journal has the status that was sent."""
    await arm(service, stage, {"type": "bomb", "encoding": encoding, "size": 3_000_000})
    wire = await Wire.open(service)
    wire.send("POST", V1, {"name": "A"})
    status, headers, body = await wire.answer()
    wire.writer.close()
    assert (await service.emulator.journal())[-1].status == status
    assert status == 200
    assert headers["content-encoding"] == encoding
    assert len(body) < 10_000
    text = inflate(body)
    assert len(text) == 3_000_000
    assert len(json.loads(text)) == 2_999_998


@pytest.mark.parametrize("kind", ["reset", "close", "garbage", "delay"])
async def test_idle_connections(service: Service, kind: str) -> None:
    """After a whole answer the idle connection ends, or brings an answer that nobody asked for."""
    await arm(service, "idle", {"type": kind, **({"seconds": 0.0} if kind == "delay" else {})}, path=V2, times=1)
    wire = await Wire.open(service)
    wire.send("GET", V2)
    status, _, _ = await wire.answer()
    assert status == 200
    if kind == "garbage":
        status, _, body = await wire.answer()
        assert status == 200
        assert json.loads(body) == {"tenantId": "nobody-asked-for-this"}
        wire.send("GET", V2)
        assert json.loads((await wire.answer())[2])["items"] == []
        wire.writer.close()
    else:
        assert (await wire.rest()).end == ("reset" if kind == "reset" else "close")


async def test_a_busy_connection_is_not_idle(service: Service) -> None:
    """An idle fault waits until no further request follows at once."""
    await arm(service, "idle", {"type": "close"}, path=V2, times=1)
    wire = await Wire.open(service)
    for _ in range(3):
        wire.send("GET", V2)
    for _ in range(3):
        assert (await wire.answer())[0] == 200
    assert await wire.rest() == Raw(b"", "close")


@pytest.mark.parametrize(
    ("match", "statuses"),
    [
        ({}, [503, 503, 503, 503]),
        ({"times": 2}, [503, 503, 200, 200]),
        ({"nth": 3}, [200, 200, 503, 200]),
        ({"times": 0}, [200, 200, 200, 200]),
        ({"probability": 0}, [200, 200, 200, 200]),
        ({"probability": 1}, [503, 503, 503, 503]),
        ({"method": "get"}, [503, 503, 503, 503]),
        ({"method": "PUT"}, [200, 200, 200, 200]),
        ({"path": V2}, [503, 503, 503, 503]),
        ({"path": "/tenants/*"}, [503, 503, 503, 503]),
        ({"path": "/tenants"}, [200, 200, 200, 200]),
        ({"path": f"{V2}?_limit=1"}, [200, 200, 200, 200]),
    ],
)
async def test_matching(service: Service, match: dict[str, Any], statuses: list[int]) -> None:
    """Method, path, count and probability say which requests a fault meets."""
    await arm(service, "accept", {"type": "status", "status": 503}, **match)
    assert [(await service.send("GET", f"/frontegg{V2}?_limit=1")).status for _ in statuses] == statuses


async def test_every_fault_counts_every_request(service: Service) -> None:
    """A request that another fault ended is the first one, or the second, all the same."""
    await arm(service, "accept", {"type": "status", "status": 503}, nth=1)
    await arm(service, "before_commit", {"type": "status", "status": 502}, nth=2)
    await arm(service, "after_commit", {"type": "status", "status": 504}, nth=3)
    assert [(await service.send("GET", V2)).status for _ in range(4)] == [503, 502, 504, 200]


async def test_probabilities_can_be_repeated(service: Service) -> None:
    """The same draws come after a reset."""
    runs = []
    for _ in range(2):
        await arm(service, "accept", {"type": "status", "status": 503}, probability=0.5)
        runs.append([(await service.send("GET", V2)).status for _ in range(20)])
        await service.emulator.reset()
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}


async def test_faults_are_listed_and_deleted(service: Service) -> None:
    """Each with its id, what was said and how often it fired."""
    first = await arm(service, "accept", {"type": "rate_limit"}, path=V2, times=1)
    await arm(service, "in_body", {"type": "truncate", "bytes": 1}, path="/x")
    await service.send("GET", V2)
    listed = (await service.admin("GET", "faults")).json["faults"]
    assert listed[0] == {
        "id": first,
        "match": {"path": V2, "times": 1},
        "stage": "accept",
        "action": {"type": "rate_limit", "reset_in": 60.0, "with_header": True},
        "fired": 1,
    }
    assert (await service.admin("DELETE", f"faults/{first}")).status == 204
    assert len((await service.admin("GET", "faults")).json["faults"]) == 1
    assert (await service.admin("DELETE", "faults")).status == 204
    assert (await service.admin("GET", "faults")).json["faults"] == []


async def test_faults_of_all_and_of_one(service: Service) -> None:
    """A fault for all meets every request, also those of nobody; that of another environment does not."""
    await service.admin("POST", "faults", {"stage": "accept", "action": {"type": "status", "status": 503}}, only=False)
    assert (await service.send("GET", V2)).status == 503
    service.token = ""
    assert (await service.send("GET", V2)).status == 503
    await service.admin("DELETE", "faults", only=False)
    await service.authenticate()
    other = await service.emulator.create_environment()
    await other.add_fault(stage="accept", action={"type": "close"})
    assert (await service.send("GET", V2)).status == 200
