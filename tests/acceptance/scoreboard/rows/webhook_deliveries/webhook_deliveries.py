"""Row 46: senders that hang up at any moment, answers that cannot be sent, guards that hang, servers that end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.webhook_deliveries.site import ASYNC, BREAK, NUMBER, PLAIN
from tests.integrations.webhook_cases import GOOD, HEADER, SECRET

_ROOT: Final = Path(__file__).resolve().parents[5]
_FRAMEWORKS: Final = ("aiohttp", "FastAPI", "Django WSGI", "Django ASGI")
_DELIVERIES: Final = 80
_DELIVERIES_IN_FULL: Final = 1_500
_AT_ONCE: Final = 16
_GUARDS: Final = ("fast", "slow", "marks first", "late", "down")
_FUNCTIONS: Final = ("works", "slow", "fails", "exits")
_ENDS: Final = ("head", "body", "at once", "soon", "answer", "answer")
"""After which part a sender hangs up; the last ones stay for the answer."""

_SOON: Final = 0.06
_CUT_OFF: Final = "cut off"


@attrs.frozen
class _Outcome:
    """What became of the deliveries to one framework."""

    entered: list[str]
    handled: list[str]
    lines: list[str]
    remembered: list[str]
    answered: int

    @property
    def forgotten(self) -> list[str]:
        """Events that the guard remembers, and nobody handled."""
        return sorted({*self.remembered} - {*self.handled})

    @property
    def silent(self) -> list[str]:
        """Events that were received, and neither handled nor in the log; a body that was cut off has no name there."""
        named = " ".join(self.lines)
        missing = [key for key in self.entered if key not in self.handled and f"'{key}'" not in named]
        return missing[sum(_CUT_OFF in line for line in self.lines) :]


@attrs.frozen
class _Delivery:
    key: str
    end: str
    wait: float
    data: bytes
    head: int

    @classmethod
    def at_random(cls, number: int, rng: random.Random, *, hangs: bool = False) -> _Delivery:
        """Return a delivery; those that hang are under way when their server ends."""
        key = f"event-{number}"
        context = {"guard": rng.choice(_GUARDS), "function": "hangs" if hangs else rng.choice(_FUNCTIONS)}
        body = json.dumps({"eventKey": key, "eventContext": context}).encode()
        breaks = "yes" if rng.random() < 0.15 else "no"
        headers = {HEADER: GOOD[HEADER], NUMBER: key, BREAK: breaks, "Host": "test", "Content-Length": str(len(body))}
        lines = [f"POST {rng.choice((ASYNC, PLAIN))} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        head = "\r\n".join([*lines, "", ""]).encode()
        return cls(key, "soon" if hangs else rng.choice(_ENDS), rng.uniform(0, _SOON), head + body, len(head))


async def _send(port: int, delivery: _Delivery) -> bool:
    """Deliver an event, and return whether its answer came."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:  # the server has ended
        return False
    try:
        cut = {"head": delivery.head, "body": (delivery.head + len(delivery.data)) // 2}
        writer.write(delivery.data[: cut.get(delivery.end, len(delivery.data))])
        await writer.drain()
        if delivery.end == "answer":
            return b" 204 " in await reader.readline()
        if delivery.end != "at once":
            await asyncio.sleep(delivery.wait)
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _measure_one(framework: str, setting: Setting) -> _Outcome:
    rng = setting.rng(f"webhooks of {framework}")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", f"{__package__}.site", framework, SECRET, GOOD[HEADER]),
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    gate = asyncio.Semaphore(_AT_ONCE)

    async def send(delivery: _Delivery) -> bool:
        async with gate:
            return await _send(port, delivery)

    count = _DELIVERIES_IN_FULL if setting.full else _DELIVERIES
    answers = await asyncio.gather(*(send(_Delivery.at_random(number, rng)) for number in range(count)))
    last = [_Delivery.at_random(number, rng, hangs=True) for number in range(count, count + _AT_ONCE)]
    await asyncio.gather(*map(send, last))
    process.terminate()
    output, _ = await process.communicate()
    found: Mapping[str, list[str]] = json.loads(output)
    return _Outcome(**found, answered=sum(answers))


async def measure_deliveries(setting: Setting) -> Finding:
    """Deliver to one framework after the other."""
    outcomes = {framework: await _measure_one(framework, setting) for framework in _FRAMEWORKS}
    details = [f"{name}, remembered and not handled: {each.forgotten[:9]}" for name, each in outcomes.items()]
    details += [f"{name}, lost without a log line: {each.silent[:9]}" for name, each in outcomes.items()]
    values = [*outcomes.values()]
    forgotten, silent = (sum(map(len, found)) for found in zip(*((e.forgotten, e.silent) for e in values), strict=True))
    handled, entered = sum(len(each.handled) for each in values), sum(len(each.entered) for each in values)
    return Finding(
        figure=f"{entered:,} received, {handled:,} handled; remembered and not handled {forgotten}; "
        f"lost without a log line {silent}",
        passed=not forgotten and not silent and all(each.handled and each.answered for each in values),
        details=tuple(details),
    )


ROWS: Final = (
    Row(
        number=46,
        name="webhook-deliveries",
        title="webhooks by four servers: senders gone, failed sends, guards slow or down, failing functions, shutdown",
        target="events that the guard remembers and nobody handled 0; lost without a log line 0",
        measure=measure_deliveries,
        starred=True,
    ),
)
