"""Cancels operations in every way that a program can, while their requests are in flight."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Awaitable, Callable
from typing import Final

import anyio

import frontegg_async
from tests.acceptance.scoreboard.rows.canaries.answering import STALLED
from tests.acceptance.scoreboard.rows.canaries.operations import make, make_clients, operations_of
from tests.acceptance.scoreboard.rows.canaries.search import Findings
from tests.support.traceback_frames import foreign_frames

_Work = Callable[[], Awaitable[object]]


async def _by_timeout(work: _Work) -> None:
    async with asyncio.timeout(_PATIENCE):
        await work()


async def _by_wait_for(work: _Work) -> None:
    await asyncio.wait_for(work(), _PATIENCE)


async def _by_anyio(work: _Work) -> None:
    with anyio.fail_after(_PATIENCE):
        await work()


async def _by_group(work: _Work) -> None:
    left: list[BaseException] = []

    async def call() -> None:
        try:
            await work()
        except BaseException as error:
            left.append(error)
            raise

    async def fail() -> None:
        await asyncio.sleep(_PATIENCE)
        raise LookupError("beside")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(call())
            group.create_task(fail())
    except* LookupError as failed:
        raise failed from (left[0] if left else None)


async def _by_cancelling(work: _Work) -> None:
    task = asyncio.ensure_future(work())
    await asyncio.sleep(_PATIENCE)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as error:
        raise LookupError("cancelled") from error


_WAYS: Final = {
    "timeout": _by_timeout,
    "wait_for": _by_wait_for,
    "anyio": _by_anyio,
    "group": _by_group,
    "cancel": _by_cancelling,
}
_PATIENCE: Final = 0.5


async def drive_cancelled(url: str, findings: Findings, stalled: Callable[[str], None], *, full: bool) -> int:
    """Cancel each operation while its request is under way, in each way that a program has, and look at the errors.

    Args:
        url: The address of the server.
        findings: What was found.
        stalled: Chooses where responses stall.
        full: Whether each operation is cancelled in each phase; otherwise in one of them.
    """
    calls = 0
    for number, phase in enumerate(STALLED):
        stalled(phase)
        client, views = make_clients(frontegg_async, url)
        operations = [
            each for place in ("client", "view", "user", "session") for each in operations_of(views[place], place)
        ]
        operations = operations if full else operations[number :: len(STALLED)]
        ways = itertools.cycle(_WAYS.items())
        made = [
            (f"{operation}, {phase}, {name}", way, call)
            for (operation, call), (name, way) in zip(operations, ways, strict=False)
        ]
        ends = await asyncio.gather(
            *(way(functools.partial(make, frontegg_async, call)) for _, way, call in made), return_exceptions=True
        )
        for (name, *_), end in zip(made, ends, strict=True):
            if isinstance(end, BaseException):
                calls += 1
                findings.look_at_error(name, end)
                findings.places.update(f"{name}: a frame of {each}" for each in foreign_frames(end))
        del ends
        await client.aclose()
        await views["session"].aclose()
    return calls
