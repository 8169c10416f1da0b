"""Count the instructions of a call or of a program with valgrind: the count of a call repeats to seven figures."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from benchmarks.performance import rounds

_REFERENCES: Final = re.compile(r"I +refs: +([\d,]+)")
_FEW: Final = 5
_MANY: Final = 25
_CODE: Final = """\
import importlib, sys
module, _, function = sys.argv[1].partition(":")
call = getattr(importlib.import_module(module), function)()[sys.argv[2]]
for _ in range(int(sys.argv[3])):
    call()
"""


def can_count() -> bool:
    """Return whether valgrind is installed."""
    return shutil.which("valgrind") is not None


def count(function: str, names: Sequence[str], *, few: int = _FEW, many: int = _MANY) -> dict[str, float] | None:
    """Return the instructions of one call of each candidate, or ``None`` if valgrind is not installed.

    One process makes a few calls and another makes many; the difference excludes start and end.

    Args:
        function: The function that returns the candidates by name, as ``module:function``.
        names: The candidates to count.
        few: The calls of the one process.
        many: The calls of the other.
    """
    if not can_count():
        return None
    runs = [["-c", _CODE, function, name, str(calls)] for name in names for calls in (few, many)]
    totals = count_programs(runs)
    pairs = zip(totals[::2], totals[1::2], strict=True)
    return {name: (most - least) / (many - few) for name, (least, most) in zip(names, pairs, strict=True)}


def count_programs(runs: Sequence[Sequence[str]]) -> list[int]:
    """Return the instructions of programs from their start to their end, several of which run at once.

    Args:
        runs: The arguments of Python for each.
    """
    with ThreadPoolExecutor(rounds.cores()) as pool:
        return list(pool.map(_total, runs))


def _total(arguments: Sequence[str]) -> int:
    argv = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    argv += [sys.executable, *arguments]
    # String hashes decide the layout of dictionaries.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    process = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    found = _REFERENCES.search(process.stderr)
    assert found is not None, process.stderr
    return int(found[1].replace(",", ""))
