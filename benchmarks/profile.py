"""Profile a call: ``python -m benchmarks.profile [get|page|blocking]``.

First, the calls of Python functions that one call makes, by function; they repeat exactly. Then py-spy samples the
process from outside: the shares of the time in which the interpreter lock is held, without waiting and system calls.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from benchmarks.performance import canned_server, rounds
from benchmarks.performance.__main__ import ROOT, peers
from frontegg_async import AsyncFrontegg
from frontegg_sync import Frontegg

COUNTED: Final = 50
SECONDS: Final = 5.0
LINES: Final = 30
RATE: Final = 500
"""Samples per second."""
_LINE: Final = re.compile(r":\d+\)$")
_PACKAGE: Final = re.compile(r".*?(?:site-packages|python3\.\d+)/(?!site-packages)")
_MADE: Final = re.compile(r"<attrs generated methods (.+)\.\w+>")

Repeat = Callable[[int], None]


@contextmanager
def working(work: str) -> Iterator[Repeat]:
    """Yield a function that makes a number of calls, one after the other."""
    with canned_server.running() as running:
        base = f"{running.plain}/plain"
        if work == "blocking":
            with Frontegg("emu_canned", "emu_canned", base_url=base) as blocking:
                yield lambda calls: _repeat_blocking(blocking, calls)
            return
        with asyncio.Runner() as runner:
            frontegg = AsyncFrontegg("emu_canned", "emu_canned", base_url=base)
            yield lambda calls: runner.run(_repeat(frontegg, work, calls))
            runner.run(frontegg.aclose())


async def _repeat(frontegg: AsyncFrontegg, work: str, calls: int) -> None:
    listing = frontegg.tenants.list(page_size=canned_server.PAGE)
    for _ in range(calls):
        if work == "page":
            await listing.first_page()
        else:
            await frontegg.tenants.get(canned_server.TENANT_ID)


def _repeat_blocking(frontegg: Frontegg, calls: int) -> None:
    for _ in range(calls):
        frontegg.tenants.get(canned_server.TENANT_ID)


def count(work: str) -> Counter[str]:
    """Return the calls of Python functions in all threads, by function."""
    counts: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and not frame.f_code.co_filename.startswith(str(ROOT / "benchmarks")):
            counts[f"{_shorten(frame.f_code.co_filename)} {frame.f_code.co_qualname}"] += 1

    # The thread of a blocking client starts with its first call.
    threading.setprofile(note)
    with working(work) as repeat:
        repeat(COUNTED)
        counts.clear()
        sys.setprofile(note)
        repeat(COUNTED)
        sys.setprofile(None)
    return counts


def _shorten(path: str) -> str:
    if made := _MADE.fullmatch(path):
        return f"{made[1].replace('.', '/')}.py"
    return _PACKAGE.sub("", path).removeprefix(f"{ROOT}/")


def sample(python: str, work: str) -> list[tuple[list[str], int]]:
    """Return the sampled stacks, outermost function first, and their counts; nothing if py-spy has no permission."""
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory, "stacks")
        argv = [str(Path(python).parent / "py-spy"), "record", "--rate", str(RATE), "--format", "raw", "--gil"]
        argv += ["--full-filenames", "--output", str(output), "--"]
        argv += [python, "-m", "benchmarks.profile", work, "--run"]
        process = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
        if not output.exists():
            print(f"py-spy: {process.stderr.strip()}")
            return []
        lines = output.read_text(encoding="utf-8").splitlines()
    stacks = [line.rpartition(" ") for line in lines]
    return [(stack.split(";"), int(seen)) for stack, _, seen in stacks if "importlib" not in stack]


def _show(title: str, rows: Counter[str], total: float, form: str) -> None:
    print(title)
    for name, value in rows.most_common(LINES):
        print(f"  {form.format(value / total)}  {name}")


def show(python: str, work: str) -> None:
    """Print the tables."""
    counts = count(work)
    _show(f"{work}: {counts.total() / COUNTED:.0f} calls of Python functions, of them", counts, COUNTED, "{:7.1f}")
    functions: Counter[str] = Counter()
    packages: Counter[str] = Counter()
    for stack, seen in sample(python, work):
        path, function = _split(_LINE.sub(")", stack[-1]))
        if path:  # a starting or ending thread has none
            functions[f"{path} {function}"] += seen
            packages[path.partition("/")[0]] += seen
    if functions:
        total = functions.total()
        _show("shares of the time in which Python runs: packages", packages, total, "{:7.1%}")
        _show("shares of the time in which Python runs: functions", functions, total, "{:7.1%}")


def _split(frame: str) -> tuple[str, str]:
    function, _, path = frame.removesuffix(")").rpartition(" (")
    return _shorten(path), function


def run(work: str) -> None:
    """Make calls for some seconds."""
    rounds.pin(0)
    with working(work) as repeat:
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            repeat(100)


def main() -> None:
    """Profile one kind of call."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("work", nargs="?", choices=("get", "page", "blocking"), default="get")
    parser.add_argument("--run", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.work)
    else:
        show(peers(), options.work)


if __name__ == "__main__":
    main()
