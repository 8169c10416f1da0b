"""aiohttp behind a thread: a handwritten blocking client with the libraries of the SDK, but without its code."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

T = TypeVar("T")

_ONE: Final = (1).to_bytes(8, sys.byteorder)


class BareThread:
    """An asyncio loop in a daemon thread. Another thread passes its calls to the loop with as little work as possible.

    This class supports only one calling thread, and no cancellation, forks, exits or contexts.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._asked, self._answered = _signal(), _signal()
        self._loop.add_reader(self._asked[0], self._start)
        self._begin: Callable[[], Awaitable[object]]
        self._task: asyncio.Task[None] | None = None
        self._value: object = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def call(self, begin: Callable[[], Awaitable[T]]) -> T:
        """Make a call in the loop, wait for it, and return its value or raise its error.

        Args:
            begin: Creates the awaitable for the loop.
        """
        self._begin, self._error = begin, None
        os.write(self._asked[1], _ONE)
        os.read(self._answered[0], 8)
        if self._error is not None:
            raise self._error
        return cast("T", self._value)

    def close(self) -> None:
        """End the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        for number in {*self._asked, *self._answered}:
            os.close(number)

    def _start(self) -> None:
        os.read(self._asked[0], 8)
        if sys.version_info >= (3, 12):
            self._task = asyncio.Task(self._run(), loop=self._loop, eager_start=True)
        else:
            self._task = asyncio.Task(self._run(), loop=self._loop)

    async def _run(self) -> None:
        try:
            self._value = await self._begin()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the caller
            self._error = error
        os.write(self._answered[1], _ONE)


def _signal() -> tuple[int, int]:
    """Return the descriptors to wait for a signal and to send it: an eventfd on Linux, elsewhere a pipe."""
    if sys.platform != "linux":
        return os.pipe()
    number = os.eventfd(0)
    return number, number
