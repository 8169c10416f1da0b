"""Row 20: several environments in one program never use each other's tokens or responses."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from http import HTTPStatus
from typing import Any, Final

import attrs

from frontegg_async import AsyncFrontegg, Tenant
from frontegg_sync import Frontegg, Runner
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.emulator.process import EmulatorProcess

_ENVIRONMENTS: Final = 8
_WORKERS: Final = 64
_CALLS: Final = 20_000
_THREADS: Final = 16
_BLOCKING_CALLS: Final = 4_000
_SHARED: Final = 16
"""Tenants that have the same id in each environment, and another name."""

_ADMIN: Final = "/_emulator/v1/environments"


@attrs.frozen
class _Side:
    """One environment, and the calls that were made to it."""

    client_id: str
    secret: str
    number: int
    paths: Counter[str] = attrs.field(factory=Counter[str])
    wrong: list[str] = attrs.field(factory=list[str])
    vendors: set[str | None] = attrs.field(factory=set[str | None])

    def name_of(self, tenant: int) -> str:
        """Return the name that a tenant has here and nowhere else."""
        return f"Tenant {tenant} of {self.number}"

    def check(self, tenant: int, found: Tenant) -> None:
        """Note a call, and whether its answer belongs here."""
        self.paths[_id(tenant)] += 1
        self.vendors.add(found.vendor_id)
        if (found.tenant_id, found.name) != (_id(tenant), self.name_of(tenant)):
            self.wrong.append(f"environment {self.number} was asked for {_id(tenant)} and answered {found.name}")


def _id(tenant: int) -> str:
    return f"shared-{tenant}"


async def measure_sides(setting: Setting) -> Finding:
    """Use eight environments with the same ids on one loop, and from threads, while their tokens are revoked."""
    with EmulatorProcess() as emulator:
        sides = [_prepare(emulator, number) for number in range(_ENVIRONMENTS)]
        revocations = await _await_calls(emulator, sides, setting)
        revocations += await asyncio.to_thread(_block_calls, emulator, sides, setting)
        mismatches = [wrong for side in sides for wrong in side.wrong]
        vendors = Counter(vendor for side in sides for vendor in side.vendors)
        mismatches += [f"vendor {each} answered {times} environments" for each, times in vendors.items() if times > 1]
        calls = sum(side.paths.total() for side in sides)
        authentications = 0
        for side in sides:
            journal = emulator.send("GET", f"{_ADMIN}/{side.client_id}/journal")["requests"]
            authentications += sum(entry["route"] == "auth.authenticate" for entry in journal)
            mismatches += _disagreements(side, journal)
    return Finding(
        figure=f"{len(mismatches)} tokens or answers of another environment in {calls:,} calls, "
        f"{revocations} revocations and {authentications} authentications",
        # A client authenticates at first and after each revocation; each side has an awaited and a blocking client.
        passed=not mismatches
        and calls >= setting.scaled(_CALLS + _BLOCKING_CALLS)
        and authentications >= 2 * _ENVIRONMENTS + revocations,
        details=tuple(mismatches[:10]),
    )


def _prepare(emulator: EmulatorProcess, number: int) -> _Side:
    made = emulator.send("POST", _ADMIN, {})
    side = _Side(made["client_id"], made["secret"], number)
    tenants = [{"tenantId": _id(tenant), "name": side.name_of(tenant)} for tenant in range(_SHARED)]
    emulator.send("POST", f"{_ADMIN}/{side.client_id}/seed", {"tenants": tenants})
    return side


async def _await_calls(emulator: EmulatorProcess, sides: Sequence[_Side], setting: Setting) -> int:
    """Call on one loop, and revoke the tokens of one side after the other meanwhile; return how many times."""
    rng = setting.rng("awaited")
    calls, revocations = setting.scaled(_CALLS), len(sides) * (2 if setting.full else 1)
    left = iter(range(calls))
    # The revocations of one side are so far apart that no call meets two of them.
    due = {calls * number // (revocations + 1): number % len(sides) for number in range(1, revocations + 1)}

    async def call(client: AsyncFrontegg, side: _Side) -> None:
        tenant = rng.randrange(_SHARED)
        side.check(tenant, await client.tenants.get(_id(tenant)))

    async def work(client: AsyncFrontegg, side: _Side) -> None:
        for number in left:
            await call(client, side)
            if number in due:
                revoked = users[due[number]]
                await call(*revoked)  # it has a token now
                await asyncio.to_thread(_revoke, emulator, revoked[1])
                await call(*revoked)

    async with AsyncExitStack() as stack:
        users = [
            (
                await stack.enter_async_context(
                    AsyncFrontegg(side.client_id, side.secret, base_url=emulator.ready["url"], max_connections=_WORKERS)
                ),
                side,
            )
            for side in sides
        ]
        await asyncio.gather(*(work(*user) for user in users for _ in range(_WORKERS)))
    return revocations


def _block_calls(emulator: EmulatorProcess, sides: Sequence[_Side], setting: Setting) -> int:
    """Call from threads, each with the clients of all environments, which share one loop; return the revocations."""

    def call(pair: tuple[Frontegg, _Side], tenant: int) -> tuple[_Side, int, Tenant]:
        return pair[1], tenant, pair[0].tenants.get(_id(tenant))

    def work(seed: int) -> list[tuple[_Side, int, Tenant]]:
        rng = random.Random(seed)
        count = setting.scaled(_BLOCKING_CALLS) // _THREADS
        return [call(rng.choice(pairs), rng.randrange(_SHARED)) for _ in range(count)]

    seeds = [setting.rng(f"thread {number}").getrandbits(64) for number in range(_THREADS)]
    with ExitStack() as stack, ThreadPoolExecutor(_THREADS) as threads:
        runner = stack.enter_context(Runner())
        pairs = [
            (Frontegg(side.client_id, side.secret, base_url=emulator.ready["url"], runner=runner), side)
            for side in sides
        ]
        # Each client has a token before the revocations, and needs one after them.
        done = list(threads.map(call, pairs, range(len(pairs))))
        outcomes = threads.map(work, seeds)
        for side in sides:
            _revoke(emulator, side)
        done += [each for outcome in outcomes for each in outcome]
        done += threads.map(call, pairs, range(len(pairs)))
    for side, tenant, found in done:
        side.check(tenant, found)
    return len(sides)


def _revoke(emulator: EmulatorProcess, side: _Side) -> None:
    assert not isinstance(emulator.send("POST", f"{_ADMIN}/{side.client_id}/revoke-tokens", {}), int)


def _disagreements(side: _Side, journal: Sequence[dict[str, Any]]) -> list[str]:
    """Return where the emulator saw other calls answered than this side made."""
    answered = Counter(
        entry["path"].rpartition("/")[2]
        for entry in journal
        if entry["route"] == "tenants.get" and entry["status"] == HTTPStatus.OK
    )
    return [
        f"environment {side.number}: {tenant} was answered {answered[tenant]} times and got {side.paths[tenant]} times"
        for tenant in sorted({*answered, *side.paths})
        if answered[tenant] != side.paths[tenant]
    ]


ROWS: Final = (
    Row(
        number=20,
        name="environments-side-by-side",
        title="8 environments with 64 workers each: 20,000 calls on one event loop, and 4,000 from threads, in full",
        target="tokens or answers of another environment 0",
        measure=measure_sides,
        starred=True,
    ),
)
