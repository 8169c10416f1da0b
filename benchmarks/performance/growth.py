"""P10: costs that may grow with the number of calls, tenants and nodes, and costs that must not.

Times are processor times of this process, per call, tenant or node. Larger numbers miss processor caches and are
visited by the garbage collector again, for any reader; so the goal is that a time grows no more than that of the
baseline for the same bytes. A tree is read up to the largest allowed response body, 16 MiB; a tree that a program
builds may have more nodes.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final

from benchmarks.performance import canned_server, memory, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio

CALLS: Final = 100_000
BLOCK: Final = 1_000
BLOCKS: Final = 10
"""Compared blocks of calls: the first after 1,000 calls, and the last."""

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
TREE_SIZES: Final = (1_000, 10_000, 100_000, 125_000)
BRANCHES: Final = 10
MOST_ROUNDS: Final = 5
MOST_GROWTH: Final = 1.25
"""Allowance on the growth of the baseline: rounds differ by a tenth."""

AT_LEAST: Final = 100_000
"""Tenants or nodes that one turn reads, in as many listings or trees as needed."""

_PATH: Final = "/tenants/resources/tenants/v2"

Times = dict[int, list[float]]
"""Seconds per tenant or node, by their number, in each round."""


async def _take_calls(running: canned_server.CannedServer) -> list[Measure]:
    """Call with a new id each time, and the baseline beside it, block by block."""
    import aiohttp  # noqa: PLC0415 - see goals.py
    import orjson  # noqa: PLC0415

    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    url = f"{running.plain}/plain"
    async with AsyncExitStack() as stack:
        frontegg = await stack.enter_async_context(AsyncFrontegg("emu_canned", "emu_canned", base_url=url))
        session = await stack.enter_async_context(aiohttp.ClientSession(headers={"Authorization": "Bearer canned"}))

        async def ours(number: int) -> None:
            await frontegg.tenants.get(f"tenant-{number:09}")

        async def baseline(number: int) -> None:
            async with session.get(f"{url}{_PATH}/tenant-{number:09}") as response:
                orjson.loads(await response.read())

        ratios: list[float] = []
        resident: list[float] = []
        for start in range(0, CALLS, BLOCK):
            ratios.append(await _block(ours, start) / await _block(baseline, start))
            resident.append(memory.resident())
    early, late = ratios[1 : 1 + BLOCKS], ratios[-BLOCKS:]
    slope = (resident[-1] - resident[BLOCKS]) / (CALLS / BLOCK - BLOCKS - 1) * 10
    return [
        ratio(f"a call after {CALLS:,} of one after 1,000", sorted(late), sorted(early), most=1.1),
        figure("rise of the memory in 10,000 calls", slope, "MiB", most=0.25),
    ]


async def _block(call: Callable[[int], Awaitable[None]], start: int) -> float:
    spent = time.process_time()
    for number in range(start, start + BLOCK):
        await call(number)
    return time.process_time() - spent


async def _list(url: str, times: int) -> None:
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415

    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=url) as frontegg:
        for _ in range(times):
            async for _ in frontegg.tenants.list():
                pass


async def _list_plainly(url: str, pages: int, times: int) -> None:
    import aiohttp  # noqa: PLC0415
    import orjson  # noqa: PLC0415

    async with aiohttp.ClientSession(headers={"Authorization": "Bearer canned"}) as session:
        for _ in range(times):
            for index in range(pages):
                async with session.get(f"{url}{_PATH}?_limit={canned_server.PAGE}&_offset={index}") as response:
                    for _ in orjson.loads(await response.read())["items"]:
                        pass


def _take_listings(settings: RunSettings) -> list[Measure]:
    ours: Times = {}
    theirs: Times = {}
    for size in SIZES:
        count = max(1, AT_LEAST // size)
        with canned_server.running(tenants=size) as running:
            url = f"{running.plain}/plain"
            for _ in range(min(settings.rounds, MOST_ROUNDS) + 1):
                spent = _spend(lambda: asyncio.run(_list(url, count)))  # noqa: B023 - called at once
                ours.setdefault(size, []).append(spent / size / count)
                spent = _spend(lambda: asyncio.run(_list_plainly(url, size // canned_server.PAGE, count)))  # noqa: B023
                theirs.setdefault(size, []).append(spent / size / count)
    return _growth("listing", "tenant", "aiohttp with orjson", ours, theirs)


def tree_body(size: int) -> bytes:
    """Return the JSON of a tree with ten children per node, fewer at the end."""
    parts: list[str] = []
    pending = [(0, False)]
    while pending:
        number, is_end = pending.pop()
        if is_end:
            parts.append("]},")
            continue
        about = {"tenantId": f"tenant-{number:07}", "tenantName": f"Company {number}", "status": "active"}
        head = json.dumps({**about, "createdAt": "2024-05-01T10:00:00.000Z", "children": []}, separators=(",", ":"))
        parts.append(head[:-2])
        pending.append((number, True))
        first = number * BRANCHES + 1
        pending += [(below, False) for below in range(min(first + BRANCHES, size) - 1, first - 1, -1)]
    return "".join(parts)[:-1].replace(",]", "]").encode()


def _take_trees(settings: RunSettings) -> list[Measure]:
    from frontegg_async import TenantTree  # noqa: PLC0415
    from frontegg_async._core.codec.reader import decode  # noqa: PLC0415

    def read(body: bytes, count: int) -> None:
        for _ in range(count):
            assert isinstance(decode(body, TenantTree), TenantTree)

    def parse(body: bytes, count: int) -> None:
        for _ in range(count):
            json.loads(body)

    ours: Times = {}
    theirs: Times = {}
    bodies = {size: tree_body(size) for size in TREE_SIZES}
    for _ in range(min(settings.rounds, MOST_ROUNDS) + 1):
        for size, body in bodies.items():
            count = max(1, AT_LEAST // size)
            spent = _spend(lambda: read(body, count))  # noqa: B023 - called at once
            ours.setdefault(size, []).append(spent / size / count)
            spent = _spend(lambda: parse(body, count))  # noqa: B023
            theirs.setdefault(size, []).append(spent / size / count)
    return _growth("reading a tree", "node", "json.loads", ours, theirs)


def _take_made_trees(settings: RunSettings) -> list[Measure]:
    from frontegg_async import TenantTree, TreeNode  # noqa: PLC0415

    nodes = [TreeNode(tenant_id=f"tenant-{number:07}") for number in range(SIZES[-1])]
    parents = [-1, *[0] * (len(nodes) - 1)]
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(min(settings.rounds, MOST_ROUNDS)):
        for size in SIZES:
            some, above = nodes[:size], parents[:size]
            count = max(1, AT_LEAST // size)

            def make(some: Sequence[TreeNode] = some, above: Sequence[int] = above, count: int = count) -> None:
                for _ in range(count):
                    assert sum(place.depth for place in TenantTree(some, above).walk()) == len(some) - 1

            times[size].append(_spend(make) / size / count)
    first, *others = times
    return [
        figure(f"making and walking a tree, each node of {first:,}", _micro(times[first]), "us"),
        *(
            ratio(f"making and walking a tree, each node of {size:,} of {first:,}", times[size], times[first], most=2.0)
            for size in others
        ),
    ]


def _growth(work: str, unit: str, baseline: str, ours: Times, theirs: Times) -> list[Measure]:
    """Return the time of each at the smallest size, its growth, and the goal: the ratio of the growths.

    The first round warms up.
    """
    first, *others = ours
    measures = [figure(f"{work}, each {unit} of {first:,}", _micro(ours[first][1:]), "us")]
    for size in others:
        name = f"each {unit} of {size:,} of one of {first:,}"
        measures += [
            ratio(f"{work}, {name}", ours[size][1:], ours[first][1:]),
            ratio(f"{baseline}, {name}", theirs[size][1:], theirs[first][1:]),
            ratio(
                f"the one growth of the other, {size:,}",
                [ours[size][n] / ours[first][n] for n in range(1, len(ours[size]))],
                [theirs[size][n] / theirs[first][n] for n in range(1, len(ours[size]))],
                most=MOST_GROWTH,
            ),
        ]
    return measures


def _spend(work: Callable[[], object]) -> float:
    spent = time.process_time()
    work()
    return time.process_time() - spent


def _micro(seconds: Sequence[float]) -> list[float]:
    return [value * 1e6 for value in seconds]


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P10."""
    rounds.pin(0)
    with canned_server.running() as running:
        calls = asyncio.run(_take_calls(running))
    return [*calls, *_take_listings(settings), *_take_trees(settings), *_take_made_trees(settings)]


GOALS: Final = (Goal(name="P10", work="growth with calls, tenants and nodes", take=take, seconds=600),)
