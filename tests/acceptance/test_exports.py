"""An export of 100,000 accounts, twice: the same bytes, few requests, and memory that does not grow with them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from frontegg_async.emulator import Emulator
from tests.support import large_environment

pytestmark = pytest.mark.acceptance

_ROOT: Final = Path(__file__).resolve().parents[2]
_ACCOUNTS: Final = 100_000
_MOST_MIB: Final = 100
"""The file has 88 MiB, and what is kept in memory is sorted in parts of 48."""
_PROGRAM: Final = """\
import asyncio, sys
from frontegg_async import AsyncFrontegg
from tests.support import memory

async def main():
    async with AsyncFrontegg.from_env() as frontegg:
        async for _ in frontegg.tenants.list():
            pass
        before = memory.resident()
        memory.forget_peak()
        for path in sys.argv[1:]:
            await frontegg.export(path)
        print(memory.peak() - before)

asyncio.run(main())
"""


@pytest.mark.early
def test_a_large_environment(tmp_path: Path) -> None:
    """The exporting process is another one, so that its memory is that of exports."""
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    with Emulator() as emulator:
        large_environment.seed(emulator, _ACCOUNTS)
        argv = [sys.executable, "-c", _PROGRAM, str(one), str(other)]
        environment = {**os.environ, **large_environment.variables(emulator)}
        done = subprocess.run(
            argv, capture_output=True, text=True, check=False, cwd=_ROOT, env=environment, timeout=300
        )
        requests = Counter(entry.path for entry in emulator.journal())

    print(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout) <= _MOST_MIB
    assert one.read_bytes() == other.read_bytes()
    # A listing ends with an empty page, since the last one is full; an export reads a few pages more, to compare.
    listings = requests["/tenants/resources/tenants/v2"] - 501
    assert 2 * 505 <= listings <= 2 * 509
    assert requests["/tenants/resources/hierarchy/v1/tree"] == 2 * 2 * large_environment.RESELLERS
