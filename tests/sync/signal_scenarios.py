"""Programs whose signal handlers use the client that the interrupted code is starting.

Each is a function, run by ``python -m tests.sync.scenarios NAME`` with the emulator in the environment variables.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, Final

from frontegg_sync import Frontegg
from tests.sync.processes import fork
from tests.sync.scenarios import _done, _exit_status, _join_loops, _kept_client

_PLACES: Final = ("runner.py", "loop_thread.py", "forks.py", "http_sessions.py")
_MOST_LINES: Final = 1000
_STRIDE: Final = 5
_STRIDE_OF_CHILDREN: Final = 23


@contextlib.contextmanager
def _signal_at_line(number: int, handle: Callable[[], None]) -> Iterator[list[int]]:
    """Handle a signal in the line with a number of those that this thread runs; yield how many are left until it."""
    process = os.getpid()
    left = [number]

    def trace(frame: types.FrameType, event: str, _argument: object) -> Any:
        if not frame.f_code.co_filename.endswith(_PLACES):
            return None
        if event == "line" and (os.getpid() != process or not _forks):
            left[0] -= 1
            if left[0] == 0:
                signal.raise_signal(signal.SIGTERM)
        return trace

    signal.signal(signal.SIGTERM, lambda *_: handle())
    sys.settrace(trace)
    try:
        yield left
    finally:
        sys.settrace(None)


_forks: Final[list[bool]] = []


def _use(client: Frontegg) -> None:
    assert client.tenants.get("t1").name == "First"


def uses_a_client_that_starts() -> None:
    """A signal at lines of the first call: each call succeeds, and so do all later ones."""
    for number in range(1, _MOST_LINES, _STRIDE):
        client = Frontegg.from_env()
        with _signal_at_line(number, lambda client=client: _use(client)) as left:
            _use(client)
        _use(client)
        client.close()
        if left[0] > 0:
            break
    _join_loops()
    _done()


def uses_a_client_that_was_forked() -> None:
    """A signal at lines of the fork and of the first call after it: each call succeeds, and so do all later ones."""
    client = _kept_client()
    _forks.append(True)
    for number in range(1, _MOST_LINES, _STRIDE_OF_CHILDREN):
        with _signal_at_line(number, lambda: _use(client)) as left:
            pid = fork()
            if not pid:
                _use(client)
        if not pid:
            _use(client)
            os._exit(7 if left[0] <= 0 else 8)
        status = _exit_status(pid)
        assert status in {7, 8}
        if status == 8:
            break
    _done()


if __name__ == "__main__":
    globals()[sys.argv[1]]()
