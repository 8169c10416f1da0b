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
"""The thread that waits for a blocking call while another thread makes it; its stack does not change meanwhile."""


def warn_caller(message: str, category: type[Warning]) -> None:
    """Warn at the line of the application that called the SDK.

    An operation that runs as its own task has no such line; then the warning points into the event loop.

    Args:
        message: One line for people.
        category: The class of the warning.

    Raises:
        Warning: The filters turn such warnings into errors; the call has sent nothing yet.
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
        # The traceback of a raised warning contains this frame, so this frame must not reference the frame of the
        # caller.
        del frame


def _calling_frame() -> FrameType | None:
    thread = calling_thread.get()
    if thread is None or thread == threading.get_ident():
        return inspect.currentframe()
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - there is no other way to the stack of a thread  # pyright: ignore[reportPrivateUsage]
    # The thread may still be in the standard library, waking up the loop.
    while frame is not None and _package(frame) not in _OURS:
        frame = frame.f_back
    return frame


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
