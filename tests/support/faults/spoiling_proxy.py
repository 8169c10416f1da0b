"""A TCP proxy that reads whole HTTP requests, so that it can break the exchange of one request and no other.

It knows each request by a header that the client sets and the service ignores, and asks a function what to do to it.
What it did, and how much of the answer it delivered, is in ``proxy.exchanges``.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Final, Literal, TypeAlias, get_args

import attrs

from tests.support.faults.http import LOOPBACK, RawRequest, RecordingReader, answer_bytes, read_request, reset, serving

MARK: Final = "x-frontegg-forwarded-for"
"""The header by which the proxy, and the journal of the emulator, know to which call a request belongs."""

Spoiling: TypeAlias = Literal[
    "reset_before",
    "close_before",
    "half_request",
    "stall_before",
    "late",
    "reset_after",
    "stall_after",
    "cut_head",
    "cut_body",
    "stall_body",
    "no_body",
    "broken_body",
    "bad_gateway",
    "unauthorized",
    "limited",
]
"""What is done to the exchange of one request.

The request does not reach the service: ``reset_before`` and ``close_before`` end the connection, ``half_request`` hands
half of it on, ``stall_before`` swallows it, ``late`` hands it on only when the client has gone, and ``unauthorized``
and ``limited`` answer 401 and 429.

The service acts: ``reset_after`` and ``stall_after`` lose the answer, ``cut_head`` and ``cut_body`` end it early,
``stall_body`` holds its body back, ``no_body`` takes the body away, ``broken_body`` puts a page of HTML in its place,
and ``bad_gateway`` answers 502 instead.
"""
SPOILINGS: Final[tuple[Spoiling, ...]] = get_args(Spoiling)
ProxyAnswer: TypeAlias = Literal["page", "error", "other", "page_after", "error_after", "other_after"]
"""A 200 of a proxy, with a page of HTML, an error, or an object that nobody asked for.

