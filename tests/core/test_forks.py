"""Objects are renewed once in a forked child, by the first thread that detects the fork."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from frontegg_async._core.runtime.forks import ProcessLock, _Process

_THREADS = 8


def _forked() -> _Process:
    """Return the state of a child that has noticed nothing yet."""
    process = _Process()
    process.id = -1
    return process


class _Part:
    """Something that was inherited."""

    def __init__(self) -> None:
        self.renewed = 0

    def after_fork(self) -> None:
        self.renewed += 1


def test_the_first_thread_renews_and_the_others_wait() -> None:
    """Nobody goes on with what is half renewed."""
    process, part = _forked(), _Part()
    barrier = threading.Barrier(_THREADS)
    process.add(part)
    seen: list[int] = []
    process.add_function(lambda: seen.append(part.renewed))

    def use(_: int) -> tuple[int, int]:
        barrier.wait()
        process.renew_once()
        return part.renewed, process.id

    with ThreadPoolExecutor(_THREADS) as threads:
        assert set(threads.map(use, range(_THREADS))) == {(1, os.getpid())}
    assert seen == [1]


def test_what_a_finalizer_uses_meanwhile_ends() -> None:
    """It runs in the thread that renews, and may cause what runs it again."""
    process, part = _forked(), _Part()
    process.add(part)
    process.add_function(process.renew_once)
    process.renew_once()

    assert (part.renewed, process.id) == (3, os.getpid())


def test_what_a_signal_handler_uses_meanwhile_is_renewed_and_stays() -> None:
    """It needs everything at once, and the interrupted renewal must not abandon what it has made."""
    process, part = _forked(), _Part()
    seen: list[int] = []

    def handle() -> None:
        if not seen:
            seen.append(0)
            process.renew_once()
            seen.append(part.renewed)

    process.add_function(handle)
    process.add_function(part.after_fork)
    process.renew_once()

    assert (seen, part.renewed) == ([0, 1], 1)


def test_what_was_interrupted_is_repeated() -> None:
    """Ctrl-C may come in the middle of it."""
    process, part = _forked(), _Part()
    interruptions = [KeyboardInterrupt()]

    def be_interrupted() -> None:
        if interruptions:
            raise interruptions.pop()

    process.add(part)
    process.add_function(be_interrupted)
    with pytest.raises(KeyboardInterrupt):
        process.renew_once()
    process.renew_once()
    process.renew_once()

    assert part.renewed == 2


def test_what_is_gone_is_not_renewed() -> None:
    """It is not kept alive for that."""
    process = _forked()
    process.add(_Part())
    process.renew_once()

    assert len(process._inherited) == 0


def test_a_lock_of_another_process_is_left_alone() -> None:
    """A thread that does not exist here may hold it."""
    lock = ProcessLock()
    held = threading.RLock()
    lock._by_process[-1] = held
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(held.acquire).result()
    with lock.of_process(), lock.of_process():
        assert list(lock._by_process) == [os.getpid()]
