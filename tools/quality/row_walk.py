"""Count the steps that the bulk engine takes for a row: calls, modules, moves between modules, and thread hops.

Usage: ``python tools/quality/row_walk.py [--walk]``. The row creates a tenant in an emulator in another process, with a
ledger in SQLite. Another job runs first, so that tokens, caches and threads exist. ``--walk`` also prints the walk: a
line for each series of calls in one module. The figures of two runs may differ slightly, since the timing of threads
and responses varies.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple, Self

import frontegg_async
from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import Emulator, EmulatorHandle

PACKAGE: Final = str(Path(frontegg_async.__file__).parent)

_CONTINUES: Final = 3
"""The bits in the argument of RESUME for a frame that continues. At the beginning of a frame, no bit is set."""

_INNER: Final = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""The functions that count as part of another function."""


class Call(NamedTuple):
    """A call of a function of the package."""

    module: str
    """The path of the module within the package, such as ``bulk/engine.py``."""
    function: str
    """The qualified name of the function."""
    thread: int
    """The thread of the call."""


class Counted(NamedTuple):
    """The figures of a walk."""

    calls: int
    """The calls of functions of the package, without comprehensions and generated functions of attrs."""
    modules: int
    """The modules of these functions."""
    moves: int
    """The calls into another module than the previous call."""
    hops: int
    """The moves from the thread of the event loop to another thread, without the way back."""

    def __str__(self) -> str:
        return f"{self.calls} calls in {self.modules} modules, {self.moves} moves, {self.hops} thread hops"


def count(walk: Sequence[Call]) -> Counted:
    """Return the figures of a walk.

    Args:
        walk: The calls, in order. The first call is in the thread of the event loop.
    """
    pairs = list(pairwise(walk))
    return Counted(
        calls=len(walk),
        modules=len({call.module for call in walk}),
        moves=sum(one.module != other.module for one, other in pairs),
        hops=sum(one.thread == walk[0].thread != other.thread for one, other in pairs),
    )


def stretches(walk: Sequence[Call]) -> Iterator[str]:
    """Yield a line for each series of calls in one module: the module and the called functions.

    Args:
        walk: The calls, in order.
    """
    for module, calls in groupby(walk, lambda call: call.module):
        yield f"{module:50} {', '.join(call.function for call in calls)}"


class Recorder:
    """A recorder of calls in the package, in all threads, within ``with``."""

    def __init__(self) -> None:
        self.walk: list[Call] = []

    def __enter__(self) -> Self:
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(PACKAGE) or code.co_name in _INNER:
            return
        # Do not count a coroutine that continues after an await.
        if code.co_code[frame.f_lasti + 1] & _CONTINUES == 0:
            module = code.co_filename.removeprefix(PACKAGE)[1:]
            self.walk.append(Call(module, code.co_qualname, threading.get_ident()))


async def walk_of_row(emulator: EmulatorHandle, directory: Path) -> list[Call]:
    """Return the calls of a job with one row.

    Args:
        emulator: The emulator for the tenant.
        directory: The directory for the ledgers.
    """
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        # The first job starts the worker threads. Threads that started before are not recorded.
        with Recorder() as recorder:
            await client.bulk.create([{"name": "first"}], ledger=directory / "first.sqlite3")
            recorder.walk.clear()
            await client.bulk.create([{"name": "counted"}], ledger=directory / "counted.sqlite3", concurrency=1)
    return recorder.walk


def main() -> None:
    """Print the figures, and the walk with ``--walk``."""
    parser = argparse.ArgumentParser(description="Count calls, modules, moves and thread hops of one row of a job.")
    parser.add_argument("--walk", action="store_true", help="print the calls too")
    is_printed: bool = parser.parse_args().walk
    with Emulator() as emulator, tempfile.TemporaryDirectory() as directory:
        walk = asyncio.run(walk_of_row(emulator, Path(directory)))
    if is_printed:
        print(*stretches(walk), "", sep="\n")
    print(count(walk))


if __name__ == "__main__":
    main()
