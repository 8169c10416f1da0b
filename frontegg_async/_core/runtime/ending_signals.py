"""`ended_like_ctrl_c`: has the signals that end a process do what Ctrl-C does."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from types import FrameType


@contextmanager
def ended_like_ctrl_c() -> Generator[list[int]]:
    """Let SIGTERM, and SIGHUP of a terminal that is closed, do what Ctrl-C does; yield the numbers of those that came.

    It is for the main thread of programs. A handler that somebody else has set stays.
    """
    came: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        came.append(number)
        of_ctrl_c = signal.getsignal(signal.SIGINT)  # that of the event loop while it runs
        (of_ctrl_c if callable(of_ctrl_c) else signal.default_int_handler)(signal.SIGINT, frame)

    with ExitStack() as stack:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and sys.platform != "win32":
            # In the background of a script Ctrl-C is not for this process, and still is not; these are.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            stack.callback(signal.pthread_sigmask, signal.SIG_SETMASK, before)
            stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.default_int_handler)
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP, and nohup ignores it
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                stack.callback(signal.signal, number, signal.SIG_DFL)
                signal.signal(number, end)
        yield came
