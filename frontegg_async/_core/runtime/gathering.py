"""`gather`: make many calls, with a limit on concurrent calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

A = TypeVar("A")
T = TypeVar("T")

CONCURRENCY: Final = 8


async def gather(call: Callable[[A], Awaitable[T]], arguments: Iterable[A]) -> list[T]:
    """Make calls with limited concurrency. Return their results in order. The first error cancels the other calls."""
    turns = asyncio.Semaphore(CONCURRENCY)

    async def take_turn(argument: A) -> T:
        async with turns:
            return await call(argument)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(take_turn(each)) for each in arguments]
    except BaseExceptionGroup as errors:
        first = errors.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise first
