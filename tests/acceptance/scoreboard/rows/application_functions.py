"""Row 35: functions of the application that hang, block or exit, and clients that are closed meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NoReturn, cast

import attrs

from frontegg_async import (
    AsyncFrontegg,
    AsyncFronteggUser,
    ClientClosedError,
    FronteggError,
    Options,
    RequestTimeoutError,
    RotatingTokens,
    TokenPair,
)
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.own_time import own_time
from tests.support.emulators import emulator_in_thread

_DEADLINE: Final = 0.5
_LIMIT: Final = _DEADLINE + 0.1
_OPTIONS: Final = Options(deadline=_DEADLINE, max_retries=0)
_CALLS: Final = 20
_SOON: Final = 0.3
"""Seconds that a hook takes while its client is closed."""

_CLOSING: Final = 5.5
_PAIRS: Final = 3


@attrs.define
class _Seen:
    """The observations so far."""

    slowest: float = 0.0
    closed: int = 0
    pairs: int = 0
    wrong: list[str] = attrs.field(factory=list)

    def expect(self, holds: bool, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(what)


async def _timed(call: Awaitable[object]) -> tuple[float, object]:
    """Return how long a call took, and its value or its error."""
    began = own_time()
    outcome: object
    try:
        outcome = await call
    except FronteggError as error:
        outcome = error
    return own_time() - began, outcome


class _Gate:
    """Blocks plain and ``async`` functions, in any loop or thread, until it is opened."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._event = threading.Event()

    def open(self) -> None:
        """Let all go on."""
        self._event.set()

    def plain(self) -> str:
        """Block."""
        self._event.wait()
        return self._secret

    async def awaited(self) -> str:
        """Hang, until it is cancelled."""
        while not self._event.is_set():  # noqa: ASYNC110 - the event is that of threads
            await asyncio.sleep(0.01)
        return self._secret

    async def stubborn(self) -> str:
        """Hang, and do not be cancelled."""
        while not self._event.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)
        return self._secret


_KINDS: Final[tuple[Callable[[_Gate], Callable[[], str] | Callable[[], Awaitable[str]]], ...]] = (
    lambda gate: gate.plain,
    lambda gate: gate.awaited,
    lambda gate: gate.stubborn,
)


@contextlib.asynccontextmanager
async def _hanging(emulator: EmulatorHandle, kind: int) -> AsyncGenerator[tuple[AsyncFrontegg, _Gate]]:
    gate = _Gate(emulator.secret)
    client = AsyncFrontegg(emulator.client_id, _KINDS[kind](gate), base_url=emulator.url, options=_OPTIONS)
    try:
        yield client, gate
    finally:
        gate.open()
        await client.aclose()


async def _secrets(emulator: EmulatorHandle, seen: _Seen) -> None:
    """Make calls while each kind of function hangs, and after it has returned; close a client while it hangs."""
    for kind in range(len(_KINDS)):
        async with _hanging(emulator, kind) as (client, gate):
            timed = await asyncio.gather(*(_timed(client.tenants.get("t1")) for _ in range(_CALLS)))
            seen.slowest = max(seen.slowest, *(seconds for seconds, _ in timed))
            seen.expect(all(isinstance(each, RequestTimeoutError) for _, each in timed), f"secret {kind}: hung")
            client.reset_auth()
            gate.open()
            patient = client.with_options(deadline=30.0)
            _, after = await _timed(patient.tenants.get("t1"))
            seen.expect(not isinstance(after, FronteggError), f"secret {kind}: {after} after it returned")
        async with _hanging(emulator, kind) as (client, _):
            call = asyncio.create_task(_timed(client.with_options(deadline=None).tenants.get("t1")))
            await asyncio.sleep(0.05)
            await _close(client, seen)
            _, outcome = await call
            seen.expect(isinstance(outcome, ClientClosedError), f"secret {kind}: {outcome} when it was closed")


async def _close(client: AsyncFrontegg | AsyncFronteggUser, seen: _Seen) -> None:
    began = own_time()
    await client.aclose()
    seen.closed += 1
    seen.expect(own_time() - began <= _CLOSING, "closing took too long")


def _blocking(emulator: EmulatorHandle, seen: _Seen) -> None:
    """Make calls from threads while a plain function blocks, and after it has returned."""
    gate = _Gate(emulator.secret)

    def call(client: Frontegg) -> tuple[float, object]:
        began = own_time()
        outcome: object
        try:
            outcome = client.tenants.get("t1")
        except FronteggError as error:
            outcome = error
        return own_time() - began, outcome

    with (
        Frontegg(emulator.client_id, gate.plain, base_url=emulator.url, options=_OPTIONS) as client,
        ThreadPoolExecutor(_CALLS) as threads,
    ):
        timed = list(threads.map(call, [client] * _CALLS))
        seen.slowest = max(seen.slowest, *(seconds for seconds, _ in timed))
        seen.expect(all(isinstance(each, RequestTimeoutError) for _, each in timed), "blocking: hung")
        gate.open()
        _, after = call(client.with_options(deadline=30.0))
        seen.expect(not isinstance(after, FronteggError), f"blocking: {after} after it returned")


