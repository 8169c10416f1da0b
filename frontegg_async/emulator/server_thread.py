"""`ServerThread`: runs the emulator's server in an event loop in a thread, for programs without an event loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class ServerThread:
    """A daemon thread with an event loop. The loop runs until `stop` is called."""

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
        """Run a coroutine in the thread's event loop and return its result.

        Raises:
            RuntimeError: The caller runs in this thread, or the thread has ended.
        """
        try:
            self._check_caller()
        except RuntimeError:
            work.close()
            raise
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, work: Callable[[], T]) -> T:
        """Call a function in the thread and return its result.

        Raises:
            RuntimeError: The caller runs in this thread, or the thread has ended.
        """
        self._check_caller()
        done: Future[T] = Future()

        def call() -> None:
            try:
                done.set_result(work())
            except Exception as error:  # noqa: BLE001 - the caller raises it
                done.set_exception(error)

        self._loop.call_soon_threadsafe(call, context=contextvars.Context())
        return done.result()

    def _check_caller(self) -> None:
        if threading.current_thread() is self._thread:
            raise RuntimeError(
                "a blocking method was called in the thread of the emulator, where the call would wait for itself"
            )
        if self._loop.is_closed():
            raise RuntimeError("the emulator has ended: call the methods of the emulator inside its with block")

    def stop(self) -> None:
        """End the event loop, and wait until the thread has ended."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
