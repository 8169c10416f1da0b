"""A fast server with canned responses, in its own process.

It takes less time for a response than any measured client, with and without TLS, and checks nothing. As a program, it
prints its addresses as a line of JSON, and exits when its standard input is closed.

The first part of a path selects the encoding of the response: ``/plain`` for none, ``/gzip`` for compression.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from ssl import SSLContext, create_default_context
from typing import Final
from urllib.parse import parse_qs

import attrs
import orjson

from benchmarks import rounds
from tests.support.certificate_authority import Authority

PAGE: Final = 200
TENANT_ID: Final = "5f1c1b0e-3a52-4c5d-9d0e-7a3b0f3c2d11"
_HOST: Final = "localhost"
_ID: Final = "tenant-%09d"
_SLOT: Final = "@tenant-id@"
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@attrs.frozen
class CannedServer:
    """The addresses of the server.

    Args:
        plain: The origin of the server.
        tls: The origin with TLS.
        pem: The certificate of the server's certificate authority.
    """

    plain: str
    tls: str
    pem: str

    def context(self) -> SSLContext:
        """Return a TLS context that trusts the server."""
        return create_default_context(cadata=self.pem)


@contextmanager
def running(*, core: int | None = 1, tenants: int = 100_000) -> Iterator[CannedServer]:
    """Run the server until the end of the block.

    Args:
        core: The core for the server, if this process may use it. A pinned process shares its core with the server.
        tenants: The number of tenants in a listing.
    """
    argv = [sys.executable, "-m", __name__, "any" if core is None else str(core), str(tenants)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield CannedServer(**json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()


def _http(body: bytes, *, encoding: str = "", status: str = "200 OK") -> bytes:
    more = f"Content-Encoding: {encoding}\r\n" if encoding else ""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def make_rows(count: int) -> list[dict[str, object]]:
    """Return tenants as JSON objects of the API."""
    rng = Random(1)
    return [
        {
            "id": str(uuid.UUID(int=rng.getrandbits(128))),
            "vendorId": str(uuid.UUID(int=rng.getrandbits(128))),
            "tenantId": str(uuid.UUID(int=rng.getrandbits(128))),
            "name": f"Company {number} GmbH",
            "createdAt": "2024-01-01T10:00:00.123Z",
            "updatedAt": "2024-01-01T10:00:00.123Z",
            "deletedAt": None,
            "isReseller": False,
            "metadata": json.dumps({"plan": "pro", "seats": number, "crm": {"id": f"abc{number}", "tags": ["a"]}}),
            "creatorName": "N. N.",
            "creatorEmail": "nn@company.example",
            "status": "active",
            "website": "https://company.example",
            "applicationUrl": "https://app.company.example",
            "logo": None,
            "logoUrl": "https://company.example/logo.png",
            "address": "Street 1",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
        }
        for number in range(count)
    ]


@cache
def _pieces(count: int) -> tuple[bytes, ...]:
    """Return the JSON of the rows of a page, split at the ids."""
    rows = [{**row, "tenantId": _SLOT} for row in make_rows(count)]
    return tuple(orjson.dumps(rows).split(_SLOT.encode()))


def page(index: int, size: int, total: int) -> bytes:
    """Return the body of a page of tenants."""
    first = index * size
    pieces = _pieces(max(0, min(size, total - first)))
    parts = [b'{"items":', pieces[0]]
    for number, piece in enumerate(pieces[1:], first):
        parts += [(_ID % number).encode(), piece]
    pages = -(-total // size)
    parts.append(b',"_metadata":{"totalItems":%d,"totalPages":%d},"_links":{}}' % (total, pages))
    return b"".join(parts)


class CannedResponses:
    """The responses, by method and target.

    Args:
        tenants: The number of tenants in a listing.
    """

    def __init__(self, tenants: int) -> None:
        self._tenants = tenants
        self._known: dict[bytes, bytes] = {}

    def find(self, line: bytes) -> bytes:
        """Return the response to a request line. Recent responses are cached."""
        response = self._known.get(line)
        if response is None:
            response = self._make(line.decode())
            if len(self._known) > 2000:  # noqa: PLR2004 - a page has 120 kB
                self._known.clear()
            self._known[line] = response
        return response

    def _make(self, line: str) -> bytes:
        method, target = line.split(" ")[:2]
        path, _, query = target.partition("?")
        _, way, *rest = path.split("/")
        body = self._body(method, rest, parse_qs(query))
        if body is None:
            return _http(b'{"errors":["canned: no such response"]}', status="404 Not Found")
        return _http(gzip.compress(body), encoding="gzip") if way == "gzip" else _http(body)

    def _body(self, method: str, parts: list[str], query: dict[str, list[str]]) -> bytes | None:
        if method == "POST":
            return orjson.dumps({"token": "canned", "accessToken": "canned", "expiresIn": 86_400})
        if parts[:4] != ["tenants", "resources", "tenants", "v2"]:
            return None
        if len(parts) > 4:  # noqa: PLR2004 - the id comes after
            (row,) = make_rows(1)
            return orjson.dumps({**row, "tenantId": parts[4]})
        size, index = int(query.get("_limit", [PAGE])[0]), int(query.get("_offset", [0])[0])
        return page(index, size, self._tenants)


class CannedConnection(asyncio.Protocol):
    """A connection of the server."""

    def __init__(self, responses: CannedResponses) -> None:
        self._responses = responses
        self._transport: asyncio.Transport | None = None
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Respond to each complete request."""
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._data, 0, end)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self._data) < size:
                return
            response = self._responses.find(self._data[: self._data.index(b"\r\n")])
            self._data = self._data[size:]
            self._send(response)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


async def _serve(tenants: int) -> None:
    loop = asyncio.get_running_loop()
    responses, authority = CannedResponses(tenants), Authority()
    plain = await loop.create_server(lambda: CannedConnection(responses), "127.0.0.1", 0, backlog=1024)
    tls = await loop.create_server(
        lambda: CannedConnection(responses), "127.0.0.1", 0, backlog=1024, ssl=authority.server(_HOST)
    )
    ports = [server.sockets[0].getsockname()[1] for server in (plain, tls)]
    origins = {"plain": f"http://127.0.0.1:{ports[0]}", "tls": f"https://{_HOST}:{ports[1]}", "pem": authority.pem}
    print(json.dumps(origins), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve until the standard input is closed."""
    core, tenants = sys.argv[1:]
    if core != "any":
        rounds.pin(int(core))
    asyncio.run(_serve(int(tenants)))


if __name__ == "__main__":
    main()
