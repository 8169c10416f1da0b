"""The canned server responds as its paths say, completely and in order."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from benchmarks import canned_server
from benchmarks.canned_server import CannedConnection, CannedResponses
from frontegg_async import AsyncFrontegg, FronteggError

TENANTS = "/tenants/resources/tenants/v2"


@asynccontextmanager
async def canned(tenants: int = 450) -> AsyncIterator[int]:
    """Yield the port of a service in this loop."""
    responses = CannedResponses(tenants)
    server = await asyncio.get_running_loop().create_server(lambda: CannedConnection(responses), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def ask(target: str, method: str = "GET") -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of an answer."""
    head, _, body = CannedResponses(450).find(f"{method} {target} HTTP/1.1".encode()).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ") for line in lines)
    assert int(headers["content-length"]) == len(body)
    return {**headers, "status": status.split(" ")[1]}, body


def items(target: str) -> list[dict[str, Any]]:
    """Return the rows of a page."""
    rows: list[dict[str, Any]] = json.loads(ask(target)[1])["items"]
    return rows


def test_pages_cut_the_listing() -> None:
    """Each tenant is on one page, and the last page has the rest."""
    pages = [items(f"/plain{TENANTS}?_limit=200&_offset={index}") for index in range(4)]
    assert [len(page) for page in pages] == [200, 200, 50, 0]
    ids = [row["tenantId"] for page in pages for row in page]
    assert ids == [f"tenant-{number:09}" for number in range(450)]


def test_a_page_says_how_many_there_are() -> None:
    """In all, and in pages."""
    page = json.loads(ask(f"/plain{TENANTS}?_limit=200&_offset=1")[1])
    assert page["_metadata"] == {"totalItems": 450, "totalPages": 3}


def test_gzip_is_the_same_page_packed() -> None:
    """With the header that says so."""
    headers, body = ask(f"/gzip{TENANTS}")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == ask(f"/plain{TENANTS}")[1]


@pytest.mark.parametrize("target", ["/plain", "/plain/", "/plain/tenants", "/plain/nothing/here"])
def test_what_it_has_no_answer_to_is_not_found(target: str) -> None:
    """So that a benchmark which asks for it fails."""
    assert ask(target)[0]["status"] == "404"


def test_answers_that_were_made_are_kept_but_not_without_end() -> None:
    """A long listing does not fill the memory."""
    responses = CannedResponses(10**9)
    line = f"GET /plain{TENANTS}?_limit=1&_offset=%d HTTP/1.1"
    first = responses.find((line % 0).encode())
    assert responses.find((line % 0).encode()) is first
    for index in range(3000):
        responses.find((line % index).encode())
    assert len(responses._known) <= 2001


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["plain", "gzip"])
async def test_our_client_reads_what_it_answers(way: str) -> None:
    """A token, a tenant, and the whole listing."""
    async with (
        canned() as port,
        AsyncFrontegg("emu_canned", "emu_canned", base_url=f"http://127.0.0.1:{port}/{way}") as frontegg,
    ):
        assert (await frontegg.tenants.get(canned_server.TENANT_ID)).tenant_id == canned_server.TENANT_ID
        assert len(await frontegg.tenants.list(page_size=200).all()) == 450
        with pytest.raises(FronteggError):
            await frontegg.account_settings.get(canned_server.TENANT_ID)


@pytest.mark.anyio
async def test_requests_may_come_in_pieces_and_together() -> None:
    """Each is answered once it is there as a whole, in order."""
    post = b"POST /plain/auth HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
    get = b"GET /plain/tenants/resources/tenants/v2/t1 HTTP/1.1\r\n\r\n"
    async with canned() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        data = post + get + post
        for start in range(0, len(data), 7):
            writer.write(data[start : start + 7])
            await writer.drain()
            await asyncio.sleep(0)
        writer.write(get + get)
        bodies = [await read_body(reader) for _ in range(5)]
        writer.close()
        await writer.wait_closed()
    assert ["token" in body for body in bodies] == [True, False, True, False, False]


async def read_body(reader: asyncio.StreamReader) -> dict[str, Any]:
    """Read one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    body: dict[str, Any] = json.loads(await reader.readexactly(int(length)))
    return body
