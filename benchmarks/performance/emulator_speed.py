"""P11, P19: the emulator against a bare aiohttp.web handler with the same bytes, start, reset, a million tenants.

Both servers have their own process, on the same core, and receive the same load in turns. The compared figure is the
processor time of the server, which other programs on the machine do not change.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import aiohttp
import attrs
import orjson

from benchmarks.decode import make_rows
from benchmarks.performance import lean_client, memory, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio

FEW: Final = 1_000
MANY: Final = 1_000_000
PORTION: Final = 10_000
"""Tenants in one seed."""

CONNECTIONS: Final = 8
STARTS: Final = 9
MOST_START_MS: Final = 50.0
MOST_RESET_MS: Final = 5.0
LEAST_SPEED: Final = 0.25
LEAST_SPEED_OF_PAGES: Final = 0.40
MOST_BYTES: Final = 1_000.0
MOST_SEED_S: Final = 8.0
_MS: Final = 1_000.0
_PATH: Final = "/tenants/resources/tenants/v2"
_ONE: Final = f"{_PATH}/tenant-000000001"
_PAGE: Final = f"{_PATH}?_limit=200&_offset=1"
_PAGES: Final = {"a page of 200": (_PAGE, 320)}
_LOADS: Final = {"one tenant": (_ONE, 800), **_PAGES}
_ADMIN: Final = "/_emulator/v1"


@attrs.frozen
class Server:
    """A server in a process of its own.

    Args:
        url: Its origin.
        process: The process.
        token: The token of its requests.
    """

    url: str
    process: subprocess.Popen[str]
    token: str = "none"

    def cpu(self) -> float:
        """Return the processor time that it used so far, in seconds."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9

    async def load(self, target: str, count: int) -> tuple[float, float]:
        """Send requests; return the processor time and the wall time per request."""
        started, spent = time.perf_counter(), self.cpu()
        await lean_client.load(self.url, target, self.token, count=count, connections=CONNECTIONS)
        return (self.cpu() - spent) / count, (time.perf_counter() - started) / count


@contextmanager
def _process(module: str, first: Mapping[str, str] | None = None) -> Iterator[tuple[dict[str, str], Server]]:
    argv = [sys.executable, "-m", module]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, preexec_fn=lambda: rounds.pin(1)) as process:  # noqa: PLW1509 - no threads yet
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if first is not None:
                process.stdin.write(json.dumps(first) + "\n")
                process.stdin.flush()
            ready = json.loads(process.stdout.readline())
            yield ready, Server(ready["url"], process)
        finally:
            process.terminate()


@contextmanager
def emulator() -> Iterator[Server]:
    """Run an emulator until the end of the block."""
    with _process("frontegg_async.emulator") as (ready, server):
        token = asyncio.run(_authenticate(server.url, ready["client_id"], ready["secret"]))
        yield attrs.evolve(server, token=token)


async def _authenticate(url: str, client_id: str, secret: str) -> str:
    async with (
        aiohttp.ClientSession(url) as session,
        session.post("/auth/vendor", json={"clientId": client_id, "secret": secret}) as response,
    ):
        return str((await response.json())["token"])


def tenants(first: int, count: int) -> list[dict[str, object]]:
    """Return tenants for a seed."""
    given = make_rows(1)[0]
    row = {name: value for name, value in given.items() if name not in {"id", "vendorId", "createdAt", "updatedAt"}}
    return [
        {**row, "tenantId": f"tenant-{number:09}", "name": f"Company {number}"}
        for number in range(first, first + count)
    ]


async def _seed(server: Server, count: int) -> None:
    async with aiohttp.ClientSession(server.url, timeout=aiohttp.ClientTimeout(300)) as session:
        for first in range(0, count, PORTION):
            body = orjson.dumps({"tenants": tenants(first, min(PORTION, count - first))})
            headers = {"Content-Type": "application/json"}
            async with session.post(f"{_ADMIN}/seed", data=body, headers=headers) as response:
                response.raise_for_status()


async def _compare(
    served: Server, settings: RunSettings, loads: Mapping[str, tuple[str, int]], least: float
) -> list[Measure]:
    bodies = {}
    for target, _ in loads.values():
        path = target.partition("?")[0]
        bodies[path] = (await lean_client.load(served.url, target, served.token, count=1, connections=1)).decode()
    measures: list[Measure] = []
    with _process("benchmarks.performance.bare_server", bodies) as (_, bare):
        for name, (target, count) in loads.items():
            ours: list[tuple[float, float]] = []
            theirs: list[tuple[float, float]] = []
            for _ in range(settings.rounds + 1):
                theirs.append(await bare.load(target, count))
                ours.append(await served.load(target, count))
            del ours[0], theirs[0]
            cpu = ratio(
                f"of the requests of a bare handler, {name}", [x for x, _ in theirs], [x for x, _ in ours], least=least
            )
            measures += [cpu, figure(f"{name}: requests a second", [1 / seconds for _, seconds in ours], "/s")]
    return measures