It takes the place of the request, or, with ``_after``, of the answer to a request that was handed on.
"""
PROXY_ANSWERS: Final[tuple[ProxyAnswer, ...]] = get_args(ProxyAnswer)
REFUSALS: Final[frozenset[Spoiling]] = frozenset({"unauthorized", "limited"})
"""Those that say that the service did not act."""
STALLS: Final = frozenset({"stall_before", "late", "stall_after", "stall_body"})
"""Those that end only when the client has waited for as long as it wants to."""

Delivered: TypeAlias = Literal["nothing", "head", "all"]

_HEAD_END: Final = b"\r\n\r\n"
_BROKEN: Final = b"<html><body>upstream</body></html>"
_OTHER: Final = {"id": "somebody", "tenantId": "somebody", "userId": "somebody", "name": "Somebody", "key": "somebody"}


@attrs.define
class Exchange:
    """A request and what became of it.

    Args:
        mark: The call that it belongs to; empty for what belongs to none.
        method: The method.
        path: The path without its query.
        spoiling: What was done to it.
        status: The status that the client was sent, as far as it was.
        delivered: How much of the answer was delivered.
        begun: When the request had come, on the monotonic clock.
    """

    mark: str
    method: str
    path: str
    spoiling: Spoiling | ProxyAnswer | None
    status: int | None = None
    delivered: Delivered = "nothing"
    begun: float = attrs.field(factory=time.monotonic)

    @property
    def is_success(self) -> bool:
        """Whether the client was told that the service acted, and not that a proxy has a page."""
        is_page = self.spoiling in ("broken_body", *PROXY_ANSWERS) and self.delivered == "all"
        return self.status is not None and 200 <= self.status < 300 and self.delivered != "nothing" and not is_page


Choose: TypeAlias = Callable[[RawRequest, str], Spoiling | ProxyAnswer | None]


@attrs.define(eq=False)
class SpoilingProxy:
    """A proxy and what it did.

    Args:
        target: The port of the service on loopback.
        choose: Says what is done to a request, which it gets together with its mark.
        port: The port that it listens on.
    """

    target: int
    choose: Choose
    port: int
    exchanges: list[Exchange] = attrs.field(factory=list[Exchange], init=False)
    _late: set[asyncio.Task[None]] = attrs.field(factory=set[asyncio.Task[None]], init=False)

    @property
    def url(self) -> str:
        """The address."""
        return f"http://{LOOPBACK}:{self.port}"

    @contextlib.asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        """Take connections until the end of the block, which ends those that are open."""
        async with serving(self.handle, port=self.port):
            yield

    async def handle(self, reader: RecordingReader, writer: asyncio.StreamWriter) -> None:
        """Carry the exchanges of one connection."""
        link = _Link(self, reader, writer)
        try:
            while await link.carry(await read_request(reader, 0)):
                reader.received.clear()
        finally:
            link.hang_up()

    def hand_on_later(self, request: RawRequest) -> None:
        """Hand a request on though nobody waits for its answer."""
        task = asyncio.ensure_future(self._hand_on(request))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def drain(self) -> None:
        """Wait until all that was handed on late has been answered."""
        await asyncio.gather(*self._late)

    async def _hand_on(self, request: RawRequest) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.target)
        writer.write(request.raw)
        await _read_answer(reader)
        writer.close()


class _Link:
    """One connection of the client, and the one to the service that goes with it."""

    def __init__(self, proxy: SpoilingProxy, reader: RecordingReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writer = writer
        self._far: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def carry(self, request: RawRequest) -> bool:
        """Carry one exchange; return whether the connection is still good."""
        mark = request.headers.get(MARK, "")
        spoiling = self._proxy.choose(request, mark)
        exchange = Exchange(mark, request.method, request.path, spoiling)
        self._proxy.exchanges.append(exchange)
        if spoiling is None:
            return await self._send(exchange, *await self._ask(request))
        return await self._spoil(exchange, request, spoiling)

    async def _spoil(self, exchange: Exchange, request: RawRequest, spoiling: Spoiling | ProxyAnswer) -> bool:
        match spoiling:
            case "page" | "error" | "other":
                return await self._send(exchange, _proxy_answer(spoiling))
            case "page_after" | "error_after" | "other_after":
                await self._ask(request)
                return await self._send(exchange, _proxy_answer(spoiling))
            case "reset_before":
                reset(self._writer)
            case "close_before":
                pass
            case "half_request":
                await self._hand_half_on(request)
            case "unauthorized":
                return await self._send(exchange, answer_bytes(401, {"errors": ["Unauthorized"]}))
            case "limited":
                return await self._send(exchange, answer_bytes(429, headers={"Retry-After": "0"}))
            case "stall_before":
                await self._stall()
            case "late":
                await self._stall()
                self._proxy.hand_on_later(request)
            case _:
                return await self._spoil_answer(exchange, spoiling, *await self._ask(request))
        return False

    async def _spoil_answer(self, exchange: Exchange, spoiling: Spoiling, head: bytes, body: bytes) -> bool:
        match spoiling:
            case "reset_after":
                reset(self._writer)
            case "stall_after":
                await self._stall()
            case "cut_head":
                self._writer.write(head[: len(head) // 2])
            case "cut_body" | "stall_body" if body:
                await self._send(exchange, head, body[: len(body) // 2], of=len(body))
                if spoiling == "stall_body":
                    await self._stall()
            case "no_body" if body:
                return await self._send(exchange, _with_length(head, 0), b"")
            case "broken_body" if body:
                return await self._send(exchange, _with_length(head, len(_BROKEN)), _BROKEN)
            case "bad_gateway":
                return await self._send(exchange, answer_bytes(502))
            case _:
                return await self._send(exchange, head, body)
        return False

    async def _send(self, exchange: Exchange, head: bytes, body: bytes = b"", *, of: int | None = None) -> bool:
        exchange.status = _status(head)
        exchange.delivered = "all" if of is None or len(body) == of else "head"
        self._writer.write(head + body)
        await self._writer.drain()
        return True

    async def _ask(self, request: RawRequest) -> tuple[bytes, bytes]:
        """Hand a request on, and return what the service answers."""
        if self._far is None:
            self._far = await asyncio.open_connection(LOOPBACK, self._proxy.target)
        reader, writer = self._far
        writer.write(request.raw)
        return await _read_answer(reader)

    async def _hand_half_on(self, request: RawRequest) -> None:
        _, writer = await asyncio.open_connection(LOOPBACK, self._proxy.target)
        writer.write(request.raw[: len(request.raw) // 2])
        await writer.drain()
        reset(writer)

    async def _stall(self) -> None:
        """Wait until the client has gone."""
        while await self._reader.read(1):
            pass

    def hang_up(self) -> None:
        """End the connection to the service."""
        if self._far is not None:
            self._far[1].close()


def _proxy_answer(kind: ProxyAnswer) -> bytes:
    if kind.startswith("page"):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(_BROKEN)}\r\n\r\n"
        return head.encode() + _BROKEN
    return answer_bytes(200, {"errors": ["Forbidden"]} if kind.startswith("error") else _OTHER)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(_HEAD_END)
    return head, await reader.readexactly(_length(head))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _with_length(head: bytes, length: int) -> bytes:
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join((lines[0], b"Content-Length: %d" % length, *lines[1:]))


def _status(head: bytes) -> int:
    return int(head.split(b" ", 2)[1])
