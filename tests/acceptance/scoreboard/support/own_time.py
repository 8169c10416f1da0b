"""A clock that stands still while others have the processor."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import Final

_THREADS: Final = Path("/proc/self/task")
_NANOSECONDS: Final = 1e9


class _Waits:
    """Adds up how long threads waited for a processor, also those that have ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_thread: dict[str, int] = {}
        self._total = 0

    def look(self) -> int:
        """Return the nanoseconds so far."""
        with self._lock:
            for path in _THREADS.glob("*/schedstat"):
                with contextlib.suppress(OSError):  # it ended at this moment
                    waited = int(path.read_text().split()[1])
                    self._total += max(0, waited - self._by_thread.get(path.parent.name, 0))
                    self._by_thread[path.parent.name] = waited
            return self._total


_waits: Final = _Waits()


def own_time() -> float:
    """Return the time in seconds, without those that threads of this process waited for a processor.

    How long a call takes is thus the same on a busy machine. What the process waits for otherwise, and its own work,
    count. Where the system does not tell of such waits, all time counts.
    """
    return time.perf_counter() - _waits.look() / _NANOSECONDS
