"""Row 11: every form of a 429 is read, and a closed gate holds back the calls of its route and of no other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from frontegg_async import AsyncFrontegg, Options, RateLimitError
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.rate_limit_headers import NOW, VECTORS
from tests.acceptance.scoreboard.support.emulator_process import EmulatorApart, emulator_apart
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import http, raw_server

_CLOSED: Final = 2.0
_WAITERS: Final = 500
_OTHERS: Final = 100
_ROUTE: Final = "tenants.get"


async def read_vectors() -> list[str]:
    """Answer a call with each vector, over a socket; return the waits that are not what they should be."""
    wrong: list[str] = []
    for headers, expected in VECTORS:
        clock = FakeClock(now=0.0, wall_offset=NOW)
        async with (
            raw_server(http(429, headers=headers)) as server,
            make_client(server.url, clock=clock, options=Options(max_retries=0)) as frontegg,
        ):
            try:
                await frontegg.tenants.get("acme")
            except RateLimitError as error:
                if error.retry_after is None or abs(error.retry_after - expected) > 0.001:
                    wrong.append(f"{headers}: {error.retry_after} s, and not {expected:g}")
            else:
                wrong.append(f"{headers}: no error")
    return wrong


async def _close(frontegg: AsyncFrontegg) -> asyncio.Task[object]:
    """Have one call close the gate; return it, waiting behind the gate."""
    first: asyncio.Task[object] = asyncio.create_task(frontegg.tenants.get("acme"))
    gates = frontegg._environment.context.gates
    while not gates.by_route:  # noqa: ASYNC110 - no event tells it
        await asyncio.sleep(0.005)
    return first


async def hold(emulator: EmulatorApart) -> list[dict[str, Any]]:
    """Close a gate, make 500 calls of its route and 100 of another; return the journal."""
    async with emulator.client() as frontegg:
        await frontegg.tenants.list().count()
        emulator.admin(
            "POST",
            "faults",
            {
                "stage": "accept",
                "action": {"type": "rate_limit", "reset_in": _CLOSED},
                "match": {"method": "GET", "path": "/tenants/resources/tenants/v2/*", "times": 1},
            },
        )
        first = await _close(frontegg)
        await asyncio.gather(
            first,
            *(frontegg.tenants.get("acme") for _ in range(_WAITERS)),
            *(frontegg.hierarchy.list_parents("acme") for _ in range(_OTHERS)),
        )
    return emulator.journal()


def _moment(entry: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(entry["at"]).timestamp()


def held(journal: Sequence[Mapping[str, Any]]) -> tuple[Finding, float]:
    """Return what the emulator's journal tells of the gate, and for how long it was closed."""
    route = [entry for entry in journal if entry["route"] == _ROUTE]
    others = [_moment(entry) for entry in journal if entry["route"] == "hierarchy.list_parents"]
    closing = [_moment(entry) for entry in route if entry["status"] == 429]
    sent = sorted(_moment(entry) for entry in route if entry["status"] == 200)
    opening = closing[0] + _CLOSED
    early = sum(moment < opening for moment in sent)
    late = sum(moment >= opening for moment in others)
    burst = max(sum(start <= moment < start + 0.1 for moment in sent) for start in sent)
    return Finding(
        figure=(
            f"{early} of {len(sent)} sent while it was closed, {len(closing)} refused; {late} of {len(others)} calls "
            f"of another route held; after it {sent[-1] - sent[0]:.1f} s, at most {burst} in 0.1 s"
        ),
        passed=early == 0 and late == 0 and len(closing) == 1 and (len(sent), len(others)) == (_WAITERS + 1, _OTHERS),
    ), sent[0] - closing[0]


async def measure_limits(setting: Setting) -> Finding:
    """Read the vectors, then hold 500 calls back behind a gate."""
    del setting  # nothing in it is random
    wrong = await read_vectors()
    with emulator_apart(tenants=[{"tenantId": "acme", "name": "Acme"}]) as emulator:
        started = time.monotonic()
        journal = await hold(emulator)
        gate, closed = held(journal)
    return Finding(
        figure=(
            f"{len(VECTORS) - len(wrong)} of {len(VECTORS)} vectors; gate closed {closed:.1f} s: {gate.figure}; "
            f"{time.monotonic() - started:.1f} s in all"
        ),
        passed=not wrong and gate.passed,
        details=tuple(wrong[:12]),
    )


ROWS: Final = (
    Row(
        number=11,
        name="rate-limits",
        alone=True,
        title="headers of rate limits, and a gate that is closed for 2 s with 500 calls waiting",
        target="all of at least 60 vectors; requests sent while closed 0; calls of other routes held 0",
        measure=measure_limits,
        starred=True,
    ),
)
