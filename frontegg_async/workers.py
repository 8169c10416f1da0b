"""Threads for work that would hold up the event loop.

They are not those of the loop's default executor: a program may fill that with work of its own, and calls would wait.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_MOST: Final = 4
"""How many threads there are at most. The work is of the processor, or short."""


class _Threads:
    """The threads of a process. A forked child makes its own, since it has none of its parent's."""

    executor: ThreadPoolExecutor | None = None
    pid: int = 0

    def get(self) -> ThreadPoolExecutor:
        """Return the threads of this process."""
        executor = self.executor
        if executor is None or self.pid != os.getpid():
            executor = ThreadPoolExecutor(_MOST, thread_name_prefix="frontegg-worker")
            self.executor, self.pid = executor, os.getpid()
        return executor


_threads: Final = _Threads()


async def run_in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread, with the context variables of the caller, and return what it returns.

    Args:
        function: What is called.
        args: Its arguments.
        kwargs: Its arguments by name.
    """
    call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads.get(), call)
