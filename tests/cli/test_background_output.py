"""What is written in a thread: in order, with what is lost told, and without waiting for ever."""

from __future__ import annotations

import asyncio
import errno
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from frontegg_async.cli import background_output
from frontegg_async.cli.background_output import BackgroundOutput

pytestmark = pytest.mark.anyio


class Screen:
    """Writes numbers as soon as the gate is open, and knows when it has got the first."""

    def __init__(self) -> None:
        self.has_first = threading.Event()
        self.gate = threading.Event()
        self.has_ended = threading.Event()
        self.told: list[str] = []

    def write(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            self.has_first.set()
            self.gate.wait()
            sys.stdout.write(f"{number}\n")
        self.has_ended.set()

    def output(self) -> BackgroundOutput[int]:
        return BackgroundOutput(self.write, self.told.append, "numbers")


async def test_too_many_are_lost_and_told(capfd: pytest.CaptureFixture[str]) -> None:
    """The others are all written before the block ends."""
    screen = Screen()
    with screen.output() as output:
        output.start(asyncio.get_running_loop(), list)
        output.put(0)
        screen.has_first.wait()
        for number in range(1, 300):
            output.put(number)
        screen.gate.set()
    assert capfd.readouterr().out.split() == [str(number) for number in range(257)]
    assert screen.told == ["numbers that were not shown, since the output was not read in time: 43"]


@pytest.mark.usefixtures("capsys")
async def test_an_interrupted_program_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells what is left behind."""
    monkeypatch.setattr(background_output, "LAST_SECONDS", 0.01)
    screen = Screen()

    def interrupted() -> None:
        with screen.output() as output:
            output.start(asyncio.get_running_loop(), list)
            output.put(0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    screen.gate.set()
    screen.has_ended.wait()
    assert screen.told == ["numbers that were not shown, since nobody reads the output: 1"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), BrokenPipeError()])
async def test_an_output_that_fails_ends_the_program(error: OSError) -> None:
    """Whoever puts items is called, however many are left; the block raises the error, but not of a reader who left."""
    failed = asyncio.Event()

    def write(numbers: Iterator[int]) -> None:
        next(numbers)
        raise error

    async def fill() -> None:
        with BackgroundOutput(write, Screen().told.append, "numbers") as output:
            output.start(asyncio.get_running_loop(), failed.set)
            for number in range(300):
                output.put(number)
            await failed.wait()

    with nullcontext() if isinstance(error, BrokenPipeError) else pytest.raises(OSError, match="No space"):
        await fill()
