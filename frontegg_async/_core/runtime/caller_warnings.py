"""Warnings that point at the line of the caller, wherever the call is made for it."""

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
"""The thread that waits for a call of the blocking package, which is made in another; it stands still at its line."""


def warn_caller(message: str, category: type[Warning]) -> None:
    """Warn at the line outside of this SDK that called it.

    An operation that runs as a task of its own has no such line: the warning is at that of the event loop then.

    Args:
        message: One line for people.
        category: What is warned of.

    Raises:
        Warning: The filters make errors of such warnings; the call has sent nothing yet.
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
        # The traceback of a warning that is raised holds this frame, which must not hold the caller's in turn.
        del frame


def _calling_frame() -> FrameType | None:
    thread = calling_thread.get()
    if thread is None or thread == threading.get_ident():
        return inspect.currentframe()
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - there is no other way to the stack of a thread  # pyright: ignore[reportPrivateUsage]
    # It may still be in the standard library, waking the loop.
    while frame is not None and _package(frame) not in _OURS:
        frame = frame.f_back
    return frame


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
