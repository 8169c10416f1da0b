"""Warnings that point at the line of the application, even if the call runs in another thread."""

from __future__ import annotations

import inspect
import sys
import threading
import warnings
from contextvars import ContextVar
from types import FrameType
from typing import Final

_OURS: Final = frozenset({"frontegg_async", "frontegg_sync"})

calling_thread: ContextVar[int | None] = ContextVar("frontegg_calling_thread", default=None)
"""The thread that waits for a blocking call while another thread makes the call.

The stack of the waiting thread does not change during the call.
"""


def warn_caller(message: str, category: type[Warning]) -> None:
    """Warn at the line of the application that called the SDK.

    A call that runs in a separate task has no such line. Then the warning points into the event loop.

    Args:
        message: The text of the warning, in one line.
        category: The class of the warning.

    Raises:
        Warning: The warning filters of the program turn this warning into an error. The call has sent nothing yet.
    """
    frame = _calling_frame()
    while frame is not None and _package(frame) in _OURS:
        frame = frame.f_back
    if frame is None:
        warnings.warn(message, category, stacklevel=2)
        return
    try:
        warnings.warn_explicit(
            message,
            category,
            frame.f_code.co_filename,
            frame.f_lineno,
            module=str(frame.f_globals.get("__name__", "<unknown>")),
            registry=frame.f_globals.setdefault("__warningregistry__", {}),
        )
    finally:
        # The traceback of a raised warning contains this frame, so this frame must not refer to the caller's frame.
        del frame


def _calling_frame() -> FrameType | None:
    thread = calling_thread.get()
    if thread is None or thread == threading.get_ident():
        return inspect.currentframe()
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - there is no other way to the stack of a thread  # pyright: ignore[reportPrivateUsage]
    # The thread may still be inside the standard library, where it wakes up the event loop.
    while frame is not None and _package(frame) not in _OURS:
        frame = frame.f_back
    return frame


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
