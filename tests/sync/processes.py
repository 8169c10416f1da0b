"""Runs a scenario as a program of its own, with every warning an error, and waits for its end.

``run`` starts Python for it. A nursery has imported what the scenarios need and forks, which takes a fifth of the time;
what it forks ends as any program does.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NoReturn

import attrs

from frontegg_async.emulator import EmulatorHandle

_ROOT: Final = Path(__file__).parent.parent.parent
_SECONDS_TO_END: Final = 30
_SECONDS_IN_ALL: Final = 60
_SECONDS_TO_WAIT_AGAIN: Final = 0.1
SCENARIOS: Final = "tests.sync.scenarios"
# Python 3.12 and later warn about os.fork() with threads. Ignore this warning.
_PYTHON: Final = (sys.executable, "-X", "dev", "-W", "error", "-W", "ignore:This process:DeprecationWarning")

# asyncio's debug mode reports slow steps on a busy machine.
_SLOW_STEP: Final = re.compile(r"^Executing <.*> took [0-9.]+ seconds\n", re.MULTILINE)

_FORKS_IN_C: Final = "TEST_FORKS_IN_C"

WIDTH: Final = 8
"""Of a number that a nursery says: the next one may follow before it is read."""

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
    module: str = SCENARIOS,
) -> Finished:
    """Run a function of a module as a program.

    It prints ``done`` as the last thing that it does, and has then half a minute to end.

    Args:
        scenario: The function.
        emulator: The environment that its client manages.
        interrupt: Whether it gets Ctrl-C when it prints ``ready``.
        in_c: Whether it forks without Python's handlers.
        module: Where the function is.
    """
    variables = {**os.environ, **_prepare(emulator, in_c=in_c)}
    with (
        tempfile.TemporaryFile(mode="w+", encoding="utf-8") as errors,
        subprocess.Popen(
            [*_PYTHON, "-m", module, scenario],
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            cwd=_ROOT,
            env=variables,
            start_new_session=True,
        ) as process,
    ):
        status, lines = _watch(process.pid, process.stdout or (), process.wait, interrupt=interrupt)
        errors.seek(0)
        return Finished(status, lines, _SLOW_STEP.sub("", errors.read()))


class Nursery:
    """A program without threads that becomes each scenario in a fork, see ``tests.sync.nursery``."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            command = [*_PYTHON, "-m", "tests.sync.nursery", str(number)]
            self._process = subprocess.Popen(command, cwd=_ROOT, pass_fds=(number,), start_new_session=True)

    def run(
        self,
        scenario: str,
        emulator: EmulatorHandle,
        *,
        interrupt: bool = False,
        in_c: bool = False,
        module: str = SCENARIOS,
    ) -> Finished:
        """Run a function of a module, as ``run`` does."""
        request = json.dumps([module, scenario, _prepare(emulator, in_c=in_c)]).encode()
        reading, writing = os.pipe()
        with (
            tempfile.TemporaryFile(mode="w+", encoding="utf-8") as errors,
            os.fdopen(reading, encoding="utf-8") as output,
        ):
            with os.fdopen(writing, "w"):
                socket.send_fds(self._socket, [request], [writing, errors.fileno()])
                pid = self._answer()
            try:
                status, lines = _watch(pid, output, self._answer, interrupt=interrupt)
            except AssertionError:
                self._answer()  # that it was killed
                raise
            errors.seek(0)
            return Finished(status, lines, _SLOW_STEP.sub("", errors.read()))

    def close(self) -> None:
        """End the nursery."""
        self._socket.close()
        assert self._process.wait() == 0

    def _answer(self, seconds: float = _SECONDS_IN_ALL) -> int:
        """Return the next number that the nursery says: the id of a program, or how it ended."""
        self._socket.settimeout(seconds)
        return int(self._socket.recv(WIDTH))


def _prepare(emulator: EmulatorHandle, *, in_c: bool) -> dict[str, str]:
    """Prepare an environment, and return the variables of the program."""
    emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}, {"tenantId": STALLED, "name": "Stalled"}])
    path = f"/tenants/resources/tenants/v2/{STALLED}"
    emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 600}, match={"path": path})
    return {
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
        "FRONTEGG_BASE_URL": emulator.url,
        **({_FORKS_IN_C: "1"} if in_c else {}),
    }


def _watch(
    pid: int, output: Iterable[str], wait: Callable[[float], int], *, interrupt: bool
) -> tuple[int, tuple[str, ...]]:
    """Return the status of a program and what it printed, after its end."""
    watchdog = threading.Timer(_SECONDS_IN_ALL, _kill, (pid,))
    watchdog.start()
    lines: list[str] = []
    try:
        for line in output:
            lines.append(line.strip())
            if lines[-1] == "ready" and interrupt:
                os.kill(pid, signal.SIGINT)
            if lines[-1] == "done":
                break
        return wait(_SECONDS_TO_END), tuple(lines)
    except (subprocess.TimeoutExpired, TimeoutError):
        raise AssertionError("the program hangs at its end") from None
    finally:
        watchdog.cancel()
        _kill(pid)


def fork() -> int:
    """Fork as the test says: by ``os.fork``, or in C without Python's handlers.

    In C no other thread may be running Python at this moment, or be about to: the interpreter of the child would wait
    for it. One that was woken just before has a moment to wait again; where the system tells, until none has run.
    """
    if _FORKS_IN_C not in os.environ:
        return os.fork()
    before, after = None, _other_threads()
    while before != after or any(line.startswith("State:\tR") for line in after):
        time.sleep(_SECONDS_TO_WAIT_AGAIN)
        before, after = after, _other_threads()
    return ctypes.PyDLL(None).fork()


def _other_threads() -> list[str]:
    """Return what Linux says of whether the other threads run, and how often they did."""
    found: list[str] = []
    for path in Path("/proc/self/task").glob("*/status"):
        try:
            lines = path.read_text().splitlines()
        except OSError:  # it ended at this moment
            lines = ["State:\tR"]
        if f"Pid:\t{threading.get_native_id()}" not in lines:
            found += [line for line in lines if line.startswith("State:") or "ctxt_switches" in line]
    return found


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
