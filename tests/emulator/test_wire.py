"""Requests that are not valid HTTP, or valid in an uncommon way."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import re
from typing import Any

import pytest

from tests.emulator.support import V1, V2, Service

pytestmark = pytest.mark.anyio


async def speak(service: Service, data: bytes, *, hang_up: bool = False) -> tuple[int, dict[str, str], Any]:
    """Send bytes; return status, headers and body of the answer, of which the connection is at its end."""
    host, port = service.emulator.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    if hang_up:
        writer.write_eof()
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]) if first else 0, headers, json.loads(body) if body else None


def is_marked(headers: dict[str, str]) -> bool:
    return "x-frontegg-emulator" in headers and bool(re.fullmatch("[0-9a-f]{32}", headers["frontegg-trace-id"]))


@pytest.mark.parametrize("target", ["POST /auth/vendor", f"POST {V1}", f"PUT {V2}/a", "POST /_emulator/v1/seed"])
async def test_bodies_that_cannot_be_decoded(service: Service, target: str, caplog: pytest.LogCaptureFixture) -> None:
    """They are 400 with both headers, in the service's shape or the admin API's, and the connection ends quietly."""
    head = (
        f"{target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.token}\r\n"
        "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"
    )
    status, headers, body = await speak(service, head.encode() + b"abcde")
    assert status == 400
    assert is_marked(headers)
    assert "decoded" in (body["error"] if "_emulator" in target else body["message"])
    assert [record.name for record in caplog.records if record.name.startswith("frontegg")] == []
    if "_emulator" not in target and "auth" not in target:
        entry = (await service.emulator.journal())[-1]
        assert (entry.status, entry.effect) == (400, None)


async def test_bodies_that_can_be_decoded(service: Service) -> None:
    """A body that is compressed as its header says is taken."""
    data = gzip.compress(b'{"tenantId": "a", "name": "A"}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert (await service.send("POST", V1, data=data, headers=headers)).status == 201


@pytest.mark.parametrize(
    ("target", "status"), [("POST /auth/vendor", 401), (f"POST {V1}", 201), ("POST /_emulator/v1/user-tokens", 200)]
)
async def test_a_peer_that_waits_to_be_asked_for_its_body(service: Service, target: str, status: int) -> None:
    """It is told to go on, and then gets its answer, on a connection that is kept."""
    body = b'{"clientId": "emu_x", "secret": "emu_x"}' if "auth" in target else b'{"tenantId": "a"}'
    host, port = service.emulator.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"{target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.token}\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.closing(writer):
        for _ in range(2):
            writer.write(head.encode())
            async with asyncio.timeout(20):
                assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(body)
            answer = (await reader.readuntil(b"\r\n\r\n")).decode()
            assert answer.startswith(f"HTTP/1.1 {status} ")
            found = re.search(r"Content-Length: (\d+)", answer)
            assert found is not None
            await reader.readexactly(int(found[1]))
            status = 409 if status == 201 else status
    await writer.wait_closed()


@pytest.mark.parametrize("framing", ["Content-Length: 90\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{"])
async def test_a_peer_that_leaves_in_the_body(service: Service, framing: str) -> None:
    """It gets no answer, and nothing is done."""
    head = f"POST {V1} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.token}\r\n{framing}"
    assert (await speak(service, head.encode(), hang_up=True))[0] == 0
    assert (await service.emulator.journal())[-1].effect is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01garbage\r\n\r\n",
        b"GET /x?password=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /auth/vendor HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 50_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_no_http(service: Service, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """It is 400 with both headers, and no news: what a peer sends is not in the log, its secrets neither."""
    with caplog.at_level(logging.INFO):
        status, headers, body = await speak(service, data)
    assert [record.name for record in caplog.records if record.name.startswith("frontegg")] == []
    assert status == 400
    assert is_marked(headers)
    assert body["statusCode"] == 400


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("OPTIONS *", 404),
        ("CONNECT any.example:1", 404),
        (f"GET http://any.localhost:1{V2}?_limit=1", 200),
        (f"GET HTTPS://any.localhost/frontegg{V2}", 200),
        ("GET http://any.localhost/_emulator/v1/health", 200),
        ("GET http://any.localhost", 404),
        ("GET http://any.localhost?x", 404),
    ],
)
async def test_whole_urls_as_targets(service: Service, target: str, status: int) -> None:
    """They are served as their path is; targets without a path are 404."""
    head = f"{target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.token}\r\nConnection: close\r\n\r\n"
    answered, headers, _ = await speak(service, head.encode())
    assert answered == status
    assert is_marked(headers)


@pytest.mark.parametrize("depth", [498, 499, 500, 501, 900, 976, 990, 5_000])
async def test_deep_bodies(service: Service, depth: int) -> None:
    """What is nested more than 500 deep is 400; what is kept can be merged into."""
    nested = b"[" * depth + b"]" * depth
    status = 201 if depth < 500 else 400
    body = b'{"tenantId":"a","name":"A","metadata":' + nested + b"}"
    assert (await service.send("POST", V1, data=body)).status == status
    await service.create("b")
    body = b'{"metadata":{"deep":' + nested + b"}}"
    answer = await service.send("POST", f"{V1}/b/metadata", data=body)
    assert answer.status == (201 if depth < 499 else 400)
    after = await service.send("POST", f"{V1}/b/metadata", {"metadata": {"k": 1}})
    assert after.status == 201
    assert ("deep" in after.json["metadata"]) == (answer.status == 201)


@pytest.mark.parametrize("depth", [500, 501, 990, 5_000])
async def test_deep_metadata_as_text(service: Service, depth: int) -> None:
    """It is the same for metadata that comes as JSON text."""
    body = {"tenantId": "a", "name": "A", "metadata": "[" * depth + "]" * depth}
    assert (await service.send("POST", V1, body)).status == (201 if depth <= 500 else 400)
    assert (await service.send("POST", V1, {"name": "B", "metadata": json.dumps("[" * depth)})).status == 201
    assert (await service.send("POST", V1, {"name": "B", "metadata": "[]" * depth})).status == 400
