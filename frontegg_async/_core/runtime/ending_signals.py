"""`ended_like_ctrl_c`: let signals that end a process have the effect of Ctrl-C."""

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
"""The pause, in seconds, before an interruption that Python dropped is raised again."""

_came: list[int] = []


def signals_came() -> list[int]:
    """Return the numbers of the signals that `ended_like_ctrl_c` received, even if Python dropped the exception."""
    return _came


@contextmanager
def ended_like_ctrl_c() -> Generator[list[int]]:
    """Let SIGTERM, and SIGHUP (a closed terminal), have the effect of Ctrl-C. Yield the received signal numbers.

    Python drops exceptions in callbacks of the garbage collector. Each import runs such callbacks. A dropped
    interruption is raised again a moment later. Python does not print it to standard error, because this could block.

    Use this function in the main thread of a program. A signal handler that other code has set stays.
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
            # A background process of a shell script ignores Ctrl-C. Block SIGINT, and let the other signals interrupt.
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
