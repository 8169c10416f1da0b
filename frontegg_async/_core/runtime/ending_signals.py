"""`ended_like_ctrl_c`: let signals that end a process act like Ctrl-C."""

from __future__ import annotations

import _thread
import signal
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_AGAIN_SECONDS: Final = 0.01
"""The pause before an interruption that Python dropped is raised again."""

_came: list[int] = []


def signals_came() -> list[int]:
    """Return the numbers of the signals that `ended_like_ctrl_c` received, even if Python dropped the interruption."""
    return _came


@contextmanager
def ended_like_ctrl_c() -> Generator[list[int]]:
    """Let SIGTERM, and SIGHUP of a closed terminal, act like Ctrl-C. Yield the numbers of received signals.

    Python drops exceptions in callbacks of the garbage collector, which run in each import. A dropped interruption is
    raised again a moment later. It is not written to standard error, which may block.

    Use it in the main thread of programs. A handler that other code has set stays.
    """
    _came.clear()
    usual_hook = sys.unraisablehook

    def end(number: int, frame: FrameType | None) -> None:
        _came.append(number)
        of_ctrl_c = signal.getsignal(signal.SIGINT)  # the handler of the event loop while it runs
        (of_ctrl_c if callable(of_ctrl_c) else signal.default_int_handler)(signal.SIGINT, frame)

    def come_again(dropped: UnraisableHookArgs) -> None:
        if isinstance(dropped.exc_value, KeyboardInterrupt):
            _thread.start_new_thread(_interrupt_soon, ())
        else:
            usual_hook(dropped)

    with ExitStack() as stack:
        stack.callback(setattr, sys, "unraisablehook", usual_hook)
        sys.unraisablehook = come_again
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and sys.platform != "win32":
            # A background process of a script ignores Ctrl-C. Block SIGINT, but let the other signals interrupt.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            stack.callback(signal.pthread_sigmask, signal.SIG_SETMASK, before)
            stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.default_int_handler)
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP, and nohup ignores it
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                stack.callback(signal.signal, number, signal.SIG_DFL)
                signal.signal(number, end)
        yield _came


def _interrupt_soon() -> None:
    time.sleep(_AGAIN_SECONDS)
    _thread.interrupt_main()
