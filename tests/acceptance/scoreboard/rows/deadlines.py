"""Row 12: no call takes longer than its deadline, whichever part of it stalls."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, Options
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support import tenant_answers
from tests.acceptance.scoreboard.support.own_time import own_time
from tests.support.faults.http import LOOPBACK, RawRequest, answer_bytes
from tests.support.faults.scripted_server import (
    Close,
    Drip,
    HalfClose,
    ScriptedServer,
    Send,
    Serve,
    Step,
    WaitForPeer,
    scripted_server,
)

_DEADLINE: Final = 1.0
_LIMIT: Final = 1.1
_OPTIONS: Final = Options(deadline=_DEADLINE, timeout=30.0, max_retries=100)
_EVERY: Final = 0.03

Choose = Callable[[RawRequest], Sequence[Step]]
Prepare = Callable[[AsyncFrontegg], Awaitable[object]]


@attrs.frozen(kw_only=True)
class Stall:
    """A cause for which a call waits.

    Args:
        name: What it is.
        choose: What the server does with a request; true answers by default.
        call: The call; a read by default.
        before: What is done before the call is timed.
        connections: The size of the pool.
        secret: The secret of the client.
    """

    name: str
    choose: Choose | None = None
    call: Prepare = lambda client: client.tenants.get("a")
    before: Prepare | None = None
    connections: int = 100
    secret: str | Callable[[], Awaitable[str]] = "secret"


def _all(*steps: Step) -> Choose:
    """Play steps in place of every answer but that of an authentication."""
    return lambda request: (
        (Send(tenant_answers.answer(request)),) if tenant_answers.is_authentication(request) else steps
    )


def _on(method: str, path: str, *steps: Step) -> Choose:
    """Play steps in place of one kind of answer."""
    return lambda request: (
        steps
        if (request.method, path) == (method, request.path[: len(path)])
        else (Send(tenant_answers.answer(request)),)
    )


async def _never() -> str:
    await asyncio.Event().wait()
    raise AssertionError


async def _occupy(client: AsyncFrontegg) -> None:
    """Use all connections of the pool for longer than the deadline."""
    task = asyncio.ensure_future(client.tenants.get("b", options=Options(deadline=20.0)))
    _background.add(task)
    task.add_done_callback(_forget)
    await asyncio.sleep(0.2)


def _forget(task: asyncio.Task[object]) -> None:
    _background.discard(task)
    if not task.cancelled():
        task.exception()


_background: set[asyncio.Task[object]] = set()


async def _close_gate(client: AsyncFrontegg) -> None:
    with contextlib.suppress(FronteggError):
        await client.tenants.get("a", options=Options(max_retries=0))


_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_SILENCE: Final = WaitForPeer()
_BODY: Final = b'{"tenantId": "a", "name": "' + b"x" * 5_000
_AUTH: Final = "/auth/vendor"
_TENANTS: Final = "/tenants/resources/tenants/"
_HIERARCHY: Final = "/tenants/resources/hierarchy/"

STALLS: Final = (
    Stall(name="silence", choose=_all(_SILENCE)),
    Stall(name="drip of headers", choose=_all(Drip(_HEAD + b"X: " + b"x" * 5_000, _EVERY))),
    Stall(name="drip of a body", choose=_all(Send(_HEAD + b"Content-Length: 9999\r\n\r\n"), Drip(_BODY, _EVERY))),
    Stall(
        name="drip of chunks",
        choose=_all(Send(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"), Drip(b"1\r\n \r\n" * 999, _EVERY, 6)),
    ),
    Stall(name="drip of a body without length", choose=_all(Send(_HEAD + b"\r\n"), Drip(_BODY, _EVERY))),
    Stall(name="early hints without end", choose=_all(Drip(b"HTTP/1.1 103 Early\r\n\r\n" * 999, _EVERY, 22))),
    Stall(name="half closed after the headers", choose=_all(Send(_HEAD + b"\r\n"), _SILENCE)),
    Stall(name="half closed", choose=_all(HalfClose(), _SILENCE)),
    Stall(name="slow token", choose=_on("POST", _AUTH, _SILENCE)),
    Stall(name="drip of a token", choose=_on("POST", _AUTH, Drip(_HEAD + b"X: " + b"x" * 5_000, _EVERY))),
    Stall(name="token of a failing service", choose=_on("POST", _AUTH, Send(answer_bytes(503)))),
    Stall(name="secret that never comes", secret=_never),
    Stall(
        name="new token after a 401",
        choose=lambda request: (_SILENCE,) if "authorization" not in request.headers else (Send(answer_bytes(401)),),
    ),
    Stall(
        name="closed gate",
        choose=_all(Send(answer_bytes(429, headers={"Retry-After": "0.8"}))),
        before=_close_gate,
    ),
    Stall(name="limit that is longer", choose=_all(Send(answer_bytes(429, headers={"Retry-After": "5"})))),
    Stall(name="full pool", choose=_all(_SILENCE), before=_occupy, connections=1),
    Stall(name="back-off after a 503", choose=_all(Send(answer_bytes(503)))),
    Stall(name="back-off after a close", choose=_all(Close())),
    Stall(name="told to wait by a 503", choose=_all(Send(answer_bytes(503, headers={"Retry-After": "0.9"})))),
    Stall(
        name="write in silence", choose=_on("PUT", _TENANTS, _SILENCE), call=lambda it: it.tenants.update("a", name="n")
    ),
    Stall(
        name="read of a lost creation",
        choose=lambda request: (Close(),) if request.method == "POST" and "authorization" in request.headers
        else (_SILENCE,) if request.method == "GET" else (Send(tenant_answers.answer(request)),),
        call=lambda it: it.tenants.create(name="n"),
    ),
    Stall(
        name="read of a lost assignment",
        choose=lambda request: (Close(),) if request.method == "POST" and "authorization" in request.headers
        else (_SILENCE,) if request.path.startswith(_HIERARCHY) else (Send(tenant_answers.answer(request)),),
        call=lambda it: it.hierarchy.assign("a", "b"),
    ),
)  # fmt: skip


async def _take(stall: Stall) -> float:
    """Return the seconds that a call took."""

    def choose(request: RawRequest) -> Sequence[Step]:
        return (Send(tenant_answers.answer(request)),) if stall.choose is None else stall.choose(request)

    async with scripted_server([Serve(choose)]) as server:
        return await _time(stall, server.url)


async def _time(stall: Stall, url: str) -> float:
    client = AsyncFrontegg("id", stall.secret, base_url=url, options=_OPTIONS, max_connections=stall.connections)
    async with client:
        if stall.before is not None:
            await stall.before(client)
        started = own_time()
        try:
            async with asyncio.timeout(10 * _DEADLINE):
                await stall.call(client)
        except FronteggError:
            return own_time() - started
        except TimeoutError:
            pass
        return float("inf")


@contextlib.asynccontextmanager
async def _silent_server() -> AsyncIterator[ScriptedServer]:
    """Accept a connection and send nothing."""
    async with scripted_server([WaitForPeer()]) as server:
        yield server


async def _time_tls() -> float:
    """Time a call whose TLS handshake is never answered."""
    async with _silent_server() as server:
        return await _time(Stall(name="TLS handshake"), server.url.replace("http:", "https:"))


async def _time_connect() -> float:
    """Time a call whose connection is never made: the server accepts none and its backlog is full."""
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.socket())
        deaf.bind((LOOPBACK, 0))
        deaf.listen(0)
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        return await _time(Stall(name="connect"), f"http://{LOOPBACK}:{deaf.getsockname()[1]}")


async def measure_stalls(setting: Setting) -> Finding:
    """Make a call against each thing that can stall it."""
    del setting  # nothing in it is random
    names = [*(stall.name for stall in STALLS), "TLS handshake", "connection"]
    seconds = await asyncio.gather(*map(_take, STALLS), _time_tls(), _time_connect())
    for task in list(_background):
        task.cancel()
    slowest = max(seconds)
    late = [f"{name}: {took:.3f} s" for name, took in zip(names, seconds, strict=True) if took > _LIMIT]
    return Finding(
        figure=f"slowest call {slowest:.3f} s, with {len(names)} stalls",
        passed=not late,
        details=tuple(late),
    )


ROWS: Final = (
    Row(
        number=12,
        name="deadlines-under-stalls",
        alone=True,
        title="calls with a deadline of 1.0 s, while one part after the other stalls",
        target="slowest call ≤ 1.1 s",
        measure=measure_stalls,
        starred=True,
    ),
)
