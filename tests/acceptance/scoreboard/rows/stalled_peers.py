"""Row 36: a lease, a Redis or a key server that no longer responds delays no call for long."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import attrs
from cryptography.fernet import Fernet

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier, FileTokenStore, FronteggError, TokenVerificationError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.fleet.tokens import TokenStore
from frontegg_async.integrations.redis import RedisRateGate, RedisTokenStore
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.own_time import own_time
from tests.acceptance.scoreboard.support.virtual_time import VirtualTime
from tests.support.emulators import emulator_in_thread
from tests.support.redis import RedisServer, redis_server

_PROCESSES: Final = 8
_LONGEST: Final = 5.0
_AT_ONCE: Final = 0.5
"""Seconds that count as no wait on a busy machine."""

_TOKEN: Final = "*.token"
_KEYS: Final = {
    "jwks_url": "/.well-known/jwks.json",
    "client": "/identity/resources/configurations/v1",
}
_OLD: Final = 301.0
"""Virtual seconds after which keys are to be read again, and are good for a day still."""


@attrs.define
class _Seen:
    """The waiting times of calls."""

    cold: float = 0.0
    known: float = 0.0
    calls: int = 0
    failed: list[str] = attrs.field(factory=list)

    async def time(self, calls: list[Awaitable[object]], *, is_known: bool) -> None:
        """Make calls at once and note the longest."""
        for seconds, problem in await asyncio.gather(*(_timed(call) for call in calls)):
            self.calls += 1
            if problem:
                self.failed.append(problem)
            if is_known:
                self.known = max(self.known, seconds)
            else:
                self.cold = max(self.cold, seconds)


async def _timed(call: Awaitable[object]) -> tuple[float, str]:
    began = own_time()
    try:
        async with asyncio.timeout(2 * _LONGEST):
            await call
    except (FronteggError, TokenVerificationError, TimeoutError) as error:
        return own_time() - began, f"{type(error).__name__}: {error}"
    return own_time() - began, ""


def _processes(
    emulator: EmulatorHandle, store: Callable[[], TokenStore], gate: Callable[[], RedisRateGate] | None = None
) -> list[AsyncFrontegg]:
    """Return clients as the processes of a fleet have them."""
    return [
        AsyncFrontegg(
            emulator.client_id,
            emulator.secret,
            base_url=emulator.url,
            token_store=store(),
            rate_gate=None if gate is None else gate(),
        )
        for _ in range(_PROCESSES)
    ]


async def _call_all(clients: list[AsyncFrontegg], seen: _Seen) -> None:
    """Make a first call of each, and one with the token that each has then."""
    await seen.time([client.tenants.get("t1") for client in clients], is_known=False)
    await seen.time([client.tenants.get("t1") for client in clients], is_known=True)
    for client in clients:
        await client.aclose()


async def _files(emulator: EmulatorHandle, seen: _Seen) -> None:
    """Stop a process that holds the lease of a file, then write garbage to the file, then replace it by a pipe."""
    with tempfile.TemporaryDirectory() as directory:

        def store() -> FileTokenStore:
            return FileTokenStore(directory)

        (first,) = _processes(emulator, store)[:1]
        await first.tenants.get("t1")
        (file,) = Path(directory).glob(_TOKEN)  # noqa: ASYNC240 - nothing else runs meanwhile
        lease = await store().acquire(file.stem, 30.0)
        file.unlink()
        await _call_all(_processes(emulator, store), seen)
        # By now, one of these processes has stored a token.
        late = _processes(emulator, store)
        await seen.time([client.tenants.get("t1") for client in late], is_known=True)
        for client in late:
            await client.aclose()
        await store().release(file.stem, lease)
        file.write_text(f'{{"name": "{file.stem}", "token": "\\ud800", "life": 1e3, "ends": 9e12}}', encoding="ascii")
        first.reset_auth()
        await _call_all([first, *_processes(emulator, store)], seen)


async def _redis(server: RedisServer, emulator: EmulatorHandle, seen: _Seen) -> None:
    """Leave a lease without a time to live, then have Redis stall."""
    key = Fernet.generate_key()

    def store() -> RedisTokenStore:
        return RedisTokenStore(server.url, encryption_key=key)

    def gate() -> RedisRateGate:
        return RedisRateGate(server.url)

    warm, cold = _processes(emulator, store), _processes(emulator, store, gate)
    await warm[0].tenants.get("t1")
    (name,) = (found.decode() for found in server.ask("KEYS", "*:token"))  # type: ignore[attr-defined]  # a list of bytes
    server.ask("DEL", name)
    server.ask("SET", name.replace(":token", ":lease"), "of nobody")
    await seen.time([client.tenants.get("t1") for client in warm[1:]], is_known=False)
    server.freeze()
    try:
        await _call_all(warm[1:], seen)
        await seen.time([client.tenants.get("t1") for client in cold], is_known=False)
    finally:
        server.thaw()
    for client in (*warm, *cold):
        await client.aclose()


async def _keys(setting: Setting, seen: _Seen) -> None:
    """Verify tokens whose key is known while the keys cannot be read, since nobody answers."""
    for source, path in _KEYS.items():
        clock = VirtualTime(setting.rng(source))
        async with emulator_in_thread({"tenants": [{"tenantId": "t1", "name": "First"}]}) as emulator:
            with clock.passed_in():
                client = AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url)
                token = emulator.user_token(tenant_id="t1", expires_in=86_400).access_token
                where = AsyncTokenVerifier(
                    audience=emulator.client_id,
                    issuer=emulator.url,
                    jwks_url=emulator.url + path if source == "jwks_url" else None,
                    client=client if source == "client" else None,
                    clock=clock.clocks.wall,
                )
                async with client, where as verifier:
                    await verifier.verify(token)
                    emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 600}, match={"path": path})
                    clock.now += _OLD
                    await seen.time([verifier.verify(token) for _ in range(_PROCESSES)], is_known=True)


async def measure_peers(setting: Setting) -> Finding:
    """Measure the parts one after the other."""
    seen = _Seen()
    async with emulator_in_thread({"tenants": [{"tenantId": "t1", "name": "First"}]}) as emulator:
        await _files(emulator, seen)
        with redis_server() as server:
            await _redis(server, emulator, seen)
    await _keys(setting, seen)
    return Finding(
        figure=(
            f"{len(seen.failed)} of {seen.calls} calls failed; longest wait {seen.cold:.1f} s, "
            f"{seen.known:.2f} s where the key or token is known"
        ),
        passed=not seen.failed and seen.cold <= _LONGEST and seen.known <= _AT_ONCE,
        details=tuple(seen.failed[:12]),
    )


ROWS: Final = (
    Row(
        number=36,
        name="stalled-peers",
        title="peers that stop: the holder of a token's lease, a Redis that stalls, a key server that does not answer",
        target="failed calls 0; longest wait ≤ 5 s, and 0 where the key or the token is known",
        measure=measure_peers,
        starred=True,
        alone=True,
    ),
)
