"""What is counted: the calls of functions that are written in Python."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from benchmarks.performance.python_calls import Counter, count


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """The garbage collector calls what others registered with it, whenever it runs."""
    gc.disable()
    yield
    gc.enable()


def one() -> None:
    pass


def two() -> None:
    one()


async def waiting() -> None:
    await asyncio.sleep(0)


def test_calls_in_c_do_not_count() -> None:
    """Only those of functions with a frame."""
    with Counter() as counter:
        two()
        len("")
        sorted([2, 1])
    assert counter.calls == 2


def test_nothing_is_counted_after_the_block() -> None:
    """And the profiler is gone when the block raises."""
    with pytest.raises(KeyError), Counter() as counter:  # noqa: PT012 - the block is what raises
        one()
        raise KeyError
    one()
    assert counter.calls == 1


@pytest.mark.anyio
async def test_the_count_of_a_call_repeats() -> None:
    """A coroutine that goes on counts again, and so do those that wait for it."""
    found = await count(waiting)
    assert len(set(found)) == 1
    assert found[0] >= 4
