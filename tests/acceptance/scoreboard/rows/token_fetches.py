"""Rows 1 to 3: many calls that need a token at once share one fetch (single flight), also when some are cancelled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, Tenant
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_sync import Frontegg
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.support.emulators import emulator_in_thread

_HERD: Final = 10_000
_CANCELLED: Final = 5_000
_HELD: Final = 2.0
"""Seconds that the answer with the token is held back while others wait for it."""

_IN_FLIGHT: Final = 1_000
_DELAYS: Final = (4.0, 8.0, 16.0)
"""Seconds for which requests are held before their token is checked, so that all of them have arrived."""

_AUTHENTICATE: Final = "auth.authenticate"


async def measure_cold_herd(setting: Setting) -> Finding:
    """Make ten thousand concurrent calls with a client that has no token."""
    del setting  # nothing in it is random
    async with Emulator() as emulator, emulator.client() as frontegg:
        await emulator.seed(tenants=[{"tenantId": "cold", "name": "Cold"}])
        tenants = await asyncio.gather(*(frontegg.tenants.get("cold") for _ in range(_HERD)))
        fetches = [entry.route for entry in await emulator.journal()].count(_AUTHENTICATE)
    succeeded = sum(tenant.tenant_id == "cold" for tenant in tenants)
    return Finding(
        figure=f"{fetches} token fetch(es), {succeeded:,} of {_HERD:,} succeeded",
        passed=fetches == 1 and succeeded == _HERD,
    )


async def measure_cancelled_owners(setting: Setting) -> Finding:
    """Cancel half of the calls that wait for the token, the one that started the fetch included."""
    chosen = {0, *setting.rng("cancelled").sample(range(1, _HERD), _CANCELLED - 1)}
    async with emulator_in_thread({"tenants": [{"tenantId": "cold", "name": "Cold"}]}) as emulator:
        emulator.add_fault(
            stage="accept", action={"type": "delay", "seconds": _HELD}, match={"path": "/auth/vendor", "times": 1}
        )
        async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg:
            calls = [asyncio.create_task(frontegg.tenants.get("cold")) for _ in range(_HERD)]
            await _until(lambda: _AUTHENTICATE in _pending(emulator) or any(call.done() for call in calls))
            waited = _AUTHENTICATE in _pending(emulator) and not any(call.done() for call in calls)
            for number in chosen:
                calls[number].cancel()
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            left = len(asyncio.all_tasks()) - 1
        fetches = _routes(emulator)[_AUTHENTICATE]
    cancelled = sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    succeeded = sum(isinstance(outcome, Tenant) for outcome in outcomes)
    return Finding(
        figure=f"{fetches - 1} further fetches, {cancelled:,} cancelled, {succeeded:,} succeeded, {left} tasks left",
        passed=waited and (fetches, cancelled, succeeded, left) == (1, _CANCELLED, _HERD - _CANCELLED, 0),
        details=(f"all were waiting when they were cancelled: {waited}",),
    )


@attrs.frozen
class _Revoked:
    """The results of calls whose token was revoked while they were in flight."""

    wanted: int
    in_flight: int
    fetches: int
    most_sends: int
    failures: int
    errors: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return (self.in_flight, self.fetches, self.failures) == (self.wanted, 1, 0) and self.most_sends == 2

    def __str__(self) -> str:
        return (
            f"{self.in_flight:,} in flight, {self.fetches} re-authentication(s), "
            f"at most {self.most_sends - 1} resend(s) a call, {self.failures} failures"
        )


async def measure_revoked_token(setting: Setting) -> Finding:
    """Revoke the token while 1,000 calls are in flight, with the async client and with the blocking one.

    Each call of the blocking client has a thread of its own: the short form has a tenth of them.
    """
    awaited = await _revoke(_await_calls, _IN_FLIGHT)
    blocking = await _revoke(_block_calls, setting.scaled(_IN_FLIGHT))
    return Finding(
        figure=f"async client: {awaited}; blocking client: {blocking}",
        passed=awaited.passed and blocking.passed,
        details=(*awaited.errors, *blocking.errors),
    )


_MakeCalls = Callable[[EmulatorHandle, int], Awaitable[list[object]]]


async def _revoke(make_calls: _MakeCalls, count: int) -> _Revoked:
    for delay in _DELAYS[:-1]:
        found = await _revoke_within(delay, make_calls, count)
        if found.in_flight == count:
            return found
    return await _revoke_within(_DELAYS[-1], make_calls, count)


async def _revoke_within(delay: float, make_calls: _MakeCalls, count: int) -> _Revoked:
    tenants = [{"tenantId": _tenant(number), "name": f"Tenant {number}"} for number in range(count)]
    async with emulator_in_thread() as emulator:
        emulator.seed(tenants=[*tenants, {"tenantId": "warm", "name": "Warm"}])
        emulator.add_fault(
            stage="accept",
            action={"type": "delay", "seconds": delay},
            match={"path": "/tenants/resources/tenants/v2/t-*", "times": count},
        )
        calls = asyncio.ensure_future(make_calls(emulator, count))
        await _until(lambda: calls.done() or _pending(emulator)["tenants.get"] == count)
        in_flight = _pending(emulator)["tenants.get"]
        emulator.revoke_tokens()
        outcomes = await calls
        entries = emulator.journal()
    sends = Counter(entry.path for entry in entries if entry.path.rpartition("/")[2].startswith("t-"))
    failures = [type(outcome).__name__ for outcome in outcomes if not isinstance(outcome, Tenant)]
    wrong = sum(isinstance(each, Tenant) and each.tenant_id != _tenant(n) for n, each in enumerate(outcomes))
    return _Revoked(
        wanted=count,
        in_flight=in_flight,
        # The first fetch belongs to the call that warms the client up.
        fetches=[entry.route for entry in entries].count(_AUTHENTICATE) - 1,
        most_sends=max(sends.values(), default=0),
        failures=len(failures) + wrong,
        errors=tuple(f"{name}: {count:,}" for name, count in Counter(failures).items()),
    )


def _tenant(number: int) -> str:
    return f"t-{number}"


async def _await_calls(emulator: EmulatorHandle, count: int) -> list[object]:
    async with AsyncFrontegg(
        emulator.client_id, emulator.secret, base_url=emulator.url, max_connections=count
    ) as frontegg:
        await frontegg.tenants.get("warm")
        calls = (frontegg.tenants.get(_tenant(number)) for number in range(count))
        return list(await asyncio.gather(*calls, return_exceptions=True))


async def _block_calls(emulator: EmulatorHandle, count: int) -> list[object]:
    def call(frontegg: Frontegg, number: int) -> object:
        try:
            return frontegg.tenants.get(_tenant(number))
        except FronteggError as error:
            return error

    def calls() -> list[object]:
        with emulator.client(max_connections=count) as frontegg, ThreadPoolExecutor(count) as threads:
            frontegg.tenants.get("warm")
            return list(threads.map(lambda number: call(frontegg, number), range(count)))

    return await asyncio.to_thread(calls)


def _pending(emulator: EmulatorHandle) -> Counter[str | None]:
    return Counter(entry.route for entry in emulator.journal() if entry.status is None)


def _routes(emulator: EmulatorHandle) -> Counter[str | None]:
    return Counter(entry.route for entry in emulator.journal())


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread
        await asyncio.sleep(0.01)


ROWS: Final = (
    Row(
        number=1,
        name="cold-calls-share-one-token-fetch",
        title="10,000 concurrent calls of a client without a token",
        target="token fetches 1; all calls succeed",
        measure=measure_cold_herd,
        starred=True,
    ),
    Row(
        number=2,
        name="cancelled-waiters",
        title="5,000 of 10,000 calls cancelled while they wait for the token, the first of them included",
        target="further token fetches 0; 5,000 calls succeed; tasks left 0",
        measure=measure_cancelled_owners,
        starred=True,
    ),
    Row(
        number=3,
        name="token-revoked-during-calls",
        title="token revoked while 1,000 calls are in flight",
        target="token fetches 1; resends at most 1 per call; failures 0",
        measure=measure_revoked_token,
        starred=True,
    ),
)
