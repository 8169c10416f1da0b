"""`ServerThread`: an event loop in a thread of its own, for programs without one."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class ServerThread:
    """Runs an event loop in a daemon thread until it is stopped."""

    def __init__(self, name: str) -> None:
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        self._thread.start()
        self._loop = self._ready.result()

    def _main(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._stopped = asyncio.Event()
        self._ready.set_result(asyncio.get_running_loop())
        await self._stopped.wait()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine in the loop, and wait for what it returns; never from its own thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, work: Callable[[], T]) -> T:
        """Call a function in the loop's thread, and wait for what it returns.

        Raises:
            RuntimeError: The caller is in that thread, where it would wait for itself, or the loop has ended.
        """
        self._check_caller()
        done: Future[T] = Future()

        def call() -> None:
            try:
                done.set_result(work())
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                done.set_exception(error)

        self._loop.call_soon_threadsafe(call, context=contextvars.Context())
        return done.result()

    def _check_caller(self) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError("a blocking verb was called in the emulator's own thread")
        if self._loop.is_closed():
            raise RuntimeError("the emulator has ended: its verbs are for the time of its with block")

    def stop(self) -> None:
        """End the loop and wait for its thread."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
