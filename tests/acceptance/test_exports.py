"""An export of 100,000 accounts, twice: the same bytes, few requests, and memory that does not grow with them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.acceptance

_ROOT: Final = Path(__file__).resolve().parents[2]
_MOST_MIB: Final = 100
"""The file has 88 MiB, and what is kept in memory is sorted in parts of 64."""


@pytest.mark.early
def test_a_large_environment() -> None:
    """The benchmark compares processor time too, which depends on the machine and is not judged here."""
    argv = [sys.executable, "-m", "benchmarks.exports", "--rounds=2"]

    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=_ROOT, timeout=300)

    print(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"requests of an export: 50[5-9] listings, 200 trees", done.stdout)
    found = re.search(r"(\d+) MiB above", done.stdout)
    assert found is not None
    assert int(found[1]) <= _MOST_MIB
    assert len(re.findall(r"\b[0-9a-f]{64}\b", done.stdout)) == 1
