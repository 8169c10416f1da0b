"""A scripted TCP server: it answers requests with exactly the bytes that a test wants, or does something worse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TypeAlias

import attrs


@attrs.frozen
class RawRequest:
    """A request as it came in."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def json(self) -> object:
        """The parsed body."""
        return json.loads(self.body)


class Answer:
    """What is done with a request: bytes are sent, then the connection is kept, closed or reset."""

    def __init__(self, data: bytes = b"", *, then: str = "keep", drip: float | None = None) -> None:
        self.data = data
        self.then = then
        self.drip = drip


Step: TypeAlias = Answer | Callable[[RawRequest], Answer]


def http(
    status: int = 200,
    body: object = None,
    *,
    headers: Mapping[str, str] | None = None,
    raw: bytes | None = None,
    then: str = "keep",
) -> Answer:
    """Return a well-formed answer."""
    payload = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(payload)}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return Answer("\r\n".join(lines).encode() + b"\r\n\r\n" + payload, then=then)


CLOSE = Answer(then="close")
RESET = Answer(then="reset")
SILENCE = Answer(then="silence")


@attrs.define
class RawServer:
    """Answers each request with the next step of its script; the last step is repeated.

    ``/auth/vendor`` is answered with a new token each time and is not part of the script, unless ``auth`` is given.
    """

    script: list[Step] = attrs.field(factory=list)
    auth: list[Step] = attrs.field(factory=list)
    requests: list[RawRequest] = attrs.field(factory=list)
    authentications: list[RawRequest] = attrs.field(factory=list)
    connections: int = 0
    port: int = 0
    expires_in: object = 3600

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}"

    def _step(self, request: RawRequest) -> Answer:
        if request.path.endswith("/auth/vendor"):
            self.authentications.append(request)
            if not self.auth:
                token = f"token-{len(self.authentications)}"
                return http(200, {"token": token, "expiresIn": self.expires_in})
            step = self.auth.pop(0) if len(self.auth) > 1 else self.auth[0]
        else:
            self.requests.append(request)
            step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return step if isinstance(step, Answer) else step(request)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while True:
                request = await _read_request(reader, number)
                answer = self._step(request)
                if answer.drip is None:
                    writer.write(answer.data)
                    await writer.drain()
                else:
                    for index in range(len(answer.data)):
                        writer.write(answer.data[index : index + 1])
                        await writer.drain()
                        await asyncio.sleep(answer.drip)
                if answer.then == "keep":
                    continue
                if answer.then == "silence":
                    await reader.read()
                if answer.then == "reset":
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader, connection: int) -> RawRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return RawRequest(method, target, headers, body, connection)


@contextlib.asynccontextmanager
async def raw_server(*script: Step, auth: Sequence[Step] = (), expires_in: object = 3600) -> AsyncIterator[RawServer]:
    """Serve a script on a free port of loopback."""
    state = RawServer(script=list(script), auth=list(auth), expires_in=expires_in)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        with contextlib.suppress(asyncio.CancelledError):
            await state._serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
