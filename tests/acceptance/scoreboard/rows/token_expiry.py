"""Rows 4 to 6: a secret that is refused, a day of failing token refreshes, and a wall clock that is a day off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Final, Literal

import attrs

from frontegg_async import (
    ApiToken,
    AsyncFrontegg,
    AsyncFronteggUser,
    AuthenticationError,
    FronteggError,
    Options,
    RotatingTokens,
)
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.virtual_time import VirtualTime

_AUTHENTICATE: Final = "auth.authenticate"
_CALLS: Final = 10_000
_MINUTE: Final = 60.0
_AT_ONCE: Final = 100

_DAY: Final = 86_400.0
_LIFE: Final = 1_800.0
_FAILING: Final = 0.3
_SLOW: Final = 0.02
"""Real seconds that a refresh takes, so that a call that waits for it takes visibly longer."""


async def measure_refused_secret(setting: Setting) -> Finding:
    """Make 10,000 calls in one minute with a revoked secret, by two clients of one environment."""
    time = VirtualTime(setting.rng("waits"))
    async with Emulator() as emulator, time.client(emulator) as first, time.client(emulator) as second:
        await emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
        for client in (first, second):
            await client.tenants.get("t1")
        await emulator.create_environment(client_id=emulator.client_id, secret="emu_another")
        await emulator.revoke_tokens()
        await emulator.clear_journal()
        began = time.now
        refused = 0
        for number in range(0, _CALLS, _AT_ONCE):
            time.now = began + _MINUTE * number / _CALLS
            calls = ((first, second)[each % 2].tenants.get("t1") for each in range(_AT_ONCE))
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            refused += sum(isinstance(outcome, AuthenticationError) for outcome in outcomes)
        requests = await _count(emulator, _AUTHENTICATE)
    return Finding(
        figure=f"{requests} requests to /auth/vendor, {refused:,} of {_CALLS:,} calls fail since the secret is refused",
        passed=0 < requests <= 2 and refused == _CALLS,
    )


@attrs.define
class _Day:
    """The counts of one day."""

    calls: int = 0
    failed: int = 0
    blocked: int = 0
    refused: int = 0
    tries: int = 0
    failed_tries: int = 0
    blocks: list[str] = attrs.field(factory=list[str])


async def measure_failing_refreshes(setting: Setting) -> Finding:
    """Call every few seconds for a day, while three of ten refreshes fail and are not retried at once."""
    time = VirtualTime(setting.rng("waits"))
    steps = setting.rng("steps")
    day = _Day()
    async with Emulator() as whole:
        emulator = await whole.create_environment(token_ttl=_LIFE)
        await emulator.clock(freeze=True)
        await emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
        with time.passed_in():
            client = time.waiting(emulator.client(options=Options(max_retries=0)))
        async with client:
            await client.tenants.get("t1")
            await _make_refreshes_fail(emulator, setting)
            end = time.now + _DAY
            while time.now < end:
                seconds = steps.uniform(1, 29)
                time.now += seconds
                await emulator.clock(advance=seconds)
                await _call(client, emulator, day, time.now)
    expired = f"{day.refused} requests with an expired token"
    tries = f"{day.failed_tries} of {day.tries} refreshes failed"
    return Finding(
        figure=f"{expired}, {day.blocked} blocked calls, {day.failed} failed, in {day.calls:,} calls; {tries}",
        passed=(day.refused, day.blocked, day.failed) == (0, 0, 0)
        and _FAILING - 0.15 < day.failed_tries / max(day.tries, 1) < _FAILING + 0.15,
        details=tuple(day.blocks[:10]),
    )


async def _make_refreshes_fail(emulator: AsyncEmulatorHandle, setting: Setting) -> None:
    """Let three of ten refreshes fail, in two ways; the emulator decides for each, by its own seed."""
    match: dict[str, JsonValue] = {"path": "/auth/vendor"}
    slow: dict[str, JsonValue] = {"type": "delay", "seconds": _SLOW}
    await emulator.add_fault(stage="accept", action=slow, match=match)
    # Each fault without effect draws a number for each request. So our seed decides which requests fail.
    for _ in range(setting.rng("faults").randrange(50)):
        nothing: dict[str, JsonValue] = {"type": "delay", "seconds": 0}
        await emulator.add_fault(stage="accept", action=nothing, match={**match, "probability": 1})
    actions: tuple[dict[str, JsonValue], ...] = ({"type": "status", "status": 503}, {"type": "reset"})
    for action in actions:
        half = 1 - (1 - _FAILING) ** 0.5
        await emulator.add_fault(stage="before_commit", action=action, match={**match, "probability": half})


async def _call(client: AsyncFrontegg, emulator: AsyncEmulatorHandle, day: _Day, now: float) -> None:
    """Make a call, record whether it waited for a refresh, and let the refresh finish."""
    await emulator.clear_journal()
    day.calls += 1
    try:
        await client.tenants.get("t1")
    except FronteggError as error:
        day.failed += 1
        day.blocks.append(f"at {now:,.0f} s: {type(error).__name__}")
    refreshes = [entry for entry in await emulator.journal() if entry.route == _AUTHENTICATE]
    day.tries += len(refreshes)
    if any(entry.status is not None for entry in refreshes):
        day.blocked += 1
        day.blocks.append(f"at {now:,.0f} s: a call waited for a refresh")
    await _settle(client)
    journal = await emulator.journal()
    day.failed_tries += sum(entry.route == _AUTHENTICATE and entry.status != HTTPStatus.OK for entry in journal)
    day.refused += sum(entry.status == HTTPStatus.UNAUTHORIZED for entry in journal)


async def _settle(client: AsyncFrontegg) -> None:
    """Wait until no refresh is under way."""
    flight = client._environment.tokens.single_flight
    while flight.is_under_way:  # noqa: ASYNC110 - it tells nobody when it ends
        await asyncio.sleep(_SLOW / 4)


async def measure_wrong_wall_clock(setting: Setting) -> Finding:
    """Call as an environment and as users for three lifetimes of their tokens, with a wall clock that is a day off."""
    failures: list[str] = []
    calls = 0
    for error in (-_DAY, _DAY):
        time = VirtualTime(setting.rng(f"waits {error}"), wall_error=error)
        async with Emulator() as whole, AsyncExitStack() as stack:
            emulator = await whole.create_environment(token_ttl=_LIFE)
            await emulator.seed(
                tenants=[{"tenantId": "t1", "name": "First"}],
                users=[{"id": "ann", "email": "ann@acme.example", "tenantId": "t1", "permissions": ["fe.*"]}],
            )
            callers = await _callers(emulator, time, stack)
            for advance in (0.0, _LIFE - 200, 300.0, _LIFE, _DAY / 8, 30.0, 30.0, 2 * _DAY):
                time.now += advance
                await emulator.clock(advance=advance)
                await _limit(emulator)
                for name, call in callers:
                    calls += 1
                    try:
                        await call()
                    except FronteggError as problem:
                        failures.append(f"{error:+.0f} s, after {time.now - 1_000:,.0f} s, {name}: {problem}")
    return Finding(
        figure=f"{len(failures)} failures in {calls} calls", passed=not failures and calls > 0, details=tuple(failures)
    )


async def _limit(emulator: AsyncEmulatorHandle) -> None:
    """Rate limit one read until a time that the answer states by the clock of the service."""
    await emulator.add_fault(
        stage="accept",
        action={"type": "rate_limit", "reset_in": 3, "with_header": True},
        match={"path": "/tenants/*", "times": 1},
    )


_Call = Callable[[], Awaitable[object]]


async def _callers(emulator: AsyncEmulatorHandle, time: VirtualTime, stack: AsyncExitStack) -> list[tuple[str, _Call]]:
    """Return a call for each kind of credential."""
    client = await stack.enter_async_context(time.client(emulator))

    async def as_user() -> object:
        token = (await emulator.user_token(tenant_id="t1", user_id="ann")).access_token
        return await client.as_user(token).tenants.list().all()

    callers: list[tuple[str, _Call]] = [("environment", lambda: client.tenants.get("t1")), ("as_user", as_user)]
    for name, credential in [pair async for pair in _credentials(emulator, client)]:
        with time.passed_in():
            user = time.waiting_user(AsyncFronteggUser(base_url=emulator.url, credential=credential))
        callers.append((name, (await stack.enter_async_context(user)).tenants.list().all))
    return callers


async def _credentials(
    emulator: AsyncEmulatorHandle, client: AsyncFrontegg
) -> AsyncIterator[tuple[str, RotatingTokens | ApiToken]]:
    for life in (_LIFE, _DAY):
        pair = await emulator.user_token(tenant_id="t1", user_id="ann", expires_in=life)
        credential = RotatingTokens(access_token=pair.access_token, refresh_token=pair.refresh_token)
        yield f"RotatingTokens, {life:.0f} s", credential
    pair = await emulator.user_token(tenant_id="t1", user_id="ann", expires_in=_LIFE)
    yield "RotatingTokens, refresh token alone", RotatingTokens(refresh_token=pair.refresh_token)
    made = await client.user_api_tokens.create(user_id="ann", tenant_id="t1")
    renewals: tuple[Literal["exchange", "refresh"], ...] = ("exchange", "refresh")
    for renewal in renewals:
        yield f"ApiToken, {renewal}", ApiToken(client_id=made.client_id, secret=made.secret.reveal(), renewal=renewal)


async def _count(emulator: AsyncEmulatorHandle, route: str) -> int:
    return [entry.route for entry in await emulator.journal()].count(route)


ROWS: Final = (
    Row(
        number=4,
        name="revoked-secret",
        title="10,000 calls with a revoked secret in 60 virtual s",
        target="requests to /auth/vendor at most 2",
        measure=measure_refused_secret,
    ),
    Row(
        number=5,
        name="failing-token-refreshes",
        title="24 virtual hours, tokens that live 1,800 s, 30 % of the refreshes fail",
        target="requests with an expired token 0; calls that wait while a valid token exists 0",
        measure=measure_failing_refreshes,
        time_limit=120.0,
    ),
    Row(
        number=6,
        name="wrong-wall-clock",
        title="wall clock of the client one day off, in both directions",
        target="failed calls 0",
        measure=measure_wrong_wall_clock,
    ),
)
