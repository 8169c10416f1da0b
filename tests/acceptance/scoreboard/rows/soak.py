"""Row 25: memory, sockets and tasks after 100,000 calls, many of which fail or are cancelled."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import resource
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from frontegg_async import AsyncFrontegg, FronteggError
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.emulator_process import EmulatorApart, emulator_apart

_CALLS: Final = 100_000
_WARM: Final = 20_000
_EVERY: Final = 2_000
_WORKERS: Final = 200
_AT_FAULT: Final = 0.1
_CANCELLED: Final = 0.05
_PATIENCE: Final = 0.02
"""The longest wait before a call is cancelled, in seconds."""

_MOST_MB: Final = 1.0
_TENANTS: Final = 200

Call: TypeAlias = Callable[[AsyncFrontegg, str], Coroutine[Any, Any, object]]


async def _list(frontegg: AsyncFrontegg, tenant_id: str) -> object:
    return await frontegg.tenants.list(filter=tenant_id, page_size=10).all(limit=20)


async def _come_and_go(frontegg: AsyncFrontegg, tenant_id: str) -> None:
    made = await frontegg.tenants.create(name=f"of {tenant_id}", metadata={"by": tenant_id})
    await frontegg.tenants.delete(made.tenant_id)


_CALLS_OF_A_DAY: Final[Sequence[Call]] = (
    lambda frontegg, tenant_id: frontegg.tenants.get(tenant_id),
    lambda frontegg, tenant_id: frontegg.tenants.get(tenant_id),
    lambda frontegg, tenant_id: frontegg.tenants.update(tenant_id, status="active"),
    lambda frontegg, tenant_id: frontegg.tenants.add_metadata(tenant_id, {"plan": "pro"}),
    lambda frontegg, tenant_id: frontegg.hierarchy.list_parents(tenant_id),
    lambda frontegg, tenant_id: frontegg.tenants.get(f"no {tenant_id}"),
    _list,
    _come_and_go,
)


def memory() -> float:
    """Return the memory that this process holds, in MB."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        # The maximum so far is enough to see whether the memory grows.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the line through some points that has the least squares."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


@attrs.define
class Soak:
    """The run: counts of calls, and measurements of memory, sockets and tasks."""

    frontegg: AsyncFrontegg
    rng: random.Random
    ends: Counter[str] = attrs.field(factory=Counter[str])
    samples: list[tuple[float, float]] = attrs.field(factory=list[tuple[float, float]])
    foreign: list[str] = attrs.field(factory=list[str])

    async def run(self) -> None:
        """Make all calls, some hundred at once."""
        numbers = count(1)

        async def work() -> None:
            for number in numbers:
                if number > _CALLS:
                    return
                await self._call()
                if number >= _WARM and number % _EVERY == 0:
                    self.samples.append((float(number), memory()))

        async with asyncio.TaskGroup() as group:
            for _ in range(_WORKERS):
                group.create_task(work())

    async def _call(self) -> None:
        rng = self.rng
        call = rng.choice(_CALLS_OF_A_DAY)
        task = asyncio.ensure_future(call(self.frontegg, f"t{rng.randrange(_TENANTS)}"))
        handle = None
        if rng.random() < _CANCELLED:
            handle = asyncio.get_running_loop().call_later(rng.random() * _PATIENCE, task.cancel)
        # Do not await the task itself, so that its errors and its cancellation are not raised here.
        await asyncio.wait((task,))
        if handle is not None:
            handle.cancel()
        if task.cancelled():
            self.ends["cancelled"] += 1
            return
        error = task.exception()
        self.ends["succeeded" if error is None else "failed"] += 1
        if error is not None and not isinstance(error, FronteggError):
            self.foreign.append(repr(error))


def _open_now(emulator: EmulatorApart) -> int:
    return int(emulator.admin("GET", "environments/emu_client/stats")["connections"]["open"])


async def _connections_after(emulator: EmulatorApart) -> int:
    """Return the connections that the emulator still has; it hears of their end a moment later."""
    for _ in range(100):
        if not _open_now(emulator):
            break
        await asyncio.sleep(0.05)
    return _open_now(emulator)


def open_sockets() -> int:
    """Return how many sockets this process has."""
    directory = Path("/proc/self/fd")
    found = 0
    for each in directory.iterdir() if directory.exists() else ():
        try:
            found += str(each.readlink()).startswith("socket:")
        except OSError:
            continue
    return found


async def measure_soak(setting: Setting) -> Finding:
    """Make 100,000 calls; one request of ten fails, one call of twenty is cancelled."""
    tenants = [{"tenantId": f"t{number}", "name": f"Tenant {number}"} for number in range(_TENANTS)]
    with emulator_apart(tenants=tenants) as emulator:
        emulator.fail(_AT_FAULT, path="/tenants/*")
        sockets, tasks = open_sockets(), len(asyncio.all_tasks())
        async with emulator.client() as frontegg:
            soak = Soak(frontegg, setting.rng("soak"))
            await soak.run()
        await asyncio.sleep(0)
        left = open_sockets() - sockets, len(asyncio.all_tasks()) - tasks, await _connections_after(emulator)
    grown = slope(soak.samples) * 10_000
    ends = ", ".join(f"{number:,} {end}" for end, number in sorted(soak.ends.items()))
    return Finding(
        figure=(
            f"{soak.ends.total():,} calls ({ends}): {grown:+.3f} MB per 10,000 calls from {soak.samples[0][1]:.0f} MB; "
            f"sockets {left[0]:+d}, tasks {left[1]:+d}, connections of the emulator {left[2]}; "
            f"{len(soak.foreign)} foreign exceptions"
        ),
        passed=grown < _MOST_MB and left == (0, 0, 0) and not soak.foreign and soak.ends.total() == _CALLS,
        details=(*soak.foreign[:5], *(f"{calls:,.0f} calls: {size:.1f} MB" for calls, size in soak.samples)),
    )


ROWS: Final = (
    Row(
        number=25,
        name="soak",
        title="soak: 100,000 calls with faults and random cancellations",
        target="growth of RSS < 1 MB per 10,000 calls; sockets and tasks as many as at the start",
        measure=measure_soak,
        time_limit=600.0,
    ),
)
