"""Row 10: how many requests a failing service receives, and how soon calls succeed after it recovered."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable
from typing import Final

from frontegg_async import AsyncFrontegg, FronteggError
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.emulator_process import EmulatorApart, Fault, emulator_apart

_CALLS: Final = 2_000
_WARM_UP: Final = 200
_WORKERS: Final = 50
_MOST: Final = 1.1
_SOON: Final = 5.0
_NORMAL: Final = 100
"""Calls that succeed one after the other when all is well."""
_STRUCK: Final = 5
_DOWN: Final = Fault("before_commit", {"type": "status", "status": 503})
_PATH: Final = "/tenants/*"


def _call(client: AsyncFrontegg, rng: random.Random) -> Awaitable[object]:
    """Return one of the calls that applications make."""
    (kind,) = rng.choices(("get", "update", "add", "list", "create"), (60, 15, 10, 10, 5))
    match kind:
        case "get":
            return client.tenants.get("known")
        case "update":
            return client.tenants.update("known", name=f"{rng.random()}")
        case "add":
            return client.tenants.add_metadata("known", {"key": rng.random()})
        case "list":
            return client.hierarchy.list_sub_accounts("known")
        case _:
            return client.tenants.create(name=f"{rng.random()}")


async def _make(client: AsyncFrontegg, rng: random.Random, count: int) -> int:
    """Make calls, some at a time; return how many failed."""
    left = iter(range(count))
    failed = 0

    async def work() -> None:
        nonlocal failed
        for _ in left:
            try:
                await _call(client, rng)
            except FronteggError:
                failed += 1

    await asyncio.gather(*(work() for _ in range(_WORKERS)))
    return failed


def _requests(emulator: EmulatorApart) -> int:
    """Return how many requests about tenants there were since the journal was cleared."""
    requests = len([entry for entry in emulator.journal() if entry["path"].startswith("/tenants/")])
    emulator.admin("DELETE", "journal")
    return requests


async def _recover(client: AsyncFrontegg, emulator: EmulatorApart, rng: random.Random) -> float:
    """Return the seconds until all calls succeed again, and until a fault of a single request is retried again."""
    started = time.perf_counter()
    while time.perf_counter() - started < 10 * _SOON:
        if await _make(client, rng, _NORMAL):
            continue
        emulator.admin(
            "POST", "faults", {"stage": _DOWN.stage, "action": _DOWN.action, "match": {"path": _PATH, "times": _STRUCK}}
        )
        if not await _make(client, rng, _NORMAL):
            return time.perf_counter() - started
    return float("inf")


async def measure_outage(setting: Setting) -> Finding:
    """Make calls to a service that fails all of them, then let it recover."""
    rng = setting.rng("outage")
    with emulator_apart(tenants=[{"tenantId": "known", "name": "Known"}]) as emulator:
        async with emulator.client() as client:
            before = await _make(client, rng, _NORMAL)
            emulator.fail(1.0, faults=[_DOWN], path=_PATH)
            warm = await _make(client, rng, _WARM_UP)
            _requests(emulator)
            failed = await _make(client, rng, _CALLS)
            ratio = _requests(emulator) / _CALLS
            emulator.admin("DELETE", "faults")
            seconds = await _recover(client, emulator, rng)
    return Finding(
        figure=f"{ratio:.3f} requests per call in the outage, normal operation {seconds:.2f} s after it",
        passed=not before and warm == _WARM_UP and failed == _CALLS and ratio <= _MOST and seconds <= _SOON,
        details=(f"failed: {before} before, {warm} of {_WARM_UP} and {failed} of {_CALLS} in the outage",),
    )


ROWS: Final = (
    Row(
        number=10,
        name="outage-and-recovery",
        alone=True,
        title="a service that answers 2,000 calls with 503, then recovers",
        target="attempts per call ≤ 1.1 once the retry budget is spent; normal operation ≤ 5 s after the recovery",
        measure=measure_outage,
    ),
)