async def _starts() -> list[Measure]:
    from frontegg_async.emulator import Emulator  # noqa: PLC0415 - see goals.py
    from frontegg_async.emulator.world.signing_key import process_key  # noqa: PLC0415

    process_key()
    starts: list[float] = []
    for _ in range(STARTS):
        started = time.perf_counter()
        async with Emulator():
            starts.append((time.perf_counter() - started) * _MS)
    return [figure("start in the loop of a program", starts, "ms", most=MOST_START_MS)]


def _starts_of_threads() -> Measure:
    from frontegg_async.emulator import Emulator  # noqa: PLC0415

    starts: list[float] = []
    for _ in range(STARTS):
        started = time.perf_counter()
        with Emulator():
            starts.append((time.perf_counter() - started) * _MS)
    return figure("start in a thread of its own", starts, "ms", most=MOST_START_MS)


async def _resets(count: int) -> Measure:
    from frontegg_async.emulator import Emulator  # noqa: PLC0415

    resets: list[float] = []
    seeds = tenants(0, count)
    async with Emulator() as running, running.client() as frontegg:
        for _ in range(STARTS):
            await running.seed(tenants=seeds)
            for _ in range(5):
                await frontegg.tenants.list().first_page()
            started = time.perf_counter()
            await running.reset()
            resets.append((time.perf_counter() - started) * _MS)
    return figure(f"reset with {count:,} tenants", resets, "ms", most=MOST_RESET_MS)


async def _pages(few: Server, many: Server, settings: RunSettings) -> list[Measure]:
    _, count = _LOADS["a page of 200"]
    targets = {
        "a page": (_PAGE, _PAGE),
        "the last page": (_PAGE, f"{_PATH}?_limit=200&_offset={MANY // 200 - 1}"),
        "a page of what a filter found": (f"{_PAGE}&_filter=company", f"{_PAGE}&_filter=company"),
    }
    measures: list[Measure] = []
    for name, (of_few, of_many) in targets.items():
        started = time.perf_counter()
        await many.load(of_many, CONNECTIONS)
        first = time.perf_counter() - started
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(settings.rounds):
            theirs.append((await few.load(of_few, count))[0])
            ours.append((await many.load(of_many, count))[0])
        measures += [
            ratio(f"{name} with {MANY:,} tenants, of one with {FEW:,}", ours, theirs, most=2.0),
            figure(f"{name}: the first time", first, "s"),
        ]
    return measures


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P11."""
    rounds.pin(0)
    with emulator() as few, emulator() as many:
        asyncio.run(_seed(few, FEW))
        measures = asyncio.run(_compare(few, settings, _LOADS, LEAST_SPEED))
        measures += [*asyncio.run(_starts()), _starts_of_threads()]
        measures += [asyncio.run(_resets(count)) for count in (FEW, 50 * FEW)]
        asyncio.run(_seed(many, MANY))
        return [*measures, *asyncio.run(_pages(few, many, settings))]


async def _many_in_a_program() -> list[Measure]:
    """Seed many tenants in this process; what the program makes to be seeded does not count."""
    from frontegg_async.emulator import Emulator  # noqa: PLC0415 - see goals.py

    async with Emulator() as running, running.client() as frontegg:
        before, spent = memory.resident(), 0.0
        for first in range(0, MANY, PORTION):
            given = tenants(first, PORTION)
            started = time.process_time()
            await running.seed(tenants=given)
            spent += time.process_time() - started
        size = (memory.resident() - before) * 2**20 / MANY
        await frontegg.tenants.list().first_page()
        indexed = (memory.resident() - before) * 2**20 / MANY
    return [
        figure(f"memory for each of {MANY:,} tenants", size, "B", most=MOST_BYTES),
        figure("the same after a listing, which makes an index", indexed, "B"),
        figure(f"processor time to seed them, {PORTION:,} at once", spent, "s", most=MOST_SEED_S),
    ]


def take_large(settings: RunSettings) -> Sequence[Measure]:
    """Measure P19."""
    rounds.pin(0)
    with emulator() as served:
        asyncio.run(_seed(served, FEW))
        measures = asyncio.run(_compare(served, settings, _PAGES, LEAST_SPEED_OF_PAGES))
    return [*measures, *asyncio.run(_many_in_a_program())]


GOALS: Final = (
    Goal(name="P11", work="the emulator", take=take, seconds=600),
    Goal(name="P19", work="pages of the emulator, and a million tenants", take=take_large, seconds=600),
)
