"""Runs a scenario as a program of its own, with every warning an error, and waits for its end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final, NoReturn

import attrs

from frontegg_async.emulator import EmulatorHandle

_ROOT: Final = Path(__file__).parent.parent.parent
_SECONDS_TO_END: Final = 5
_SECONDS_IN_ALL: Final = 60
# Python's own word on os.fork() beside threads, from 3.12 on: the one that is accepted.
_FORK_WARNING: Final = "ignore:This process:DeprecationWarning"

# What asyncio's debug mode says of a machine that is busy with other things.
_SLOW_STEP: Final = re.compile(r"^Executing <.*> took [0-9.]+ seconds\n", re.MULTILINE)

_FORKS_IN_C: Final = "TEST_FORKS_IN_C"

STALLED: Final = "stalled"
"""The id of a tenant that the emulator never responses for."""


@attrs.frozen
class Finished:
    """How a program ended and what it printed."""

    status: int
    lines: tuple[str, ...]
    errors: str


def run(
    scenario: str,
    emulator: EmulatorHandle,
    *,
    interrupt: bool = False,
    in_c: bool = False,
    module: str = "tests.sync.scenarios",
) -> Finished:
    """Run a function of a module as a program.

    It prints ``done`` as the last thing that it does, and has then five seconds to end.

    Args:
        scenario: The function.
        emulator: The environment that its client manages.
        interrupt: Whether it gets Ctrl-C when it prints ``ready``.
        in_c: Whether it forks without Python's handlers.
        module: Where the function is.
    """
    emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}, {"tenantId": STALLED, "name": "Stalled"}])
    path = f"/tenants/resources/tenants/v2/{STALLED}"
    emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 600}, match={"path": path})
    command = [sys.executable, "-X", "dev", "-W", "error", "-W", _FORK_WARNING, "-m", module, scenario]
    variables = {
        **os.environ,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
        "FRONTEGG_BASE_URL": emulator.url,
        **({_FORKS_IN_C: "1"} if in_c else {}),
    }
    with (
        tempfile.TemporaryFile(mode="w+", encoding="utf-8") as errors,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            cwd=_ROOT,
            env=variables,
            start_new_session=True,
        ) as process,
    ):
        watchdog = threading.Timer(_SECONDS_IN_ALL, _kill, (process.pid,))
        watchdog.start()
        lines: list[str] = []
        try:
            for line in process.stdout or ():
                lines.append(line.strip())
                if lines[-1] == "ready" and interrupt:
                    process.send_signal(signal.SIGINT)
                if lines[-1] == "done":
                    break
            status = _end(process)
        finally:
            watchdog.cancel()
            _kill(process.pid)
        errors.seek(0)
        return Finished(status, tuple(lines), _SLOW_STEP.sub("", errors.read()))


def fork() -> int:
    """Fork as the test says: by ``os.fork``, or in C without Python's handlers.

    In C no other thread may be running Python at this moment: the interpreter of the child would wait for it.
    """
    return ctypes.PyDLL(None).fork() if _FORKS_IN_C in os.environ else os.fork()


def end_child() -> NoReturn:
    """End a child with status 7.

    A program that forks in C waits at its end for the threads of its parent, unless they are daemons; then it ends as a
    worker does that is killed.
    """
    others = (thread for thread in threading.enumerate() if thread is not threading.main_thread())
    if _FORKS_IN_C in os.environ and not all(thread.daemon for thread in others):
        os._exit(7)
    sys.exit(7)


def _kill(group: int) -> None:
    """End a program and its children, if there still are any."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _end(process: subprocess.Popen[str]) -> int:
    try:
        return process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        raise AssertionError("the program hangs at its end") from None
