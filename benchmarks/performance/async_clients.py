"""Asynchronous clients that read a response: the SDK, aiohttp as the baseline, and the peers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from benchmarks.performance.canned_server import CannedServer

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

OURS: Final = "frontegg_async"
Y: Final = "aiohttp with orjson"
BEARER: Final = {"Authorization": "Bearer canned"}
CONNECTIONS: Final = 100

Read = Callable[[], Awaitable[object]]


@attrs.frozen
class ReadTarget:
    """The server and target of a request.

    Args:
        service: The server.
        way: The first part of the path, which selects the response, such as ``plain``.
        target: The path and the query.
        tls: Whether the request uses TLS.
    """

    service: CannedServer
    way: str
    target: str
    tls: bool = False

    @property
    def base(self) -> str:
        """The origin, with the way of responding."""
        return f"{self.service.tls if self.tls else self.service.plain}/{self.way}"

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.base + self.target


MakeRead = Callable[[AsyncExitStack, ReadTarget], Awaitable[Read]]


async def read_with_frontegg(stack: AsyncExitStack, place: ReadTarget, read: Callable[[AsyncFrontegg], Read]) -> Read:
    """Return a read with the SDK in its default configuration.

    Args:
        stack: Closes the client at the end.
        place: The request.
        read: Returns the call of the client.
    """
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - see goals.py

    context = place.service.context() if place.tls else None
    client = AsyncFrontegg("emu_canned", "emu_canned", base_url=place.base, ssl=context)
    return read(await stack.enter_async_context(client))


async def read_with_aiohttp(stack: AsyncExitStack, place: ReadTarget) -> Read:
    """Return a read with the baseline: one aiohttp session, headers set once, orjson on the bytes of the body."""
    import aiohttp  # noqa: PLC0415 - see goals.py
    import orjson  # noqa: PLC0415

    connector = aiohttp.TCPConnector(limit=CONNECTIONS, ssl=place.service.context())
    session = await stack.enter_async_context(aiohttp.ClientSession(headers=BEARER, connector=connector))
    url = place.url

    async def read() -> object:
        async with session.get(url) as response:
            return orjson.loads(await response.read())

    return read


async def read_with_httpx(stack: AsyncExitStack, place: ReadTarget) -> Read:
    """Return a read with httpx."""
    import httpx  # noqa: PLC0415 - see goals.py

    limits = httpx.Limits(max_connections=CONNECTIONS)
    client = httpx.AsyncClient(headers=BEARER, verify=place.service.context(), limits=limits)
    await stack.enter_async_context(client)
    url = place.url

    async def read() -> object:
        return (await client.get(url)).json()

    return read


async def read_with_niquests(stack: AsyncExitStack, place: ReadTarget) -> Read:
    """Return a read with niquests."""
    import niquests  # noqa: PLC0415 - see goals.py

    session = await stack.enter_async_context(niquests.AsyncSession(headers=BEARER, pool_maxsize=CONNECTIONS))
    # Passed with each call: environment variables take precedence over the session's settings.
    url, pem = place.url, place.service.pem

    async def read() -> object:
        return (await session.get(url, verify=pem)).json()

    return read


async def read_with_pyreqwest(stack: AsyncExitStack, place: ReadTarget) -> Read:
    """Return a read with pyreqwest, which is backed by Rust; its threads count too."""
    from pyreqwest.client import ClientBuilder  # noqa: PLC0415 - see goals.py

    builder = ClientBuilder().default_headers(BEARER).add_root_certificate_pem(place.service.pem.encode())
    client = await stack.enter_async_context(builder.build())
    url = place.url

    async def read() -> object:
        return await (await client.get(url).build().send()).json()

    return read


async def read_with_pypi(stack: AsyncExitStack, place: ReadTarget) -> Read:
    """Return a read with the package ``frontegg``, whose clients know paths and no operations."""
    # Both are read when its modules are imported; its clients use httpx's certificate settings.
    os.environ["FRONTEGG_API_GATEWAY_URL"] = place.base
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    (directory / "ca.pem").write_text(place.service.pem, encoding="ascii")
    os.environ["SSL_CERT_FILE"] = str(directory / "ca.pem")
    from frontegg.common.clients.async_http_client import HttpAsyncClient  # noqa: PLC0415 - see goals.py

    client = HttpAsyncClient("emu_canned", "emu_canned", f"{place.base}/")
    await stack.enter_async_context(client.client)
    target = place.target.removeprefix("/")

    async def read() -> object:
        return (await client.get(target)).json()

    return read


PEERS: Final[Mapping[str, MakeRead]] = {
    "httpx": read_with_httpx,
    "PyPI frontegg": read_with_pypi,
    "niquests": read_with_niquests,
    "pyreqwest": read_with_pyreqwest,
}