class _Store:
    """Stores token pairs; at first slowly, or not at all."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.kept: list[str] = []

    async def awaited(self, pair: TokenPair) -> None:
        """Keep a pair in a while."""
        await asyncio.sleep(self._seconds)
        self.kept.append(pair.refresh_token)

    def plain(self, pair: TokenPair) -> None:
        """Keep a pair in a while, in which the thread stands still."""
        time.sleep(self._seconds)
        self.kept.append(pair.refresh_token)


def _sessions(emulator: EmulatorHandle) -> Iterator[str]:
    while True:
        yield emulator.user_token(tenant_id="t1", email="ann@acme.example").refresh_token


async def _rotations(emulator: EmulatorHandle, seen: _Seen) -> None:
    """Refresh sessions whose hooks take longer than calls, then close clients during hooks; each pair must be kept."""
    sessions = _sessions(emulator)
    for name in ("awaited", "plain"):
        for seconds, closes in ((3 * _DEADLINE, False), (_SOON, True)):
            store = _Store(seconds)
            refresh_token = next(sessions)
            for _ in range(1 if not closes else _PAIRS):
                credential = RotatingTokens(refresh_token=refresh_token, on_rotate=getattr(store, name))
                client = AsyncFronteggUser(base_url=emulator.url, credential=credential, options=_OPTIONS)
                call = asyncio.create_task(_timed(client.tenants.list().all()))
                if closes:
                    await _until_rotated(client)
                    await _close(client, seen)
                elapsed, outcome = await call
                seen.slowest = max(seen.slowest, elapsed)
                seen.expect(isinstance(outcome, ClientClosedError | RequestTimeoutError), f"on_rotate: {outcome}")
                if not closes:
                    _, after = await _timed(client.with_options(deadline=30.0).tenants.list().all())
                    seen.expect(not isinstance(after, FronteggError), f"on_rotate: {after} after the deadline")
                    await _close(client, seen)
                seen.expect(bool(store.kept), "on_rotate: a pair was lost")
                seen.pairs += 1
                refresh_token = store.kept[-1] if store.kept else next(sessions)


async def _until_rotated(client: AsyncFronteggUser) -> None:
    """Wait until a refresh is under way, so that closing comes before its hook has ended."""
    flight = cast("TokenCache", client._tokens).single_flight
    while not flight.is_under_way:  # noqa: ASYNC110 - it tells nobody when it begins
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)


async def _exits(emulator: EmulatorHandle, seen: _Seen) -> None:
    """Let hooks exit at each request, with a pool so small that lost connections would exhaust it."""

    def leave(_: object) -> NoReturn:
        raise SystemExit(3)

    async with AsyncFrontegg(
        emulator.client_id,
        emulator.secret,
        base_url=emulator.url,
        max_connections=2,
        on_request=leave,
        on_response=leave,
        options=Options(deadline=10.0),
    ) as client:
        for _ in range(_CALLS):
            outcome: object
            try:
                outcome = await client.tenants.get("t1")
            except (FronteggError, SystemExit) as error:
                outcome = error
            seen.expect(not isinstance(outcome, BaseException), f"hooks: {type(outcome).__name__}")


async def measure_callables(setting: Setting) -> Finding:
    """Measure the parts one after the other, and count the threads that are left."""
    del setting  # nothing in it is random
    seen = _Seen()
    async with emulator_in_thread({"tenants": [{"tenantId": "t1", "name": "First"}]}) as emulator:
        await _secrets(emulator, seen)
        await asyncio.to_thread(_blocking, emulator, seen)
        await _rotations(emulator, seen)
        await _exits(emulator, seen)
        left = _threads()
    return Finding(
        figure=(
            f"slowest call {seen.slowest:.3f} s of {_DEADLINE:g}; {seen.pairs} pairs of tokens kept, "
            f"{seen.closed} clients closed, {len(left)} threads left, {len(seen.wrong)} violations"
        ),
        passed=seen.slowest <= _LIMIT and not left and not seen.wrong,
        details=(*seen.wrong[:12], *left),
    )


def _threads() -> Sequence[str]:
    """Return the threads of functions that did not end."""
    ours = [thread for thread in threading.enumerate() if thread.name == "frontegg-function"]
    for thread in ours:
        thread.join(5.0)
    return [thread.name for thread in ours if thread.is_alive()]


ROWS: Final = (
    Row(
        number=35,
        name="hanging-application-functions",
        alone=True,
        title="functions of the application that hang, block or exit (secret, on_rotate, hooks); closing during each",
        target="no call ends later than its deadline + 0.1 s; sessions, slots and threads lost 0",
        measure=measure_callables,
        starred=True,
    ),
)
