"""A scripted TCP server: it responds with exactly the given bytes, or breaks the connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TypeAlias

import attrs

from tests.support.faults.http import RawRequest, answer_bytes, read_request, reset, serving

__all__ = ["CLOSE", "RESET", "SILENCE", "Answer", "RawRequest", "RawServer", "Step", "http", "raw_server"]


class Answer:
    """The reaction to a request: send bytes, then keep, close or reset the connection."""

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
    """Return a well-formed response."""
    return Answer(answer_bytes(status, body, headers=headers, raw=raw), then=then)


CLOSE = Answer(then="close")
RESET = Answer(then="reset")
SILENCE = Answer(then="silence")


@attrs.define
class RawServer:
    """Responds to each request with the next step of its script; the last step is repeated.

    ``/auth/vendor`` returns a new token each time and is not part of the script, unless ``auth`` is given.
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
        while True:
            request = await read_request(reader, number)
            response = self._step(request)
            if response.drip is None:
                writer.write(response.data)
                await writer.drain()
            else:
                for index in range(len(response.data)):
                    writer.write(response.data[index : index + 1])
                    await writer.drain()
                    await asyncio.sleep(response.drip)
            if response.then == "keep":
                continue
            if response.then == "silence":
                await reader.read()
            if response.then == "reset":
                reset(writer)
            return


@contextlib.asynccontextmanager
async def raw_server(*script: Step, auth: Sequence[Step] = (), expires_in: object = 3600) -> AsyncIterator[RawServer]:
    """Run a script on a free port of loopback."""
    state = RawServer(script=list(script), auth=list(auth), expires_in=expires_in)
    async with serving(state._serve) as state.port:
        yield state
