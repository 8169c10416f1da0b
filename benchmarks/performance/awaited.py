"""Those who read an answer awaited: the client of this project, the yardstick, and the peers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from benchmarks.performance.service import Service

if TYPE_CHECKING:
    from frontegg_async import AsyncFrontegg

OURS: Final = "frontegg_async"
Y: Final = "aiohttp with orjson"
BEARER: Final = {"Authorization": "Bearer canned"}
CONNECTIONS: Final = 100

Read = Callable[[], Awaitable[object]]


@attrs.frozen
class Place:
    """Where an answer is read.

    Args:
        service: The service.
        way: How it answers, as ``plain``.
        target: The path and the query.
        tls: Whether it is asked with TLS.
    """

    service: Service
    way: str
    target: str
    tls: bool = False

    @property
    def base(self) -> str:
        """The origin, with the way of answering."""
        return f"{self.service.tls if self.tls else self.service.plain}/{self.way}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.base + self.target


MakeRead = Callable[[AsyncExitStack, Place], Awaitable[Read]]


async def read_with_frontegg(stack: AsyncExitStack, place: Place, read: Callable[[AsyncFrontegg], Read]) -> Read:
    """Return what reads it with the client of this project, set up as by default.

    Args:
        stack: What the client is closed with.
        place: Where it reads.
        read: Returns the call of the client.
    """
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - see goals.py

    context = place.service.context() if place.tls else None
    client = AsyncFrontegg("emu_canned", "emu_canned", base_url=place.base, ssl=context)
    return read(await stack.enter_async_context(client))


async def read_with_aiohttp(stack: AsyncExitStack, place: Place) -> Read:
    """Return the yardstick: one session, its headers set once, orjson on the bytes of the answer."""
    import aiohttp  # noqa: PLC0415 - see goals.py
    import orjson  # noqa: PLC0415

    connector = aiohttp.TCPConnector(limit=CONNECTIONS, ssl=place.service.context())
    session = await stack.enter_async_context(aiohttp.ClientSession(headers=BEARER, connector=connector))
    url = place.url

    async def read() -> object:
        async with session.get(url) as response:
            return orjson.loads(await response.read())

    return read


async def read_with_httpx(stack: AsyncExitStack, place: Place) -> Read:
    """Return what reads it with httpx."""
    import httpx  # noqa: PLC0415 - see goals.py

    limits = httpx.Limits(max_connections=CONNECTIONS)
    client = httpx.AsyncClient(headers=BEARER, verify=place.service.context(), limits=limits)
    await stack.enter_async_context(client)
    url = place.url

    async def read() -> object:
        return (await client.get(url)).json()

    return read


async def read_with_niquests(stack: AsyncExitStack, place: Place) -> Read:
    """Return what reads it with niquests."""
    import niquests  # noqa: PLC0415 - see goals.py

    session = await stack.enter_async_context(niquests.AsyncSession(headers=BEARER, pool_maxsize=CONNECTIONS))
    # Told of each call: what the variables of the environment say is stronger than what the session says.
    url, pem = place.url, place.service.pem

    async def read() -> object:
        return (await session.get(url, verify=pem)).json()

    return read


async def read_with_pyreqwest(stack: AsyncExitStack, place: Place) -> Read:
    """Return what reads it with pyreqwest, which is backed by Rust; its threads count too."""
    from pyreqwest.client import ClientBuilder  # noqa: PLC0415 - see goals.py

    builder = ClientBuilder().default_headers(BEARER).add_root_certificate_pem(place.service.pem.encode())
    client = await stack.enter_async_context(builder.build())
    url = place.url

    async def read() -> object:
        return await (await client.get(url).build().send()).json()

    return read


async def read_with_pypi(stack: AsyncExitStack, place: Place) -> Read:
    """Return what reads it with the package ``frontegg``, whose clients know paths and no operations."""
    # Both are read when its modules are imported, and its clients trust what httpx trusts.
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
